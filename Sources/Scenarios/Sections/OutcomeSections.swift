import ModelLanguage

/// One entry of `events`: something that happens at a rate that the model's path decides.
package struct EventSection: Sendable {
    package var name: String
    package var stops: String
    package var hazard: SourceText

    static func list(_ value: YAMLValue) -> [EventSection] {
        var events: [EventSection] = []
        for item in value.list() {
            let members = item.mapping(["name", "stops", "hazard"])
            guard let name = members.required("name", of: item)?.text,
                let hazard = members.required("hazard", of: item)?.source()
            else { continue }
            if events.contains(where: { $0.name == name }) { item.refuse("the event '\(name)' stands twice") }
            let stops = members["stops"]?.choice(["follow-up", "treatment", "nothing"]) ?? "nothing"
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
    package var line: Int?
    package var column: Int?
    package var path: String

    /// The kinds that scenarios may name; `EndpointKinds` in the study builds them.
    static let kinds = ["time in range", "true time in range", "first crossing", "event", "mean dose"]

    static func list(_ value: YAMLValue) -> [EndpointSection] {
        var endpoints: [EndpointSection] = []
        for item in value.list() {
            let members = item.mapping(["name", "title", "kind", "of", "range", "days", "above", "below"])
            guard let name = members.required("name", of: item)?.text,
                let kind = members.required("kind", of: item)?.choice(kinds)
            else { continue }
            if endpoints.contains(where: { $0.name == name }) { item.refuse("the endpoint '\(name)' stands twice") }
            let mark = item.node.mark
            let endpoint = EndpointSection(
                name: name, title: members["title"]?.text ?? name, kind: kind, of: members["of"]?.text,
                range: members["range"]?.range(), days: members["days"]?.range(), above: members["above"]?.number(),
                below: members["below"]?.number(), line: mark?.line, column: mark?.column, path: item.path)
            endpoint.check(item)
            endpoints.append(endpoint)
        }
        return endpoints
    }

    private func check(_ value: YAMLValue) {
        switch kind {
        case "time in range", "true time in range":
            if of == nil || range == nil { value.refuse("'\(kind)' needs 'of' (a measured variable) and 'range'") }
        case "first crossing":
            if of == nil || (above == nil) == (below == nil) {
                value.refuse("'first crossing' needs 'of' (a measured variable) and either 'above' or 'below'")
            }
        case "event":
            if of == nil { value.refuse("'event' needs 'of' (the name of an event)") }
        default: break
        }
    }
}
