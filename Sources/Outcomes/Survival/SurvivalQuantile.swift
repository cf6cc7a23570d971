/// A quantile of survival time, such as the median, with the times at which the confidence band crosses the same level.
public struct SurvivalQuantile: Hashable, Sendable {
    /// The share of patients with the event: 0.5 for the median.
    public let probability: Double
    /// The quantile, in the unit of the data; undefined when the curve never falls that far.
    public let time: Estimated<Double>
    /// The time at which the lower band crosses the level.
    public let lower: Estimated<Double>
    /// The time at which the upper band crosses it; undefined, as often happens, when it never does.
    public let upper: Estimated<Double>
    /// The confidence level of the band.
    public let level: ConfidenceLevel
}

extension KaplanMeier {
    /// What the quantile is when the curve runs exactly along the level sought.
    public enum QuantileConvention: String, CaseIterable, Sendable {
        /// The middle of the flat stretch, to the last follow-up time when it does not end (R's `survfit`).
        case middleOfFlat
        /// The first time at which the curve is at or below the level (SAS, Stata).
        case firstTime
    }

    /// The median survival time with its interval.
    public func median(
        _ kind: IntervalKind = .log, level: ConfidenceLevel = .ninetyFivePercent,
        convention: QuantileConvention = .middleOfFlat
    ) -> SurvivalQuantile {
        unchecked(0.5, kind, level: level, convention: convention)
    }

    /// The time by which the given share of patients had the event: the first time with `S(t) ≤ 1 − probability`.
    ///
    /// The interval is where the pointwise band crosses that level (Brookmeyer and Crowley 1982, as R's `survfit` does).
    /// Each part is undefined where its curve never falls so far.
    /// - Throws: ``InvalidInput`` unless `0 < probability < 1`.
    public func quantile(
        _ probability: Double, _ kind: IntervalKind = .log, level: ConfidenceLevel = .ninetyFivePercent,
        convention: QuantileConvention = .middleOfFlat
    ) throws(InvalidInput) -> SurvivalQuantile {
        guard probability > 0, probability < 1 else {
            throw InvalidInput(
                .init(column: "probability", found: "\(probability)", allowed: "a number between 0 and 1"))
        }
        return unchecked(probability, kind, level: level, convention: convention)
    }

    private func unchecked(
        _ probability: Double, _ kind: IntervalKind, level: ConfidenceLevel, convention: QuantileConvention
    ) -> SurvivalQuantile {
        let band = intervals(kind, level: level)
        func crossing(_ curve: [Double?]) -> Estimated<Double> {
            guard let time = self.crossing(curve, target: 1 - probability, convention) else {
                return .undefined(.notReached(probability, lowest: curve.lazy.compactMap { $0 }.last ?? 1))
            }
            return .value(time)
        }
        return SurvivalQuantile(
            probability: probability, time: crossing(survival), lower: crossing(band.map { $0?.lower }),
            upper: crossing(band.map { $0?.upper }), level: level)
    }

    private func crossing(_ curve: [Double?], target: Double, _ convention: QuantileConvention) -> Double? {
        // A product of k ratios is off by at most 2k roundings: within that, the curve is on the level.
        let rounding = 2 * Double(times.count + 1) * 0.5.ulp
        guard let first = curve.firstIndex(where: { ($0 ?? 2) <= target + rounding }) else { return nil }
        guard convention == .middleOfFlat, let value = curve[first], value >= target - rounding else {
            return times[first]
        }
        let next = curve[first...].firstIndex { ($0 ?? 2) < target - rounding }
        return (times[first] + times[next ?? times.count - 1]) / 2
    }
}

extension Undefined {
    static func notReached(_ probability: Double, lowest: Double) -> Undefined {
        .init(
            code: "quantile-not-reached",
            reason: "the curve ends at \(lowest), above \(1 - probability)")
    }
}
