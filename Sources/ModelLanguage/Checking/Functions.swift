/// A function of the language: how many arguments it takes, and the graph it stands for.
struct LanguageFunction: Sendable {
    var name: String
    var arguments: ClosedRange<Int>
    var build: @Sendable (inout ExpressionGraph, [NodeID]) -> NodeID

    init(
        _ name: String, _ arguments: ClosedRange<Int>,
        _ build: @escaping @Sendable (inout ExpressionGraph, [NodeID]) -> NodeID
    ) {
        self.name = name
        self.arguments = arguments
        self.build = build
    }

    /// A function that is one operation.
    init(_ name: String, _ operation: Operation) {
        self.init(name, operation.arity...operation.arity) { graph, x in
            graph.apply(operation, x[0], x.count > 1 ? x[1] : nil, x.count > 2 ? x[2] : nil)
        }
    }
}

extension LanguageFunction {
    /// Every function of the language by name. A new one is one line here.
    static let all: [String: LanguageFunction] = {
        let functions: [LanguageFunction] = [
            .init("exp", .exp), .init("expm1", .expm1), .init("log1p", .log1p), .init("log10", .log10),
            .init("log2", .log2), .init("ln", .log), .init("sqrt", .squareRoot), .init("abs", .absolute),
            .init("fabs", .absolute), .init("sin", .sin), .init("cos", .cos), .init("tan", .tan), .init("asin", .asin),
            .init("acos", .acos), .init("atan", .atan), .init("atan2", .atan2), .init("sinh", .sinh),
            .init("cosh", .cosh), .init("tanh", .tanh), .init("gamma", .gamma), .init("lgamma", .lgamma),
            .init("gammaln", .lgamma), .init("floor", .floor), .init("ceiling", .ceiling), .init("ceil", .ceiling),
            .init("is.na", .isMissing), .init("pnorm", .normalCDF), .init("phi", .normalCDF), .init("pow", .power),
            .init("R_pow", .power), .init("ifelse", .select),
            .init("log", 1...2) { graph, x in
                let numerator = graph.apply(.log, x[0])
                return x.count == 1 ? numerator : graph.apply(.divide, numerator, graph.apply(.log, x[1]))
            },
            .init("round", 1...2) { graph, x in
                guard x.count == 2 else { return graph.apply(.round, x[0]) }
                let scale = graph.apply(.power, graph.constant(10), x[1])
                return graph.apply(.divide, graph.apply(.round, graph.apply(.multiply, x[0], scale)), scale)
            },
            .init("trunc", 1...1) { graph, x in
                let positive = graph.apply(.lessOrEqual, graph.constant(0), x[0])
                return graph.apply(.select, positive, graph.apply(.floor, x[0]), graph.apply(.ceiling, x[0]))
            },
            .init("expit", 1...3) { graph, x in expit(&graph, x) },
            .init("invlogit", 1...3) { graph, x in expit(&graph, x) },
            .init("logit", 1...3) { graph, x in logit(&graph, x) },
            .init("max", 1...64) { graph, x in x.dropFirst().reduce(x[0]) { graph.apply(.maximum, $0, $1) } },
            .init("min", 1...64) { graph, x in x.dropFirst().reduce(x[0]) { graph.apply(.minimum, $0, $1) } },
        ]
        return Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    /// `low + (high − low) / (1 + exp(−x))`
    private static func expit(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        let one = graph.constant(1)
        let logistic = graph.apply(
            .divide, one, graph.apply(.add, one, graph.apply(.exp, graph.apply(.negate, x[0]))))
        guard x.count > 1 else { return logistic }
        let high = x.count > 2 ? x[2] : one
        return graph.apply(.add, x[1], graph.apply(.multiply, graph.apply(.subtract, high, x[1]), logistic))
    }

    /// `log(p / (1 − p))` with `p = (x − low) / (high − low)`
    private static func logit(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        let one = graph.constant(1)
        var p = x[0]
        if x.count > 1 {
            let high = x.count > 2 ? x[2] : one
            p = graph.apply(.divide, graph.apply(.subtract, p, x[1]), graph.apply(.subtract, high, x[1]))
        }
        return graph.apply(.log, graph.apply(.divide, p, graph.apply(.subtract, one, p)))
    }
}

/// What the language has and this version does not: refused by name, never skipped.
let unsupportedFunctions: Set<String> = [
    "rxnorm", "rxunif", "rxbinom", "rxpois", "rnorm", "runif", "probit", "erf", "lag", "lead", "diff", "first", "last",
]
