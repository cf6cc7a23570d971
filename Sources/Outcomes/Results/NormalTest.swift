import NumericsCore

/// A test statistic that is standard normal under its null hypothesis.
public struct NormalTest: Hashable, Sendable {
    /// The statistic z.
    public let statistic: Double
    /// P(|Z| ≥ |z|), the two-sided p-value.
    public let pValue: Double
    /// P(Z ≤ z), the one-sided p-value against a negative effect.
    public let lowerPValue: Double
    /// P(Z ≥ z), the one-sided p-value against a positive effect.
    public let upperPValue: Double

    /// The test of a statistic found elsewhere.
    ///
    /// - Parameter statistic: a finite number.
    public init(statistic: Double) {
        self.statistic = statistic
        pValue = 2 * Normal.survival(abs(statistic))
        lowerPValue = Normal.cdf(statistic)
        upperPValue = Normal.survival(statistic)
    }
}

extension Estimate {
    /// The Wald test that a difference is 0 (on the identity scale) or a ratio is 1 (on the log scale).
    ///
    /// - Returns: undefined where the standard error is, and where it is 0.
    public var nullTest: Estimated<NormalTest> {
        standardError.flatMap { error in
            let effect = scale == .log ? Elementary.log(value) : value
            guard error > 0, effect.isFinite else { return .undefined(.noVariance) }
            return .value(NormalTest(statistic: effect / error))
        }
    }
}

extension Undefined {
    static let noVariance = Undefined(
        code: "no-variance", reason: "the estimated error is 0: there is no variation to test against")
}
