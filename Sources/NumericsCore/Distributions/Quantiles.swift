// Quantiles of distributions without a closed form: Newton's iteration on the logarithm of the smaller tail, in the
// logarithm of x where the tail is a power of x. Both are nearly linear there, so a handful of steps is enough.

extension SpecialFunctions {
    /// The x with P(a, x) = p: the p quantile of a gamma variable with shape a and scale 1.
    ///
    /// - Parameters:
    ///   - a: shape, positive and finite; anything else gives NaN.
    ///   - p: from 0 (gives 0) to 1 (gives +∞); anything else gives NaN.
    public static func gammaQuantile(_ a: Double, _ p: Double) -> Double {
        guard a > 0, a < .infinity, p >= 0, p <= 1 else { return .nan }
        if p == 0 { return 0 }
        if p == 1 { return .infinity }
        if p < 0.5 {
            let y = MonotoneInverse.root(from: gammaStart(a, p), lower: -.infinity, upper: .infinity) { y in
                let x = Elementary.exp(y)
                let cdf = gammaP(a, x)
                return (Elementary.log(cdf) - Elementary.log(p), a * SaddlePoint.poisson(a, mean: x) / cdf)
            }
            return Elementary.exp(y)
        }
        return MonotoneInverse.root(from: Elementary.exp(gammaStart(a, p)), lower: 0, upper: .infinity) { x in
            let tail = gammaQ(a, x)
            return (Elementary.log(1 - p) - Elementary.log(tail), a / x * SaddlePoint.poisson(a, mean: x) / tail)
        }
    }

    /// The x with Iₓ(a, b) = p: the p quantile of a beta variable.
    ///
    /// - Parameters:
    ///   - a: first shape, positive and finite.
    ///   - b: second shape, positive and finite.
    ///   - p: from 0 to 1. Anything outside the domain gives NaN.
    public static func betaQuantile(_ a: Double, _ b: Double, _ p: Double) -> Double {
        guard a > 0, b > 0, a < .infinity, b < .infinity, p >= 0, p <= 1 else { return .nan }
        if p == 0 || p == 1 { return p }
        let mean = a / (a + b)
        return p <= betaI(a, b, mean, complement: b / (a + b))
            ? lowerBetaQuantile(a, b, p, below: mean)
            : 1 - lowerBetaQuantile(b, a, 1 - p, below: b / (a + b))
    }

    /// ln x at which to start: the leading term of the power series in the far lower tail, else the cube-root
    /// approximation of Wilson and Hilferty (1931).
    private static func gammaStart(_ a: Double, _ p: Double) -> Double {
        let power = (Elementary.log(p) + Elementary.lgamma(a + 1)) / a
        let spread = 1 / (9 * a)
        let root = 1 - spread + Normal.quantile(p) * spread.squareRoot()
        guard a > 0.5, root > 0.1 else { return min(power, 700) }
        return Elementary.log(a) + 3 * Elementary.log(root)
    }

    private static func lowerBetaQuantile(_ a: Double, _ b: Double, _ p: Double, below mean: Double) -> Double {
        let logMean = Elementary.log(mean)
        let logP = Elementary.log(p)
        let atMean = Elementary.log(betaI(a, b, mean, complement: 1 - mean))
        let y = MonotoneInverse.root(from: logMean + min((logP - atMean) / a, 0), lower: -.infinity, upper: logMean) {
            y in
            let x = Elementary.exp(y)
            let complement = -Elementary.expm1(y)
            let cdf = betaI(a, b, x, complement: complement)
            return (Elementary.log(cdf) - logP, SaddlePoint.beta(a, b, x, complement) / complement / cdf)
        }
        return Elementary.exp(y)
    }
}

extension ChiSquared {
    /// The x with P(X ≤ x) = p, for `degreesOfFreedom` > 0 and p from 0 to 1.
    public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
        2 * SpecialFunctions.gammaQuantile(0.5 * degreesOfFreedom, p)
    }
}

extension StudentT {
    /// The t with P(T ≤ t) = p, for `degreesOfFreedom` > 0 (infinite allowed) and p from 0 to 1.
    public static func quantile(_ p: Double, degreesOfFreedom nu: Double) -> Double {
        guard nu > 0, p >= 0, p <= 1 else { return .nan }
        if nu == .infinity || p == 0 || p == 1 { return Normal.quantile(p) }
        let central = abs(p - 0.5)
        if central == 0 { return 0 }
        let y = central < 0.25 ? centralQuantile(central, nu) : tailQuantile(min(p, 1 - p), nu)
        return p < 0.5 ? -Elementary.exp(y) : Elementary.exp(y)
    }

    /// ln t with P(0 < T ≤ t) = `probability`.
    private static func centralQuantile(_ probability: Double, _ nu: Double) -> Double {
        MonotoneInverse.root(from: -1, lower: -.infinity, upper: .infinity) { y in
            let t = Elementary.exp(y)
            let ratio = t * t / nu
            let x = ratio / (1 + ratio)
            let value = 0.5 * SpecialFunctions.betaI(0.5, 0.5 * nu, x, complement: 1 / (1 + ratio))
            let slope = t * density(t, degreesOfFreedom: nu) / value
            return (Elementary.log(value) - Elementary.log(probability), slope)
        }
    }

    /// ln t with P(T > t) = `probability`.
    private static func tailQuantile(_ probability: Double, _ nu: Double) -> Double {
        MonotoneInverse.root(from: 0, lower: -.infinity, upper: .infinity) { y in
            let t = Elementary.exp(y)
            let tail = survival(t, degreesOfFreedom: nu)
            return (Elementary.log(probability) - Elementary.log(tail), t * density(t, degreesOfFreedom: nu) / tail)
        }
    }
}
