import NumericsCore

/// The Nelson–Aalen estimate of the cumulative hazard.
///
/// ```
/// H(t) = Σ_{tᵢ ≤ t} dᵢ/nᵢ
/// ```
///
/// Columns as in ``KaplanMeier``. Sources: Nelson 1972; Aalen 1978; Andersen et al. 1993, section IV.1.
public struct NelsonAalen: Sendable {
    /// Distinct follow-up times, ascending, in the unit of the data.
    public let times: [Double]
    /// n, the patients at risk just before each time.
    public let atRisk: [Int]
    /// d, the events at each time.
    public let events: [Int]
    /// Patients censored at each time, after the events.
    public let censored: [Int]
    /// H just after each time.
    public let cumulativeHazard: [Double]
    /// The standard error of H at each time: the square root of the summed ``Variance``.
    public let standardErrors: [Double]

    /// The variance of one increment.
    public enum Variance: String, CaseIterable, Sendable {
        /// d/n²: events at one time are separate events of a continuous process (R's `survfit`).
        case poisson
        /// d(n − d)/n³: events at one time are one binomial draw.
        case binomial
    }

    /// The cumulative hazard of the given patients, O(n log n).
    public init(_ data: SurvivalData, variance: Variance = .poisson) {
        let table = RiskTable(data)
        times = table.times
        atRisk = table.atRisk
        events = table.events
        censored = table.censored
        var hazard = 0.0
        var sum = 0.0
        var hazards: [Double] = []
        var errors: [Double] = []
        hazards.reserveCapacity(table.times.count)
        errors.reserveCapacity(table.times.count)
        for index in table.times.indices {
            let n = Double(table.atRisk[index])
            let d = Double(table.events[index])
            if d > 0 {
                hazard += d / n
                sum += variance == .poisson ? d / (n * n) : d * (n - d) / (n * n * n)
            }
            hazards.append(hazard)
            errors.append(sum.squareRoot())
        }
        cumulativeHazard = hazards
        standardErrors = errors
    }

    /// H(t) with its standard error and normal interval, 0 before the first time.
    ///
    /// - Returns: undefined after the last observed time.
    public func estimate(at time: Double, level: ConfidenceLevel = .ninetyFivePercent) -> Estimated<Estimate> {
        if let last = times.last, time > last {
            return .undefined(
                .init(code: "beyond-follow-up", reason: "time \(time) is after the last observed time \(last)"))
        }
        let after = times.partitioningIndex { $0 > time }
        guard after > 0 else { return .value(Estimate(normal: 0, standardError: 0, level: level)) }
        return .value(
            Estimate(normal: cumulativeHazard[after - 1], standardError: standardErrors[after - 1], level: level))
    }

    /// exp(−H) at each time: the Fleming–Harrington (Breslow) estimate of survival.
    public var survival: [Double] { cumulativeHazard.map { Elementary.exp(-$0) } }
}
