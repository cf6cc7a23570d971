/// A difference of means, treated minus control, within strata and averaged over them.
///
/// ```
/// D = Σ_s w_s·D_s / Σ_s w_s        SE² = Σ_s w_s²·SE_s² / (Σ_s w_s)²
/// ```
///
/// with the differences and errors of ``MeanDifference`` in each stratum and a normal interval.
public struct StratifiedMeanDifference: Sendable {
    /// The weight w_s of a stratum.
    public enum Weighting: String, CaseIterable, Sendable {
        /// 1/SE_s²: the most precise if the effect is the same in each stratum.
        case inverseVariance
        /// n_s, the patients of the stratum: the effect in the population of the trial.
        case stratumSize
        /// n₁n₀/(n₁ + n₀): efficient at equal variances, and does not depend on the outcome (Mantel and Haenszel).
        case mantelHaenszel
    }

    /// One stratum.
    public struct Stratum: Sendable {
        /// The stratum's label.
        public let label: String
        /// n₁, the treated patients in it; may be 0.
        public let treatedCount: Int
        /// n₀, the control patients in it; may be 0.
        public let controlCount: Int
        /// Undefined when one arm has fewer than two patients or nothing varies.
        public let difference: Estimated<MeanDifference>
    }

    /// The weight w_s used.
    public let weighting: Weighting
    /// One for each label of the grouping in its order, also strata without patients.
    public let strata: [Stratum]
    /// D. Undefined, with the stratum named, when a stratum with patients has no difference with an error: no patient is
    /// left out silently. Strata without patients have no weight.
    public let estimate: Estimated<Estimate>

    /// Compares the arms within each stratum and averages.
    ///
    /// - Parameters:
    ///   - values: n finite outcomes.
    ///   - treated: n indicators.
    ///   - strata: the stratum of each patient.
    /// - Throws: ``InvalidInput`` for columns of different length and values that are not finite.
    public init(
        _ values: [Double], treated: [Bool], strata: Grouping, weighting: Weighting,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems = InvalidInput.Problem.notFinite("value", values)
        if treated.count != values.count {
            problems.append(.length("treated", found: treated.count, rows: values.count))
        }
        if strata.count != values.count {
            problems.append(.length("stratum", found: strata.count, rows: values.count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var rows: [Stratum] = []
        for (label, members) in zip(strata.labels, strata.rows) {
            let first = members.filter { treated[$0] }.map { values[$0] }
            let second = members.filter { !treated[$0] }.map { values[$0] }
            rows.append(
                Stratum(
                    label: label, treatedCount: first.count, controlCount: second.count,
                    difference: try Self.difference(first, second, level)))
        }
        self.strata = rows
        self.weighting = weighting
        estimate = Self.average(rows, weighting, level)
    }

    private static func difference(
        _ treated: [Double], _ control: [Double], _ level: ConfidenceLevel
    ) throws(InvalidInput) -> Estimated<MeanDifference> {
        guard treated.count > 1, control.count > 1 else {
            return .undefined(
                .init(
                    code: "small-stratum",
                    reason: "\(treated.count) treated and \(control.count) control: two of each are needed"))
        }
        let difference = try MeanDifference(treated: treated, control: control, level: level)
        if let reason = difference.estimate.standardError.undefined { return .undefined(reason) }
        return .value(difference)
    }

    private static func average(
        _ strata: [Stratum], _ weighting: Weighting, _ level: ConfidenceLevel
    ) -> Estimated<Estimate> {
        var total = 0.0
        var sum = 0.0
        var variance = 0.0
        for stratum in strata where stratum.treatedCount + stratum.controlCount > 0 {
            switch stratum.difference {
            case .undefined(let reason):
                return .undefined(.init(code: reason.code, reason: "stratum \"\(stratum.label)\": \(reason.reason)"))
            case .value(let difference):
                guard let error = difference.estimate.standardError.value else { continue }
                let weight = Self.weight(stratum, error, weighting)
                total += weight
                sum += weight * difference.estimate.value
                variance += weight * weight * error * error
            }
        }
        guard total > 0 else { return .undefined(.init(code: "no-patients", reason: "there is no patient")) }
        return .value(Estimate(normal: sum / total, standardError: variance.squareRoot() / total, level: level))
    }

    private static func weight(_ stratum: Stratum, _ error: Double, _ weighting: Weighting) -> Double {
        let treated = Double(stratum.treatedCount)
        let control = Double(stratum.controlCount)
        return switch weighting {
        case .inverseVariance: 1 / (error * error)
        case .stratumSize: treated + control
        case .mantelHaenszel: treated * control / (treated + control)
        }
    }
}
