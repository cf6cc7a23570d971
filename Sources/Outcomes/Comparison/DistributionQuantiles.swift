import NumericsCore

// Quantiles that exact and small-sample intervals need, found from the distribution functions by halving an interval
// until no number lies between its ends: the last digit is that of the distribution function.

extension ChiSquared {
    /// The x with P(X ≤ x) = p, for 0 ≤ p < 1.
    static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
        guard p > 0 else { return 0 }
        return increasingRoot(from: max(degreesOfFreedom, 1)) { x in
            p < 0.5
                ? cdf(x, degreesOfFreedom: degreesOfFreedom) - p
                : (1 - p) - survival(x, degreesOfFreedom: degreesOfFreedom)
        }
    }
}

extension StudentT {
    /// The t with P(|T| ≤ t) equal to the level: the reach of an interval in standard errors.
    static func twoSidedQuantile(_ level: ConfidenceLevel, degreesOfFreedom: Double) -> Double {
        increasingRoot(from: 2) { (1 - level.value) - twoSidedPValue($0, degreesOfFreedom: degreesOfFreedom) }
    }
}

/// The root on (0, ∞) of an increasing function.
private func increasingRoot(from start: Double, _ f: (Double) -> Double) -> Double {
    var high = start
    while f(high) < 0, high < .greatestFiniteMagnitude / 2 { high *= 2 }
    var low = 0.0
    while true {
        let middle = low + (high - low) / 2
        guard middle > low, middle < high else { return high }
        if f(middle) < 0 { low = middle } else { high = middle }
    }
}

/// x/(1 − x) for the x with I_x(a, b) = p.
func betaOddsQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    increasingRoot(from: a / b) { odds in SpecialFunctions.betaI(a, b, odds / (1 + odds)) - p }
}
