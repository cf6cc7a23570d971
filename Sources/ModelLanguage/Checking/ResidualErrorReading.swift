/// Reads the terms right of `~`: `add(sd) + prop(sd)`, `lnorm(sd)`, `pois(lambda)`, `c(p1, p2)`, ….
struct ResidualErrorReading {
    private let terms: [Expression]
    private var spread = ErrorSpread<NodeID>()
    private var scale: ErrorScale<NodeID>?
    private var tail: Tail?
    private var takesVariances = false
    private var combined: String?

    /// The distribution of the standardised error, where it is not normal.
    private enum Tail {
        case studentT(NodeID)
        case cauchy
    }

    init(_ terms: [Expression]) { self.terms = terms }

    /// Nil where something was refused.
    mutating func error(_ lowering: inout Lowering) -> ResidualError<NodeID>? {
        let before = lowering.problemCount
        if let first = terms.first, let alone = distribution(first, &lowering) {
            if terms.count > 1 {
                lowering.refuse("residual error: '\(first)' stands alone", at: terms[1].place)
            }
            return lowering.problemCount == before ? alone : nil
        }
        guard lowering.problemCount == before else { return nil }
        for term in terms { read(term, &lowering) }
        guard lowering.problemCount == before, let first = terms.first else { return nil }
        guard spread.additive != nil || spread.proportional != nil else {
            lowering.refuse(
                "residual error: there is no standard deviation: add(sd) or prop(sd) is needed", at: first.place)
            return nil
        }
        if takesVariances {
            spread.additive = spread.additive.map { lowering.graph.apply(.squareRoot, $0) }
            spread.proportional = spread.proportional.map { lowering.graph.apply(.squareRoot, $0) }
        }
        switch tail {
        case nil: return .normal(spread, scale ?? .identity)
        case .studentT(let freedom): return .studentT(spread, scale ?? .identity, degreesOfFreedom: freedom)
        case .cauchy: return .cauchy(spread, scale ?? .identity)
        }
    }

    // MARK: Terms about a prediction

    private mutating func read(_ term: Expression, _ lowering: inout Lowering) {
        guard case .call(let name, let arguments) = term.kind else { return refuse(term, &lowering) }
        switch name {
        case "add": takeAdditive(term, arguments, 1, &lowering)
        case "norm", "dnorm": if !arguments.isEmpty { takeAdditive(term, arguments, 1, &lowering) }
        case "prop", "propT", "pow", "powT", "propF", "powF": takeProportional(term, name, arguments, &lowering)
        case "lnorm", "dlnorm", "logn", "dlogn":
            takeAdditive(term, arguments, 1, &lowering)
            takeScale(.log, term, &lowering)
        case "logitNorm", "probitNorm":
            takeAdditive(term, Array(arguments.prefix(1)), 1, &lowering)
            let limits = numbers(term, Array(arguments.dropFirst()), 0...2, &lowering)
            let low = limits.first ?? lowering.graph.constant(0)
            let high = limits.count > 1 ? limits[1] : lowering.graph.constant(1)
            takeScale(
                name == "logitNorm" ? .logit(low: low, high: high) : .probit(low: low, high: high), term, &lowering)
        case "boxCox", "tbs", "yeoJohnson", "tbsYj":
            guard let lambda = numbers(term, arguments, 1...1, &lowering).first else { return }
            let isBoxCox = name == "boxCox" || name == "tbs"
            takeScale(isBoxCox ? .boxCox(lambda: lambda) : .yeoJohnson(lambda: lambda), term, &lowering)
        case "t", "dt":
            guard let freedom = numbers(term, arguments, 1...1, &lowering).first else { return }
            takeTail(.studentT(freedom), term, &lowering)
        case "cauchy", "dcauchy": takeTail(.cauchy, term, &lowering)
        case "combined1", "comb1", "combined2", "comb2":
            if combined != nil { refuse(term, "is told twice how its parts combine", &lowering) }
            combined = name
            spread.isSum = name.hasSuffix("1")
        case "var": takesVariances = true
        default: refuse(term, &lowering)
        }
    }

    private mutating func takeAdditive(
        _ term: Expression, _ arguments: [Expression.Argument], _ count: Int, _ lowering: inout Lowering
    ) {
        if arguments.count == 1, arguments[0].name == nil, case .symbol("NA") = arguments[0].value.kind { return }
        guard let deviation = numbers(term, arguments, count...count, &lowering).first else { return }
        if spread.additive != nil { refuse(term, "has a second additive part", &lowering) }
        spread.additive = deviation
    }

    /// `prop(b)`, `pow(b, c)`; `T` for the prediction on the transformed scale, `F` for another variable.
    private mutating func takeProportional(
        _ term: Expression, _ name: String, _ arguments: [Expression.Argument], _ lowering: inout Lowering
    ) {
        let isPower = name.hasPrefix("pow")
        let count = (isPower ? 2 : 1) + (name.hasSuffix("F") ? 1 : 0)
        let values = numbers(term, arguments, count...count, &lowering)
        guard values.count == count else { return }
        if spread.proportional != nil { refuse(term, "has a second proportional part", &lowering) }
        spread.proportional = values[0]
        if isPower { spread.exponent = values[1] }
        if name.hasSuffix("T") { spread.base = .transformed }
        if name.hasSuffix("F") { spread.base = .other(values[count - 1]) }
    }

    private mutating func takeScale(_ new: ErrorScale<NodeID>, _ term: Expression, _ lowering: inout Lowering) {
        if scale != nil { refuse(term, "has a second scale", &lowering) }
        scale = new
    }

    private mutating func takeTail(_ new: Tail, _ term: Expression, _ lowering: inout Lowering) {
        if tail != nil { refuse(term, "has a second distribution", &lowering) }
        tail = new
    }

    // MARK: Distributions of their own

    /// The distribution that a term gives by itself; nil for a term about a prediction.
    private func distribution(_ term: Expression, _ lowering: inout Lowering) -> ResidualError<NodeID>? {
        guard case .call(let name, let arguments) = term.kind else { return nil }
        func take(_ range: ClosedRange<Int>, _ make: ([NodeID]) -> ResidualError<NodeID>) -> ResidualError<NodeID>? {
            let values = numbers(term, arguments, range, &lowering)
            return range.contains(values.count) ? make(values) : nil
        }
        let one = lowering.graph.constant(1)
        let zero = lowering.graph.constant(0)
        switch name.hasPrefix("d") ? String(name.dropFirst()) : name {
        case "pois": return take(1...1) { .poisson(mean: $0[0]) }
        case "binom": return take(2...2) { .binomial(size: $0[0], probability: $0[1]) }
        case "bern": return take(1...1) { .bernoulli(probability: $0[0]) }
        case "nbinom": return take(2...2) { .negativeBinomial(size: $0[0], probability: $0[1]) }
        case "nbinomMu": return take(2...2) { .negativeBinomialMean(size: $0[0], mean: $0[1]) }
        case "beta": return take(2...2) { .beta(alpha: $0[0], beta: $0[1]) }
        case "chisq": return take(1...1) { .chiSquared(degreesOfFreedom: $0[0]) }
        case "exp": return take(0...1) { .exponential(rate: $0.first ?? one) }
        case "gamma": return take(2...2) { .gamma(shape: $0[0], rate: $0[1]) }
        case "geom": return take(1...1) { .geometric(probability: $0[0]) }
        case "unif": return take(0...2) { .uniform(low: $0.first ?? zero, high: $0.count > 1 ? $0[1] : one) }
        case "weibull": return take(1...2) { .weibull(shape: $0[0], scale: $0.count > 1 ? $0[1] : one) }
        case "c", "ordinal": return ordinal(term, arguments, &lowering)
        default: return nil
        }
    }

    /// `c(p1, p2)`: level 1 with probability p1, 2 with p2, 3 with the rest. `c(p1 = 0, p2 = 1, 2)` names the levels.
    private func ordinal(
        _ term: Expression, _ arguments: [Expression.Argument], _ lowering: inout Lowering
    ) -> ResidualError<NodeID>? {
        guard arguments.contains(where: { $0.name != nil }) else {
            let probabilities = numbers(term, arguments, 1...1000, &lowering)
            guard !probabilities.isEmpty else { return nil }
            return .ordinal(probabilities: probabilities, levels: (0...probabilities.count).map { Double($0 + 1) })
        }
        var probabilities: [NodeID] = []
        var levels: [Double] = []
        for (index, argument) in arguments.enumerated() {
            guard case .number(let level) = argument.value.kind else {
                refuse(term, "names levels by numbers: c(p1 = 0, p2 = 1, 2)", &lowering)
                return nil
            }
            levels.append(level)
            let isLast = index == arguments.count - 1
            guard (argument.name == nil) == isLast else {
                refuse(term, "gives every level but the last one a probability: c(p1 = 0, p2 = 1, 2)", &lowering)
                return nil
            }
            guard let name = argument.name else { continue }
            let symbol = Expression(.symbol(name), at: argument.value.place)
            probabilities.append(lowering.number(lowering.lower(symbol), argument.value.place))
        }
        return .ordinal(probabilities: probabilities, levels: levels)
    }

    // MARK: Words

    /// The arguments of a term as numbers; none where they do not fit.
    private func numbers(
        _ term: Expression, _ arguments: [Expression.Argument], _ range: ClosedRange<Int>, _ lowering: inout Lowering
    ) -> [NodeID] {
        guard range.contains(arguments.count), arguments.allSatisfy({ $0.name == nil }) else {
            let allowed = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            refuse(term, "takes \(allowed) argument\(allowed == "1" ? "" : "s") without names", &lowering)
            return []
        }
        return arguments.map { lowering.number(lowering.lower($0.value), $0.value.place) }
    }

    private func refuse(_ term: Expression, _ reason: String, _ lowering: inout Lowering) {
        lowering.refuse("residual error: '\(term)' \(reason)", at: term.place)
    }

    private func refuse(_ term: Expression, _ lowering: inout Lowering) {
        lowering.refuse(
            "residual error: '\(term)' is not supported; allowed are add, prop, pow, lnorm, logitNorm, probitNorm, "
                + "boxCox, yeoJohnson with combined1, combined2, var, t and cauchy, or alone pois, binom, bern, nbinom, "
                + "nbinomMu, beta, c (ordinal), chisq, dexp, dgamma, geom, unif, weibull", at: term.place)
    }
}
