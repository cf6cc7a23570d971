/// How an observation scatters about what the model predicts: one case a distribution.
///
/// The parameters are nodes of the model's graph in a ``ModelEndpoint``, and numbers once a patient has values for them:
/// ``parameters`` lists them in a fixed order and ``map(_:)`` replaces them in that order.
package enum ResidualError<Parameter: Sendable & Hashable>: Sendable, Hashable {
    /// `h(y) = h(f) + s z`: normal on the scale of a transformation.
    case normal(ErrorSpread<Parameter>, ErrorScale<Parameter>)
    /// `h(y) = h(f) + s t` with Student's t.
    case studentT(ErrorSpread<Parameter>, ErrorScale<Parameter>, degreesOfFreedom: Parameter)
    /// `h(y) = h(f) + s c` with a standard Cauchy variable.
    case cauchy(ErrorSpread<Parameter>, ErrorScale<Parameter>)
    case poisson(mean: Parameter)
    case binomial(size: Parameter, probability: Parameter)
    case bernoulli(probability: Parameter)
    /// Failures before `size` successes.
    case negativeBinomial(size: Parameter, probability: Parameter)
    /// The same by its mean: variance `mean + mean² / size`.
    case negativeBinomialMean(size: Parameter, mean: Parameter)
    case beta(alpha: Parameter, beta: Parameter)
    /// One of the levels, the last one with what the probabilities leave: one level more than probabilities.
    case ordinal(probabilities: [Parameter], levels: [Double])
    case chiSquared(degreesOfFreedom: Parameter)
    case exponential(rate: Parameter)
    case gamma(shape: Parameter, rate: Parameter)
    /// Failures before the first success.
    case geometric(probability: Parameter)
    case uniform(low: Parameter, high: Parameter)
    case weibull(shape: Parameter, scale: Parameter)
}

/// The standard deviation `s` of a residual error, on the scale of its transformation.
///
/// With the deviations `a` and `b p^c`, `p` the prediction: their sum, or the root of the sum of their squares.
package struct ErrorSpread<Parameter: Sendable & Hashable>: Sendable, Hashable {
    /// What the proportional part multiplies.
    package enum Base: Sendable, Hashable {
        /// The prediction itself.
        case prediction
        /// The prediction on the scale of the transformation.
        case transformed
        /// Another variable.
        case other(Parameter)
    }

    /// `a`; nil for none.
    package var additive: Parameter?
    /// `b`; nil for none.
    package var proportional: Parameter?
    /// `c`; nil for 1.
    package var exponent: Parameter?
    package var base: Base
    /// Whether the parts are added (combined1) rather than their squares (combined2, rxode2's default).
    package var isSum: Bool

    package init(
        additive: Parameter? = nil, proportional: Parameter? = nil, exponent: Parameter? = nil,
        base: Base = .prediction, isSum: Bool = false
    ) {
        self.additive = additive
        self.proportional = proportional
        self.exponent = exponent
        self.base = base
        self.isSum = isSum
    }
}

/// The scale `h` on which a residual error is added.
package enum ErrorScale<Parameter: Sendable & Hashable>: Sendable, Hashable {
    case identity
    /// `log y`
    case log
    /// `log(p / (1 − p))`, `p = (y − low) / (high − low)`
    case logit(low: Parameter, high: Parameter)
    /// `Φ⁻¹(p)`, `p = (y − low) / (high − low)`
    case probit(low: Parameter, high: Parameter)
    /// `(y^λ − 1) / λ`, `log y` at λ = 0
    case boxCox(lambda: Parameter)
    /// Yeo and Johnson (2000), Biometrika 87:954–959: Box and Cox's for `y + 1` at `y ≥ 0`, and its mirror image below.
    case yeoJohnson(lambda: Parameter)
}

extension ResidualError {
    /// Every parameter, in a fixed order.
    package var parameters: [Parameter] {
        var list: [Parameter] = []
        _ = map { parameter in
            list.append(parameter)
            return parameter
        }
        return list
    }

    /// The same distribution with other parameters; `replace` sees them in the order of ``parameters``.
    package func map<Other>(_ replace: (Parameter) -> Other) -> ResidualError<Other> {
        switch self {
        case .normal(let spread, let scale): .normal(spread.map(replace), scale.map(replace))
        case .studentT(let spread, let scale, let freedom):
            .studentT(spread.map(replace), scale.map(replace), degreesOfFreedom: replace(freedom))
        case .cauchy(let spread, let scale): .cauchy(spread.map(replace), scale.map(replace))
        case .poisson(let mean): .poisson(mean: replace(mean))
        case .binomial(let size, let probability): .binomial(size: replace(size), probability: replace(probability))
        case .bernoulli(let probability): .bernoulli(probability: replace(probability))
        case .negativeBinomial(let size, let probability):
            .negativeBinomial(size: replace(size), probability: replace(probability))
        case .negativeBinomialMean(let size, let mean):
            .negativeBinomialMean(size: replace(size), mean: replace(mean))
        case .beta(let alpha, let beta): .beta(alpha: replace(alpha), beta: replace(beta))
        case .ordinal(let probabilities, let levels):
            .ordinal(probabilities: probabilities.map(replace), levels: levels)
        case .chiSquared(let freedom): .chiSquared(degreesOfFreedom: replace(freedom))
        case .exponential(let rate): .exponential(rate: replace(rate))
        case .gamma(let shape, let rate): .gamma(shape: replace(shape), rate: replace(rate))
        case .geometric(let probability): .geometric(probability: replace(probability))
        case .uniform(let low, let high): .uniform(low: replace(low), high: replace(high))
        case .weibull(let shape, let scale): .weibull(shape: replace(shape), scale: replace(scale))
        }
    }
}

extension ErrorSpread {
    func map<Other>(_ replace: (Parameter) -> Other) -> ErrorSpread<Other> {
        var spread = ErrorSpread<Other>(additive: additive.map(replace), isSum: isSum)
        spread.proportional = proportional.map(replace)
        spread.exponent = exponent.map(replace)
        switch base {
        case .prediction: spread.base = .prediction
        case .transformed: spread.base = .transformed
        case .other(let parameter): spread.base = .other(replace(parameter))
        }
        return spread
    }
}

extension ErrorScale {
    func map<Other>(_ replace: (Parameter) -> Other) -> ErrorScale<Other> {
        switch self {
        case .identity: .identity
        case .log: .log
        case .logit(let low, let high): .logit(low: replace(low), high: replace(high))
        case .probit(let low, let high): .probit(low: replace(low), high: replace(high))
        case .boxCox(let lambda): .boxCox(lambda: replace(lambda))
        case .yeoJohnson(let lambda): .yeoJohnson(lambda: replace(lambda))
        }
    }
}
