/// Everything that is wrong with the description of a distribution.
public struct InvalidDistribution: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence for each problem, in the order of the parameters; never empty.
    public let problems: [String]

    /// The problems, a line each.
    public var description: String { problems.joined(separator: "\n") }
}

extension Distribution {
    /// The distribution itself when its parameters are allowed.
    ///
    /// - Throws: ``InvalidDistribution`` with every problem: the parameter, what was found and what is allowed.
    public func validated() throws(InvalidDistribution) -> Distribution {
        let problems = problems
        guard problems.isEmpty else { throw InvalidDistribution(problems: problems) }
        return self
    }

    private var problems: [String] {
        switch self {
        case .constant(let value):
            return [finite("value", value)].compactMap { $0 }
        case .uniform(let lower, let upper):
            return [finite("lower", lower), finite("upper", upper), ordered(lower, upper)].compactMap { $0 }
        case .normal(let mean, let deviation):
            return [finite("mean", mean), notNegative("standardDeviation", deviation)].compactMap { $0 }
        case .logNormal(let mean, let deviation):
            return [finite("logMean", mean), notNegative("logStandardDeviation", deviation)].compactMap { $0 }
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
            return [
                finite("mean", mean), positive("standardDeviation", deviation), isNumber("lower", lower),
                isNumber("upper", upper), ordered(lower, upper),
            ].compactMap { $0 }
        case .exponential(let rate):
            return [positive("rate", rate)].compactMap { $0 }
        case .weibull(let shape, let scale), .gamma(let shape, let scale):
            return [positive("shape", shape), positive("scale", scale)].compactMap { $0 }
        case .beta(let alpha, let beta):
            return [positive("alpha", alpha), positive("beta", beta)].compactMap { $0 }
        case .poisson(let mean):
            let allowed = "from 0 to \(RandomStream.largestPoissonMean)"
            return [
                check("mean", mean, mean >= 0 && mean <= RandomStream.largestPoissonMean, allowed)
            ].compactMap { $0 }
        case .bernoulli(let probability):
            return [
                check("probability", probability, probability >= 0 && probability <= 1, "from 0 to 1")
            ].compactMap { $0 }
        case .categorical(let weights):
            return weightProblems(weights)
        }
    }

    private func weightProblems(_ weights: [Double]) -> [String] {
        let single = weights.enumerated().compactMap { notNegative("weights[\($0.offset)]", $0.element) }
        if !single.isEmpty { return single }
        let total = weights.reduce(0, +)
        guard total > 0, total < .infinity else {
            return ["\(name): the weights add up to \(total); their sum must be positive and finite."]
        }
        return []
    }

    private func check(_ parameter: String, _ value: Double, _ allowed: Bool, _ rule: String) -> String? {
        allowed ? nil : "\(name): \(parameter) is \(value), but must be \(rule)."
    }

    private func finite(_ parameter: String, _ value: Double) -> String? {
        check(parameter, value, value.isFinite, "finite")
    }

    private func isNumber(_ parameter: String, _ value: Double) -> String? {
        check(parameter, value, !value.isNaN, "a number (-inf and inf are allowed)")
    }

    private func positive(_ parameter: String, _ value: Double) -> String? {
        check(parameter, value, value > 0 && value.isFinite, "positive and finite")
    }

    private func notNegative(_ parameter: String, _ value: Double) -> String? {
        check(parameter, value, value >= 0 && value.isFinite, "at least 0 and finite")
    }

    private func ordered(_ lower: Double, _ upper: Double) -> String? {
        lower.isNaN || upper.isNaN || lower < upper
            ? nil : "\(name): lower is \(lower) and upper is \(upper), but lower must be less than upper."
    }
}
