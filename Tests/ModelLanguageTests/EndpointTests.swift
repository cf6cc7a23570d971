import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by the language's definition of each error model.
@Suite("Endpoints")
struct EndpointTests {
    /// The error of the only endpoint of a model, with its parameters as numbers.
    private func error(_ terms: String, _ inputs: [String: Double] = [:]) throws -> ResidualError<Double> {
        let model = try Compiled.model("y <- 8 * one\n" + "y ~ " + terms)
        let endpoint = try #require(model.endpoints.first)
        #expect(Compiled.values(model, [endpoint.value], inputs: ["one": 1]) == [8])
        let values = inputs.merging(["a": 0.5, "b": 0.2, "c": 2, "d": 3, "e": 4]) { first, _ in first }
        return endpoint.error.map { Compiled.values(model, [$0], inputs: values)[0] }
    }

    @Test("Normal error: additive, proportional, power, sums of either kind, on every scale")
    func normal() throws {
        typealias Spread = ErrorSpread<Double>
        let cases: [(String, Spread, ErrorScale<Double>)] = [
            ("add(a)", Spread(additive: 0.5), .identity), ("prop(b)", Spread(proportional: 0.2), .identity),
            ("add(a) + prop(b)", Spread(additive: 0.5, proportional: 0.2), .identity),
            ("prop(b) + add(a) + combined2()", Spread(additive: 0.5, proportional: 0.2), .identity),
            ("prop(b) + add(a) + comb1()", Spread(additive: 0.5, proportional: 0.2, isSum: true), .identity),
            ("add(a) + pow(b, c)", Spread(additive: 0.5, proportional: 0.2, exponent: 2), .identity),
            ("propT(b) + boxCox(c)", Spread(proportional: 0.2, base: .transformed), .boxCox(lambda: 2)),
            ("powF(b, c, d)", Spread(proportional: 0.2, exponent: 2, base: .other(3)), .identity),
            ("propF(b, d)", Spread(proportional: 0.2, base: .other(3)), .identity),
            ("lnorm(a)", Spread(additive: 0.5), .log), ("dlnorm(NA) + prop(b)", Spread(proportional: 0.2), .log),
            ("logitNorm(a)", Spread(additive: 0.5), .logit(low: 0, high: 1)),
            ("logitNorm(a, c, e)", Spread(additive: 0.5), .logit(low: 2, high: 4)),
            ("probitNorm(NA, -1) + prop(b)", Spread(proportional: 0.2), .probit(low: -1, high: 1)),
            ("yeoJohnson(c) + add(a)", Spread(additive: 0.5), .yeoJohnson(lambda: 2)),
            ("add(a) + tbs(c) + norm()", Spread(additive: 0.5), .boxCox(lambda: 2)),
            ("add(c) + prop(e) + var()", Spread(additive: 2.0.squareRoot(), proportional: 2), .identity),
        ]
        for (text, spread, scale) in cases { #expect(try error(text) == .normal(spread, scale), "\(text)") }
    }

    @Test("Tails heavier than normal")
    func tails() throws {
        #expect(
            try error("add(a) + t(e)") == .studentT(ErrorSpread(additive: 0.5), .identity, degreesOfFreedom: 4))
        #expect(try error("lnorm(a) + dt(e)") == .studentT(ErrorSpread(additive: 0.5), .log, degreesOfFreedom: 4))
        #expect(try error("prop(b) + cauchy()") == .cauchy(ErrorSpread(proportional: 0.2), .identity))
    }

    @Test("Distributions of their own, with and without the d before their names")
    func distributions() throws {
        let cases: [(String, ResidualError<Double>)] = [
            ("pois(c)", .poisson(mean: 2)), ("dpois(c)", .poisson(mean: 2)),
            ("binom(e, b)", .binomial(size: 4, probability: 0.2)), ("bern(b)", .bernoulli(probability: 0.2)),
            ("dnbinom(e, b)", .negativeBinomial(size: 4, probability: 0.2)),
            ("nbinomMu(e, c)", .negativeBinomialMean(size: 4, mean: 2)), ("dbeta(c, d)", .beta(alpha: 2, beta: 3)),
            ("beta(c, d)", .beta(alpha: 2, beta: 3)), ("chisq(d)", .chiSquared(degreesOfFreedom: 3)),
            ("dexp(b)", .exponential(rate: 0.2)), ("dexp()", .exponential(rate: 1)),
            ("dgamma(c, e)", .gamma(shape: 2, rate: 4)), ("geom(b)", .geometric(probability: 0.2)),
            ("unif()", .uniform(low: 0, high: 1)), ("dunif(c, d)", .uniform(low: 2, high: 3)),
            ("weibull(c, d)", .weibull(shape: 2, scale: 3)),
            ("c(b, a)", .ordinal(probabilities: [0.2, 0.5], levels: [1, 2, 3])),
            ("c(b = 0, a = 5, 9)", .ordinal(probabilities: [0.2, 0.5], levels: [0, 5, 9])),
        ]
        for (text, expected) in cases { #expect(try error(text) == expected, "\(text)") }
    }

    @Test("Parameters keep their order through a change of type")
    func parameters() throws {
        let error = try error("powF(b, c, d) + add(a) + logitNorm(NA, 0, e) + t(e)")
        #expect(error.parameters == [0.5, 0.2, 2, 3, 0, 4, 4])
        #expect(error.map { $0 * 2 }.parameters == [1, 0.4, 4, 6, 0, 8, 8])
    }

    @Test("A variable that only a distribution gives has the mean as its value and is no input")
    func means() throws {
        let inputs = ["n": 6.0, "p": 0.25, "l": 3]
        let cases: [(String, Double)] = [
            ("pois(l)", 3), ("binom(n, p)", 1.5), ("bern(p)", 0.25), ("nbinom(n, p)", 18), ("nbinomMu(n, l)", 3),
            ("dbeta(n, l)", 6 / 9), ("chisq(n)", 6), ("dexp(p)", 4), ("dgamma(l, n)", 0.5), ("geom(p)", 3),
            ("unif(p, n)", 3.125), ("weibull(1, l)", 3), ("c(p)", 1.75), ("c(p = 2, 4)", 3.5),
        ]
        for (text, expected) in cases {
            let model = try Compiled.model("z <- 1 + p\ncount ~ \(text)")
            #expect(!model.covariates.contains("count"))
            let value = Compiled.values(model, [model.endpoints[0].value], inputs: inputs)[0]
            #expect(abs(value - expected) < 1e-12, "\(text)")
        }
        // Where the model computes the variable, that is the value.
        let computed = try Compiled.model("count <- 7 * l\ncount ~ pois(l)")
        #expect(Compiled.values(computed, [computed.endpoints[0].value], inputs: inputs) == [21])
    }

    @Test("Deviations may be variables of the model; conditions name endpoints")
    func variables() throws {
        let model = try Compiled.model(
            """
            sd <- a * FLAG + 2 * (1 - FLAG)
            y <- 3 * a
            y ~ add(sd) | first
            y ~ prop(sd) | second
            """)
        #expect(model.endpoints.map(\.name) == ["first", "second"])
        #expect(model.endpoints.map(\.variable) == ["y", "y"])
        let deviation = try #require(model.endpoints[0].error.parameters.first)
        #expect(Compiled.values(model, [deviation], inputs: ["a": 5, "FLAG": 1]) == [5])
        #expect(Compiled.values(model, [deviation], inputs: ["a": 5, "FLAG": 0]) == [2])
    }

    @Test("A right side without an error term is an assignment that the results leave out")
    func hiddenAssignments() throws {
        let model = try Compiled.model(
            """
            k ~ log(2) / half
            d/dt(a) ~ -k * a
            f(a) ~ 0.5
            a(0) ~ 3
            y <- 2 * a
            z ~ y
            z <- z + 1
            if (z > 2) w ~ 1
            y ~ add(sd)
            """)
        #expect(model.outputs == ["y", "z"])
        #expect(model.covariates == ["half", "w", "sd"])
        #expect(model.endpoints.map(\.name) == ["y"])
        #expect(model.bioavailability.map { model.graph.constant($0) } == [0.5])
        #expect(model.initialValues.map { model.graph.constant($0) } == [3])
        let statements = try Read.model("k ~ a\nd/dt(a) ~ -k\nf(a) ~ 2\ny ~ add(k) | c").statements
        #expect(statements.map(\.description) == ["k ~ a", "d/dt(a) ~ -k", "f(a) ~ 2", "y ~ add(k) | c"])
        #expect(
            RefusedByChecker.rule("x ~ 3")
                == "r.R:1:1: error: only assignments and 'if' are allowed here; this belongs in a model\nx ~ 3\n^")
    }

    @Test(
        "What does not go together is refused",
        arguments: [
            ("lnorm(a) + add(b)", 11, "'add(b)' has a second additive part", 6),
            ("add(a) + add(b)", 9, "'add(b)' has a second additive part", 6),
            ("prop(a) + pow(b, c)", 10, "'pow(b, c)' has a second proportional part", 9),
            ("add(a) + boxCox(b) + yeoJohnson(c)", 21, "'yeoJohnson(c)' has a second scale", 13),
            ("add(a) + t(b) + cauchy()", 16, "'cauchy()' has a second distribution", 8),
            ("add(a) + combined1() + combined2()", 23, "'combined2()' is told twice how its parts combine", 11),
            ("t(b)", 0, "there is no standard deviation: add(sd) or prop(sd) is needed", 4),
            ("lnorm(NA)", 0, "there is no standard deviation: add(sd) or prop(sd) is needed", 9),
            ("pois(a) + add(b)", 10, "'pois(a)' stands alone", 6),
            ("pois(a, b)", 0, "'pois(a, b)' takes 1 argument without names", 10),
            ("logitNorm(a, b, c, d)", 0, "'logitNorm(a, b, c, d)' takes 0 to 2 arguments without names", 21),
            ("pow(a)", 0, "'pow(a)' takes 2 arguments without names", 6),
            ("add(sd = a)", 0, "'add(sd = a)' takes 1 argument without names", 11),
            (
                "c(a = 0, b = 1)", 0,
                "'c(a = 0, b = 1)' gives every level but the last one a probability: c(p1 = 0, p2 = 1, 2)", 15
            ),
            ("c(a = b, 2)", 0, "'c(a = b, 2)' names levels by numbers: c(p1 = 0, p2 = 1, 2)", 11),
            (
                "add(a) + exp(b)", 9,
                "'exp(b)' is not supported; allowed are add, prop, pow, lnorm, logitNorm, probitNorm, boxCox, yeoJohnson with combined1, combined2, var, t and cauchy, or alone pois, binom, bern, nbinom, nbinomMu, beta, c (ordinal), chisq, dexp, dgamma, geom, unif, weibull",
                6
            ),
        ])
    func refusals(_ terms: String, _ column: Int, _ message: String, _ length: Int) {
        let place = "m.R:2:\(column + 5): error: residual error: "
        let caret = String(repeating: " ", count: column + 4) + String(repeating: "^", count: length)
        #expect(
            RefusedByChecker.model("y <- x\ny ~ \(terms)") == place + message + "\ny ~ \(terms)\n" + caret)
    }
}
