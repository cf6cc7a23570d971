import NumericsCore

extension ResidualDistribution {
    /// Why nothing can be observed with these parameters at this prediction; nil where something can.
    package func problem(prediction f: Double) -> String? {
        switch self {
        case .continuous(let spread, let scale, let law):
            guard f.isFinite else { return "the prediction is \(f), but must be finite" }
            if let problem = scale.problem(prediction: f) { return problem }
            if case .studentT(let nu) = law, !(nu > 0) { return Self.wrong("t", "df", nu, "positive") }
            for (name, value) in [("add", spread.additive), ("prop", spread.proportional)] {
                if !(value >= 0 && value < .infinity) { return Self.wrong(name, "sd", value, "at least 0 and finite") }
            }
            let deviation = spread.deviation(f, scale)
            return deviation.isFinite ? nil : "the standard deviation is \(deviation) at the prediction \(f)"
        case .poisson(let mean):
            let largest = RandomStream.largestPoissonMean
            return mean >= 0 && mean <= largest ? nil : Self.wrong("pois", "lambda", mean, "from 0 to \(largest)")
        case .binomial(let trials, let probability):
            guard trials >= 0, trials < 0x1p53, trials.rounded() == trials else {
                return Self.wrong("binom", "size", trials, "a whole number from 0")
            }
            return Self.isProbability(probability) ? nil : Self.wrong("binom", "prob", probability, "from 0 to 1")
        case .negativeBinomial(let size, let probability):
            guard size > 0, size < .infinity else { return Self.wrong("nbinom", "size", size, "positive and finite") }
            let mean = size * (1 - probability) / probability
            return Self.isProbability(probability) && mean < .infinity
                ? nil : Self.wrong("nbinom", "prob", probability, "from 0, without 0, to 1")
        case .negativeBinomialMean(let size, let mean):
            guard size > 0, size < .infinity else { return Self.wrong("nbinomMu", "size", size, "positive and finite") }
            return mean >= 0 && mean < .infinity
                ? nil : Self.wrong("nbinomMu", "mu", mean, "at least 0 and finite")
        case .beta(let alpha, let beta): return Self.positive("dbeta", [("shape1", alpha), ("shape2", beta)])
        case .gamma(let shape, let rate): return Self.positive("dgamma", [("shape", shape), ("rate", rate)])
        case .exponential(let rate): return Self.positive("dexp", [("rate", rate)])
        case .weibull(let shape, let scale): return Self.positive("dweibull", [("shape", shape), ("scale", scale)])
        case .chiSquared(let nu): return Self.positive("dchisq", [("df", nu)])
        case .uniform(let lower, let upper):
            return lower <= upper && lower.isFinite && upper.isFinite
                ? nil : "dunif: the bounds are \(lower) and \(upper), but must be finite and ascending"
        case .ordinal(let probabilities, _):
            let sum = probabilities.reduce(0, +)
            // Probabilities that the model computes may add up to 1 and a rounding error.
            return probabilities.allSatisfy(Self.isProbability) && sum <= 1 + 1e-9
                ? nil : "c: the probabilities are \(probabilities), but must be from 0 to 1 and add up to at most 1"
        }
    }

    private static func isProbability(_ p: Double) -> Bool { p >= 0 && p <= 1 }

    private static func wrong(_ name: String, _ parameter: String, _ value: Double, _ rule: String) -> String {
        "\(name): \(parameter) is \(value), but must be \(rule)"
    }

    private static func positive(_ name: String, _ parameters: [(name: String, value: Double)]) -> String? {
        let found = parameters.first { !($0.value > 0 && $0.value < .infinity) }
        return found.map { wrong(name, $0.name, $0.value, "positive and finite") }
    }

    /// The mean and variance of an observation where they have a closed form and exist, else nil.
    package func moments(prediction f: Double) -> (mean: Double, variance: Double)? {
        guard problem(prediction: f) == nil else { return nil }
        switch self {
        case .continuous(let spread, let scale, let law):
            return Self.moments(f, spread.deviation(f, scale), scale, law)
        case .poisson(let mean): return (mean, mean)
        case .binomial(let n, let p): return (n * p, n * p * (1 - p))
        case .negativeBinomial(let size, let p): return (size * (1 - p) / p, size * (1 - p) / (p * p))
        case .negativeBinomialMean(let size, let mean): return (mean, mean + mean * mean / size)
        case .beta(let alpha, let beta): return Self.moments(.beta(alpha: alpha, beta: beta))
        case .gamma(let shape, let rate): return (shape / rate, shape / (rate * rate))
        case .exponential(let rate): return (1 / rate, 1 / (rate * rate))
        case .weibull(let shape, let scale): return Self.moments(.weibull(shape: shape, scale: scale))
        case .chiSquared(let nu): return (nu, 2 * nu)
        case .uniform(let lower, let upper): return (0.5 * (lower + upper), (upper - lower) * (upper - lower) / 12)
        case .ordinal(let probabilities, let levels):
            let all = probabilities + [max(0, 1 - probabilities.reduce(0, +))]
            let values = all.indices.map { $0 < levels.count ? levels[$0] : Double($0 + 1) }
            let mean = zip(values, all).reduce(0) { $0 + $1.0 * $1.1 }
            return (mean, zip(values, all).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 })
        }
    }

    private static func moments(_ distribution: Distribution) -> (Double, Double) {
        (distribution.mean, distribution.variance)
    }

    private static func moments(
        _ f: Double, _ deviation: Double, _ scale: ObservationScale, _ law: NoiseLaw
    ) -> (Double, Double)? {
        let variance = deviation * deviation
        switch (scale, law) {
        case (.identity, .normal): return (f, variance)
        case (.identity, .studentT(let nu)): return nu > 2 ? (f, variance * nu / (nu - 2)) : nil
        case (.logarithm, .normal):
            let mean = f * Elementary.exp(0.5 * variance)
            return (mean, mean * mean * Elementary.expm1(variance))
        default: return nil
        }
    }
}
