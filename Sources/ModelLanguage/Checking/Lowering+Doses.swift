/// What a model reads of its doses and of its past: `tad()`, `podo(depot)`, `transit(n, mtt)`, `delay(x, tau)`, ….
extension Lowering {
    /// The functions that read the doses.
    static let doseFunctions: Set<String> = [
        "tad", "tad0", "tafd", "tafd0", "tlast", "tlast0", "tfirst", "tfirst0", "podo", "podo0", "dose", "dose0",
        "dosenum",
    ]

    /// The functions that only a model has.
    static let modelFunctions: [String] = doseFunctions.sorted() + ["transit", "delay", "linCmt", "mix"]

    /// The value of a call that only a model can make; nil for any other function.
    mutating func modelCall(_ name: String, _ arguments: [Expression.Argument], at place: SourcePlace) -> Value? {
        let isModelCall =
            Self.doseFunctions.contains(name) || ["transit", "delay", "linCmt", "mix", "d/dt"].contains(name)
        guard isModelCall else { return nil }
        guard takesUnknownNames else {
            return refused("'\(name)()' reads the course of a simulation and belongs in a model", at: place)
        }
        if let named = arguments.first(where: { $0.name != nil }), let argument = named.name {
            return refused("'\(name)()' takes its arguments by place: leave out '\(argument) ='", at: named.value.place)
        }
        switch name {
        case "transit": return transit(arguments, at: place)
        case "delay": return delay(arguments, at: place)
        case "mix": return mix(arguments, at: place)
        case "linCmt": return linearConcentration(at: place)
        case "d/dt": return derivative(arguments, at: place)
        default: return doseFunction(name, arguments, at: place)
        }
    }

    private mutating func doseFunction(_ name: String, _ arguments: [Expression.Argument], at place: SourcePlace)
        -> Value?
    {
        var compartment: Int?
        if let argument = arguments.first {
            guard arguments.count == 1, case .symbol(let state) = argument.value.kind else {
                return refused("'\(name)()' takes nothing, or the name of one compartment", at: place)
            }
            guard let slot = stateSlot(state) else {
                return refused(noCompartment(state), at: argument.value.place)
            }
            compartment = slot
        } else if name.hasPrefix("podo") {
            compartment = transitCompartment
        }
        return Value(node: doseValue(name, compartment))
    }

    /// That a name is no compartment, and which ones there are.
    func noCompartment(_ name: String) -> String {
        let nearest = hint(name, among: states)
        let some = states.prefix(20).joined(separator: ", ") + (states.count > 20 ? ", …" : "")
        let allowed = states.isEmpty ? "; it has none" : "; it has \(some)"
        return "'\(name)' is not a compartment of this model" + (nearest.isEmpty ? allowed : nearest)
    }

    /// Without a dose the plain forms of the times are missing, those with a 0 are 0.
    private mutating func doseValue(_ name: String, _ compartment: Int?) -> NodeID {
        switch name {
        case "podo", "podo0", "dose", "dose0": return clock(.lastDoseAmount, compartment)
        case "dosenum": return clock(.doseNumber, compartment)
        default: break
        }
        let isFirst = name.hasPrefix("tf") || name.hasPrefix("taf")
        let moment = clock(isFirst ? .firstDoseTime : .lastDoseTime, compartment)
        var value = moment
        if name.hasPrefix("ta") { value = graph.apply(.subtract, graph.time(), moment) }
        guard name.hasSuffix("0") else { return value }
        return graph.apply(.select, graph.apply(.isMissing, moment), graph.constant(0), value)
    }

    /// The gamma-shaped input of a chain of `n` transit compartments with mean transit time `mtt` after the latest dose:
    ///
    /// `bio · amount · ktr · (ktr s)ⁿ · exp(−ktr s) / Γ(n + 1)`, `ktr = (n + 1) / mtt`, `s` the time after the dose.
    ///
    /// Source: Savic et al. (2007), J. Pharmacokinet. Pharmacodyn. 34:711–726, equation 8.
    private mutating func transit(_ arguments: [Expression.Argument], at place: SourcePlace) -> Value {
        guard (2...3).contains(arguments.count) else {
            return refused(
                "'transit' takes 2 or 3 arguments, transit(n, mtt, bio), found \(arguments.count)", at: place)
        }
        let values = arguments.map { number(lower($0.value), $0.value.place) }
        let one = graph.constant(1)
        let moment = clock(.lastDoseTime, transitCompartment)
        var amount = clock(.lastDoseAmount, transitCompartment)
        if values.count == 3 { amount = graph.apply(.multiply, values[2], amount) }
        let elapsed = graph.apply(.subtract, graph.time(), moment)
        let next = graph.apply(.add, values[0], one)
        let rate = graph.apply(.divide, next, values[1])
        let logRate = graph.apply(.log, rate)
        // The protected logarithm makes this vanish at the dose itself, as its limit does for n above 0.
        let power = graph.apply(
            .multiply, values[0], graph.apply(.add, logRate, graph.apply(.log, elapsed)))
        let fixed = graph.apply(.subtract, logRate, graph.apply(.lgamma, next))
        let decay = graph.apply(.multiply, rate, elapsed)
        let exponent = graph.apply(.subtract, graph.apply(.add, power, fixed), decay)
        let input = graph.apply(.multiply, amount, graph.apply(.exp, exponent))
        return Value(
            node: graph.apply(.select, graph.apply(.isMissing, moment), graph.constant(0), input))
    }

    /// The compartment whose doses `transit()` and a `podo()` without argument mean, as in rxode2: that of the `d/dt` they
    /// stand in, else of the last `d/dt` above, else the first.
    private var transitCompartment: Int? { latestDerivative.flatMap { stateSlot($0) } ?? (states.isEmpty ? nil : 0) }

    private mutating func delay(_ arguments: [Expression.Argument], at place: SourcePlace) -> Value {
        guard arguments.count == 2 else {
            return refused("'delay' takes 2 arguments, delay(expression, time), found \(arguments.count)", at: place)
        }
        let value = number(lower(arguments[0].value), arguments[0].value.place)
        let lag = number(lower(arguments[1].value), arguments[1].value.place)
        if let time = graph.constant(lag), !(time >= 0) {
            if time < 0 {
                refuse(
                    "'delay' looks back by a time of 0 or more, found \(Expression.text(of: time))",
                    at: arguments[1].value.place)
            }
            return Value(node: graph.constant(.nan))
        }
        guard graph.variability(of: value) == .dynamic, graph.constant(lag) != 0 else { return Value(node: value) }
        return Value(node: graph.delayed(delaySlot(value, lag)))
    }

    private mutating func derivative(_ arguments: [Expression.Argument], at place: SourcePlace) -> Value {
        guard case .symbol(let state)? = arguments.first?.value.kind, let rate = scope[.derivative(state)] else {
            return refused("this rate of change is read before it is assigned: move its line above", at: place)
        }
        return rate
    }

    /// Notes a problem and gives the value that stands for what was refused.
    mutating func refused(_ message: String, at place: SourcePlace) -> Value {
        refuse(message, at: place)
        return Value(node: graph.constant(.nan))
    }
}
