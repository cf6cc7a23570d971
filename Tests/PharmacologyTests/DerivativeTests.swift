import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Random expressions over three states and the time, and their values by the operations themselves: a second route that
/// no lane program takes.
struct RandomExpressions {
    var graph = ExpressionGraph()
    var choices: Choices

    /// Operations of the states that are smooth where they are defined, and those with steps and bends.
    static let smooth: [ModelLanguage.Operation] = [
        .copy, .negate, .squareRoot, .reciprocal, .exp, .expm1, .log, .log1p, .log10, .log2, .sin, .cos, .tan, .asin,
        .acos, .atan, .sinh, .cosh, .tanh, .normalCDF, .normalQuantile, .erf, .erfc, .add, .subtract, .multiply,
        .divide, .power, .atan2, .gammaP, .gammaQ, .gamma, .lgamma, .polygamma,
    ]
    static let stepped: [ModelLanguage.Operation] = [
        .absolute, .floor, .ceiling, .round, .not, .isMissing, .remainder, .minimum, .maximum, .less, .lessOrEqual,
        .equal, .notEqual, .and, .or, .select,
    ]
    static let leaves: [ModelLanguage.Operation] = [.constant, .input, .state, .time, .delayed, .held]

    init(seed: UInt64) { choices = Choices(seed: seed) }

    mutating func leaf() -> NodeID {
        switch choices.below(6) {
        case 0: graph.constant(choices.number(0.1...2.5))
        case 1: graph.input(0)
        case 2: graph.time()
        default: graph.state(choices.below(3))
        }
    }

    /// An expression whose topmost operation is `operation`, over leaves and small expressions.
    mutating func expression(_ operation: ModelLanguage.Operation, depth: Int) -> NodeID {
        var operands = (0..<operation.arity).map { _ in
            if depth == 0 || choices.below(3) == 0 { return leaf() }
            return expression(choices.pick(Self.smooth + Self.stepped), depth: depth - 1)
        }
        switch operation {
        // Arguments of these must lie between −1 and 1, or 0 and 1.
        case .asin, .acos: operands[0] = graph.apply(.tanh, operands[0])
        // Protected arithmetic is flat below 0, where the rules are not.
        case .log, .log2, .log10:
            operands[0] = graph.apply(.add, graph.apply(.absolute, operands[0]), graph.constant(0.1))
        case .normalQuantile: operands[0] = graph.apply(.normalCDF, operands[0])
        // Below 0 their poles stand close together.
        case .gamma, .lgamma:
            operands[0] = graph.apply(.add, graph.apply(.absolute, operands[0]), graph.constant(0.1))
        case .polygamma:
            operands[0] = graph.constant(Double(choices.below(4)))
            operands[1] = graph.apply(.add, graph.apply(.absolute, operands[1]), graph.constant(0.1))
        // The derivative by the shape is left out by the rules.
        case .gammaP, .gammaQ: operands[0] = graph.constant(choices.number(0.3...6))
        default: break
        }
        return graph.apply(
            operation, operands[0], operands.count > 1 ? operands[1] : nil, operands.count > 2 ? operands[2] : nil)
    }

    /// The value of a node where the states, the input and the time have values; NaN is NaN.
    func value(of root: NodeID, states: [Double], input: Double, time: Double) -> Double {
        var values: [NodeID: Double] = [:]
        for id in graph.slice(below: [root]) {
            let node = graph[id]
            switch node.operation {
            case .constant: values[id] = Double(bitPattern: node.bits)
            case .input: values[id] = input
            case .state: values[id] = states[Int(node.a)]
            case .time: values[id] = time
            default:
                let x = node.operands.map { values[NodeID(index: $0)] ?? .nan } + [0, 0]
                values[id] = node.operation.value(x[0], x[1], x.count > 4 ? x[2] : 0)
            }
        }
        return values[root] ?? .nan
    }
}

/// Backed by finite differences, which know nothing of the rules.
@Suite("Derivatives of expressions")
struct DerivativeTests {
    typealias Expressions = RandomExpressions

    @Test("Every operation belongs to one kind")
    func kinds() {
        // Those that programs alone hold are put together after all derivatives have been taken.
        let fused: [ModelLanguage.Operation] = [.multiplyAdd, .multiplySubtract, .subtractProduct]
        let all = Expressions.smooth + Expressions.stepped + Expressions.leaves + fused
        #expect(Set(all) == Set(ModelLanguage.Operation.allCases))
        #expect(all.count == ModelLanguage.Operation.allCases.count)
    }

    /// A central difference of fourth order, and how far two step sizes disagree about it.
    private func difference(_ f: (Double) -> Double, at x: Double) -> (slope: Double, doubt: Double) {
        func slope(_ h: Double) -> Double {
            (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
        }
        let h = 1e-3 * max(abs(x), 0.1)
        return (slope(h / 4), abs(slope(h) - slope(h / 4)))
    }

    @Test("Symbolic derivatives agree with finite differences, whatever the operations")
    func againstDifferences() {
        var compared = 0
        var byOperation: [ModelLanguage.Operation: Int] = [:]
        for (number, operation) in (Expressions.smooth + Expressions.stepped).enumerated() {
            for seed in 0..<60 {
                var random = Expressions(seed: UInt64(1000 * number + seed))
                let root = random.expression(operation, depth: seed % 3)
                let states = (0..<3).map { _ in random.choices.number(0.2...1.7) }
                let (input, time) = (random.choices.number(0.2...2), random.choices.number(0.1...3))
                var variables = (0..<3).map { Derivatives.Variable.state($0) } + [.time]
                for (index, variable) in variables.enumerated() {
                    var derivatives = Derivatives(by: variable)
                    let slope = derivatives.derivative(of: root, in: &random.graph)
                    let symbolic = slope.map { random.value(of: $0, states: states, input: input, time: time) } ?? 0
                    func moved(_ x: Double) -> Double {
                        var states = states
                        if index < 3 { states[index] = x }
                        return random.value(of: root, states: states, input: input, time: index < 3 ? time : x)
                    }
                    let (numeric, doubt) = difference(moved, at: index < 3 ? states[index] : time)
                    // Where differences do not settle (a step, a pole, an overflow) they say nothing, nor do those of a
                    // value in which the move is lost.
                    guard abs(moved(index < 3 ? states[index] : time)) < 1e8 else { continue }
                    guard numeric.isFinite, abs(numeric) < 1e6, doubt < 1e-6 * (1 + abs(numeric)) else { continue }
                    #expect(
                        abs(symbolic - numeric) < 1e-5 * (1 + abs(numeric)),
                        "\(operation), seed \(seed), by \(variable): \(symbolic), differences \(numeric)")
                    compared += 1
                    if numeric != 0 { byOperation[operation, default: 0] += 1 }
                }
                variables.removeAll()
            }
        }
        #expect(compared > 8000)
        // Every smooth operation has been seen with a slope.
        for operation in Expressions.smooth { #expect(byOperation[operation, default: 0] > 20, "\(operation)") }
    }

    @Test("Affine forms have the value of what they stand for, and are found exactly where there is one")
    func affineForms() {
        var found = 0
        for (number, operation) in (Expressions.smooth + Expressions.stepped).enumerated() {
            for seed in 0..<60 {
                var random = Expressions(seed: UInt64(7000 * number + seed))
                let root = random.expression(operation, depth: seed % 3)
                var forms = AffineForms()
                guard let form = forms.form(of: root, in: &random.graph) else { continue }
                found += 1
                for _ in 0..<4 {
                    let states = (0..<3).map { _ in random.choices.number(-3...3) }
                    let input = random.choices.number(0.2...2)
                    // Coefficients depend on no state and no time.
                    func fixed(_ id: NodeID) -> Double {
                        random.value(of: id, states: [.nan, .nan, .nan], input: input, time: .nan)
                    }
                    let sum = form.terms.reduce(form.offset.map(fixed) ?? 0) {
                        $0 + fixed($1.weight) * states[$1.state]
                    }
                    let value = random.value(of: root, states: states, input: input, time: 1.3)
                    guard value.isFinite else { continue }
                    #expect(abs(sum - value) <= 1e-10 * (1 + abs(value)), "\(operation), seed \(seed)")
                }
            }
        }
        #expect(found > 300)
    }

    /// Right-hand sides of `x`, beside a plain elimination of `y`, and whether `x` is linear.
    @Test(
        "What counts as linear",
        arguments: [
            ("-k * x", true), ("-k * x / v + y", true), ("k * (y - x) * v", true), ("2", true), ("k + v", true),
            ("-exp(k) * x", true), ("-(x + y) / (k * v)", true), ("ifelse(k > 1, x, y)", true),
            ("-k * x * (v > 2)", true), ("x - x * k", true), ("-k * x^1", true), ("x / k^v", true),
            ("-k * x * x", false), ("-k * x / (v + x)", false), ("t * x", false), ("k + t", false),
            ("-k * x * (t < 3)", false), ("sqrt(x)", false), ("x * y", false), ("k / x", false),
            ("ifelse(x > 1, x, y)", false), ("abs(x)", false), ("exp(-k * t) * v", false), ("x^2 / x", false),
        ])
    func recognition(_ derivative: String, _ isLinear: Bool) throws {
        let model = try Simulate.model(
            "d/dt(y) <- -0.1 * y\nd/dt(x) <- \(derivative)\nunused <- k * v", outputs: ["x", "y"])
        #expect(model.exactStates == (isLinear ? ["y", "x"] : ["y"]), "\(derivative)")
        #expect(model.integratedStates == (isLinear ? [] : ["x"]), "\(derivative)")
    }

    @Test("A state that a nonlinear one feeds is integrated; one that feeds it is not")
    func closure() throws {
        let model = try Simulate.model(
            """
            d/dt(depot) <- -depot
            d/dt(central) <- depot - 0.4 * central
            d/dt(effect) <- 1 - effect * (1 + central)
            d/dt(behind) <- effect - behind
            d/dt(further) <- behind - 0.5 * further
            d/dt(apart) <- 2 - 0.3 * apart
            """, outputs: ["further"], hazards: [Simulate.hazard("death", "hazard <- 0.1")])
        #expect(model.exactStates == ["depot", "central", "apart"])
        #expect(model.integratedStates == ["effect", "behind", "further"] + model.model.states.suffix(1))
    }
}
