/// The incomplete gamma functions for shapes of a million and more, where series and fraction take √a terms.
///
/// Source: Temme (1979), "The asymptotic expansion of the incomplete gamma functions", SIAM J. Math. Anal. 10(4):757–766
/// (NIST DLMF 8.12.3 to 8.12.12): Q = ½ erfc(η √(a/2)) + exp(−aη²/2) / √(2πa) · Σ cₖ(η) / aᵏ with
/// ½η² = x/a − 1 − ln(x/a). The terms left out are below 1e-17 wherever the exponential has not underflowed.
enum LargeShapeGamma {
    static let smallestShape = 1e6

    /// P(a, x) and Q(a, x) for a ≥ ``smallestShape`` and x ≥ 0.
    static func pair(_ a: Double, _ x: Double) -> (p: Double, q: Double) {
        // aη²/2 is the deviance. Beyond 750 the smaller of the two functions has underflowed.
        let deviance = x > 0 ? SaddlePoint.deviance(a, x) : .infinity
        guard deviance < 750 else { return x < a ? (0, 1) : (1, 0) }
        let z = x < a ? -(2 * deviance).squareRoot() : (2 * deviance).squareRoot()
        let correction = Normal.density(z) * coefficientSum(a, z / a.squareRoot()) / a.squareRoot()
        return (Normal.cdf(z) - correction, Normal.survival(z) + correction)
    }

    /// c₀ + c₁/a + c₂/a², each from its Taylor series in η, |η| < 0.04.
    private static func coefficientSum(_ a: Double, _ eta: Double) -> Double {
        evaluate(first, eta) + (evaluate(second, eta) + third / a) / a
    }

    private static func evaluate(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }

    /// The coefficients of c₀ and c₁, the highest power first.
    private static let first: [Double] = [
        -571.0 / 261_273_600, 1.0 / 25_515, -139.0 / 777_600, 1.0 / 2_835, 1.0 / 864, -2.0 / 135, 1.0 / 12, -1.0 / 3,
    ]
    private static let second: [Double] = [1.0 / 4860, -77.0 / 77_760, 1.0 / 378, -1.0 / 288, -1.0 / 540]
    /// The leading term of c₂.
    private static let third = 25.0 / 6048
}
