/// Kaplan–Meier curves of a results file.
struct SurvivalCurves: Sendable {
    /// The time-to-event endpoints and the arms.
    let events: [String]
    let arms: [String]
    /// Days since the first visit.
    let days: [Double]
    private let survival: [Double]
    private let standardError: [Double]
    private let atRisk: [Double]

    /// Nil where the file has no curves.
    init?(_ group: FindingsGroup) throws {
        let axes = ["event", "arm", "day"]
        guard let survival = try group.numbers("survival", axes), !survival.isEmpty else { return nil }
        self.survival = survival
        events = group.labels("event")
        arms = group.labels("arm")
        days = group.coordinates("day")
        standardError = try group.numbers("survival_standard_error", axes) ?? survival.map { _ in .nan }
        atRisk = try group.numbers("at_risk", axes) ?? survival.map { _ in .nan }
        // A curve runs forward over known days; anything else is no curve.
        guard days.count == group.size("day"), zip(days, days.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    }

    /// For each day the percent that has had the event (1 − Kaplan–Meier), with a band of 1.96 Greenwood standard errors
    /// within 0 and 100.
    func incidence(event: Int, arm: Int) -> (value: [Double], lower: [Double], upper: [Double]) {
        let cells = range(event, arm)
        let value = cells.map { 100 * (1 - survival[$0]) }
        let reach = cells.map { 195.996 * standardError[$0] }
        return (
            value, zip(value, reach).map { bounded($0 - $1) }, zip(value, reach).map { bounded($0 + $1) }
        )
    }

    /// The days up to the last on which some arm still has a curve.
    func knownDays(event: Int) -> Int {
        let last = arms.indices.compactMap { arm in
            range(event, arm).lastIndex { survival[$0].isFinite }.map { $0 - range(event, arm).lowerBound }
        }
        return (last.max() ?? -1) + 1
    }

    /// Patients at risk on a day, nil where it is not known.
    func atRisk(event: Int, arm: Int, day: Int) -> Int? { integer(known(atRisk[range(event, arm).lowerBound + day])) }

    private func range(_ event: Int, _ arm: Int) -> Range<Int> {
        let start = (event * arms.count + arm) * days.count
        return start..<start + days.count
    }
}

/// What each run of the randomised trial estimated for all patients.
struct ReplicateEstimates: Sendable {
    let values: [Double]

    /// Nil where the file has none.
    init?(_ group: FindingsGroup) throws {
        guard let estimates = try group.numbers("estimate", ["replicate", "stratum"]) else { return nil }
        let strata = group.size("stratum")
        guard strata > 0 else { return nil }
        values = stride(from: 0, to: estimates.count, by: strata).map { estimates[$0] }.filter { abs($0) < 1e300 }
        if values.isEmpty { return nil }
    }
}

/// A percent kept within 0 and 100; NaN stays NaN.
private func bounded(_ percent: Double) -> Double { percent < 0 ? 0 : (percent > 100 ? 100 : percent) }
