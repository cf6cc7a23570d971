/// Observed variables.
extension ModelChecker {
    mutating func checkEndpoints(_ statements: [Statement]) {
        var names: Set<String> = []
        for statement in statements {
            guard case .endpoint(let endpoint) = statement.kind else { continue }
            var variable = "linCmt"
            if case .symbol(let name) = endpoint.observed.kind { variable = name }
            let name = endpoint.condition ?? variable
            if !names.insert(name).inserted {
                lowering.refuse(
                    "there is an endpoint '\(name)' already: tell them apart with '| name'", at: statement.place)
            }
            var reading = ResidualErrorReading(endpoint.terms)
            let error = reading.error(&lowering)
            // What a distribution of its own scatters need not be computed: then the endpoint's value is the mean.
            if lowering.meaning(of: variable) == nil, let error, let mean = lowering.mean(of: error) {
                endpoints.append(ModelEndpoint(variable: variable, name: name, value: mean, error: error))
                continue
            }
            let value = lowering.number(lowering.lower(endpoint.observed), endpoint.observed.place)
            let none = ResidualError<NodeID>.normal(ErrorSpread(), .identity)
            endpoints.append(ModelEndpoint(variable: variable, name: name, value: value, error: error ?? none))
        }
    }
}

extension Lowering {
    /// The mean of a distribution that no prediction enters; nil for one about a prediction, or without a mean.
    fileprivate mutating func mean(of error: ResidualError<NodeID>) -> NodeID? {
        let one = graph.constant(1)
        switch error {
        case .normal, .studentT, .cauchy: return nil
        case .poisson(let mean), .negativeBinomialMean(_, let mean): return mean
        case .binomial(let size, let probability): return graph.apply(.multiply, size, probability)
        case .bernoulli(let probability): return probability
        case .negativeBinomial(let size, let probability):
            return graph.apply(
                .divide, graph.apply(.multiply, size, graph.apply(.subtract, one, probability)), probability)
        case .beta(let alpha, let beta): return graph.apply(.divide, alpha, graph.apply(.add, alpha, beta))
        case .chiSquared(let freedom): return freedom
        case .exponential(let rate): return graph.apply(.reciprocal, rate)
        case .gamma(let shape, let rate): return graph.apply(.divide, shape, rate)
        case .geometric(let probability):
            return graph.apply(.divide, graph.apply(.subtract, one, probability), probability)
        case .uniform(let low, let high):
            return graph.apply(.multiply, graph.constant(0.5), graph.apply(.add, low, high))
        case .weibull(let shape, let scale):
            let next = graph.apply(.add, one, graph.apply(.reciprocal, shape))
            return graph.apply(.multiply, scale, graph.apply(.gamma, next))
        case .ordinal(let probabilities, let levels):
            let last = levels[levels.count - 1]
            var sum = graph.constant(last)
            for (probability, level) in zip(probabilities, levels) {
                let step = graph.constant(level - last)
                sum = graph.apply(.add, sum, graph.apply(.multiply, probability, step))
            }
            return sum
        }
    }
}
