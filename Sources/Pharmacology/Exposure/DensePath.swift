/// The course of one variable of one patient at every time, not only at samples: what a solver's dense output gives.
///
/// Time falls into segments within which the course is smooth; at a breakpoint it may jump (a bolus) or bend (the end of
/// an infusion, the next step of a solver).
package protocol DensePath {
    /// The first time, where segments meet, and the last time: growing, at least two. Segment `i` reaches from
    /// breakpoint `i` to breakpoint `i + 1`.
    var breakpoints: [Double] { get }

    /// The value at a time of a segment, its ends included: there the limit from inside the segment.
    func value(at time: Double, inSegment segment: Int) -> Double

    /// The derivative, likewise; nil where it is not known. It makes the times of extrema exact.
    func slope(at time: Double, inSegment segment: Int) -> Double?
}

extension DensePath {
    package func slope(at time: Double, inSegment segment: Int) -> Double? { nil }

    /// The segment that begins at or before a time and reaches beyond it; the last one at the end.
    package func segment(at time: Double) -> Int {
        var (low, high) = (0, breakpoints.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if breakpoints[middle] <= time { low = middle } else { high = middle }
        }
        return low
    }

    /// The value at a time, after what happens at it.
    package func value(at time: Double) -> Double { value(at: time, inSegment: segment(at: time)) }

    /// The value at a time, before what happens at it: a trough.
    package func value(before time: Double) -> Double {
        let segment = segment(at: time)
        let isAtBreak = segment > 0 && breakpoints[segment] == time
        return value(at: time, inSegment: isAtBreak ? segment - 1 : segment)
    }
}
