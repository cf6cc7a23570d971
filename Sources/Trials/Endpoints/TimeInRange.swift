import Outcomes

/// Percent of the time between two days for which a quantity lay within a range, by linear interpolation.
///
/// On measured values this is Rosendaal's method (F. R. Rosendaal et al., Thromb. Haemost. 69 (1993) 236–239); on the
/// recorded path it is the truth that the measured value estimates.
package struct TimeInRange: EndpointMeasure {
    package enum Source: Sendable, Hashable {
        case measurement(Int)
        case track(Int)
    }

    package let source: Source
    package let low: Double
    package let high: Double
    package let from: Double
    package let to: Double

    package init(source: Source, low: Double, high: Double, from: Double, to: Double) {
        self.source = source
        self.low = low
        self.high = high
        self.from = from
        self.to = to
    }

    package var scale: EndpointScale { .continuous }

    package func value(of path: PatientPath) -> EndpointValue {
        let times: RangeTimes
        let end = min(to, path.lastDay)
        switch source {
        case .measurement(let index):
            times = RangeTimes(path.measuredDays[index], path.measured[index], low, high, from: from, to: end)
        case .track(let index):
            times = RangeTimes(path.days, path.tracks[index], low, high, from: from, to: end)
        }
        return EndpointValue(times.total > 0 ? 100 * times.within / times.total : .nan)
    }
}

/// The time that a piecewise linear path spends within, below and above a range.
package struct RangeTimes: Sendable, Hashable {
    package var within = 0.0
    package var below = 0.0
    package var above = 0.0

    package var total: Double { within + below + above }

    /// - Parameters:
    ///   - times: growing times of the points.
    ///   - values: the value at each point.
    ///   - start: where counting starts; time outside the points counts nowhere.
    package init(
        _ times: [Double], _ values: [Double], _ low: Double, _ high: Double, from start: Double, to end: Double
    ) {
        for i in times.indices.dropFirst() where times[i] > start && times[i - 1] < end {
            add(times[i - 1], values[i - 1], times[i], values[i], low, high, start, end)
        }
    }

    private mutating func add(
        _ t0: Double, _ y0: Double, _ t1: Double, _ y1: Double, _ low: Double, _ high: Double, _ start: Double,
        _ end: Double
    ) {
        let slope = (y1 - y0) / (t1 - t0)
        let a = max(t0, start)
        let b = min(t1, end)
        let ya = y0 + slope * (a - t0)
        let yb = y0 + slope * (b - t0)
        let under = share(ya, yb, below: low)
        let over = 1 - share(ya, yb, below: high)
        below += (b - a) * under
        above += (b - a) * over
        within += (b - a) * max(0, 1 - under - over)
    }

    /// The share of the straight line from `a` to `b` that lies below `level`.
    private func share(_ a: Double, _ b: Double, below level: Double) -> Double {
        let (least, most) = a < b ? (a, b) : (b, a)
        if most < level { return 1 }
        if least >= level { return 0 }
        return (level - least) / (most - least)
    }
}
