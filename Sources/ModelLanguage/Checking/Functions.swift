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
        let functions = operations + arithmetic + distributions + activations + special
        return Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    private static let operations: [LanguageFunction] = [
        .init("exp", .exp), .init("expm1", .expm1), .init("log1p", .log1p), .init("log10", .log10),
        .init("log2", .log2), .init("ln", .log), .init("sqrt", .squareRoot), .init("abs", .absolute),
        .init("fabs", .absolute), .init("sin", .sin), .init("cos", .cos), .init("tan", .tan), .init("asin", .asin),
        .init("acos", .acos), .init("atan", .atan), .init("atan2", .atan2), .init("sinh", .sinh),
        .init("cosh", .cosh), .init("tanh", .tanh), .init("gamma", .gamma), .init("gammafn", .gamma),
        .init("lgamma", .lgamma), .init("gammaln", .lgamma), .init("lgammafn", .lgamma), .init("floor", .floor),
        .init("ceiling", .ceiling), .init("ceil", .ceiling), .init("is.na", .isMissing), .init("is.nan", .isMissing),
        .init("pow", .power), .init("R_pow", .power), .init("R_pow_di", .power), .init("ifelse", .select),
        .init("erf", .erf), .init("erfc", .erfc), .init("gammap", .gammaP), .init("gammaq", .gammaQ),
    ]

    private static let arithmetic: [LanguageFunction] = [
        .init("log", 1...2) { graph, x in
            let numerator = graph.apply(.log, x[0])
            return x.count == 1 ? numerator : graph.apply(.divide, numerator, graph.apply(.log, x[1]))
        },
        .init("round", 1...2) { graph, x in rounded(&graph, x) },
        .init("fround", 2...2) { graph, x in rounded(&graph, x) },
        .init("trunc", 1...1) { graph, x in truncated(&graph, x[0]) },
        .init("ftrunc", 1...1) { graph, x in truncated(&graph, x[0]) },
        .init("max", 1...64) { graph, x in x.dropFirst().reduce(x[0]) { graph.apply(.maximum, $0, $1) } },
        .init("min", 1...64) { graph, x in x.dropFirst().reduce(x[0]) { graph.apply(.minimum, $0, $1) } },
        .init("fmax", 2...2) { graph, x in graph.apply(.maximum, x[0], x[1]) },
        .init("fmin", 2...2) { graph, x in graph.apply(.minimum, x[0], x[1]) },
        .init("sum", 1...64) { graph, x in x.dropFirst().reduce(x[0]) { graph.apply(.add, $0, $1) } },
        .init("prod", 1...64) { graph, x in x.dropFirst().reduce(x[0]) { graph.apply(.multiply, $0, $1) } },
        .init("sign", 1...1) { graph, x in
            let zero = graph.constant(0)
            return graph.apply(.subtract, graph.apply(.less, zero, x[0]), graph.apply(.less, x[0], zero))
        },
        .init("fsign", 2...2) { graph, x in
            let size = graph.apply(.absolute, x[0])
            return graph.apply(
                .select, graph.apply(.less, x[1], graph.constant(0)), graph.apply(.negate, size), size)
        },
        .init("factorial", 1...1) { graph, x in graph.apply(.gamma, next(&graph, x[0])) },
        .init("lfactorial", 1...1) { graph, x in graph.apply(.lgamma, next(&graph, x[0])) },
        .init("lgamma1p", 1...1) { graph, x in graph.apply(.lgamma, next(&graph, x[0])) },
        .init("lbeta", 2...2) { graph, x in logBeta(&graph, x[0], x[1]) },
        .init("beta", 2...2) { graph, x in graph.apply(.exp, logBeta(&graph, x[0], x[1])) },
        .init("lchoose", 2...2) { graph, x in logChoose(&graph, x[0], x[1]) },
        .init("choose", 2...2) { graph, x in graph.apply(.exp, logChoose(&graph, x[0], x[1])) },
        .init("log1pmx", 1...1) { graph, x in graph.apply(.subtract, graph.apply(.log1p, x[0]), x[0]) },
        .init("log1pexp", 1...1) { graph, x in softplus(&graph, x[0]) },
        .init("cospi", 1...1) { graph, x in graph.apply(.cos, timesPi(&graph, x[0])) },
        .init("sinpi", 1...1) { graph, x in graph.apply(.sin, timesPi(&graph, x[0])) },
        .init("tanpi", 1...1) { graph, x in graph.apply(.tan, timesPi(&graph, x[0])) },
        .init("is.infinite", 1...1) { graph, x in
            graph.apply(.equal, graph.apply(.absolute, x[0]), graph.constant(.infinity))
        },
        .init("is.finite", 1...1) { graph, x in
            graph.apply(.less, graph.apply(.absolute, x[0]), graph.constant(.infinity))
        },
    ]

    /// `round(x, digits)`: to even in halves, as R rounds.
    private static func rounded(_ graph: inout ExpressionGraph, _ x: [NodeID]) -> NodeID {
        guard x.count == 2 else { return graph.apply(.round, x[0]) }
        let scale = graph.apply(.power, graph.constant(10), x[1])
        return graph.apply(.divide, graph.apply(.round, graph.apply(.multiply, x[0], scale)), scale)
    }

    private static func truncated(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        let isPositive = graph.apply(.lessOrEqual, graph.constant(0), x)
        return graph.apply(.select, isPositive, graph.apply(.floor, x), graph.apply(.ceiling, x))
    }

    private static func next(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        graph.apply(.add, x, graph.constant(1))
    }

    private static func timesPi(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        graph.apply(.multiply, graph.constant(.pi), x)
    }

    /// `ln Γ(a) + ln Γ(b) − ln Γ(a + b)`
    private static func logBeta(_ graph: inout ExpressionGraph, _ a: NodeID, _ b: NodeID) -> NodeID {
        let sum = graph.apply(.add, graph.apply(.lgamma, a), graph.apply(.lgamma, b))
        return graph.apply(.subtract, sum, graph.apply(.lgamma, graph.apply(.add, a, b)))
    }

    /// `ln n! − ln k! − ln (n − k)!`
    private static func logChoose(_ graph: inout ExpressionGraph, _ n: NodeID, _ k: NodeID) -> NodeID {
        let rest = next(&graph, graph.apply(.subtract, n, k))
        let all = graph.apply(.lgamma, next(&graph, n))
        let chosen = graph.apply(.lgamma, next(&graph, k))
        return graph.apply(.subtract, graph.apply(.subtract, all, chosen), graph.apply(.lgamma, rest))
    }

    /// `ln(1 + eˣ)`, without overflow for large x.
    static func softplus(_ graph: inout ExpressionGraph, _ x: NodeID) -> NodeID {
        let positive = graph.apply(.maximum, x, graph.constant(0))
        let distance = graph.apply(.negate, graph.apply(.absolute, x))
        return graph.apply(.add, positive, graph.apply(.log1p, graph.apply(.exp, distance)))
    }
}
