/// `trial`: the trial as it would be run, and how often it is repeated.
package struct TrialSection: Sendable {
    package var arms: [String] = []
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
        .required("arms", .list(.name, count: 2...2), "The two arms that are compared, the control first."),
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

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        let arms = members["arms"]?.list().compactMap(\.name)
        if let arms, arms.count != 2 {
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

    private mutating func readBlocks(_ members: [String: YAMLValue]) {
        allocation = members["allocation"]?.list().compactMap { $0.integer(in: 1...100) } ?? [1, 1]
        if allocation.count != 2 {
            members["allocation"]?.refuse("found \(allocation.count) numbers, allowed: one for each arm")
        }
        blocks = members["blocks"]?.integer(in: 1...1000) ?? blocks
        let once = max(1, allocation.reduce(0, +))
        guard blocks % once != 0 else { return }
        let message = "a block of \(blocks) cannot hold the allocation of \(once) a whole number of times"
        (members["blocks"] ?? members["allocation"])?.refuse(message)
    }
}
