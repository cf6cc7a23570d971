import NumericsCore

/// How an observation scatters about what the model predicts, with the parameters evaluated at the observation.
///
/// Every kind is drawn by inversion from **one** uniform number: an observation is the quantile at it. Whatever is
/// observed next stays where it is, and an arm with a larger prediction never observes less from the same number.
///
/// ```swift
/// let error = ResidualDistribution.continuous(Spread(additive: 0.3, proportional: 0.1))
/// let stream = RandomStream(seed: 7, purpose: .residualError, replicate: 0, patient: 3, substream: 0)
/// let y = error.observed(12.5, from: stream, at: 4)                   // the fifth observation of endpoint 0
/// ```
package enum ResidualDistribution: Sendable, Hashable {
    /// h⁻¹(h(f) + w ε): `add`, `prop`, `pow`, both combinations, `lnorm`, `logitNorm`, `probitNorm`, `boxCox`,
    /// `yeoJohnson`, with noise ε of `law`.
    case continuous(Spread, scale: ObservationScale = .identity, law: NoiseLaw = .normal)
    /// `pois(mean)`.
    case poisson(mean: Double)
    /// `binom(trials, probability)`.
    case binomial(trials: Double, probability: Double)
    /// `nbinom(size, probability)`: failures before success number `size`.
    case negativeBinomial(size: Double, probability: Double)
    /// `nbinomMu(size, mean)`: variance μ + μ²/size.
    case negativeBinomialMean(size: Double, mean: Double)
    /// `dbeta(alpha, beta)`.
    case beta(alpha: Double, beta: Double)
    /// `dgamma(shape, rate)`.
    case gamma(shape: Double, rate: Double)
    /// `dexp(rate)`.
    case exponential(rate: Double)
    /// `dweibull(shape, scale)`.
    case weibull(shape: Double, scale: Double)
    /// `dchisq(degreesOfFreedom)`.
    case chiSquared(degreesOfFreedom: Double)
    /// `dunif(lower, upper)`.
    case uniform(lower: Double, upper: Double)
    /// `c(p1, p2, …)`: level k has probability pₖ, and the one after the last takes the rest. Without levels they count
    /// from 1.
    case ordinal([Double], levels: [Double] = [])
}

/// The law of the noise ε of a continuous observation.
package enum NoiseLaw: Sendable, Hashable {
    /// Standard normal.
    case normal
    /// Student's t, not rescaled: its variance is ν / (ν − 2) for ν > 2 (`t(df)`).
    case studentT(degreesOfFreedom: Double)
    /// Student's t with one degree of freedom (`cauchy`).
    case cauchy

    func quantile(_ p: Double) -> Double {
        switch self {
        case .normal: Normal.quantile(p)
        case .studentT(let nu): StudentT.quantile(p, degreesOfFreedom: nu)
        case .cauchy: StudentT.quantile(p, degreesOfFreedom: 1)
        }
    }
}

/// The standard deviation w of the noise on the observation's scale.
package struct Spread: Sendable, Hashable {
    /// How an additive and a proportional part make one.
    package enum Combination: Sendable, Hashable {
        /// w = a + b |g|^c: `combined1`.
        case deviations
        /// w = √(a² + (b g^c)²): `combined2`, the usual one.
        case variances
    }

    /// What the proportional part is proportional to: g.
    package enum Reference: Sendable, Hashable {
        /// The prediction f: `prop`, `pow`.
        case prediction
        /// The prediction on the scale of the noise, h(f): `propT`, `powT`.
        case transformedPrediction
        /// Another variable's value: `propF`, `powF`.
        case value(Double)
    }

    /// a, in the unit of h(f).
    package var additive: Double
    /// b: a plain number for an exponent of 1.
    package var proportional: Double
    /// c: 1 unless `pow` says otherwise.
    package var exponent: Double
    package var combination: Combination
    package var reference: Reference

    package init(
        additive: Double = 0, proportional: Double = 0, exponent: Double = 1, combination: Combination = .variances,
        reference: Reference = .prediction
    ) {
        self.additive = additive
        self.proportional = proportional
        self.exponent = exponent
        self.combination = combination
        self.reference = reference
    }

    /// w at a prediction f.
    func deviation(_ f: Double, _ scale: ObservationScale) -> Double {
        guard proportional != 0 else { return additive }
        let g =
            switch reference {
            case .prediction: f
            case .transformedPrediction: scale.transformed(f)
            case .value(let value): value
            }
        let part = proportional * (exponent == 1 ? abs(g) : Elementary.pow(abs(g), exponent))
        return combination == .deviations ? additive + part : (additive * additive + part * part).squareRoot()
    }
}

extension ResidualDistribution {
    /// The observation at a draw of a stream.
    ///
    /// - Parameters:
    ///   - prediction: what the model predicts, f; only continuous kinds use it.
    ///   - stream: the patient's for `StreamPurpose.residualError`, with the endpoint's number as substream.
    ///   - draw: the observation's number in its endpoint.
    /// - Returns: NaN where ``problem(prediction:)`` has something to say.
    package func observed(_ prediction: Double, from stream: RandomStream, at draw: UInt64) -> Double {
        quantile(stream.uniform(at: draw), prediction: prediction)
    }

    /// The smallest y that an observation exceeds with probability 1 − p at most, 0 < p < 1.
    ///
    /// - Returns: NaN where ``problem(prediction:)`` has something to say.
    package func quantile(_ p: Double, prediction f: Double) -> Double {
        guard problem(prediction: f) == nil else { return .nan }
        switch self {
        case .continuous(let spread, let scale, let law):
            let error = spread.deviation(f, scale) * law.quantile(p)
            // A product keeps a prediction of 0 at 0, and the digits of f where the error is small.
            if scale == .logarithm { return f * Elementary.exp(error) }
            return scale == .identity ? f + error : scale.observed(scale.transformed(f) + error)
        case .poisson(let mean): return Distribution.poisson(mean: mean).quantile(p)
        case .binomial(let trials, let probability):
            return Binomial.quantile(p, trials: trials, probability: probability)
        case .negativeBinomial(let size, let probability):
            return NegativeBinomial.quantile(p, size: size, mean: size * (1 - probability) / probability)
        case .negativeBinomialMean(let size, let mean): return NegativeBinomial.quantile(p, size: size, mean: mean)
        case .beta(let alpha, let beta): return SpecialFunctions.betaQuantile(alpha, beta, p)
        case .gamma(let shape, let rate): return SpecialFunctions.gammaQuantile(shape, p) / rate
        case .exponential(let rate): return Distribution.exponential(rate: rate).quantile(p)
        case .weibull(let shape, let scale): return Distribution.weibull(shape: shape, scale: scale).quantile(p)
        case .chiSquared(let nu): return ChiSquared.quantile(p, degreesOfFreedom: nu)
        case .uniform(let lower, let upper): return lower * (1 - p) + upper * p
        case .ordinal(let probabilities, let levels):
            var cumulative = 0.0
            let above = probabilities.indices.first { index in
                cumulative += probabilities[index]
                return p <= cumulative
            }
            let index = above ?? probabilities.count
            return index < levels.count ? levels[index] : Double(index + 1)
        }
    }
}
