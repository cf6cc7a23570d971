import ModelLanguage

/// One entry of `events`: something that happens at a rate that the model's path decides.
package struct EventSection: Sendable {
    package var name: String
    package var stops: String
    package var hazard: SourceText

    static let keys = Keys([
        .required("name", .name, "The event's name."),
        .optional("stops", .choice(consequences), "What ends with it; nothing by default."),
        .required("hazard", .source, "Statements that assign 'hazard': events per unit of the model's time."),
    ])

    private static let consequences = ["follow-up", "treatment", "nothing"]

    static func list(_ value: YAMLValue) -> [EventSection] {
        var events: [EventSection] = []
        for item in value.list() {
            let members = item.mapping(keys)
            let stops = members["stops"]?.choice(consequences) ?? "nothing"
            guard let hazard = members["hazard"]?.source(), let name = members["name"]?.name else { continue }
            if events.contains(where: { $0.name == name }) { item.refuse("the event '\(name)' stands twice") }
            events.append(EventSection(name: name, stops: stops, hazard: hazard))
        }
        return events
    }
}

/// One entry of `endpoints`: what is reported of each patient.
package struct EndpointSection: Sendable {
    package var name: String
    package var title: String
    package var kind: String
    package var of: String?
    package var range: ClosedRange<Double>?
    package var days: ClosedRange<Double>?
    package var above: Double?
    package var below: Double?
    /// Whether the event is a harm of treatment, which stands beside every benefit.
    package var isHarm: Bool
    /// Where it stands: `endpoints[2]`.
    package var path: String

    static let keys = Keys([
        .required("name", .name, "The endpoint's name."),
        .optional("title", .text, "What tables and figures call it."),
        .required("kind", .choice(Kind.allCases.map(\.rawValue)), "How it is computed from a patient's path."),
        .optional("of", .name, "The measured variable or the event that it is about."),
        .optional("range", .range, "The range that counts, bounds included."),
        .optional("days", .range, "The days that count; all by default."),
        .optional("above", .number(), "A first measurement at or above this counts."),
        .optional("below", .number(), "A first measurement at or below this counts."),
        .optional("harm", .flag, "Whether the event is a harm, to stand beside every benefit; not by default."),
    ])

    /// The kinds that scenarios may name; `EndpointKinds` in the study builds them.
    enum Kind: String, CaseIterable, Sendable {
        case timeInRange = "time in range"
        case trueTimeInRange = "true time in range"
        case firstCrossing = "first crossing"
        case event
        case meanDose = "mean dose"

        /// The keys that a kind reads, beside name, title and kind, and those of them that it needs.
        var keys: (needed: [String], read: [String]) {
            switch self {
            case .timeInRange, .trueTimeInRange: (["of", "range"], ["of", "range", "days"])
            case .firstCrossing: (["of"], ["of", "above", "below", "days", "harm"])
            case .event: (["of"], ["of", "harm"])
            case .meanDose: ([], [])
            }
        }
    }

    static func list(_ value: YAMLValue) -> [EndpointSection] {
        var endpoints: [EndpointSection] = []
        for item in value.list() {
            let members = item.mapping(keys)
            let kind = members["kind"]?.choice(Kind.allCases.map(\.rawValue)).flatMap { Kind(rawValue: $0) }
            if let kind { check(item, members, kind) }
            let name = members["name"]?.name
            let of = members["of"]?.name
            let range = members["range"]?.range()
            let days = members["days"]?.range(of: "days")
            let above = members["above"]?.number()
            let below = members["below"]?.number()
            let isHarm = members["harm"]?.flag() ?? false
            guard let name, let kind else { continue }
            if endpoints.contains(where: { $0.name == name }) { item.refuse("the endpoint '\(name)' stands twice") }
            endpoints.append(
                EndpointSection(
                    name: name, title: members["title"]?.text ?? name, kind: kind.rawValue, of: of, range: range,
                    days: days, above: above, below: below, isHarm: isHarm, path: item.path))
        }
        return endpoints
    }

    private static func check(_ value: YAMLValue, _ members: [String: YAMLValue], _ kind: Kind) {
        let (needed, read) = kind.keys
        for key in needed where members[key] == nil { value.refuse("'\(kind.rawValue)' needs '\(key)'") }
        for key in ["of", "range", "days", "above", "below", "harm"] where !read.contains(key) {
            members[key]?.refuse("'\(kind.rawValue)' does not read this key; leave it out")
        }
        if kind == .firstCrossing, (members["above"] == nil) == (members["below"] == nil) {
            value.refuse("'first crossing' needs either 'above' or 'below'")
        }
    }
}
