// The sampling distributions of test statistics. Each gives NaN outside its domain and passes NaN through.

/// The chi-squared distribution.
public enum ChiSquared {
    /// P(X ≤ x) with `degreesOfFreedom` > 0; 0 for x ≤ 0.
    public static func cdf(_ x: Double, degreesOfFreedom: Double) -> Double {
        SpecialFunctions.gammaP(0.5 * degreesOfFreedom, x < 0 ? 0 : 0.5 * x)
    }

    /// P(X > x) with `degreesOfFreedom` > 0, the p value of the statistic x; 1 for x ≤ 0.
    public static func survival(_ x: Double, degreesOfFreedom: Double) -> Double {
        SpecialFunctions.gammaQ(0.5 * degreesOfFreedom, x < 0 ? 0 : 0.5 * x)
    }
}

/// Student's t distribution. Infinite degrees of freedom mean the standard normal distribution.
public enum StudentT {
    /// P(T ≤ t) with `degreesOfFreedom` > 0, accurate in both tails.
    public static func cdf(_ t: Double, degreesOfFreedom: Double) -> Double {
        if degreesOfFreedom == .infinity { return Normal.cdf(t) }
        if t.isNaN { return t }
        let tail = 0.5 * twoSided(t, degreesOfFreedom)
        return t < 0 ? tail : 1 - tail
    }

    /// P(T > t) with `degreesOfFreedom` > 0.
    public static func survival(_ t: Double, degreesOfFreedom: Double) -> Double {
        cdf(-t, degreesOfFreedom: degreesOfFreedom)
    }

    /// The density Γ((ν+1)/2) / (√(νπ) Γ(ν/2)) · (1 + t²/ν)^(−(ν+1)/2) at t.
    public static func density(_ t: Double, degreesOfFreedom nu: Double) -> Double {
        if nu == .infinity { return Normal.density(t) }
        guard nu > 0, t.isFinite else { return t.isInfinite ? 0 : .nan }
        let constant =
            SaddlePoint.stirlingRatio(0.5 * nu) / SaddlePoint.stirlingRatio(0.5 * (nu + 1))
        // Γ((ν+1)/2)/Γ(ν/2) from Γ(a) = √(2π/a) aᵃ e⁻ᵃ · ratio(a), the powers combined before they can overflow.
        let a = 0.5 * nu
        let powers = Elementary.exp((a + 0.5) * Elementary.log1p(0.5 / a) - 0.5)
        let gammaRatio = powers * (a * a / (a + 0.5)).squareRoot() / constant
        let shape = Elementary.exp(-(a + 0.5) * Elementary.log1p(t * (t / nu)))
        return gammaRatio / (nu * .pi).squareRoot() * shape
    }

    /// P(|T| > |t|), the two-sided p value of the statistic t.
    public static func twoSidedPValue(_ t: Double, degreesOfFreedom: Double) -> Double {
        if degreesOfFreedom == .infinity { return 2 * Normal.survival(abs(t)) }
        return twoSided(t, degreesOfFreedom)
    }

    private static func twoSided(_ t: Double, _ nu: Double) -> Double {
        guard nu > 0, !t.isNaN else { return .nan }
        // t²/ν by division first, so that a huge t does not overflow before it is compared with ν.
        let ratio = t * (t / nu)
        guard ratio < .infinity else { return 0 }
        return SpecialFunctions.betaI(0.5 * nu, 0.5, 1 / (1 + ratio), complement: ratio / (1 + ratio))
    }
}

/// The F distribution of a ratio of two mean squares.
public enum FRatio {
    /// P(F > f), the p value of the statistic f; 1 for f ≤ 0.
    ///
    /// - Parameters:
    ///   - f: the ratio of mean squares.
    ///   - numerator: degrees of freedom above the line, positive.
    ///   - denominator: degrees of freedom below the line, positive; infinite for a known variance.
    public static func survival(_ f: Double, numerator: Double, denominator: Double) -> Double {
        tail(f, numerator, denominator, upper: true)
    }

    /// P(F ≤ f); 0 for f ≤ 0. Arguments as in ``survival(_:numerator:denominator:)``.
    public static func cdf(_ f: Double, numerator: Double, denominator: Double) -> Double {
        tail(f, numerator, denominator, upper: false)
    }

    private static func tail(_ f: Double, _ m: Double, _ n: Double, upper: Bool) -> Double {
        guard m > 0, n > 0, m < .infinity, !f.isNaN else { return .nan }
        if f <= 0 { return upper ? 1 : 0 }
        if n == .infinity {
            return upper
                ? ChiSquared.survival(m * f, degreesOfFreedom: m) : ChiSquared.cdf(m * f, degreesOfFreedom: m)
        }
        let odds = f * (m / n)
        guard odds < .infinity else { return upper ? 0 : 1 }
        let x = odds / (1 + odds)
        let y = 1 / (1 + odds)
        return upper
            ? SpecialFunctions.betaI(0.5 * n, 0.5 * m, y, complement: x)
            : SpecialFunctions.betaI(0.5 * m, 0.5 * n, x, complement: y)
    }
}
