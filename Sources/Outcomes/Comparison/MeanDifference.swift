import NumericsCore

/// Student's t statistic of a difference.
public struct StudentTest: Hashable, Sendable {
    /// The difference over its standard error.
    public let statistic: Double
    /// Not a whole number in Welch's approximation.
    public let degreesOfFreedom: Double
    /// Two-sided.
    public let pValue: Double

    init(statistic: Double, degreesOfFreedom: Double) {
        self.statistic = statistic
        self.degreesOfFreedom = degreesOfFreedom
        pValue = StudentT.twoSidedPValue(statistic, degreesOfFreedom: degreesOfFreedom)
    }
}

/// The difference of two means, treated minus control, without assuming equal variances.
///
/// ```
/// SE² = s₁²/n₁ + s₀²/n₀       df = SE⁴ / (s₁⁴/(n₁²(n₁−1)) + s₀⁴/(n₀²(n₀−1)))
/// ```
///
/// Source: Welch 1947, Biometrika 34:28.
public struct MeanDifference: Hashable, Sendable {
    /// The treated group by itself.
    public let treated: SampleMean
    /// The control group by itself.
    public let control: SampleMean
    /// The difference in the unit of the values, with the t interval.
    public let estimate: Estimate
    /// The test of no difference. Undefined with fewer than two values in a group or no spread in both.
    public let test: Estimated<StudentTest>

    /// Compares two groups of different patients.
    ///
    /// - Parameters:
    ///   - treated: n₁ ≥ 1 finite values.
    ///   - control: n₀ ≥ 1 finite values, in the same unit.
    ///   - level: of the intervals.
    /// - Throws: ``InvalidInput`` for an empty group and for values that are not finite.
    public init(
        treated: [Double], control: [Double], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        self.treated = try SampleMean(treated, column: "treated", level: level)
        self.control = try SampleMean(control, column: "control", level: level)
        let difference = self.treated.estimate.value - self.control.estimate.value
        let parts = Self.parts(self.treated, self.control)
        estimate = Estimate(
            value: difference, standardError: parts.map(\.error),
            interval: parts.map {
                .around(difference, standardError: $0.error, degreesOfFreedom: $0.freedom, level: level)
            })
        test = parts.map { StudentTest(statistic: difference / $0.error, degreesOfFreedom: $0.freedom) }
    }

    private static func parts(
        _ treated: SampleMean, _ control: SampleMean
    ) -> Estimated<(error: Double, freedom: Double)> {
        treated.estimate.standardError.flatMap { first in
            control.estimate.standardError.flatMap { second in
                let a = first * first
                let b = second * second
                guard a + b > 0 else { return .undefined(.noSpread) }
                // Shares of the variance, so that nothing overflows or vanishes.
                let share = a / (a + b)
                let rest = b / (a + b)
                let freedom = 1 / (share * share / Double(treated.count - 1) + rest * rest / Double(control.count - 1))
                return .value(((a + b).squareRoot(), freedom))
            }
        }
    }
}

extension Undefined {
    static let noSpread = Undefined(
        code: "no-spread", reason: "all values within the groups are equal: there is no error")
}
