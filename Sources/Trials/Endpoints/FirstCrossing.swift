/// Time to the first measured value at or above a threshold (or, downwards, at or below it) within a window of days,
/// censored at the end of observation or of the window. Times count from day 0, where the window starts later too.
package struct FirstCrossing: EndpointMeasure {
    package enum Direction: String, Sendable { case above, below }

    package let measurement: Int
    package let threshold: Double
    package let direction: Direction
    package let from: Double
    package let until: Double

    package init(measurement: Int, threshold: Double, direction: Direction, from: Double = 0, until: Double) {
        self.measurement = measurement
        self.threshold = threshold
        self.direction = direction
        self.from = from
        self.until = until
    }

    package var scale: EndpointScale { .timeToEvent }

    package func value(of path: PatientPath) -> EndpointValue {
        for (day, value) in zip(path.measuredDays[measurement], path.measured[measurement])
        where day >= from && day <= until {
            let crosses = direction == .above ? value >= threshold : value <= threshold
            if crosses { return EndpointValue(day, hasEvent: true) }
        }
        return EndpointValue(min(path.lastDay, until))
    }
}
