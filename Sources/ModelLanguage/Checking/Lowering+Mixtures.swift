/// `mix(a, p, b)`: the value of the class that a subject belongs to.
extension Lowering {
    /// The input that tells a subject's class, from 1.
    static let classInput = "mixest"

    /// The first call gives a probability behind every value but the last, `mix(a, p1, b, p2, c)`; later ones may leave
    /// them out, `mix(d, e, f)`.
    mutating func mix(_ arguments: [Expression.Argument], at place: SourcePlace) -> Value {
        let known = mixture.map { $0.count + 1 }
        let hasProbabilities = arguments.count != known
        guard !hasProbabilities || (arguments.count >= 3 && arguments.count % 2 == 1) else {
            let allowed = known.map { "\($0) values, or " } ?? ""
            return refused(
                "'mix' takes \(allowed)a probability behind every value but the last, mix(a, p1, b, p2, c), found "
                    + "\(arguments.count) argument\(arguments.count == 1 ? "" : "s")", at: place)
        }
        var values: [NodeID] = []
        var probabilities: [ClassProbability] = []
        for (index, argument) in arguments.enumerated() {
            if hasProbabilities, index % 2 == 1 {
                guard let probability = classProbability(argument.value) else {
                    return refused(
                        "the probabilities of 'mix' are parameters of ini, or numbers from 0 to 1, found "
                            + "'\(argument.value)'", at: argument.value.place)
                }
                probabilities.append(probability)
            } else {
                values.append(number(lower(argument.value), argument.value.place))
            }
        }
        if hasProbabilities {
            guard mixture == nil || mixture == probabilities else {
                return refused("a subject has one class: the probabilities of the first mix() hold for all", at: place)
            }
            mixture = probabilities
        }
        let chosen = declareInput(Self.classInput)
        var value = values[values.count - 1]
        for (index, candidate) in values.enumerated().dropLast().reversed() {
            let isChosen = graph.apply(.equal, chosen, graph.constant(Double(index + 1)))
            value = graph.apply(.select, isChosen, candidate, value)
        }
        return Value(node: value)
    }

    private func classProbability(_ expression: Expression) -> ClassProbability? {
        switch expression.kind {
        case .number(let value) where value >= 0 && value <= 1: .number(value)
        case .symbol(let name) where parameterNames.contains(name) && scope[.variable(name)] == nil: .parameter(name)
        default: nil
        }
    }
}

/// The probability of a class of `mix()`.
package enum ClassProbability: Sendable, Hashable {
    case number(Double)
    /// A parameter of `ini`.
    case parameter(String)
}
