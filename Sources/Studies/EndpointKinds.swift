import Pharmacology
import Scenarios
import Trials

/// The kinds of endpoint that scenarios may name. A new kind is its measure in `Trials/Endpoints`, and one case here.
enum EndpointKinds {
    /// A name in the declaration of an endpoint that does not exist.
    struct Unknown: Error {
        let name: String
        let what: String
        let known: [String]
    }

    /// The kinds whose value is a time, to an event or to the end of observation.
    static let timesToEvents = ["first crossing", "event"]

    static func endpoint(
        _ section: EndpointSection, _ scenario: Scenario, _ model: SimulationModel
    ) throws(Unknown) -> Trials.Endpoint {
        let of = section.of ?? ""
        let range = section.range ?? 0...0
        let days = section.days ?? 0...scenario.visits.end
        var unit = "d"
        let measure: any EndpointMeasure
        switch section.kind {
        case "time in range":
            measure = PercentTimeInRange(
                source: .measurement(try measurement(of, scenario)), range: range, days: days)
            unit = "percent"
        case "true time in range":
            measure = PercentTimeInRange(
                source: .track(try position(of, in: model.outputs, "recorded output")), range: range, days: days)
            unit = "percent"
        case "first crossing":
            measure = FirstCrossing(
                measurement: try measurement(of, scenario), threshold: section.above ?? section.below ?? 0,
                direction: section.above != nil ? .above : .below, from: days.lowerBound, until: days.upperBound)
        case "event": measure = EventTime(event: try position(of, in: scenario.events.map(\.name), "event"))
        default:
            measure = MeanDose()
            unit = "\(model.model.document.dosingUnit ?? "mg")/d"
        }
        return Trials.Endpoint(
            name: section.name, title: section.title, unit: unit, measure: measure, isHarm: section.isHarm)
    }

    private static func measurement(_ name: String, _ scenario: Scenario) throws(Unknown) -> Int {
        try position(name, in: scenario.visits.measures.map(\.name), "measured variable")
    }

    private static func position(_ name: String, in names: [String], _ what: String) throws(Unknown) -> Int {
        guard let index = names.firstIndex(of: name) else {
            throw Unknown(name: name, what: what, known: names)
        }
        return index
    }
}
