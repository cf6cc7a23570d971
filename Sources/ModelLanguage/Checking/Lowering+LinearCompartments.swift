/// `linCmt()` as compartments and derivatives: the engine finds that they are linear and solves them exactly.
extension Lowering {
    /// The rates of a linear model.
    private struct Rates {
        var elimination: NodeID
        /// For each peripheral compartment, the rates there and back.
        var peripherals: [(there: NodeID, back: NodeID)]
        var volume: NodeID
    }

    /// The value of `linCmt()`: the amount in the central compartment over its volume.
    mutating func linearConcentration(at place: SourcePlace) -> Value? {
        guard let linear, let parameters = linear.parameters, linear.problem == nil,
            let central = stateSlot("central")
        else {
            if linear?.problem == nil { refuse("'linCmt()' belongs in the model's own statements", at: place) }
            return Value(node: graph.constant(.nan))
        }
        guard let rates = rates(parameters, at: place) else { return Value(node: graph.constant(.nan)) }
        // What a branch assigns holds there only; the rates of such a call are set when all is read.
        if !isInBranch, scope[.derivative("central")] == nil { setDerivatives(rates, parameters) }
        return Value(node: graph.quotient(graph.state(central), rates.volume))
    }

    /// Gives the compartments of a `linCmt()` that stands only in branches or in an endpoint their rates of change.
    mutating func finishLinearCompartments() {
        guard let linear, let parameters = linear.parameters, linear.problem == nil,
            scope[.derivative("central")] == nil, let rates = rates(parameters, at: linear.place)
        else { return }
        setDerivatives(rates, parameters)
    }

    private mutating func setDerivatives(_ rates: Rates, _ parameters: LinearParameters) {
        func state(_ name: String) -> NodeID { graph.state(stateSlot(name) ?? 0) }
        let central = state("central")
        var change = graph.apply(.negate, graph.apply(.multiply, rates.elimination, central))
        if let absorption = parameters.absorption {
            let absorbed = graph.apply(.multiply, parameter(absorption), state("depot"))
            scope[.derivative("depot")] = Value(node: graph.apply(.negate, absorbed))
            change = graph.apply(.add, change, absorbed)
        }
        for (index, pair) in rates.peripherals.enumerated() {
            let name = "peripheral\(index + 1)"
            let there = graph.apply(.multiply, pair.there, central)
            let back = graph.apply(.multiply, pair.back, state(name))
            scope[.derivative(name)] = Value(node: graph.apply(.subtract, there, back))
            change = graph.apply(.add, graph.apply(.subtract, change, there), back)
        }
        scope[.derivative("central")] = Value(node: change)
    }

    /// The value of a parameter by its name, as an expression that stands here would read it.
    private mutating func parameter(_ name: String) -> NodeID {
        number(meaning(of: name) ?? Value(node: declareInput(name)), linear?.place ?? SourcePlace(line: 1, column: 1))
    }

    /// Nil where a parameter has no value yet, which is refused.
    private mutating func rates(_ parameters: LinearParameters, at place: SourcePlace) -> Rates? {
        for name in parameters.names where meaning(of: name) == nil && linear?.assigned.contains(name) == true {
            refuse("linCmt() needs '\(name)', which is assigned further down: move it above", at: place)
            return nil
        }
        let volume = parameters.volume.map { parameter($0) }
        switch parameters.kind {
        case .clearances(let elimination, let peripherals):
            guard let volume else { return nil }
            let pairs = peripherals.map { pair in
                let flow = parameter(pair.first)
                return (there: divide(flow, volume), back: divide(flow, parameter(pair.second)))
            }
            return Rates(elimination: divide(parameter(elimination), volume), peripherals: pairs, volume: volume)
        case .steadyStateVolume(let elimination, let distribution, let total):
            guard let volume else { return nil }
            let flow = parameter(distribution)
            let peripheral = graph.apply(.subtract, parameter(total), volume)
            return Rates(
                elimination: divide(parameter(elimination), volume),
                peripherals: [(there: divide(flow, volume), back: divide(flow, peripheral))], volume: volume)
        case .rates(let elimination, let peripherals):
            guard let volume else { return nil }
            let pairs = peripherals.map { (there: parameter($0.first), back: parameter($0.second)) }
            return Rates(elimination: parameter(elimination), peripherals: pairs, volume: volume)
        case .ratio(let alpha, let beta, let ratio):
            guard let volume else { return nil }
            let (a, b, r) = (parameter(alpha), parameter(beta), parameter(ratio))
            // Coefficients in the ratio A/B = r: k21 is their mean of the other exponents.
            let back = divide(plus(times(r, b), a), plus(r, graph.constant(1)))
            return hybrid(a, b, back, volume)
        case .hybrid(let alpha, let beta, let back):
            guard let volume else { return nil }
            return hybrid(parameter(alpha), parameter(beta), parameter(back), volume)
        case .exponentials(let first, let alpha, let more):
            let exponents = [parameter(alpha)] + more.map { parameter($0.first) }
            var coefficients = more.map { parameter($0.second) }
            if let first {
                coefficients.insert(parameter(first), at: 0)
            } else if let volume {
                let whole = graph.apply(.reciprocal, volume)
                coefficients.insert(coefficients.reduce(whole) { graph.apply(.subtract, $0, $1) }, at: 0)
            }
            return exponentials(exponents, coefficients)
        }
    }

    /// `k10 = αβ / k21`, `k12 = α + β − k21 − k10`
    private mutating func hybrid(_ a: NodeID, _ b: NodeID, _ back: NodeID, _ volume: NodeID) -> Rates {
        let elimination = divide(times(a, b), back)
        let there = minus(minus(plus(a, b), back), elimination)
        return Rates(elimination: elimination, peripherals: [(there, back)], volume: volume)
    }

    /// The rates behind a concentration `Σ Cᵢ exp(−λᵢ t)` after a unit dose.
    ///
    /// The transform of the concentration, `Σ Cᵢ / (s + λᵢ)`, vanishes at minus the rates back; the poles are those of the
    /// compartments. Source: Gibaldi and Perrier (1982), Pharmacokinetics, 2nd ed., chapter 2 and appendix B.
    private mutating func exponentials(_ l: [NodeID], _ c: [NodeID]) -> Rates {
        let total = c.dropFirst().reduce(c[0]) { plus($0, $1) }
        let volume = graph.apply(.reciprocal, total)
        if l.count == 1 { return Rates(elimination: l[0], peripherals: [], volume: volume) }
        if l.count == 2 {
            let back = divide(plus(times(c[0], l[1]), times(c[1], l[0])), total)
            return hybrid(l[0], l[1], back, volume)
        }
        // The two zeros are the roots of s² − (sum) s + (product).
        let sum = divide(
            plus(
                plus(times(c[0], plus(l[1], l[2])), times(c[1], plus(l[0], l[2]))), times(c[2], plus(l[0], l[1]))),
            total)
        let product = divide(
            plus(
                plus(times(c[0], times(l[1], l[2])), times(c[1], times(l[0], l[2]))),
                times(c[2], times(l[0], l[1]))), total)
        let four = graph.constant(4)
        let root = graph.apply(.squareRoot, minus(times(sum, sum), times(four, product)))
        let half = graph.constant(0.5)
        let k21 = times(half, plus(sum, root))
        let k31 = times(half, minus(sum, root))
        let all = plus(plus(l[0], l[1]), l[2])
        let products = plus(plus(times(l[0], l[1]), times(l[0], l[2])), times(l[1], l[2]))
        let elimination = divide(times(times(l[0], l[1]), l[2]), times(k21, k31))
        let numerator = plus(
            minus(minus(products, times(k21, all)), times(elimination, k31)), times(k21, k21))
        let k12 = divide(numerator, minus(k31, k21))
        let k13 = minus(minus(all, plus(elimination, k12)), plus(k21, k31))
        return Rates(elimination: elimination, peripherals: [(k12, k21), (k13, k31)], volume: volume)
    }

    private mutating func plus(_ a: NodeID, _ b: NodeID) -> NodeID { graph.apply(.add, a, b) }
    private mutating func minus(_ a: NodeID, _ b: NodeID) -> NodeID { graph.apply(.subtract, a, b) }
    private mutating func times(_ a: NodeID, _ b: NodeID) -> NodeID { graph.apply(.multiply, a, b) }
    private mutating func divide(_ a: NodeID, _ b: NodeID) -> NodeID { graph.apply(.divide, a, b) }
}

extension LinearParameters {
    /// Every name that gives a parameter.
    var names: [String] {
        let own: [String] =
            switch kind {
            case .clearances(let elimination, let pairs), .rates(let elimination, let pairs):
                [elimination] + pairs.flatMap { [$0.first, $0.second] }
            case .steadyStateVolume(let elimination, let distribution, let volume): [elimination, distribution, volume]
            case .ratio(let alpha, let beta, let ratio): [alpha, beta, ratio]
            case .hybrid(let alpha, let beta, let back): [alpha, beta, back]
            case .exponentials(let first, let alpha, let more):
                [first, alpha].compactMap { $0 } + more.flatMap { [$0.first, $0.second] }
            }
        return own + [volume, absorption].compactMap { $0 }
    }
}
