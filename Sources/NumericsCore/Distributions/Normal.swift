/// The standard normal distribution.
///
/// All functions take and return plain numbers without a unit, pass NaN through, and are built on ``Elementary``, so
/// that their bits do not depend on the processor.
public enum Normal {
    /// 1/√(2π).
    static let densityAtZero = 0.398_942_280_401_432_677_94
    /// ln √(2π).
    static let logSqrtTwoPi = 0.918_938_533_204_672_741_78

    /// φ(x) = exp(−x²/2) / √(2π), within 3 ulps; 0 at ±∞.
    public static func density(_ x: Double) -> Double {
        guard x.isFinite else { return x.isNaN ? x : 0 }
        return densityAtZero * expOfMinusHalfSquare(x)
    }

    /// ln φ(x) = −x²/2 − ln √(2π); −∞ at ±∞.
    public static func logDensity(_ x: Double) -> Double { -0.5 * x * x - logSqrtTwoPi }

    /// Φ(x) = P(X ≤ x), accurate to a few ulps in both tails down to the smallest normal number (x ≈ −37.5).
    public static func cdf(_ x: Double) -> Double { 0.5 * erfcOverSqrtTwo(-x) }

    /// P(X > x) = Φ(−x), accurate where Φ(x) has rounded to 1.
    public static func survival(_ x: Double) -> Double { cdf(-x) }

    /// ln Φ(x), finite for every finite x: below −14 from the asymptotic series of Mills' ratio (Abramowitz and Stegun
    /// 1964, 26.2.12), which is exact to the last digits there.
    public static func logCDF(_ x: Double) -> Double {
        if x < seriesLimit { return logDensity(x) + Elementary.log(millsRatio(-x)) }
        if x > 0 { return Elementary.log1p(-survival(x)) }
        return Elementary.log(cdf(x))
    }

    /// The hazard φ(x) / (1 − Φ(x)), the reciprocal of Mills' ratio; it grows like x and never overflows before x does.
    public static func hazard(_ x: Double) -> Double {
        -x < seriesLimit ? 1 / millsRatio(x) : density(x) / survival(x)
    }

    private static let seriesLimit = -14.0

    /// (1 − Φ(x)) / φ(x) for x > 14: the series 1/x (1 − 1/x² + 3/x⁴ − 15/x⁶ …), summed until a term no longer counts.
    private static func millsRatio(_ x: Double) -> Double {
        guard x < .infinity else { return 0 }
        let step = 1 / (x * x)
        var term = 1.0
        var sum = 1.0
        var odd = 1.0
        while abs(term) > 0x1p-56 {
            term *= -odd * step
            sum += term
            odd += 2
        }
        return sum / x
    }

    /// exp(−x²/2). The square's rounding error, which the exponential would magnify, is found by a fused operation.
    private static func expOfMinusHalfSquare(_ x: Double) -> Double {
        let square = x * x
        guard square < .infinity else { return 0 }
        let lost = (-square).addingProduct(x, x)
        return Elementary.exp(-0.5 * square) * (1 - 0.5 * lost)
    }

    /// erfc(x/√2). A rounding error e of the argument z changes erfc(z) by −2/√π exp(−z²) e, which is put back: without
    /// it the relative error would grow like x².
    private static func erfcOverSqrtTwo(_ x: Double) -> Double {
        let inverseSqrtTwo = 0.707_106_781_186_547_524_40
        let inverseSqrtTwoRest = -4.833_646_656_726_457e-17
        let z = x * inverseSqrtTwo
        let value = Elementary.erfc(z)
        guard x > 1, x < 40 else { return value }
        let lost = (-z).addingProduct(x, inverseSqrtTwo) + x * inverseSqrtTwoRest
        let twoOverSqrtPi = 1.128_379_167_095_512_573_9
        return value - twoOverSqrtPi * Elementary.exp(-z * z) * lost
    }
}
