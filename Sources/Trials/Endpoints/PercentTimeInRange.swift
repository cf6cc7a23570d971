import Outcomes

/// Percent of the time between two days for which a quantity lay within a range, by linear interpolation.
///
/// On measured values this is Rosendaal's method (F. R. Rosendaal et al., Thromb. Haemost. 69 (1993) 236–239); on the
/// recorded path it is the truth that the measured value estimates. Undefined (NaN) without two points in the window.
package struct PercentTimeInRange: EndpointMeasure {
    package enum Source: Sendable, Hashable {
        case measurement(Int)
        case track(Int)
    }

    package let source: Source
    package let range: ClosedRange<Double>
    package let days: ClosedRange<Double>

    package init(source: Source, range: ClosedRange<Double>, days: ClosedRange<Double>) {
        self.source = source
        self.range = range
        self.days = days
    }

    package var scale: EndpointScale { .continuous }

    package func value(of path: PatientPath) -> EndpointValue {
        let end = min(days.upperBound, path.lastDay)
        guard end > days.lowerBound else { return EndpointValue(.nan) }
        let window = days.lowerBound...end
        let time =
            switch source {
            case .measurement(let index):
                try? TimeInRange(
                    times: path.measuredDays[index], values: path.measured[index], range: range, window: window)
            case .track(let index): path.timeInRange(track: index, range, between: window)
            }
        return EndpointValue(time?.percentWithin.value ?? .nan)
    }
}
