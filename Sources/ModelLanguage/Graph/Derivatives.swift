/// Exact derivatives of a graph's values with respect to one state, or to time, as nodes of the same graph.
///
/// The rules are those of calculus; steps (`floor`, comparisons) count as flat, a choice has the derivative of the side
/// chosen, and the incomplete gamma functions by their shape, which no published right-hand side lets depend on a state,
/// count as flat too.
package struct Derivatives {
    /// What to differentiate by.
    package enum Variable: Sendable, Hashable {
        case state(Int)
        case time
    }

    private let variable: Variable
    private var known: [NodeID: NodeID?] = [:]

    package init(by variable: Variable) { self.variable = variable }

    /// The derivative of a value; nil for 0.
    ///
    /// Operands stand before their users, so the values below are visited in the order of the graph and nothing recurses.
    package mutating func derivative(of root: NodeID, in graph: inout ExpressionGraph) -> NodeID? {
        for id in graph.slice(below: [root]) where known[id] == nil {
            let derived = derive(id, &graph).flatMap { graph.constant($0) == 0 ? nil : $0 }
            known[id] = .some(derived)
        }
        return known[root] ?? nil
    }

    private func derive(_ id: NodeID, _ graph: inout ExpressionGraph) -> NodeID? {
        guard graph.variability(of: id) == .dynamic else { return nil }
        let node = graph[id]
        switch (node.operation, variable) {
        case (.state, .state(let slot)): return Int(node.a) == slot ? graph.constant(1) : nil
        case (.time, .time): return graph.constant(1)
        default: break
        }
        let x = node.operands.map { NodeID(index: $0) }
        let d = x.map { known[$0] ?? nil }
        switch x.count {
        case 1: return d[0].flatMap { slope(node.operation, x[0], id, &graph, times: $0) }
        case 2: return pair(node.operation, x, d, id, &graph)
        case 3: return choose(x[0], d[1], d[2], &graph)
        default: return nil
        }
    }

    /// `f'(x) dx` for a function of one value; `y` is `f(x)` itself.
    private func slope(
        _ operation: Operation, _ x: NodeID, _ y: NodeID, _ g: inout ExpressionGraph, times dx: NodeID
    ) -> NodeID? {
        let one = g.constant(1)
        func times(_ a: NodeID) -> NodeID { g.apply(.multiply, a, dx) }
        func over(_ a: NodeID) -> NodeID { g.apply(.divide, dx, a) }
        func square(_ a: NodeID) -> NodeID { g.apply(.multiply, a, a) }
        switch operation {
        case .copy: return dx
        case .negate: return g.apply(.negate, dx)
        case .absolute: return g.apply(.select, g.apply(.less, x, g.constant(0)), g.apply(.negate, dx), dx)
        case .squareRoot: return over(g.apply(.multiply, g.constant(2), y))
        case .reciprocal: return g.apply(.negate, times(square(y)))
        case .exp: return times(y)
        case .expm1: return times(g.apply(.add, y, one))
        // Protected: constant for what is not positive.
        case .log: return g.apply(.select, g.apply(.less, g.constant(0), x), over(x), g.constant(0))
        case .log1p: return over(g.apply(.add, one, x))
        case .log10: return over(g.apply(.multiply, x, g.constant(2.302585092994046)))
        case .log2: return over(g.apply(.multiply, x, g.constant(0.6931471805599453)))
        case .sin: return times(g.apply(.cos, x))
        case .cos: return g.apply(.negate, times(g.apply(.sin, x)))
        case .tan: return times(g.apply(.add, one, square(y)))
        case .asin: return over(g.apply(.squareRoot, g.apply(.subtract, one, square(x))))
        case .acos: return g.apply(.negate, over(g.apply(.squareRoot, g.apply(.subtract, one, square(x)))))
        case .atan: return over(g.apply(.add, one, square(x)))
        case .gamma: return times(g.apply(.multiply, y, g.apply(.polygamma, g.constant(0), x)))
        case .lgamma: return times(g.apply(.polygamma, g.constant(0), x))
        case .sinh: return times(g.apply(.cosh, x))
        case .cosh: return times(g.apply(.sinh, x))
        case .tanh: return times(g.apply(.subtract, one, square(y)))
        case .normalCDF:
            let density = g.apply(.exp, g.apply(.multiply, g.constant(-0.5), square(x)))
            return times(g.apply(.multiply, g.constant(0.3989422804014327), density))
        case .normalQuantile:
            let inverse = g.apply(.exp, g.apply(.multiply, g.constant(0.5), square(y)))
            return times(g.apply(.multiply, g.constant(2.5066282746310002), inverse))
        case .erf, .erfc:
            let density = g.apply(.exp, g.apply(.negate, square(x)))
            let factor = operation == .erf ? 1.1283791670955126 : -1.1283791670955126
            return times(g.apply(.multiply, g.constant(factor), density))
        default: return nil
        }
    }

    private func pair(
        _ operation: Operation, _ x: [NodeID], _ d: [NodeID?], _ y: NodeID, _ g: inout ExpressionGraph
    ) -> NodeID? {
        func times(_ a: NodeID?, _ b: NodeID) -> NodeID? { a.map { g.apply(.multiply, $0, b) } }
        func sum(_ a: NodeID?, _ b: NodeID?) -> NodeID? {
            if let a, let b { return g.apply(.add, a, b) }
            return a ?? b
        }
        func negated(_ a: NodeID?) -> NodeID? { a.map { g.apply(.negate, $0) } }
        switch operation {
        case .add: return sum(d[0], d[1])
        case .subtract: return sum(d[0], negated(d[1]))
        case .multiply: return sum(times(d[0], x[1]), times(d[1], x[0]))
        case .divide: return sum(d[0], negated(times(d[1], y))).map { g.apply(.divide, $0, x[1]) }
        case .power:
            let lowered = g.apply(.power, x[0], g.apply(.subtract, x[1], g.constant(1)))
            let byBase = times(d[0], g.apply(.multiply, x[1], lowered))
            return sum(byBase, times(d[1], g.apply(.multiply, y, g.apply(.log, x[0]))))
        case .remainder:
            let whole = g.apply(.floor, g.apply(.divide, x[0], x[1]))
            return sum(d[0], negated(times(d[1], whole)))
        case .minimum: return choose(g.apply(.less, x[0], x[1]), d[0], d[1], &g)
        case .maximum: return choose(g.apply(.less, x[1], x[0]), d[0], d[1], &g)
        case .atan2:
            let radius = g.apply(.add, g.apply(.multiply, x[0], x[0]), g.apply(.multiply, x[1], x[1]))
            return sum(times(d[0], x[1]), negated(times(d[1], x[0]))).map { g.apply(.divide, $0, radius) }
        case .polygamma: return times(d[1], g.apply(.polygamma, g.apply(.add, x[0], g.constant(1)), x[1]))
        case .gammaP: return times(d[1], gammaDensity(x[0], x[1], &g))
        case .gammaQ: return negated(times(d[1], gammaDensity(x[0], x[1], &g)))
        default: return nil
        }
    }

    /// The density of the gamma distribution of shape `a`: e^((a − 1) ln x − x − ln Γ(a)).
    private func gammaDensity(_ a: NodeID, _ x: NodeID, _ g: inout ExpressionGraph) -> NodeID {
        let power = g.apply(.multiply, g.apply(.subtract, a, g.constant(1)), g.apply(.log, x))
        return g.apply(.exp, g.apply(.subtract, g.apply(.subtract, power, x), g.apply(.lgamma, a)))
    }

    private func choose(_ condition: NodeID, _ a: NodeID?, _ b: NodeID?, _ g: inout ExpressionGraph) -> NodeID? {
        guard a != nil || b != nil else { return nil }
        let zero = g.constant(0)
        return g.apply(.select, condition, a ?? zero, b ?? zero)
    }
}
