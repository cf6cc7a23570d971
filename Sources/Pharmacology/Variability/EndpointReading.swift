import ModelLanguage
import NumericsCore

/// An observed variable in sixteen patients: its true value, and how observations scatter about it.
package struct EndpointReading: Sendable {
    package let value: Lane
    package let error: ResidualError<Lane>

    /// What is read in one patient.
    ///
    /// - Parameters:
    ///   - stream: the patient's for `StreamPurpose.residualError`.
    ///   - draw: the observation's number in the stream.
    package func observed(lane: Int, from stream: RandomStream, at draw: UInt64) -> Double {
        distribution(lane: lane).observed(value[lane], from: stream, at: draw)
    }

    /// How observations of one patient are distributed.
    package func distribution(lane: Int) -> ResidualDistribution { ResidualDistribution(error.map { $0[lane] }) }
}

extension ResidualDistribution {
    /// The distribution of a model's endpoint whose parameters have been evaluated.
    package init(_ error: ResidualError<Double>) {
        switch error {
        case .normal(let spread, let scale): self = .continuous(Spread(spread), scale: ObservationScale(scale))
        case .studentT(let spread, let scale, let freedom):
            self = .continuous(
                Spread(spread), scale: ObservationScale(scale), law: .studentT(degreesOfFreedom: freedom))
        case .cauchy(let spread, let scale):
            self = .continuous(Spread(spread), scale: ObservationScale(scale), law: .cauchy)
        case .poisson(let mean): self = .poisson(mean: mean)
        case .binomial(let size, let probability): self = .binomial(trials: size, probability: probability)
        case .bernoulli(let probability): self = .binomial(trials: 1, probability: probability)
        case .negativeBinomial(let size, let probability):
            self = .negativeBinomial(size: size, probability: probability)
        case .negativeBinomialMean(let size, let mean): self = .negativeBinomialMean(size: size, mean: mean)
        case .beta(let alpha, let beta): self = .beta(alpha: alpha, beta: beta)
        case .ordinal(let probabilities, let levels): self = .ordinal(probabilities, levels: levels)
        case .chiSquared(let freedom): self = .chiSquared(degreesOfFreedom: freedom)
        case .exponential(let rate): self = .exponential(rate: rate)
        case .gamma(let shape, let rate): self = .gamma(shape: shape, rate: rate)
        case .geometric(let probability): self = .negativeBinomial(size: 1, probability: probability)
        case .uniform(let low, let high): self = .uniform(lower: low, upper: high)
        case .weibull(let shape, let scale): self = .weibull(shape: shape, scale: scale)
        }
    }
}

extension Spread {
    fileprivate init(_ spread: ErrorSpread<Double>) {
        self.init(
            additive: spread.additive ?? 0, proportional: spread.proportional ?? 0, exponent: spread.exponent ?? 1,
            combination: spread.isSum ? .deviations : .variances)
        switch spread.base {
        case .prediction: reference = .prediction
        case .transformed: reference = .transformedPrediction
        case .other(let value): reference = .value(value)
        }
    }
}

extension ObservationScale {
    fileprivate init(_ scale: ErrorScale<Double>) {
        switch scale {
        case .identity: self = .identity
        case .log: self = .logarithm
        case .logit(let low, let high): self = .logit(low: low, high: high)
        case .probit(let low, let high): self = .probit(low: low, high: high)
        case .boxCox(let lambda): self = .boxCox(lambda)
        case .yeoJohnson(let lambda): self = .yeoJohnson(lambda)
        }
    }
}
