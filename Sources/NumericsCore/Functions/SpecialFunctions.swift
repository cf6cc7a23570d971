/// Regularised incomplete gamma and beta functions.
///
/// Arguments outside the stated domain give NaN, so that a caller with checked parameters needs no `try`. Results are
/// accurate to about 1e-14 relative for the smaller of the two complementary functions, 1e-13 for shapes of a million
/// and more. Q at shapes below 0.1 is accurate to 1e-15 absolute, since there it is one minus P.
/// Everything is built on ``Elementary``: the bits do not depend on the processor.
public enum SpecialFunctions {
    /// P(a, x) = γ(a, x) / Γ(a), the distribution function at x of a gamma variable with shape a and scale 1.
    ///
    /// Power series below the mean and one minus the continued fraction above (Abramowitz and Stegun 1964, 6.5.29 and
    /// 6.5.31); Temme's uniform expansion from a shape of a million.
    ///
    /// - Parameters:
    ///   - a: shape, positive and finite.
    ///   - x: at least 0; +∞ gives 1.
    public static func gammaP(_ a: Double, _ x: Double) -> Double {
        guard a > 0, a < .infinity, x >= 0 else { return .nan }
        guard x < .infinity else { return 1 }
        if a >= LargeShapeGamma.smallestShape { return LargeShapeGamma.pair(a, x).p }
        return x < seriesLimit(a) ? lowerGammaSeries(a, x) : 1 - upperGammaFraction(a, x)
    }

    /// Q(a, x) = Γ(a, x) / Γ(a) = 1 − P(a, x), accurate where P has rounded to 1.
    ///
    /// - Parameters:
    ///   - a: shape, positive and finite.
    ///   - x: at least 0; +∞ gives 0.
    public static func gammaQ(_ a: Double, _ x: Double) -> Double {
        guard a > 0, a < .infinity, x >= 0 else { return .nan }
        guard x < .infinity else { return 0 }
        if a >= LargeShapeGamma.smallestShape { return LargeShapeGamma.pair(a, x).q }
        return x < seriesLimit(a) ? 1 - lowerGammaSeries(a, x) : upperGammaFraction(a, x)
    }

    /// Iₓ(a, b), the distribution function at x of a beta variable.
    ///
    /// One continued fraction on either side of the mean a / (a + b).
    ///
    /// - Parameters:
    ///   - a: first shape, positive and finite.
    ///   - b: second shape, positive and finite.
    ///   - x: from 0 to 1.
    public static func betaI(_ a: Double, _ b: Double, _ x: Double) -> Double { betaI(a, b, x, complement: 1 - x) }

    /// Iₓ(a, b) where the caller knows 1 − x to more digits than x has.
    static func betaI(_ a: Double, _ b: Double, _ x: Double, complement y: Double) -> Double {
        guard a > 0, b > 0, a < .infinity, b < .infinity, x >= 0, y >= 0 else { return .nan }
        if x == 0 { return 0 }
        if y == 0 { return 1 }
        let scale = SaddlePoint.beta(a, b, x, y)
        return a * y >= b * x
            ? scale / betaFraction(a, b, x, y)
            : 1 - scale / betaFraction(b, a, y, x)
    }

    // MARK: - Series and continued fractions

    /// Where the power series gives way to the continued fraction. For a below 1 the fraction takes over early, since
    /// one minus the series would lose the digits of a small Q.
    private static func seriesLimit(_ a: Double) -> Double { a < 1 ? 0.25 : a + 1 }

    /// xᵃ e⁻ˣ / Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …); all terms are positive.
    private static func lowerGammaSeries(_ a: Double, _ x: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        var divisor = a
        repeat {
            divisor += 1
            term *= x / divisor
            sum += term
        } while term > sum * 0x1p-56
        return min(SaddlePoint.poisson(a, mean: x) * sum, 1)
    }

    /// xᵃ e⁻ˣ / Γ(a) · 1/(x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …))).
    private static func upperGammaFraction(_ a: Double, _ x: Double) -> Double {
        let scale = a * SaddlePoint.poisson(a, mean: x)
        guard scale > 0 else { return 0 }
        let fraction = lentz(leading: x + 1 - a, terms: 10 + 20 * a.squareRoot()) { k in
            (-k * (k - a), x + 2 * k + 1 - a)
        }
        return min(scale / fraction, 1)
    }

    /// The continued fraction of DiDonato and Morris (1992), ACM TOMS 18:360–373, equation 9. Unlike the textbook one it
    /// does not subtract nearly equal numbers when one shape is huge; it needs x ≤ a / (a + b).
    private static func betaFraction(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
        let lambda = a * y - b * x
        return lentz(leading: a * (lambda + 1) / (a + 1), terms: 10 + 20 * max(a, b).squareRoot()) { n in
            let odd = a + 2 * n - 1
            let coupling = n * (b - n) * x / odd
            let numerator = (a + n - 1) * (a + b + n - 1) * x / odd * coupling
            let denominator = n + coupling + (a + n) * (lambda + 1 + n * (1 + y)) / (odd + 2)
            return (numerator, denominator)
        }
    }

    /// b₀ + a₁/(b₁ + a₂/(b₂ + …)) by the modified Lentz method, where `coefficients(k)` gives (aₖ, bₖ).
    ///
    /// `terms` is a guess of how many terms are needed; a hundred times as many end the loop, which the fractions here
    /// never reach.
    private static func lentz(
        leading: Double, terms: Double, _ coefficients: (_ k: Double) -> (a: Double, b: Double)
    ) -> Double {
        let tiny = 1e-300
        var value = leading == 0 ? tiny : leading
        var c = value
        var d = 0.0
        var k = 1.0
        while k < 100 * terms {
            let (a, b) = coefficients(k)
            d = b + a * d
            if d == 0 { d = tiny }
            d = 1 / d
            c = b + a / c
            if c == 0 { c = tiny }
            let factor = c * d
            value *= factor
            if abs(factor - 1) < 0x1p-52 { return value }
            k += 1
        }
        return value
    }
}
