/// Time to an event of the model, censored at the end of observation.
package struct EventTime: EndpointMeasure {
    package let event: Int

    package init(event: Int) { self.event = event }

    package var scale: EndpointScale { .timeToEvent }

    package func value(of path: PatientPath) -> EndpointValue {
        let day = path.eventDays[event]
        return day <= path.lastDay ? EndpointValue(day, hasEvent: true) : EndpointValue(path.lastDay)
    }
}
