import NumericsCore

/// The distribution functions that the estimators need, until NumericsCore offers them.
enum SpecialFunctions {
    /// Φ(x), the standard normal distribution function.
    static func normalCDF(_ x: Double) -> Double { 0.5 * Elementary.erfc(-x * 0.5.squareRoot()) }

    /// The two-sided p value of a standard normal statistic: 2(1 − Φ(|z|)).
    static func normalTwoSided(_ z: Double) -> Double { Elementary.erfc(abs(z) * 0.5.squareRoot()) }

    /// Φ⁻¹(p) for 0 < p < 1 (Wichura 1988, AS 241, PPND16: about 1e-16 relative).
    static func normalQuantile(_ p: Double) -> Double {
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * ratio(r, central)
        }
        let tail = q < 0 ? p : 1 - p
        guard tail > 0 else { return q < 0 ? -.infinity : .infinity }
        let r = (-Elementary.log(tail)).squareRoot()
        let magnitude = r <= 5 ? ratio(r - 1.6, middle) : ratio(r - 5, far)
        return q < 0 ? -magnitude : magnitude
    }

    /// P(X ≥ x) for a chi-square variable.
    static func chiSquareSurvival(_ x: Double, degreesOfFreedom: Double) -> Double {
        guard x > 0, degreesOfFreedom > 0 else { return 1 }
        return gammaQ(degreesOfFreedom / 2, x / 2)
    }

    /// The chi-square quantile: the x with P(X ≤ x) = p.
    static func chiSquareQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
        guard p > 0 else { return 0 }
        let shape = degreesOfFreedom / 2
        return 2
            * increasingRoot(from: max(shape, 1)) { x in
                p < 0.5 ? gammaP(shape, x) - p : (1 - p) - gammaQ(shape, x)
            }
    }

    /// The two-sided p value of a t statistic.
    static func studentTwoSided(_ t: Double, degreesOfFreedom: Double) -> Double {
        betaI(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + t * t))
    }

    /// The t quantile at p ≥ 1/2.
    static func studentQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
        let tail = 2 * (1 - p)
        return increasingRoot(from: 2) { t in tail - studentTwoSided(t, degreesOfFreedom: degreesOfFreedom) }
    }

    /// The root on (0, ∞) of an increasing function, by doubling and then halving until no number lies between.
    private static func increasingRoot(from start: Double, _ f: (Double) -> Double) -> Double {
        var high = start
        while f(high) < 0, high < 1e300 { high *= 2 }
        var low = 0.0
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return high }
            if f(middle) < 0 { low = middle } else { high = middle }
        }
    }

    // MARK: Incomplete gamma and beta functions (Press et al. 2007, sections 6.2 and 6.4)

    static func gammaP(_ a: Double, _ x: Double) -> Double {
        x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
    }

    static func gammaQ(_ a: Double, _ x: Double) -> Double {
        x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
    }

    private static func gammaSeries(_ a: Double, _ x: Double) -> Double {
        guard x > 0 else { return 0 }
        var term = 1 / a
        var sum = term
        var n = a
        while abs(term) > abs(sum) * 1e-17 {
            n += 1
            term *= x / n
            sum += term
        }
        return sum * Elementary.exp(-x + a * Elementary.log(x) - Elementary.lgamma(a))
    }

    private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var h = d
        for i in 1...10_000 {
            let an = -Double(i) * (Double(i) - a)
            b += 2
            d = an * d + b
            if abs(d) < tiny { d = tiny }
            c = b + an / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            let factor = d * c
            h *= factor
            if abs(factor - 1) < 3e-16 { break }
        }
        return h * Elementary.exp(-x + a * Elementary.log(x) - Elementary.lgamma(a))
    }

    static func betaI(_ a: Double, _ b: Double, _ x: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let logFront =
            Elementary.lgamma(a + b) - Elementary.lgamma(a) - Elementary.lgamma(b)
            + a * Elementary.log(x) + b * Elementary.log1p(-x)
        let front = Elementary.exp(logFront)
        return x < (a + 1) / (a + b + 2)
            ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b
    }

    private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / guarded(1 - (a + b) * x / (a + 1))
        var h = d
        for m in 1...10_000 {
            let k = Double(m)
            let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
            d = 1 / guarded(1 + even * d)
            c = guarded(1 + even / c)
            h *= d * c
            let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
            d = 1 / guarded(1 + odd * d)
            c = guarded(1 + odd / c)
            h *= d * c
            if abs(d * c - 1) < 3e-16 { break }
        }
        return h
    }

    // MARK: Coefficients of AS 241

    private struct Rational {
        let numerator: [Double]
        let denominator: [Double]
    }

    private static func ratio(_ r: Double, _ rational: Rational) -> Double {
        rational.numerator.reversed().reduce(0) { $0 * r + $1 }
            / rational.denominator.reversed().reduce(0) { $0 * r + $1 }
    }

    private static let central = Rational(
        numerator: [
            3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
            45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
        ],
        denominator: [
            1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
            39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
        ])

    private static let middle = Rational(
        numerator: [
            1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
            1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
        ],
        denominator: [
            1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
            0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
        ])

    private static let far = Rational(
        numerator: [
            6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
            0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
        ],
        denominator: [
            1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4,
            1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
        ])
}
