import Foundation

/// What `trialist regime estimate` reads: the stages of logged data, the models of each, and how errors are found.
///
/// Formulas and expressions are kept as they are written; they are read against the table. Keys that a document leaves out are
/// nil here, so that the defaults are in one place, beside the estimators.
package struct RegimeSpecification: Sendable {
    package let file: String
    package var outcome: String?
    package var maximise: Bool?
    package var stages: [RegimeStageSection] = []
    package var pseudo: String?
    package var weight: String?
    package var q: QSection?
    package var owl: OutcomeWeightedSection?
    package var tree: PolicyTreeSection?
    package var intervals: IntervalsSection?
    package var groups: [String] = []
    package var survival: SurvivalSection?

    static let keys = Keys([
        .optional("trialist", .version(1), "The version of this format."),
        .optional("title", .text, "What the data are, in a line."),
        .optional("outcome", .text, "The outcome in all: a column, or arithmetic on columns. Leave out with rewards."),
        .optional("maximise", .flag, "Whether a larger outcome is better; true by default."),
        .required(
            "stages", .list(.mapping(RegimeStageSection.keys), count: 1...20), "The decisions, the first one first."),
        .optional(
            "pseudo", .choice(RegimeSpecification.pseudoChoices),
            "What stands for the outcome before the last stage: 'predicted' by the next stage's model (q), or 'observed' plus what the recommended treatment adds (a, dwols)."
        ),
        .optional(
            "weight", .choice(RegimeSpecification.weightChoices),
            "The weights of dwols: overlap by default, which is |A - P(A)| with two actions."),
        .optional("q", .mapping(QSection.keys), "The regression of Q-learning."),
        .optional("owl", .mapping(OutcomeWeightedSection.keys), "The support vector machines of owl and bowl."),
        .optional("tree", .mapping(PolicyTreeSection.keys), "The policy trees."),
        .optional("intervals", .mapping(IntervalsSection.keys), "How errors and intervals are found."),
        .optional(
            "groups", .list(.text, count: 1...50),
            "Columns, bands (age:50,65) or crossings (sex*site) by which the value is shown."),
        .optional(
            "survival", .mapping(SurvivalSection.keys),
            "A time to an event that may be censored, in the place of an outcome."),
    ])

    static let pseudoChoices = ["predicted", "observed"]
    static let weightChoices = ["overlap", "ipw", "cipw", "qpom", "none"]

    /// - Throws: ``MissingFile``, ``UnreadableFile``; ``ScenarioErrors`` with everything that is wrong.
    package init(path: String) throws {
        let text = try InputFile.text(of: path, purpose: "the specification of the regime")
        try self.init(text: text, file: path)
    }

    /// - Throws: ``ScenarioErrors`` with everything that is wrong.
    package init(text: String, file: String) throws(ScenarioErrors) {
        let source = try ScenarioSource(text: text, file: file, overrides: [])
        let members = source.root.mapping(Self.keys)
        self.file = file
        _ = members["trialist"]?.integer(in: 1...1)
        _ = members["title"]?.text
        outcome = members["outcome"]?.text
        maximise = members["maximise"]?.flag()
        pseudo = members["pseudo"]?.choice(Self.pseudoChoices)
        weight = members["weight"]?.choice(Self.weightChoices)
        q = members["q"].map { QSection($0) }
        owl = members["owl"].map { OutcomeWeightedSection($0) }
        tree = members["tree"].map { PolicyTreeSection($0) }
        intervals = members["intervals"].map { IntervalsSection($0) }
        groups = members["groups"]?.list().compactMap(\.text) ?? []
        survival = members["survival"].map { SurvivalSection($0) }
        if let list = members["stages"] {
            stages = list.list().enumerated().map { RegimeStageSection($1, number: $0 + 1) }
            if list.isList, stages.isEmpty { list.refuse("found a list of 0, allowed: at least one stage") }
            let names = stages.map(\.name)
            if let twice = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) }) {
                list.refuse("found the stage '\(twice.element)' twice, allowed: each name once")
            }
        }
        checkOutcome(members, source.root)
        try source.problems.throwIfAny()
    }

    /// One of outcome, rewards of all stages, and survival.
    private func checkOutcome(_ members: [String: YAMLValue], _ root: YAMLValue) {
        let rewards = stages.filter { $0.reward != nil }.count
        let found = [
            outcome != nil ? "outcome" : nil, rewards > 0 ? "rewards" : nil, survival != nil ? "survival" : nil,
        ]
        .compactMap { $0 }
        if found.isEmpty, root.isMapping {
            root.refuse("found no outcome, allowed: one of outcome, a reward in every stage, survival")
        } else if found.count > 1 {
            root.refuse(
                "found \(found.joined(separator: " and ")), allowed: one of outcome, rewards of stages, survival")
        } else if rewards > 0, rewards < stages.count {
            members["stages"]?.refuse("found rewards in \(rewards) of \(stages.count) stages, allowed: in all of them")
        }
    }
}
