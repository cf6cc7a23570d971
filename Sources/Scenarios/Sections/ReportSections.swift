/// `report`: what the summary compares and which score it judges.
package struct ReportSection: Sendable {
    package var against: String?
    /// The column that holds the dose a patient needs.
    package var doseNeeded: String?
    package var survivalEndpoint: String?
    package var score: String?
    package var days: [Double] = []
    package var regret: Regret?

    /// How far arms are from the best arm of every patient.
    package struct Regret: Sendable, Hashable {
        /// Empty for all arms.
        package var among: [String]
        /// Nil for the trial's endpoint, else the first.
        package var endpoint: String?
        /// Nil: more of a number is better, and fewer events.
        package var isHigherBetter: Bool?
    }

    static let keys = Keys([
        .optional("arms_against", .name, "The arm against which the others are reported; the first by default."),
        .optional(
            "dose_needed", .name,
            "The column that holds the dose a patient needs, as one dose is given: by it who is dosed wrong is judged."),
        .optional(
            "survival", .mapping(survivalKeys), "A baseline score that is judged by whom an event reaches first."),
        .optional("regret", .mapping(regretKeys), "How far arms are from the best arm of every patient, in twins."),
    ])

    private static let regretKeys = Keys([
        .optional("among", .list(.name, count: 2...1000), "The arms that the oracle may choose; all by default."),
        .optional("endpoint", .name, "The endpoint; that of the trial by default, else the first."),
        .optional(
            "better", .choice(["higher", "lower"]), "Which is better; higher numbers and fewer events by default."),
    ])

    private static let survivalKeys = Keys([
        .required("endpoint", .name, "The endpoint, a time to an event."),
        .required("score", .name, "The column that holds the score."),
        .required("days", .list(.number(0...TimeUnit.longest), count: 1...1000), "The days at which it is judged."),
    ])

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        against = members["arms_against"]?.name
        doseNeeded = members["dose_needed"]?.name
        regret = members["regret"].flatMap(Self.regret)
        guard let survival = members["survival"] else { return }
        let parts = survival.mapping(Self.survivalKeys)
        survivalEndpoint = parts["endpoint"]?.name
        score = parts["score"]?.name
        days = parts["days"]?.list().compactMap { $0.number(in: 0...TimeUnit.longest) } ?? []
        if let list = parts["days"], list.isList, !(1...1000).contains(list.list().count) {
            list.refuse("found \(list.found), allowed: from 1 to 1000 days")
        }
        for (a, b) in zip(days, days.dropFirst()) where b <= a {
            parts["days"]?.refuse("the days must grow, found \(plain(a)) before \(plain(b))")
            break
        }
    }

    private static func regret(_ value: YAMLValue) -> Regret? {
        guard value.isMapping else {
            _ = value.mapping(regretKeys)
            return nil
        }
        let members = value.mapping(regretKeys)
        let among = members["among"]?.list().compactMap(\.name) ?? []
        if let list = members["among"], list.isList, list.list().count < 2 {
            list.refuse("found \(list.found), allowed: two arms or more")
        }
        if let twice = among.indices.first(where: { among[..<$0].contains(among[$0]) }) {
            members["among"]?.refuse("the arm '\(among[twice])' stands twice")
        }
        let better = members["better"]?.choice(["higher", "lower"])
        return Regret(among: among, endpoint: members["endpoint"]?.name, isHigherBetter: better.map { $0 == "higher" })
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

    static let keys = Keys([
        .required("contrast", .list(.name, count: 2...2), "Two arms: the effect of the first against the second."),
        .required("endpoint", .name, "The endpoint."),
        .optional("stratum", .named(.code), "One group: { column: level }."),
        .required("value", .number(), "What was found."),
        .optional("interval", .range, "Its confidence interval."),
        .optional("source", .text, "Where it was published."),
    ])

    static func list(_ value: YAMLValue) -> [PublishedSection] {
        value.list().compactMap { item in
            let members = item.mapping(keys)
            let contrast = members["contrast"]?.list().compactMap(\.name)
            if let contrast, contrast.count != 2 {
                members["contrast"]?.refuse("found \(contrast.count) arms, allowed: two, the treatment first")
            }
            let stratum = members["stratum"]?.entries() ?? []
            if let mapping = members["stratum"], mapping.isMapping, stratum.count != 1 {
                mapping.refuse("found \(stratum.count) columns, allowed: one, as { column: level }")
            }
            let level = stratum.first.flatMap { entry in entry.value.text.map { (entry.key, $0) } }
            let endpoint = members["endpoint"]?.name
            let number = members["value"]?.number()
            let interval = members["interval"]?.range()
            guard let contrast, contrast.count == 2, let endpoint, let number else { return nil }
            return PublishedSection(
                treatment: contrast[0], control: contrast[1], endpoint: endpoint, stratum: level, value: number,
                interval: interval, source: members["source"]?.text ?? "")
        }
    }
}
