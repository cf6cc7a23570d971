/// Hosmer and Lemeshow's test of predicted risks against yes/no outcomes in groups of risk.
///
/// ```
/// χ² = Σ_g (O_g − E_g)² / (E_g·(1 − E_g/n_g))
/// ```
///
/// It depends on the number of groups and, like every test of fit, finds nothing in small samples and everything in large
/// ones: read it beside a calibration curve. Source: Hosmer and Lemeshow 1980, Commun Stat A9:1043.
public struct HosmerLemeshow: Sendable {
    /// Where the predictions come from, which decides the degrees of freedom.
    public enum Predictions: String, CaseIterable, Sendable {
        /// A model fitted to the same patients: G − 2.
        case fitted
        /// A model from elsewhere: G.
        case external
    }

    /// Patients of each group, by ascending risk; fewer groups than asked for where many patients share a risk.
    public let counts: [Int]
    /// Observed events of each group.
    public let observed: [Int]
    /// The sum of the predicted risks of each group.
    public let expected: [Double]
    /// The test. Undefined when no degree of freedom is left, and where a group expects exactly none or all.
    public let test: Estimated<ChiSquareTest>

    /// Groups and tests.
    ///
    /// - Parameters:
    ///   - outcomes: n ≥ 1 outcomes.
    ///   - risks: n predicted risks.
    ///   - groups: how many, at least 1; cut at quantiles of the risk.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        outcomes: [Bool], risks: [Double], groups: Int = 10, predictions: Predictions = .fitted
    ) throws(InvalidInput) {
        var problems = BinaryOutcomes.problems(outcomes, risks, open: false)
        if groups < 1 { problems.append(.init(column: "groups", found: "\(groups)", allowed: "at least 1")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let cuts = RiskGroups(risks, groups: groups)
        var counts = [Int](repeating: 0, count: cuts.count)
        var observed = counts
        var expected = [Double](repeating: 0, count: cuts.count)
        for row in risks.indices {
            let group = cuts.group(of: risks[row])
            counts[group] += 1
            observed[group] += outcomes[row] ? 1 : 0
            expected[group] += risks[row]
        }
        self.counts = counts
        self.observed = observed
        self.expected = expected
        let degrees = predictions == .fitted ? counts.count - 2 : counts.count
        var statistic = 0.0
        for group in counts.indices {
            let off = Double(observed[group]) - expected[group]
            statistic += off * off / (expected[group] * (1 - expected[group] / Double(counts[group])))
        }
        if degrees < 1 {
            test = .undefined(
                .init(code: "few-groups", reason: "\(counts.count) groups of risk leave no degree of freedom"))
        } else if !statistic.isFinite {
            test = .undefined(
                .init(code: "no-variation", reason: "the predicted risks of a group are all 0 or all 1"))
        } else {
            test = .value(ChiSquareTest(statistic: statistic, degreesOfFreedom: degrees))
        }
    }
}
