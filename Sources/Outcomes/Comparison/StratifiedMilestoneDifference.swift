/// A difference of Kaplan–Meier curves at one time, treated minus control, within strata and averaged over them.
///
/// ```
/// D = Σ_s w_s·(S₁ₛ(t) − S₀ₛ(t)) / Σ_s w_s        SE² = Σ_s w_s²·(SE₁ₛ² + SE₀ₛ²) / (Σ_s w_s)²
/// ```
///
/// with Greenwood's errors and the weights of ``StratifiedMeanDifference``. Source: Mantel and Haenszel 1959, with the curves in the
/// place of proportions; without censoring and with `.mantelHaenszel` it is the Mantel–Haenszel risk difference.
public struct StratifiedMilestoneDifference: Sendable {
    /// One stratum.
    public struct Stratum: Sendable {
        /// The stratum's label.
        public let label: String
        /// n₁, the treated patients in it; may be 0.
        public let treatedCount: Int
        /// n₀, the control patients in it; may be 0.
        public let controlCount: Int
        /// Undefined when an arm has no patient, or no curve at the time.
        public let contrast: Estimated<MilestoneContrast>
    }

    /// t, in the unit of the times.
    public let time: Double
    /// The weight w_s used.
    public let weighting: StratifiedMeanDifference.Weighting
    /// One for each label of the grouping in its order, also strata without patients.
    public let strata: [Stratum]
    /// D with a normal interval. Undefined, with the stratum named, when a stratum with patients has no difference: no
    /// patient is left out silently. A stratum in which no curve has fallen counts with a difference and an error of 0, except
    /// under `.inverseVariance`, which it makes undefined.
    public let estimate: Estimated<Estimate>

    /// Compares the arms within each stratum and averages, O(n).
    ///
    /// - Parameters:
    ///   - treated: n indicators.
    ///   - strata: the stratum of each patient.
    ///   - time: t, in the unit of the times.
    /// - Throws: ``InvalidInput`` for columns of another length than the data.
    public init(
        _ data: SurvivalData, treated: [Bool], strata: Grouping, time: Double,
        weighting: StratifiedMeanDifference.Weighting = .mantelHaenszel, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if treated.count != data.count { problems.append(.length("treated", found: treated.count, rows: data.count)) }
        if strata.count != data.count { problems.append(.length("stratum", found: strata.count, rows: data.count)) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var rows: [Stratum] = []
        for (label, members) in zip(strata.labels, strata.rows) {
            let first = members.filter { treated[$0] }
            let second = members.filter { !treated[$0] }
            rows.append(
                Stratum(
                    label: label, treatedCount: first.count, controlCount: second.count,
                    contrast: try Self.contrast(data, first, second, time, level)))
        }
        self.strata = rows
        self.time = time
        self.weighting = weighting
        estimate = Self.average(rows, weighting, level)
    }

    private static func contrast(
        _ data: SurvivalData, _ treated: [Int], _ control: [Int], _ time: Double, _ level: ConfidenceLevel
    ) throws(InvalidInput) -> Estimated<MilestoneContrast> {
        guard !treated.isEmpty, !control.isEmpty else {
            return .undefined(
                .init(
                    code: "small-stratum",
                    reason: "\(treated.count) treated and \(control.count) control: one of each is needed"))
        }
        return MilestoneContrast.between(
            treated: KaplanMeier(try data.subset(treated)), control: KaplanMeier(try data.subset(control)), time: time,
            level: level)
    }

    private static func average(
        _ strata: [Stratum], _ weighting: StratifiedMeanDifference.Weighting, _ level: ConfidenceLevel
    ) -> Estimated<Estimate> {
        var total = 0.0
        var sum = 0.0
        var variance = 0.0
        for stratum in strata where stratum.treatedCount + stratum.controlCount > 0 {
            let part = stratum.contrast.flatMap { contrast in
                squaredError(contrast, weighting).map { (contrast.difference.value, $0) }
            }
            switch part {
            case .undefined(let reason):
                return .undefined(.init(code: reason.code, reason: "stratum \"\(stratum.label)\": \(reason.reason)"))
            case .value(let (difference, squaredError)):
                let weight = Self.weight(stratum, squaredError, weighting)
                total += weight
                sum += weight * difference
                variance += weight * weight * squaredError
            }
        }
        guard total > 0 else { return .undefined(.init(code: "no-patients", reason: "there is no patient")) }
        let error = variance.squareRoot() / total
        return .value(
            Estimate(
                value: sum / total, standardError: error > 0 ? .value(error) : .undefined(.noVariance),
                scale: .identity,
                level: level))
    }

    /// SE₁² + SE₀², which may be 0 where the weights do not need it.
    private static func squaredError(
        _ contrast: MilestoneContrast, _ weighting: StratifiedMeanDifference.Weighting
    ) -> Estimated<Double> {
        contrast.treated.standardError.naming("treated arm").flatMap { first in
            contrast.control.standardError.naming("control arm").flatMap { second in
                let squared = first * first + second * second
                return squared > 0 || weighting != .inverseVariance ? .value(squared) : .undefined(.noVariance)
            }
        }
    }

    private static func weight(
        _ stratum: Stratum, _ squaredError: Double, _ weighting: StratifiedMeanDifference.Weighting
    ) -> Double {
        let treated = Double(stratum.treatedCount)
        let control = Double(stratum.controlCount)
        return switch weighting {
        case .inverseVariance: 1 / squaredError
        case .stratumSize: treated + control
        case .mantelHaenszel: treated * control / (treated + control)
        }
    }
}
