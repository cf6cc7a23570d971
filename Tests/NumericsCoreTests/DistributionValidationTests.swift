import NumericsCore
import Testing

/// Named failures with their whole message.
struct DistributionValidationTests {
    func message(_ name: String, _ parameters: [String: [Double]]) -> String? {
        do {
            _ = try Distribution(name: name, parameters: parameters)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func everyKnownDistributionIsMadeFromItsDescription() throws {
        let examples: [Distribution] = [
            .constant(1), .uniform(lower: 1, upper: 2), .normal(mean: 1, standardDeviation: 2),
            .logNormal(logMean: 1, logStandardDeviation: 2),
            .truncatedNormal(mean: 1, standardDeviation: 2, lower: 3, upper: 4), .exponential(rate: 1),
            .weibull(shape: 1, scale: 2), .gamma(shape: 1, scale: 2), .beta(alpha: 1, beta: 2), .poisson(mean: 1),
            .bernoulli(probability: 1), .categorical(weights: [1]),
        ]
        #expect(Distribution.knownParameters.map(\.name) == examples.map(\.name))
        for (known, example) in zip(Distribution.knownParameters, examples) {
            let values = known.parameters.enumerated().map { ($0.element, [Double($0.offset + 1)]) }
            let made = try Distribution(name: known.name, parameters: Dictionary(uniqueKeysWithValues: values))
            #expect(made == example)
        }
    }

    @Test func unknownNamesAndParametersAreNamed() {
        #expect(
            message("norml", [:])
                == "There is no distribution \"norml\"; known are constant, uniform, normal, logNormal, truncatedNormal, "
                + "exponential, weibull, gamma, beta, poisson, bernoulli, categorical.")
        #expect(
            message("normal", ["mean": [1], "sd": [2], "skew": [1]]) == """
                normal: standardDeviation is missing; it takes mean, standardDeviation.
                normal: there is no parameter "sd"; it takes mean, standardDeviation.
                normal: there is no parameter "skew"; it takes mean, standardDeviation.
                """)
        #expect(
            message("exponential", ["rate": [1, 2]]) == "exponential: rate has 2 values, but takes one number.")
        #expect(message("exponential", ["rate": []]) == "exponential: rate has 0 values, but takes one number.")
    }

    @Test func valuesOutsideTheDomainAreNamedAllAtOnce() {
        #expect(
            message("truncatedNormal", ["mean": [.nan], "standardDeviation": [0], "lower": [5], "upper": [-5]]) == """
                truncatedNormal: mean is nan, but must be finite.
                truncatedNormal: standardDeviation is 0.0, but must be positive and finite.
                truncatedNormal: lower is 5.0 and upper is -5.0, but lower must be less than upper.
                """)
        #expect(
            message("normal", ["mean": [0], "standardDeviation": [-1]])
                == "normal: standardDeviation is -1.0, but must be at least 0 and finite.")
        #expect(
            message("poisson", ["mean": [1e20]]) == "poisson: mean is 1e+20, but must be from 0 to 1125899906842624.0.")
        #expect(
            message("bernoulli", ["probability": [1.5]]) == "bernoulli: probability is 1.5, but must be from 0 to 1.")
        #expect(
            message("categorical", ["weights": [0, 0]])
                == "categorical: the weights add up to 0.0; their sum must be positive and finite.")
        #expect(
            message("categorical", ["weights": []])
                == "categorical: the weights add up to 0.0; their sum must be positive and finite.")
        #expect(
            message("categorical", ["weights": [1, -2]])
                == "categorical: weights[1] is -2.0, but must be at least 0 and finite.")
        #expect(
            message("gamma", ["shape": [0], "scale": [.infinity]]) == """
                gamma: shape is 0.0, but must be positive and finite.
                gamma: scale is inf, but must be positive and finite.
                """)
        #expect(
            message("uniform", ["lower": [-.infinity], "upper": [1]]) == "uniform: lower is -inf, but must be finite.")
        #expect(
            message("beta", ["alpha": [-1], "beta": [2]]) == "beta: alpha is -1.0, but must be positive and finite.")
    }

    @Test func infiniteBoundsOfATruncationAreAllowed() throws {
        let open = Distribution.truncatedNormal(mean: 0, standardDeviation: 1, lower: -.infinity, upper: .infinity)
        #expect(try open.validated() == open)
        #expect(abs(open.mean) < 1e-14)
        #expect(relativeError(open.variance, 1) < 1e-13)
    }
}
