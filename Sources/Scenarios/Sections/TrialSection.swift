import ModelLanguage

/// `trial`: the trial as it would be run, and how often it is repeated.
package struct TrialSection: Sendable {
    package enum Design: String, CaseIterable, Sendable {
        /// Two arms in parallel.
        case twoArms = "two arms"
        /// A sequential multiple assignment randomised trial: the arms are the regimes embedded in it.
        case smart
    }

    /// What Q-learning on the data of a sequential trial sees.
    package struct QLearning: Sendable {
        package var baseline: SourceText?
        package var interim: SourceText?
    }

    package var design = Design.twoArms
    package var arms: [String] = []
    /// The two embedded regimes that are compared; nil for the first two that begin differently.
    package var compare: [String]?
    package var qLearning = QLearning()
    /// Whether a higher value of the endpoint is better, for the best embedded regime.
    package var isHigherBetter = true
    package var patients = 0
    package var allocation: [Int] = []
    package var stratify: [String] = []
    package var blocks = 4
    package var enrolmentPerDay = 1.0
    package var followUp: Double?
    package var endpoint = ""
    package var alpha = 0.05
    package var replicates = 0
    /// The arm that both arms are made of when the type I error is measured.
    package var nullArm: String?

    static let keys = Keys([
        .optional("design", .choice(Design.allCases.map(\.rawValue)), "'two arms' by default, or 'smart'."),
        .required(
            "arms", .list(.name, count: 2...64),
            "The two arms that are compared, the control first; of a smart trial, the regimes embedded in it."),
        .optional("compare", .list(.name, count: 2...2), "Of a smart trial: the regimes compared, second minus first."),
        .optional(
            "better", .choice(["higher", "lower"]), "Of a smart trial: which outcome is better; higher by default."),
        .optional("q_learning", .mapping(qLearningKeys), "Of a smart trial: what Q-learning on its data sees."),
        .required("patients", .integer(2...1_000_000), "How many patients are randomised."),
        .optional(
            "allocation", .list(.integer(1...100), count: 2...2),
            "How often each arm stands in a block; equal by default."),
        .optional("stratify", .list(.name), "Columns within whose levels patients are randomised."),
        .optional("blocks", .integer(1...1000), "The size of a block; 4 by default."),
        .optional("enrolment", .rate, "How fast patients enter."),
        .optional("follow_up", .duration, "How long each patient is followed; as long as the visits by default."),
        .required("endpoint", .name, "The endpoint that is compared."),
        .optional("alpha", .number(0.0001...0.5), "The two-sided level of the test; 0.05 by default."),
        .optional("replicates", .integer(0...1_000_000), "How often the trial is run."),
        .optional("null_arm", .name, "The arm that both arms are made of to measure the type I error."),
    ])

    private static let qLearningKeys = Keys([
        .optional("first", .source, "Statements whose variables are seen at the first stage."),
        .optional("second", .source, "Statements whose variables are seen at the second stage."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        design = members["design"]?.choice(Design.allCases.map(\.rawValue)).flatMap(Design.init) ?? design
        let arms = members["arms"]?.list().compactMap(\.name)
        readDesign(members)
        if let arms, design == .twoArms, arms.count != 2 {
            members["arms"]?.refuse("found \(arms.count) arms, allowed: two, the control first")
        }
        let patients = members["patients"]?.integer(in: 2...1_000_000)
        let endpoint = members["endpoint"]?.name
        stratify = members["stratify"]?.list().compactMap(\.name) ?? []
        readBlocks(members)
        enrolmentPerDay = members["enrolment"]?.perDay() ?? enrolmentPerDay
        if enrolmentPerDay <= 0 { members["enrolment"]?.refuse("found a rate of 0, allowed: above 0") }
        followUp = members["follow_up"]?.days(above: (2.0 / 1440, "2 minutes"))
        alpha = members["alpha"]?.number(in: 0.0001...0.5) ?? alpha
        replicates = members["replicates"]?.integer(in: 0...1_000_000) ?? 0
        nullArm = members["null_arm"]?.name
        guard let arms, let patients, let endpoint else { return nil }
        self.arms = arms
        self.patients = patients
        self.endpoint = endpoint
    }

    private mutating func readDesign(_ members: [String: YAMLValue]) {
        let foreign = design == .smart ? ["allocation", "null_arm"] : ["compare", "better", "q_learning"]
        for key in foreign {
            members[key]?.refuse("a trial of design '\(design.rawValue)' does not read this key; leave it out")
        }
        guard design == .smart else { return }
        if let list = members["arms"], list.isList, list.list().count < 2 {
            list.refuse("found \(list.found), allowed: two embedded regimes or more")
        }
        compare = members["compare"]?.list().compactMap(\.name)
        if let list = members["compare"], list.isList, list.list().count != 2 {
            list.refuse("found \(list.found), allowed: two regimes")
        }
        isHigherBetter = members["better"]?.choice(["higher", "lower"]) != "lower"
        if let learning = members["q_learning"] {
            let parts = learning.mapping(Self.qLearningKeys)
            qLearning = QLearning(baseline: parts["first"]?.source(), interim: parts["second"]?.source())
        }
    }

    private mutating func readBlocks(_ members: [String: YAMLValue]) {
        allocation = members["allocation"]?.list().compactMap { $0.integer(in: 1...100) } ?? [1, 1]
        if allocation.count != 2 {
            members["allocation"]?.refuse("found \(allocation.count) numbers, allowed: one for each arm")
        }
        blocks = members["blocks"]?.integer(in: 1...1000) ?? blocks
        guard design == .twoArms else { return }
        let once = max(1, allocation.reduce(0, +))
        guard blocks % once != 0 else { return }
        let message = "a block of \(blocks) cannot hold the allocation of \(once) a whole number of times"
        (members["blocks"] ?? members["allocation"])?.refuse(message)
    }
}
