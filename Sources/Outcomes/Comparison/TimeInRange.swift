/// The share of time that a measured value spent in a range, by linear interpolation between measurements.
///
/// Source: Rosendaal et al. 1993, Thromb Haemost 69:236. Between two measurements the value is taken to move on a
/// straight line, so the time within the range is found exactly from where the line crosses its limits. Time before the
/// first and after the last measurement is not covered.
public struct TimeInRange: Hashable, Sendable {
    /// What is done with a long gap between two measurements.
    public enum GapRule: Hashable, Sendable {
        /// Every gap is interpolated.
        case interpolateAll
        /// A gap longer than this counts as not covered (Rosendaal's custom is 56 days).
        case leaveOut(longerThan: Double)
    }

    /// Time below the range, in the unit of the times.
    public let below: Double
    /// Time within the range, both limits included.
    public let within: Double
    /// Time above the range.
    public let above: Double
    /// Time between start and end without interpolation: before the first measurement, after the last, and in long gaps.
    public let notCovered: Double

    /// Time with an interpolated value: below + within + above.
    public var covered: Double { below + within + above }

    /// 100 · within / covered, in percent. Undefined when no time is covered.
    public var percentWithin: Estimated<Double> { percent(within) }
    /// 100 · below / covered, in percent. Undefined when no time is covered.
    public var percentBelow: Estimated<Double> { percent(below) }
    /// 100 · above / covered, in percent. Undefined when no time is covered.
    public var percentAbove: Estimated<Double> { percent(above) }

    /// Divides the time of one patient. With fewer than two measurements nothing is covered.
    ///
    /// - Parameters:
    ///   - times: m measurement times, finite and strictly ascending, in any unit; may be empty.
    ///   - values: m finite values.
    ///   - range: the limits, in the unit of the values.
    ///   - window: from when to when, in the unit of the times.
    ///   - gaps: the rule for long gaps; measured on the whole gap, also where the window cuts it.
    /// - Throws: ``InvalidInput`` for columns of different length, values that are not finite, times that do not ascend.
    public init(
        times: [Double], values: [Double], range: ClosedRange<Double>, window: ClosedRange<Double>,
        gaps: GapRule = .interpolateAll
    ) throws(InvalidInput) {
        let problems = Self.problems(times, values, gaps)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var sums = (below: 0.0, within: 0.0, above: 0.0)
        for next in times.indices.dropFirst() {
            let (start, end) = (times[next - 1], times[next])
            if case .leaveOut(let longest) = gaps, end - start > longest { continue }
            let from = max(start, window.lowerBound)
            let to = min(end, window.upperBound)
            guard from < to else { continue }
            let (first, last) = (values[next - 1], values[next])
            func value(at time: Double) -> Double {
                time == start ? first : time == end ? last : first + (last - first) * ((time - start) / (end - start))
            }
            let shares = Self.shares(value(at: from), value(at: to), range)
            sums.below += shares.below * (to - from)
            sums.above += shares.above * (to - from)
            sums.within += shares.within * (to - from)
        }
        below = sums.below
        within = sums.within
        above = sums.above
        notCovered = max(0, (window.upperBound - window.lowerBound) - (below + within + above))
    }

    /// The shares of a straight line between two values that lie below, within and above a range.
    private static func shares(
        _ first: Double, _ last: Double, _ range: ClosedRange<Double>
    ) -> (below: Double, within: Double, above: Double) {
        let low = min(first, last)
        let high = max(first, last)
        guard low < high else {
            return low < range.lowerBound ? (1, 0, 0) : low > range.upperBound ? (0, 0, 1) : (0, 1, 0)
        }
        let below = max(0, min(high, range.lowerBound) - low)
        let above = max(0, high - max(low, range.upperBound))
        let within = max(0, min(high, range.upperBound) - max(low, range.lowerBound))
        return (below / (high - low), within / (high - low), above / (high - low))
    }

    private func percent(_ part: Double) -> Estimated<Double> {
        guard covered > 0 else {
            return .undefined(
                .init(code: "no-time-covered", reason: "no two measurements cover any time of the window"))
        }
        return .value(100 * part / covered)
    }

    private static func problems(_ times: [Double], _ values: [Double], _ gaps: GapRule) -> [InvalidInput.Problem] {
        var problems = InvalidInput.Problem.notFinite("time", times)
        problems += InvalidInput.Problem.inColumn("value", values, rows: times.count)
        for row in times.indices.dropFirst() where times[row] <= times[row - 1] {
            problems.append(
                .init(
                    row: row + 1, column: "time", found: "\(times[row]) after \(times[row - 1])",
                    allowed: "strictly ascending times"))
        }
        if case .leaveOut(let longest) = gaps, !(longest > 0) {
            problems.append(.init(column: "longest gap", found: "\(longest)", allowed: "a number > 0"))
        }
        return problems
    }
}
