/// Functions of the normal and logistic distributions, and the smooth steps of neural networks.
extension LanguageFunction {
    static let distributions: [LanguageFunction] = [
        .init("expit", 1...3) { graph, x in expit(&graph, x) },
        .init("invlogit", 1...3) { graph, x in expit(&graph, x) },
        .init("invLogit", 1...3) { graph, x in expit(&graph, x) },
        .init("logitInv", 1...3) { graph, x in expit(&graph, x) },
        .init("logit", 1...3) { graph, x in logit(&graph, x) },
        .init("pnorm", 1...3) { graph, x in graph.apply(.normalCDF, standardised(&graph, x)) },
        .init("normcdf", 1...3) { graph, x in graph.apply(.normalCDF, standardised(&graph, x)) },
        .init("phi", 1...1) { graph, x in graph.apply(.normalCDF, x[0]) },
        .init("qnorm", 1...3) { graph, x in normalQuantile(&graph, x) },
        .init("norminv", 1...3) { graph, x in normalQuantile(&graph, x) },
        .init("dnorm", 1...3) { graph, x in normalDensity(&graph, x) },
        .init("probit", 1...3) { graph, x in graph.apply(.normalQuantile, fraction(&graph, x)) },
        .init("probitInv", 1...3) { graph, x in between(&graph, x, graph.apply(.normalCDF, x[0])) },
        .init("gammapDer", 2...2) { graph, x in gammaDensity(&graph, x[0], x[1]) },
    ]

    /// `low + (high − low) / (1 + exp(−x))`
    private static func expit(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        between(&graph, x, logistic(&graph, x[0]))
    }

    /// `log(p / (1 − p))` with `p = (x − low) / (high − low)`
    private static func logit(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        let p = fraction(&graph, x)
        return graph.apply(.log, graph.apply(.divide, p, graph.apply(.subtract, graph.constant(1), p)))
    }

    private static func logistic(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        let one = graph.constant(1)
        return graph.apply(.divide, one, graph.apply(.add, one, graph.apply(.exp, graph.apply(.negate, x))))
    }

    /// `low + (high − low) p`, with the bounds behind the first argument; p itself without bounds.
    private static func between(_ graph: inout ExpressionGraph, _ x: [NodeID], _ p: NodeID) -> NodeID {
        guard x.count > 1 else { return p }
        let high = x.count > 2 ? x[2] : graph.constant(1)
        return graph.apply(.add, x[1], graph.apply(.multiply, graph.apply(.subtract, high, x[1]), p))
    }

    /// `(x − low) / (high − low)`
    private static func fraction(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        guard x.count > 1 else { return x[0] }
        let high = x.count > 2 ? x[2] : graph.constant(1)
        return graph.apply(.divide, graph.apply(.subtract, x[0], x[1]), graph.apply(.subtract, high, x[1]))
    }

    /// `(x − mean) / sd`, both optional.
    private static func standardised(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        let centred = x.count > 1 ? graph.apply(.subtract, x[0], x[1]) : x[0]
        return x.count > 2 ? graph.apply(.divide, centred, x[2]) : centred
    }

    private static func normalQuantile(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        let z = graph.apply(.normalQuantile, x[0])
        let scaled = x.count > 2 ? graph.apply(.multiply, x[2], z) : z
        return x.count > 1 ? graph.apply(.add, x[1], scaled) : scaled
    }

    private static func normalDensity(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        let z = standardised(&graph, x)
        let exponent = graph.apply(.multiply, graph.constant(-0.5), graph.apply(.multiply, z, z))
        let height = graph.constant(1 / (2 * Double.pi).squareRoot())
        let density = graph.apply(.multiply, height, graph.apply(.exp, exponent))
        return x.count > 2 ? graph.apply(.divide, density, x[2]) : density
    }

    /// The derivative of `gammap(a, z)` in z: `z^(a − 1) e^(−z) / Γ(a)`.
    private static func gammaDensity(_ graph: inout ExpressionGraph, _ a: NodeID, _ z: NodeID) -> NodeID {
        let power = graph.apply(
            .multiply, graph.apply(.subtract, a, graph.constant(1)), graph.apply(.log, z))
        return graph.apply(
            .exp, graph.apply(.subtract, graph.apply(.subtract, power, z), graph.apply(.lgamma, a)))
    }

    // MARK: Neural networks

    static let activations: [LanguageFunction] = [
        .init("ReLU", 1...1) { graph, x in graph.apply(.maximum, x[0], graph.constant(0)) },
        .init("lReLU", 1...1) { graph, x in leaky(&graph, x[0], graph.constant(0.01)) },
        .init("PReLU", 2...2) { graph, x in leaky(&graph, x[0], x[1]) },
        .init("ELU", 2...2) { graph, x in exponentialLinear(&graph, x[0], x[1]) },
        .init("SELU", 1...1) { graph, x in
            // Klambauer et al. (2017), Self-normalizing neural networks, equation 14.
            let unit = exponentialLinear(&graph, x[0], graph.constant(1.6732632423543772848170429916717))
            return graph.apply(.multiply, graph.constant(1.0507009873554804934193349852946), unit)
        },
        .init("GELU", 1...1) { graph, x in graph.apply(.multiply, x[0], graph.apply(.normalCDF, x[0])) },
        .init("Swish", 1...1) { graph, x in graph.apply(.multiply, x[0], logistic(&graph, x[0])) },
        .init("softplus", 1...1) { graph, x in softplus(&graph, x[0]) },
        .init("dReLU", 1...1) { graph, x in graph.apply(.less, graph.constant(0), x[0]) },
        .init("dlReLU", 1...1) { graph, x in stepped(&graph, x[0], graph.constant(0.01)) },
        .init("dPReLU", 2...2) { graph, x in stepped(&graph, x[0], x[1]) },
        .init("dELU", 2...2) { graph, x in stepped(&graph, x[0], scaledExp(&graph, x[0], x[1])) },
        .init("dSELU", 1...1) { graph, x in
            let below = scaledExp(&graph, x[0], graph.constant(1.6732632423543772848170429916717))
            let slope = stepped(&graph, x[0], below)
            return graph.apply(.multiply, graph.constant(1.0507009873554804934193349852946), slope)
        },
        .init("dGELU", 1...1) { graph, x in
            let density = normalDensity(&graph, [x[0]])
            return graph.apply(.add, graph.apply(.normalCDF, x[0]), graph.apply(.multiply, x[0], density))
        },
        .init("dSwish", 1...1) { graph, x in
            let p = logistic(&graph, x[0])
            let rest = graph.apply(.subtract, graph.constant(1), p)
            let bend = graph.apply(.multiply, graph.apply(.multiply, x[0], p), rest)
            return graph.apply(.add, p, bend)
        },
        .init("dsoftplus", 1...1) { graph, x in logistic(&graph, x[0]) },
    ]

    /// 1 where x is positive, else another slope.
    private static func stepped(_ graph: inout ExpressionGraph, _ x: NodeID, _ below: NodeID) -> NodeID {
        graph.apply(.select, graph.apply(.less, graph.constant(0), x), graph.constant(1), below)
    }

    /// `a eˣ`
    private static func scaledExp(_ graph: inout ExpressionGraph, _ x: NodeID, _ a: NodeID) -> NodeID {
        graph.apply(.multiply, a, graph.apply(.exp, x))
    }

    /// x where positive, else x times a slope.
    private static func leaky(_ graph: inout ExpressionGraph, _ x: NodeID, _ slope: NodeID) -> NodeID {
        let isPositive = graph.apply(.lessOrEqual, graph.constant(0), x)
        return graph.apply(.select, isPositive, x, graph.apply(.multiply, slope, x))
    }

    /// x where positive, else `a (eˣ − 1)`.
    private static func exponentialLinear(_ graph: inout ExpressionGraph, _ x: NodeID, _ a: NodeID) -> NodeID {
        let isPositive = graph.apply(.less, graph.constant(0), x)
        return graph.apply(.select, isPositive, x, graph.apply(.multiply, a, graph.apply(.expm1, x)))
    }
}
