/// The pieces of the saddle-point form of the Poisson and binomial probabilities, which keep all digits where the
/// textbook formula subtracts large logarithms.
///
/// Source: Loader (2000), "Fast and accurate computation of binomial probabilities", equations 3 to 5.
enum SaddlePoint {
    static let twoPi = 6.283_185_307_179_586_476_9

    /// Γ(a + 1) / (√(2πa) aᵃ e⁻ᵃ), the relative error of Stirling's formula, for a > 0.
    static func stirlingRatio(_ a: Double) -> Double {
        if a < 10 {
            return Elementary.gamma(a + 1) * Elementary.exp(a) / ((twoPi * a).squareRoot() * Elementary.pow(a, a))
        }
        return Elementary.exp(logStirlingRatio(a))
    }

    /// The logarithm of ``stirlingRatio(_:)``: Stirling's series (Abramowitz and Stegun 1964, 6.1.41) from a = 10,
    /// where the first term left out is below 1e-17.
    static func logStirlingRatio(_ a: Double) -> Double {
        guard a >= 10 else { return Elementary.log(stirlingRatio(a)) }
        let r = 1 / (a * a)
        var sum = 0.179_644_372_368_830_57
        for coefficient in stirlingCoefficients { sum = sum * r + coefficient }
        return sum / a
    }

    /// B₂ₖ / (2k (2k − 1)) for k = 8 down to 1; the sum starts with k = 9, 43867/244188.
    private static let stirlingCoefficients: [Double] = [
        -0.029_550_653_594_771_24, 0.006_410_256_410_256_41, -0.001_917_526_917_526_917_5, 0.000_841_750_841_750_841_7,
        -0.000_595_238_095_238_095_3, 0.000_793_650_793_650_793_7, -0.002_777_777_777_777_778, 0.083_333_333_333_333_33,
    ]

    /// The deviance term x − a − a ln(x/a) ≥ 0 for a, x > 0; exact to rounding near x = a.
    static func deviance(_ a: Double, _ x: Double) -> Double {
        let ratio = (x - a) / (x + a)
        guard abs(ratio) < 0.1 else { return (x - a) - a * Elementary.log(x / a) }
        // ln(x/a) = 2 artanh(ratio): its first term is taken out by hand, the rest is summed.
        let square = ratio * ratio
        var power = 2 * a * ratio
        var sum = (x - a) * ratio
        var odd = 3.0
        while true {
            power *= square
            let next = sum - power / odd
            // At the largest numbers 2a overflows, and the sum would never settle.
            if next == sum || !next.isFinite { return sum }
            sum = next
            odd += 2
        }
    }

    /// xᵃ e⁻ˣ / Γ(a + 1) for a, x ≥ 0: the Poisson probability of a at mean x when a is whole.
    static func poisson(_ a: Double, mean x: Double) -> Double {
        if x == 0 { return a == 0 ? 1 : 0 }
        if a < 10 {
            // Halved, so that exp(−x) does not underflow before the power makes up for it; x/2 is exact.
            let half = Elementary.exp(-0.5 * x)
            return half * (Elementary.pow(x, a) / Elementary.gamma(a + 1)) * half
        }
        return Elementary.exp(-deviance(a, x) - logStirlingRatio(a)) / (twoPi * a).squareRoot()
    }

    /// The logarithm of ``poisson(_:mean:)`` for a ≥ 0 and x > 0.
    static func logPoisson(_ a: Double, mean x: Double) -> Double {
        guard a > 0 else { return -x }
        return -deviance(a, x) - logStirlingRatio(a) - 0.5 * Elementary.log(twoPi * a)
    }

    /// xᵃ yᵇ / B(a, b) for y = 1 − x and a, b, x, y > 0.
    static func beta(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
        let n = a + b
        let exponent = -deviance(a, n * x) - deviance(b, n * y)
        let stirling = stirlingRatio(n) / (stirlingRatio(a) * stirlingRatio(b))
        return Elementary.exp(exponent) * stirling * (a * (b / n) / twoPi).squareRoot()
    }
}
