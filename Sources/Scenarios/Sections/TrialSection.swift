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
    package var null: String?
    package var line: Int?

    static let keys = [
        "arms", "patients", "allocation", "stratify", "blocks", "enrolment", "follow_up", "endpoint", "alpha",
        "replicates",
        "null",
    ]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        guard let arms = members.required("arms", of: value)?.list().compactMap(\.text),
            let patients = members.required("patients", of: value)?.integer(in: 2...1_000_000),
            let endpoint = members.required("endpoint", of: value)?.text
        else { return nil }
        self.arms = arms
        self.patients = patients
        self.endpoint = endpoint
        line = value.node.mark?.line
        if arms.count != 2 { members["arms"]?.refuse("found \(arms.count) arms, allowed: two, the control first") }
        allocation = members["allocation"]?.list().compactMap { $0.integer(in: 1...100) } ?? arms.map { _ in 1 }
        if allocation.count != arms.count { members["allocation"]?.refuse("one number for each arm is needed") }
        stratify = members["stratify"]?.list().compactMap(\.text) ?? []
        blocks = members["blocks"]?.integer(in: 1...1000) ?? blocks
        let once = max(1, allocation.reduce(0, +))
        if blocks % once != 0 {
            members["blocks"]?.refuse(
                "a block of \(blocks) cannot hold the allocation of \(once) a whole number of times")
        }
        enrolmentPerDay = members["enrolment"]?.perDay() ?? enrolmentPerDay
        if enrolmentPerDay <= 0 { members["enrolment"]?.refuse("the rate must be above 0") }
        followUp = members["follow_up"]?.days()
        alpha = members["alpha"]?.number(in: 0.0001...0.5) ?? alpha
        replicates = members["replicates"]?.integer(in: 0...1_000_000) ?? 0
        null = members["null"]?.text
    }
}

/// `report`: what the summary compares and which score it judges.
package struct ReportSection: Sendable {
    package var against: String?
    package var survivalEndpoint: String?
    package var score: String?
    package var days: [Double] = []

    static let keys = ["arms_against", "survival"]

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        against = members["arms_against"]?.text
        if let survival = members["survival"] {
            let parts = survival.mapping(["endpoint", "score", "days"])
            survivalEndpoint = parts.required("endpoint", of: survival)?.text
            score = parts.required("score", of: survival)?.text
            days = parts["days"]?.list().compactMap { $0.number(in: 0...36525) } ?? []
        }
    }
}

/// One entry of `published`: what the real trial found.
package struct PublishedSection: Sendable {
    package var treatment: String
    package var control: String
    package var endpoint: String
    package var stratum: (column: String, level: String)?
    package var value: Double
    package var interval: ClosedRange<Double>?
    package var source: String

    static func list(_ value: YAMLValue) -> [PublishedSection] {
        value.list().compactMap { item in
            let members = item.mapping(["contrast", "endpoint", "stratum", "value", "interval", "source"])
            guard let contrast = members.required("contrast", of: item)?.list().compactMap(\.text), contrast.count == 2,
                let endpoint = members.required("endpoint", of: item)?.text,
                let number = members.required("value", of: item)?.number()
            else { return nil }
            let stratum = members["stratum"]?.entries().first.flatMap { entry in
                entry.value.text.map { (entry.key, $0) }
            }
            return PublishedSection(
                treatment: contrast[0], control: contrast[1], endpoint: endpoint, stratum: stratum, value: number,
                interval: members["interval"]?.range(), source: members["source"]?.text ?? "")
        }
    }
}
