/// Derivatives of the gamma function's logarithm, unregularised incomplete gamma functions, and inverse hyperbolic ones.
extension LanguageFunction {
    static let special: [LanguageFunction] = [
        .init("digamma", 1...1) { graph, x in graph.apply(.polygamma, graph.constant(0), x[0]) },
        .init("trigamma", 1...1) { graph, x in graph.apply(.polygamma, graph.constant(1), x[0]) },
        .init("tetragamma", 1...1) { graph, x in graph.apply(.polygamma, graph.constant(2), x[0]) },
        .init("pentagamma", 1...1) { graph, x in graph.apply(.polygamma, graph.constant(3), x[0]) },
        .init("psigamma", 1...2) { graph, x in
            graph.apply(.polygamma, x.count > 1 ? x[1] : graph.constant(0), x[0])
        },
        .init("polygamma", .polygamma), .init("loggamma", .lgamma),
        .init("lowergamma", 2...2) { graph, x in
            graph.apply(.multiply, graph.apply(.gammaP, x[0], x[1]), graph.apply(.gamma, x[0]))
        },
        .init("uppergamma", 2...2) { graph, x in
            graph.apply(.multiply, graph.apply(.gammaQ, x[0], x[1]), graph.apply(.gamma, x[0]))
        },
        .init("asinh", 1...1) { graph, x in inverseSinh(&graph, x[0]) },
        .init("acosh", 1...1) { graph, x in inverseCosh(&graph, x[0]) },
        .init("atanh", 1...1) { graph, x in inverseTanh(&graph, x[0]) },
        .init("logspace_add", 2...2) { graph, x in
            let greater = graph.apply(.maximum, x[0], x[1])
            let distance = graph.apply(.absolute, graph.apply(.subtract, x[0], x[1]))
            let rest = graph.apply(.log1p, graph.apply(.exp, graph.apply(.negate, distance)))
            return graph.apply(.add, greater, rest)
        },
    ]

    /// `ln(x + √(x² + 1))` as `± ln(1 + |x| + |x| / (1/|x| + √(1/x² + 1)))`: every digit near 0, and no overflow far out.
    private static func inverseSinh(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        let (one, size) = (graph.constant(1), graph.apply(.absolute, x))
        let inverse = graph.apply(.divide, one, size)
        let root = graph.apply(.squareRoot, graph.apply(.add, graph.apply(.multiply, inverse, inverse), one))
        let beyond = graph.apply(.divide, size, graph.apply(.add, inverse, root))
        let value = graph.apply(.log1p, graph.apply(.add, size, beyond))
        return graph.apply(
            .select, graph.apply(.less, x, graph.constant(0)), graph.apply(.negate, value), value)
    }

    /// `ln(x + √(x² − 1))` as `ln(1 + d + √(d (x + 1)))` with `d = x − 1`: every digit near 1.
    private static func inverseCosh(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        let one = graph.constant(1)
        let d = graph.apply(.subtract, x, one)
        // Two roots, since the product would overflow.
        let root = graph.apply(
            .multiply, graph.apply(.squareRoot, d), graph.apply(.squareRoot, graph.apply(.add, x, one)))
        return graph.apply(.log1p, graph.apply(.add, d, root))
    }

    /// `½ ln((1 + x) / (1 − x))` as `½ (ln(1 + x) − ln(1 − x))`.
    private static func inverseTanh(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        let difference = graph.apply(
            .subtract, graph.apply(.log1p, x), graph.apply(.log1p, graph.apply(.negate, x)))
        return graph.apply(.multiply, graph.constant(0.5), difference)
    }
}
