import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the definitions, by closed forms of moments within 4 standard errors at fixed seeds, and by invariants.
@Suite("Residual distributions")
struct ResidualDistributionTests {
    static let combined = Spread(additive: 0.3, proportional: 0.1)
    static let kinds: [ResidualDistribution] = [
        .continuous(Spread(additive: 0.5)), .continuous(Spread(proportional: 0.2)), .continuous(combined),
        .continuous(Spread(additive: 0.3, proportional: 0.1, combination: .deviations)),
        .continuous(Spread(proportional: 0.2, exponent: 0.5)),
        .continuous(Spread(additive: 0.4), law: .studentT(degreesOfFreedom: 6)),
        .continuous(Spread(additive: 0.4), scale: .logarithm), .poisson(mean: 3.2), .poisson(mean: 250),
        .binomial(trials: 20, probability: 0.15), .negativeBinomial(size: 2.5, probability: 0.4),
        .negativeBinomialMean(size: 2.5, mean: 7), .beta(alpha: 2, beta: 5), .gamma(shape: 2, rate: 0.5),
        .exponential(rate: 0.2), .weibull(shape: 1.5, scale: 4), .chiSquared(degreesOfFreedom: 3),
        .uniform(lower: -1, upper: 4), .ordinal([0.2, 0.5]), .ordinal([]),
    ]
    static let scaled: [ResidualDistribution] = [
        .continuous(Spread(additive: 0.4), scale: .logit(low: 0, high: 12)),
        .continuous(Spread(additive: 0.4), scale: .probit(low: -1, high: 12)),
        .continuous(Spread(additive: 0.4), scale: .boxCox(0.5)),
        .continuous(Spread(additive: 0.1), scale: .boxCox(-0.5)),
        .continuous(Spread(additive: 0.4), scale: .boxCox(0)),
        .continuous(Spread(additive: 0.4), scale: .yeoJohnson(1.3)),
        .continuous(Spread(additive: 0.4), law: .cauchy),
    ]
    static let stream = RandomStream(seed: 6, purpose: .residualError, replicate: 0, patient: 0)

    @Test("Mean and variance come back in 20,000 draws within 4 standard errors", arguments: kinds)
    func moments(kind: ResidualDistribution) throws {
        let expected = try #require(kind.moments(prediction: 4))
        let values = (0..<20_000).map { kind.observed(4, from: Self.stream, at: UInt64($0)) }
        let n = Double(values.count)
        let found = RunningMoments(values)
        let (mean, variance) = (try #require(found.mean), try #require(found.variance))
        #expect(abs(mean - expected.mean) <= 4 * (expected.variance / n).squareRoot(), "\(mean), \(expected.mean)")
        var fourth = 0.0
        for value in values {
            let square = (value - mean) * (value - mean)
            fourth += square * square / n
        }
        let error = ((fourth - variance * variance) / n).squareRoot()
        #expect(abs(variance - expected.variance) <= 4 * error, "\(variance), \(expected.variance)")
    }

    @Test("Observations are the definitions at the noise of the draw")
    func definitions() {
        let z = Self.stream.normal(at: 9)
        func observed(_ spread: Spread, _ scale: ObservationScale = .identity, f: Double = 4) -> Double {
            ResidualDistribution.continuous(spread, scale: scale).observed(f, from: Self.stream, at: 9)
        }
        #expect(observed(Spread(additive: 0.3)) == 4 + 0.3 * z)
        #expect(observed(Spread(proportional: 0.1), f: -8) == -8 + 0.1 * 8 * z)
        #expect(relativeError(observed(Self.combined), 4 + 0.5 * z) < 1e-15)
        let sum = Spread(additive: 0.3, proportional: 0.1, combination: .deviations)
        #expect(relativeError(observed(sum), 4 + 0.7 * z) < 1e-15)
        #expect(relativeError(observed(Spread(proportional: 0.1, exponent: 0.5)), 4 + 0.2 * z) < 1e-15)
        #expect(relativeError(observed(Spread(proportional: 0.1, reference: .value(25))), 4 + 2.5 * z) < 1e-15)
        #expect(relativeError(observed(Spread(additive: 0.3), .logarithm), 4 * Elementary.exp(0.3 * z)) < 1e-15)
        #expect(observed(Spread(additive: 0.3), .logarithm, f: 0) == 0)
        let onLog = Spread(proportional: 0.1, reference: .transformedPrediction)
        #expect(
            relativeError(observed(onLog, .logarithm), 4 * Elementary.exp(0.1 * Elementary.log(4) * z)) < 1e-15)
        let logit = Elementary.log((4.0 - 1) / (11 - 4)) + 0.3 * z
        let expected = 1 + 10 / (1 + Elementary.exp(-logit))
        #expect(relativeError(observed(Spread(additive: 0.3), .logit(low: 1, high: 11)), expected) < 1e-14)
        let probit = Normal.quantile(0.3) + 0.3 * z
        let onProbit = observed(Spread(additive: 0.3), .probit(low: 1, high: 11))
        #expect(relativeError(onProbit, 1 + 10 * Normal.cdf(probit)) < 1e-14)
        // λ = ½: y = (1 + x/2)² with x = 2 (√4 − 1) + error.
        let root = 1 + (2 + 0.3 * z) / 2
        #expect(relativeError(observed(Spread(additive: 0.3), .boxCox(0.5)), root * root) < 1e-14)
    }

    @Test("The median of a continuous observation is the prediction, and one without spread is the prediction")
    func median() {
        for kind in Self.kinds.prefix(7) + Self.scaled {
            #expect(relativeError(kind.quantile(0.5, prediction: 4), 4) < 1e-14, "\(kind)")
        }
        let scales: [ObservationScale] = [
            .logit(low: 0, high: 12), .probit(low: 0, high: 12), .boxCox(2), .yeoJohnson(0.4),
        ]
        for scale in scales {
            let exact = ResidualDistribution.continuous(Spread(), scale: scale)
            #expect(relativeError(exact.observed(4, from: Self.stream, at: 0), 4) < 1e-14)
        }
    }

    @Test("Scales undo themselves, also below 0 and near a power of 0")
    func scales() {
        for lambda in [-1.5, -0.5, 0, 1e-9, 0.3, 1, 2, 3.5] {
            for y in [0.001, 0.5, 1, 7, 300] {
                let boxCox = ObservationScale.boxCox(lambda)
                // y^λ loses digits of y where it is small beside 1.
                let tolerance = 1e-14 * max(1, Elementary.pow(y, -lambda))
                #expect(relativeError(boxCox.observed(boxCox.transformed(y)), y) < tolerance, "\(lambda), \(y)")
            }
            for y in [-20, -1, -0.01, 0, 0.01, 1, 20] {
                let scale = ObservationScale.yeoJohnson(lambda)
                #expect(abs(scale.observed(scale.transformed(y)) - y) < 1e-10 * max(1, abs(y)), "\(lambda), \(y)")
            }
        }
        #expect(ObservationScale.yeoJohnson(1).transformed(-3) == -3)
        #expect(ObservationScale.boxCox(0.5).observed(-2.5) == 0)
        #expect(ObservationScale.boxCox(-0.5).observed(2.5) == .infinity)
    }

    @Test("Each observation takes one draw, and more is observed at a higher quantile", arguments: kinds + scaled)
    func monotone(kind: ResidualDistribution) {
        let u = Self.stream.uniform(at: 3)
        #expect(kind.observed(4, from: Self.stream, at: 3) == kind.quantile(u, prediction: 4))
        let values = (1..<100).map { kind.quantile(Double($0) / 100, prediction: 4) }
        #expect(values == values.sorted())
        #expect(values.allSatisfy { $0.isFinite })
        #expect(kind.problem(prediction: 4) == nil)
    }

    @Test("Categories are counted from 1 and the rest is the last one's")
    func ordinal() {
        let kind = ResidualDistribution.ordinal([0.2, 0.5])
        #expect([0.1, 0.2, 0.21, 0.7, 0.71, 0.99].map { kind.quantile($0, prediction: .nan) } == [1, 1, 2, 2, 3, 3])
    }

    static let refused: [(ResidualDistribution, Double, String)] = [
        (.continuous(Spread(additive: -1)), 4, "add: sd is -1.0, but must be at least 0 and finite"),
        (.continuous(Spread(proportional: .nan)), 4, "prop: sd is nan, but must be at least 0 and finite"),
        (.continuous(combined), .infinity, "the prediction is inf, but must be finite"),
        (.continuous(combined, scale: .logarithm), -2, "lnorm: the prediction is -2.0, but must be at least 0"),
        (.continuous(combined, scale: .boxCox(1)), 0, "boxCox: the prediction is 0.0, but must be positive"),
        (
            .continuous(combined, scale: .logit(low: 0, high: 3)), 4,
            "logitNorm: the prediction is 4.0, but must be from 0.0 to 3.0"
        ),
        (
            .continuous(combined, scale: .probit(low: 3, high: 0)), 2,
            "probitNorm: the bounds are 3.0 and 0.0, but must be finite and ascending"
        ),
        (.continuous(combined, law: .studentT(degreesOfFreedom: 0)), 4, "t: df is 0.0, but must be positive"),
        (.poisson(mean: -1), 4, "pois: lambda is -1.0, but must be from 0 to 1125899906842624.0"),
        (.binomial(trials: 2.5, probability: 0.5), 4, "binom: size is 2.5, but must be a whole number from 0"),
        (.binomial(trials: 2, probability: 1.5), 4, "binom: prob is 1.5, but must be from 0 to 1"),
        (.negativeBinomial(size: 2, probability: 0), 4, "nbinom: prob is 0.0, but must be from 0, without 0, to 1"),
        (.negativeBinomialMean(size: 0, mean: 1), 4, "nbinomMu: size is 0.0, but must be positive and finite"),
        (.negativeBinomialMean(size: 1, mean: -1), 4, "nbinomMu: mu is -1.0, but must be at least 0 and finite"),
        (.beta(alpha: 1, beta: 0), 4, "dbeta: shape2 is 0.0, but must be positive and finite"),
        (.gamma(shape: 1, rate: -1), 4, "dgamma: rate is -1.0, but must be positive and finite"),
        (.exponential(rate: 0), 4, "dexp: rate is 0.0, but must be positive and finite"),
        (.weibull(shape: 0, scale: 1), 4, "dweibull: shape is 0.0, but must be positive and finite"),
        (.chiSquared(degreesOfFreedom: 0), 4, "dchisq: df is 0.0, but must be positive and finite"),
        (.uniform(lower: 2, upper: 1), 4, "dunif: the bounds are 2.0 and 1.0, but must be finite and ascending"),
        (
            .ordinal([0.75, 0.5]), 4,
            "c: the probabilities are [0.75, 0.5], but must be from 0 to 1 and add up to at most 1"
        ),
    ]

    @Test("What cannot be observed is said, and is not a number")
    func refusals() {
        for (kind, prediction, message) in Self.refused {
            #expect(kind.problem(prediction: prediction) == message)
            #expect(kind.observed(prediction, from: Self.stream, at: 0).isNaN)
            #expect(kind.moments(prediction: prediction) == nil)
        }
    }
}
