/// What a trial measures on each patient: a name, a unit and a rule.
package struct Endpoint: Sendable {
    package var name: String
    package var title: String
    package var unit: String
    package var measure: any EndpointMeasure
    /// Whether having the event is a harm of treatment.
    package var isHarm: Bool

    package init(name: String, title: String, unit: String, measure: any EndpointMeasure, isHarm: Bool = false) {
        self.name = name
        self.title = title
        self.unit = unit
        self.measure = measure
        self.isHarm = isHarm
    }
}

/// A rule that turns a patient's path into the value of an endpoint. A new kind is one file with a conforming type, and
/// one line where scenarios name it.
package protocol EndpointMeasure: Sendable {
    var scale: EndpointScale { get }

    /// The endpoint of one patient; a continuous one is NaN where it cannot be determined.
    func value(of path: PatientPath) -> EndpointValue
}

package enum EndpointScale: String, Sendable {
    /// A number; groups are compared by the difference of means.
    case continuous
    /// A time with an event or a censoring; groups are compared by survival methods.
    case timeToEvent = "time to event"
}

package struct EndpointValue: Sendable, Hashable {
    /// The number, or the time in days.
    package var value: Double
    /// Whether the time ended with the event.
    package var hasEvent: Bool

    package init(_ value: Double, hasEvent: Bool = false) {
        self.value = value
        self.hasEvent = hasEvent
    }
}
