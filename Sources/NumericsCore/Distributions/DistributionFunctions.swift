// Distribution functions, quantiles and moments of a `Distribution` whose parameters are valid.
extension Distribution {
    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double {
        switch self {
        case .constant(let value): return x < value ? 0 : 1
        case .uniform(let lower, let upper): return min(max((x - lower) / (upper - lower), 0), 1)
        case .normal(let mean, let deviation):
            return deviation == 0 ? (x < mean ? 0 : 1) : Normal.cdf((x - mean) / deviation)
        case .logNormal(let mean, let deviation):
            return x <= 0 ? 0 : Distribution.normal(mean: mean, standardDeviation: deviation).cdf(Elementary.log(x))
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
            return TruncatedNormal.cdf((x - mean) / deviation, (lower - mean) / deviation, (upper - mean) / deviation)
        case .exponential(let rate): return x <= 0 ? 0 : -Elementary.expm1(-rate * x)
        case .weibull(let shape, let scale):
            return x <= 0 ? 0 : -Elementary.expm1(-Elementary.pow(x / scale, shape))
        case .gamma(let shape, let scale): return x <= 0 ? 0 : SpecialFunctions.gammaP(shape, x / scale)
        case .beta(let alpha, let beta): return SpecialFunctions.betaI(alpha, beta, min(max(x, 0), 1))
        case .poisson(let mean): return PoissonDistribution.cdf(x, mean)
        case .bernoulli(let probability): return x < 0 ? 0 : x < 1 ? 1 - probability : 1
        case .categorical(let weights):
            let total = weights.reduce(0, +)
            let included = x < 0 ? 0 : min(x.rounded(.down) + 1, Double(weights.count))
            return weights.prefix(Int(included)).reduce(0, +) / total
        }
    }

    /// The smallest x with P(X ≤ x) ≥ p, the inverse of the distribution function: what a copula applies to its uniform
    /// numbers.
    ///
    /// - Parameter p: between 0 and 1; the ends give the ends of the support, anything outside gives NaN.
    public func quantile(_ p: Double) -> Double {
        guard p >= 0, p <= 1 else { return .nan }
        switch self {
        case .constant(let value): return value
        case .uniform(let lower, let upper): return lower * (1 - p) + upper * p
        case .normal(let mean, let deviation): return deviation == 0 ? mean : mean + deviation * Normal.quantile(p)
        case .logNormal(let mean, let deviation):
            return Elementary.exp(deviation == 0 ? mean : mean + deviation * Normal.quantile(p))
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
            let x = TruncatedNormal.quantile(p, (lower - mean) / deviation, (upper - mean) / deviation)
            return min(max(mean + deviation * x, lower), upper)
        case .exponential(let rate): return -Elementary.log1p(-p) / rate
        case .weibull(let shape, let scale): return scale * Elementary.pow(-Elementary.log1p(-p), 1 / shape)
        case .gamma(let shape, let scale): return scale * SpecialFunctions.gammaQuantile(shape, p)
        case .beta(let alpha, let beta): return SpecialFunctions.betaQuantile(alpha, beta, p)
        case .poisson(let mean): return PoissonDistribution.quantile(p, mean)
        case .bernoulli(let probability): return p <= 1 - probability ? 0 : 1
        case .categorical(let weights): return Double(CategoricalDistribution.index(at: p, weights: weights))
        }
    }

    /// The expectation.
    public var mean: Double {
        switch self {
        case .constant(let value): value
        case .uniform(let lower, let upper): 0.5 * lower + 0.5 * upper
        case .normal(let mean, _): mean
        case .logNormal(let mean, let deviation): Elementary.exp(mean + 0.5 * deviation * deviation)
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
            mean + deviation * TruncatedNormal.moments((lower - mean) / deviation, (upper - mean) / deviation).mean
        case .exponential(let rate): 1 / rate
        case .weibull(let shape, let scale): scale * Elementary.gamma(1 + 1 / shape)
        case .gamma(let shape, let scale): shape * scale
        case .beta(let alpha, let beta): alpha / (alpha + beta)
        case .poisson(let mean): mean
        case .bernoulli(let probability): probability
        case .categorical(let weights): weighted(weights) { $0 }
        }
    }

    /// The expected squared distance from the mean, in the squared unit.
    public var variance: Double {
        switch self {
        case .constant: return 0
        case .uniform(let lower, let upper): return (upper - lower) * (upper - lower) / 12
        case .normal(_, let deviation): return deviation * deviation
        case .logNormal(_, let deviation): return Elementary.expm1(deviation * deviation) * mean * mean
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
            let moments = TruncatedNormal.moments((lower - mean) / deviation, (upper - mean) / deviation)
            return deviation * deviation * moments.variance
        case .exponential(let rate): return 1 / (rate * rate)
        case .weibull(let shape, let scale):
            return scale * scale * Elementary.gamma(1 + 2 / shape) - mean * mean
        case .gamma(let shape, let scale): return shape * scale * scale
        case .beta(let alpha, let beta):
            let total = alpha + beta
            return alpha / total * (beta / total) / (total + 1)
        case .poisson(let mean): return mean
        case .bernoulli(let probability): return probability * (1 - probability)
        case .categorical(let weights):
            let mean = mean
            return weighted(weights) { ($0 - mean) * ($0 - mean) }
        }
    }

    /// Σ wᵢ f(i) / Σ wᵢ.
    private func weighted(_ weights: [Double], _ function: (Double) -> Double) -> Double {
        var (sum, total) = (0.0, 0.0)
        for (index, weight) in weights.enumerated() {
            sum += weight * function(Double(index))
            total += weight
        }
        return sum / total
    }
}
