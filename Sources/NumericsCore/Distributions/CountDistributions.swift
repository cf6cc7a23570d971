// Distributions of counts. Parameters outside the stated domain give NaN, so that a caller who has checked them needs no
// `try`; each quantile is the smallest count whose distribution function reaches p, found from the normal approximation
// by doubling a bracket and halving it.

/// The binomial distribution: successes in n independent trials.
public enum Binomial {
    /// P(X ≤ count), from the incomplete beta function: 1 − I_q(count + 1, n − count).
    ///
    /// - Parameters:
    ///   - count: any number; the part after the point does not count.
    ///   - trials: n, a whole number of at least 0.
    ///   - probability: of success, from 0 to 1.
    public static func cdf(_ count: Double, trials: Double, probability: Double) -> Double {
        guard isValid(trials, probability), !count.isNaN else { return .nan }
        if count < 0 { return 0 }
        let k = count.rounded(.down)
        if k >= trials { return 1 }
        return SpecialFunctions.betaI(trials - k, k + 1, 1 - probability, complement: probability)
    }

    /// The smallest count with P(X ≤ count) ≥ p, for p from 0 (gives 0) to 1 (gives `trials`).
    public static func quantile(_ p: Double, trials: Double, probability: Double) -> Double {
        guard isValid(trials, probability), p >= 0, p <= 1 else { return .nan }
        if p == 0 || probability == 0 { return 0 }
        if p == 1 || probability == 1 { return trials }
        let mean = trials * probability
        return CountQuantile.search(
            p, mean: mean, standardDeviation: (mean * (1 - probability)).squareRoot(), largest: trials
        ) { cdf($0, trials: trials, probability: probability) }
    }

    private static func isValid(_ trials: Double, _ probability: Double) -> Bool {
        trials >= 0 && trials < 0x1p53 && trials.rounded() == trials && probability >= 0 && probability <= 1
    }
}

/// The negative binomial distribution of counts with size s and mean μ: variance μ + μ²/s, a Poisson count whose mean is
/// gamma with shape s. Failures before success s have success probability s / (s + μ).
public enum NegativeBinomial {
    /// P(X ≤ count) = I_π(s, count + 1) with π = s / (s + μ).
    ///
    /// - Parameters:
    ///   - count: any number; the part after the point does not count.
    ///   - size: s, positive and finite.
    ///   - mean: μ, at least 0 and finite.
    public static func cdf(_ count: Double, size: Double, mean: Double) -> Double {
        guard isValid(size, mean), !count.isNaN else { return .nan }
        if count < 0 { return 0 }
        if mean == 0 || count == .infinity { return 1 }
        let total = size + mean
        return SpecialFunctions.betaI(size, count.rounded(.down) + 1, size / total, complement: mean / total)
    }

    /// The smallest count with P(X ≤ count) ≥ p, for p from 0 (gives 0) to 1 (gives +∞).
    public static func quantile(_ p: Double, size: Double, mean: Double) -> Double {
        guard isValid(size, mean), p >= 0, p <= 1 else { return .nan }
        if p == 0 || mean == 0 { return 0 }
        if p == 1 { return .infinity }
        let deviation = (mean * (1 + mean / size)).squareRoot()
        return CountQuantile.search(p, mean: mean, standardDeviation: deviation, largest: .infinity) {
            cdf($0, size: size, mean: mean)
        }
    }

    private static func isValid(_ size: Double, _ mean: Double) -> Bool {
        size > 0 && size < .infinity && mean >= 0 && mean < .infinity
    }
}

/// Search for the quantile of a count.
enum CountQuantile {
    /// The smallest whole number from 0 to `largest` where `cdf` reaches p, 0 < p < 1.
    static func search(
        _ p: Double, mean: Double, standardDeviation: Double, largest: Double, _ cdf: (Double) -> Double
    ) -> Double {
        let guess = (mean + standardDeviation * Normal.quantile(p)).rounded(.down)
        let firstWidth = max(1, standardDeviation.rounded())
        // below < quantile ≤ atLeast, kept from here on; −1 is below every count.
        var below = min(max(guess, 0), largest)
        var width = firstWidth
        while below >= 0 && cdf(below) >= p {
            below -= width
            width *= 2
        }
        below = max(below, -1)
        var atLeast = min(max(guess, 0), largest)
        width = firstWidth
        while atLeast < largest && cdf(atLeast) < p {
            below = atLeast
            atLeast = min(atLeast + width, largest)
            width *= 2
        }
        while atLeast - below > 1 {
            let middle = ((atLeast + below) / 2).rounded(.down)
            // Beyond 2⁵³ neighbouring counts are the same number.
            guard middle > below, middle < atLeast else { break }
            if cdf(middle) >= p { atLeast = middle } else { below = middle }
        }
        return atLeast
    }
}
