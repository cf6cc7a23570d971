extension Distribution {
    /// The names of all distributions, each with its parameters in order.
    public static let knownParameters: [(name: String, parameters: [String])] = [
        ("constant", ["value"]),
        ("uniform", ["lower", "upper"]),
        ("normal", ["mean", "standardDeviation"]),
        ("logNormal", ["logMean", "logStandardDeviation"]),
        ("truncatedNormal", ["mean", "standardDeviation", "lower", "upper"]),
        ("exponential", ["rate"]),
        ("weibull", ["shape", "scale"]),
        ("gamma", ["shape", "scale"]),
        ("beta", ["alpha", "beta"]),
        ("poisson", ["mean"]),
        ("bernoulli", ["probability"]),
        ("categorical", ["weights"]),
    ]

    /// The distribution that a file describes by name and parameters, validated.
    ///
    /// - Parameters:
    ///   - name: one of ``knownParameters``.
    ///   - parameters: each parameter's values: one number, or the list of a categorical distribution's weights.
    /// - Throws: ``InvalidDistribution`` with every problem: an unknown name, unknown, missing or repeated parameters,
    ///   values that are not allowed.
    public init(name: String, parameters: [String: [Double]]) throws(InvalidDistribution) {
        guard let known = Self.knownParameters.first(where: { $0.name == name }) else {
            let names = Self.knownParameters.map(\.name).joined(separator: ", ")
            throw InvalidDistribution(problems: ["There is no distribution \"\(name)\"; known are \(names)."])
        }
        let problems = Self.parameterProblems(name, known.parameters, parameters)
        guard problems.isEmpty else { throw InvalidDistribution(problems: problems) }
        let values = known.parameters.map { parameters[$0] ?? [] }
        self = try Self.unchecked(name, values).validated()
    }

    private static func parameterProblems(
        _ name: String, _ expected: [String], _ found: [String: [Double]]
    ) -> [String] {
        let list = expected.joined(separator: ", ")
        var problems = expected.compactMap { parameter -> String? in
            guard let values = found[parameter] else { return "\(name): \(parameter) is missing; it takes \(list)." }
            if parameter == "weights" || values.count == 1 { return nil }
            return "\(name): \(parameter) has \(values.count) values, but takes one number."
        }
        for parameter in found.keys.sorted() where !expected.contains(parameter) {
            problems.append("\(name): there is no parameter \"\(parameter)\"; it takes \(list).")
        }
        return problems
    }

    /// The distribution of a known name; `values` holds the values of its parameters in order, each of them complete.
    private static func unchecked(_ name: String, _ values: [[Double]]) -> Distribution {
        func value(_ index: Int) -> Double { values[index][0] }
        switch name {
        case "constant": return .constant(value(0))
        case "uniform": return .uniform(lower: value(0), upper: value(1))
        case "normal": return .normal(mean: value(0), standardDeviation: value(1))
        case "logNormal": return .logNormal(logMean: value(0), logStandardDeviation: value(1))
        case "truncatedNormal":
            return .truncatedNormal(mean: value(0), standardDeviation: value(1), lower: value(2), upper: value(3))
        case "exponential": return .exponential(rate: value(0))
        case "weibull": return .weibull(shape: value(0), scale: value(1))
        case "gamma": return .gamma(shape: value(0), scale: value(1))
        case "beta": return .beta(alpha: value(0), beta: value(1))
        case "poisson": return .poisson(mean: value(0))
        case "bernoulli": return .bernoulli(probability: value(0))
        case "categorical": return .categorical(weights: values[0])
        default: preconditionFailure("The distribution \(name) is listed in knownParameters but not made here.")
        }
    }
}
