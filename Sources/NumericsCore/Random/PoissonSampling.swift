extension RandomStream {
    /// Poisson with this mean, from 0 to 2⁵⁰ (1.1e15); a mean of 0 gives 0.
    ///
    /// Below a mean of 10 by inversion: one draw. From 10 on by transformed rejection, about 2.3 draws: exact too, since
    /// the acceptance test evaluates the probability in its saddle-point form, which does not cancel at large means.
    ///
    /// Source: Hörmann (1993), "The transformed rejection method for generating Poisson random variables", Insurance:
    /// Mathematics and Economics 12(1):39–45, algorithm PTRS.
    public mutating func nextPoisson(mean: Double) -> Int {
        precondition(
            mean >= 0 && mean <= Self.largestPoissonMean,
            "A Poisson mean of \(mean) is not allowed: it is from 0 to \(Self.largestPoissonMean).")
        return mean < 10 ? PoissonDistribution.smallMeanQuantile(nextUniform(), mean) : nextPoissonByRejection(mean)
    }

    /// Up to this mean every count is a whole number of Double and the uniform numbers are fine enough to reach it.
    public static let largestPoissonMean = 0x1p50

    private mutating func nextPoissonByRejection(_ mean: Double) -> Int {
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let squeeze = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = nextUniform() - 0.5
            let v = nextUniform()
            let distance = 0.5 - abs(u)
            let count = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
            if distance >= 0.07 && v <= squeeze { return Int(count) }
            if count < 0 || (distance < 0.013 && v > distance) { continue }
            let logRatio = Elementary.log(v * inverseAlpha / (a / (distance * distance) + b))
            if logRatio <= SaddlePoint.logPoisson(count, mean: mean) { return Int(count) }
        }
    }
}

/// The Poisson distribution of counts.
enum PoissonDistribution {
    /// P(X ≤ count) = Q(count + 1, mean); 0 below 0.
    static func cdf(_ count: Double, _ mean: Double) -> Double {
        if count < 0 { return 0 }
        return mean == 0 ? 1 : SpecialFunctions.gammaQ(count.rounded(.down) + 1, mean)
    }

    /// The smallest count k with P(X ≤ k) ≥ p, for means below 10: sequential search from 0.
    static func smallMeanQuantile(_ p: Double, _ mean: Double) -> Int {
        var probability = Elementary.exp(-mean)
        var cumulative = probability
        var count = 0
        // Beyond 200 the probabilities of a mean below 10 have underflowed; rounding of the sum must not loop for ever.
        while cumulative < p && count < 200 {
            count += 1
            probability *= mean / Double(count)
            cumulative += probability
        }
        return count
    }

    /// The smallest count k with P(X ≤ k) ≥ p, for any mean: bracketed from the normal approximation, then halved.
    static func quantile(_ p: Double, _ mean: Double) -> Double {
        guard p > 0, mean > 0 else { return 0 }
        guard p < 1 else { return .infinity }
        let guess = (mean + mean.squareRoot() * Normal.quantile(p)).rounded(.down)
        var width = max(1, mean.squareRoot().rounded())
        var below = max(guess, 0)
        var atLeast = below
        while below >= 0 && cdf(below, mean) >= p {
            below -= width
            width *= 2
        }
        below = max(below, -1)
        width = max(1, mean.squareRoot().rounded())
        while cdf(atLeast, mean) < p {
            below = atLeast
            atLeast += width
            width *= 2
        }
        while atLeast - below > 1 {
            let middle = ((atLeast + below) / 2).rounded(.down)
            if cdf(middle, mean) >= p { atLeast = middle } else { below = middle }
        }
        return atLeast
    }
}
