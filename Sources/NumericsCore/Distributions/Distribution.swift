/// A distribution with its parameters, as a scenario file describes one.
///
/// ```swift
/// let weight = try Distribution.truncatedNormal(mean: 75, standardDeviation: 15, lower: 40, upper: 160).validated()
/// var stream = RandomStream(seed: 1, purpose: .covariates, replicate: 0, patient: 0)
/// let kilograms = weight.sample(from: &stream)
/// ```
///
/// Parameters carry the unit of the quantity described; standard deviations, scales and bounds share it, rates are per
/// that unit, shapes and probabilities are plain numbers. A description that did not pass ``validated()`` or
/// ``init(name:parameters:)`` traps when it is sampled.
public enum Distribution: Sendable, Hashable {
    /// Always `value`.
    case constant(Double)
    /// Uniform between two bounds.
    case uniform(lower: Double, upper: Double)
    /// Normal.
    case normal(mean: Double, standardDeviation: Double)
    /// The exponential of a normal number with these parameters; the median is exp(`logMean`).
    case logNormal(logMean: Double, logStandardDeviation: Double)
    /// Normal with the mean and standard deviation before truncation, given that it lies between the bounds.
    case truncatedNormal(mean: Double, standardDeviation: Double, lower: Double, upper: Double)
    /// Exponential with mean 1/`rate`.
    case exponential(rate: Double)
    /// Weibull with survival exp(−(x / `scale`)^`shape`).
    case weibull(shape: Double, scale: Double)
    /// Gamma with mean `shape` · `scale`.
    case gamma(shape: Double, scale: Double)
    /// Beta with mean `alpha` / (`alpha` + `beta`).
    case beta(alpha: Double, beta: Double)
    /// Poisson counts.
    case poisson(mean: Double)
    /// 1 with `probability`, else 0.
    case bernoulli(probability: Double)
    /// The index of a category, each as likely as its share of the weights' sum.
    case categorical(weights: [Double])

    /// One random number; how many draws it takes is documented at the stream's method for the distribution.
    public func sample(from stream: inout RandomStream) -> Double {
        switch self {
        case .constant(let value): value
        case .uniform(let lower, let upper): stream.nextUniform(in: lower...upper)
        case .normal(let mean, let deviation): stream.nextNormal(mean: mean, standardDeviation: deviation)
        case .logNormal(let mean, let deviation):
            stream.nextLogNormal(logMean: mean, logStandardDeviation: deviation)
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
            stream.nextTruncatedNormal(mean: mean, standardDeviation: deviation, in: lower...upper)
        case .exponential(let rate): stream.nextExponential(rate: rate)
        case .weibull(let shape, let scale): stream.nextWeibull(shape: shape, scale: scale)
        case .gamma(let shape, let scale): stream.nextGamma(shape: shape, scale: scale)
        case .beta(let alpha, let beta): stream.nextBeta(alpha, beta)
        case .poisson(let mean): Double(stream.nextPoisson(mean: mean))
        case .bernoulli(let probability): stream.nextBernoulli(probability: probability) ? 1 : 0
        case .categorical(let weights): Double(stream.nextCategorical(weights: weights))
        }
    }

    /// The name that ``init(name:parameters:)`` knows the distribution by.
    public var name: String {
        switch self {
        case .constant: "constant"
        case .uniform: "uniform"
        case .normal: "normal"
        case .logNormal: "logNormal"
        case .truncatedNormal: "truncatedNormal"
        case .exponential: "exponential"
        case .weibull: "weibull"
        case .gamma: "gamma"
        case .beta: "beta"
        case .poisson: "poisson"
        case .bernoulli: "bernoulli"
        case .categorical: "categorical"
        }
    }
}
