import Cohorts
import ModelLanguage
import Outcomes
import Regimes
import Scenarios
import Trials

extension PlanCheck {
    /// What arms of two stages remember, and what Q-learning sees of them.
    var sequenceMemory: [String] {
        let hasSequence = scenario.arms.contains { $0.sequence != nil }
        guard hasSequence else { return [] }
        let features = scenario.qLearningFeatures
        var names = [SequenceRegime.responded]
        let taken = [scenario.treatment.action] + (scenario.treatment.hold.map { [$0] } ?? [])
        for name in features.baseline + features.interim where !(names + taken).contains(name) { names.append(name) }
        return names
    }

    /// The regimes of the arms with two stages.
    mutating func sequences(_ planned: inout PlannedRegimes, _ variables: DecisionVariables) throws {
        let sequences = scenario.arms.enumerated().compactMap { index, arm in arm.sequence.map { (index, $0) } }
        guard !sequences.isEmpty else { return }
        guard let judged = scenario.visits.response, let visit = scenario.visits.days.firstIndex(of: judged.day) else {
            for (index, _) in sequences {
                refuse(
                    "arms[\(index)].sequence", "a sequence goes on by the response, and 'visits.response' is not there")
            }
            return
        }
        let response = try noting("visits.response.when") {
            try RowProgram(expression: judged.when, inputs: variables.symbols)
        }
        let baseline = try feature(scenario.trial?.qLearning.baseline, "trial.q_learning.first", variables)
        let interim = try feature(scenario.trial?.qLearning.interim, "trial.q_learning.second", variables)
        let ruled = scenario.arms.filter { arm in
            if case .rules = arm.treatment { return true }
            return false
        }.map(\.name)
        for (index, sequence) in sequences {
            guard ruled.contains(sequence.first),
                let first = planned.regimes.first(where: { $0.name == sequence.first })
            else {
                refuse("arms[\(index)].sequence.first", unknown: sequence.first, "arm with rules", known: ruled)
                continue
            }
            func stage(_ blocks: [RuleBlock]?, _ key: String) throws -> (any Regime)? {
                guard let blocks else { return first.regime }
                let later = laterBlocks(blocks)
                return try noting("arms[\(index)].sequence.\(key)") {
                    try RuleRegime(startBlocks: [], laterBlocks: later, variables: variables)
                }
            }
            guard let beginning = first.regime, let response,
                let responders = try stage(sequence.responders, "responders"),
                let others = try stage(sequence.others, "others")
            else { continue }
            planned.regimes[index].regime = SequenceRegime(
                first: beginning, responders: responders, others: others, visit: visit, response: response,
                baseline: baseline, interim: interim, variables: variables)
            planned.regimes[index].schedule = first.schedule
        }
    }

    private mutating func feature(
        _ source: SourceText?, _ path: String, _ variables: DecisionVariables
    ) throws -> RowProgram? {
        guard let source, let program = try noting(path, { try RowProgram(source, inputs: variables.symbols) }) else {
            return nil
        }
        for output in program.outputs where output.levels != nil {
            refuse(path, "'\(output.name)' is a text, allowed: numbers")
        }
        for output in program.outputs where variables.actions.contains(output.name) {
            refuse(path, "'\(output.name)' is what regimes set; give the feature another name")
        }
        return program
    }

    /// The arms of a sequential trial are every combination of its options, once.
    mutating func checkSequentialTrial(_ trial: TrialSection) {
        for (index, name) in trial.arms.enumerated() {
            guard let arm = scenario.arms.first(where: { $0.name == name }) else { continue }
            if arm.sequence == nil {
                refuse(
                    "trial.arms[\(index)]", "'\(name)' has no 'sequence', which an embedded regime of a smart trial is")
            }
        }
        if let endpoint = scenario.endpoints.first(where: { $0.name == trial.endpoint }),
            EndpointKinds.timesToEvents.contains(endpoint.kind)
        {
            refuse("trial.endpoint", "'\(endpoint.name)' is a time to an event, allowed in a smart trial: a number")
        }
        if let days = trial.followUp, let response = scenario.visits.response, response.day >= days {
            refuse(
                "trial.follow_up",
                "found \(days: days) days, allowed: more than the \(days: response.day) days to the response")
        }
        let embedded = EmbeddedRegimes(trial, scenario.arms)
        guard embedded.names.count == trial.arms.count else { return }
        for (index, name) in trial.arms.enumerated() where embedded.regimes[..<index].contains(embedded.regimes[index])
        {
            refuse("trial.arms[\(index)]", "'\(name)' is the same regime as an earlier one")
        }
        let missing = embedded.missing
        if !missing.isEmpty {
            refuse(
                "trial.arms",
                "\(missing.count) combination\(missing.count == 1 ? "" : "s") of the options are no arm of the trial: \(missing.joined(separator: "; "))"
            )
        }
        for (index, name) in (trial.compare ?? []).enumerated() where !trial.arms.contains(name) {
            refuse("trial.compare[\(index)]", unknown: name, "regime of the trial", known: trial.arms)
        }
        if Set(embedded.regimes.map(\.first)).count < 2 {
            refuse(
                "trial.arms",
                "all regimes begin with arm '\(embedded.firsts.first ?? "")', allowed: two first options or more")
        } else if trial.blocks % embedded.firsts.count != 0 {
            refuse(
                "trial.blocks",
                "a block of \(trial.blocks) cannot hold \(embedded.firsts.count) first options equally often")
        }
    }
}

/// The regimes of a sequential trial by the numbers of their options.
struct EmbeddedRegimes {
    /// The arms that have a sequence, in the trial's order.
    private(set) var names: [String] = []
    private(set) var regimes: [EmbeddedRegime] = []
    /// The first options in the order of their first appearance.
    private(set) var firsts: [String] = []
    /// `texts[first]`: the second options of others and of responders, as text.
    private(set) var texts: [(others: [String], responders: [String])] = []

    init(_ trial: TrialSection, _ arms: [ArmSection]) {
        for name in trial.arms {
            guard let sequence = arms.first(where: { $0.name == name })?.sequence else { continue }
            names.append(name)
            let first = Self.place(of: sequence.first, in: &firsts)
            if first == texts.count { texts.append(([], [])) }
            let responders = Self.place(of: Self.text(sequence.responders), in: &texts[first].responders)
            let others = Self.place(of: Self.text(sequence.others), in: &texts[first].others)
            regimes.append(EmbeddedRegime(first: first, responders: responders, others: others))
        }
    }

    var options: [(others: Int, responders: Int)] { texts.map { ($0.others.count, $0.responders.count) } }

    /// Combinations of options that no arm is, in words.
    var missing: [String] {
        firsts.indices.flatMap { first in
            texts[first].responders.indices.flatMap { responders in
                texts[first].others.indices.compactMap { others in
                    regimes.contains(EmbeddedRegime(first: first, responders: responders, others: others))
                        ? nil
                        : "\(firsts[first]), responders '\(texts[first].responders[responders])', others '\(texts[first].others[others])'"
                }
            }
        }
    }

    private static func place(of text: String, in texts: inout [String]) -> Int {
        if let index = texts.firstIndex(of: text) { return index }
        texts.append(text)
        return texts.count - 1
    }

    private static func text(_ blocks: [RuleBlock]?) -> String {
        blocks.map { $0.map { $0.text(action: "dose") }.joined(separator: "\n") } ?? "as before"
    }
}

extension ArmSection {
    var sequence: Sequence? {
        if case .sequence(let sequence) = treatment { return sequence }
        return nil
    }
}

extension Scenario {
    /// The variables that Q-learning sees at either stage, in the order of their assignment.
    var qLearningFeatures: (baseline: [String], interim: [String]) {
        func names(_ source: SourceText?) -> [String] {
            guard let source, let statements = try? ModelParser.parse(rule: source) else { return [] }
            return statements.assignedNames
        }
        return (names(trial?.qLearning.baseline), names(trial?.qLearning.interim))
    }

    /// The trial of two arms, where it is one.
    var twoArmTrial: TrialSection? { trial.flatMap { $0.design == .twoArms ? $0 : nil } }
    var smartTrial: TrialSection? { trial.flatMap { $0.design == .smart ? $0 : nil } }
}

extension [Statement] {
    /// The variables that statements assign, those in branches among them, in the order of their first assignment.
    fileprivate var assignedNames: [String] {
        var names: [String] = []
        func note(_ name: String) { if !names.contains(name) { names.append(name) } }
        for statement in self {
            switch statement.kind {
            case .assign(.variable(let name), _): note(name)
            case .conditional(let branches, let otherwise):
                for branch in branches { branch.body.assignedNames.forEach(note) }
                otherwise.assignedNames.forEach(note)
            default: break
            }
        }
        return names
    }
}
