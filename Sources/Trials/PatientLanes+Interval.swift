import Outcomes

/// What a decision led to, for rewards that are paid at once: the trial itself reckons them when it is over
/// (``DecisionLogWriter``).
extension PatientLanes {
    /// Makes ``outcomes(after:_:)`` see the patients' present states; ``arrive(at:_:)`` does so too.
    package func report() { simulation.report() }

    /// What followed a decision until the next visit, at which the patient has arrived: days, and days in range, below and
    /// above it, in the order of `DecisionLog.outcomeNames`. NaN where they are not known.
    package func outcomes(after visit: Int, _ lane: Int) -> [Double] {
        let (start, next) = (plan.visits.days[visit], plan.visits.next(after: visit))
        let end = max(start, min(next, lastDay(lane)))
        let time = plan.learningRange.flatMap { range in
            timeInRange(track: range.track, range.low...range.high, start...end, arrived: next, lane)
        }
        return [end - start, time?.within ?? .nan, time?.below ?? .nan, time?.above ?? .nan]
    }

    /// The trial's path goes from sample to sample, which visits need not meet: the state on the day of the arrival closes it.
    private func timeInRange(
        track: Int, _ range: ClosedRange<Double>, _ window: ClosedRange<Double>, arrived: Double, _ lane: Int
    ) -> TimeInRange? {
        let (path, values) = (paths[lane].days, paths[lane].tracks[track])
        let first = path.lastIndex { $0 <= window.lowerBound } ?? 0
        let behind = path.firstIndex { $0 > arrived } ?? path.count
        var points = (first..<behind).map { (day: path[$0], value: values[$0]) }
        if let last = points.last, last.day < arrived {
            points.append((arrived, simulation.value(ofOutput: track)[lane]))
        }
        // What lies behind the window may be unknown, but for the point that tells where the path goes at its end.
        if let last = points.firstIndex(where: { $0.day >= window.upperBound }) { points.removeSubrange((last + 1)...) }
        guard points.allSatisfy(\.value.isFinite) else { return nil }
        return try? TimeInRange(
            times: points.map(\.day), values: points.map(\.value), range: range, window: window)
    }
}
