import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by an independent second route: nodes evaluated one by one, each with a place of its own.
@Suite("Lane programs")
struct LaneProgramTests {
    static let inputCount = 3
    static let stateCount = 2

    /// A random graph: what is applied to what is any of the operations and any of the nodes before.
    static func graph(_ choices: inout Choices) -> ExpressionGraph {
        var graph = ExpressionGraph()
        var nodes = (0..<inputCount).map { graph.input($0) } + (0..<stateCount).map { graph.state($0) }
        nodes.append(graph.time())
        for value in [0, 1, 2, -0.5, 3.25] { nodes.append(graph.constant(value)) }
        let operations = Operation.allCases.filter { $0.arity > 0 }
        for _ in 0..<(5 + choices.below(120)) {
            let operation = choices.pick(operations)
            // Near nodes more often than far ones: deep graphs with many values alive at a time.
            let operands = (0..<operation.arity).map { _ in
                nodes[choices.below(2) == 0 ? choices.below(nodes.count) : max(0, nodes.count - 1 - choices.below(8))]
            }
            nodes.append(
                graph.apply(
                    operation, operands[0], operands.count > 1 ? operands[1] : nil,
                    operands.count > 2 ? operands[2] : nil))
        }
        return graph
    }

    /// The values of all nodes of one lane.
    static func values(_ graph: ExpressionGraph, inputs: [Double], states: [Double], time: Double) -> [Double] {
        var values: [Double] = []
        for node in graph.nodes {
            switch node.operation {
            case .constant: values.append(Double(bitPattern: node.bits))
            case .input: values.append(inputs[Int(node.a)])
            case .state: values.append(states[Int(node.a)])
            case .time: values.append(time)
            default:
                let x = node.operands.map { values[Int($0)] }
                values.append(node.operation.value(x[0], x.count > 1 ? x[1] : 0, x.count > 2 ? x[2] : 0))
            }
        }
        return values
    }

    private static func fill(_ file: borrowing RegisterFile, _ layout: RegisterLayout, _ choices: inout Choices) {
        for register in 0..<(layout.time + 1) {
            for lane in 0..<16 {
                file.lanes[register][lane] =
                    choices.below(6) == 0 ? choices.pick(specialValues) : Double(choices.below(4000) - 2000) / 256
            }
        }
    }

    @Test("No register is taken while its value is still needed: 600 random graphs equal their direct evaluation")
    func registers() {
        var reused = 0
        for seed in 0..<600 {
            var choices = Choices(seed: UInt64(seed))
            let graph = Self.graph(&choices)
            let ids = graph.nodes.indices.map { NodeID(index: Int32($0)) }
            let roots = (0..<(1 + choices.below(7))).map { _ in choices.pick(ids) }
            var layout = RegisterLayout(inputCount: Self.inputCount, stateCount: Self.stateCount)
            layout.addConstants(of: graph, in: graph.slice(below: roots))
            let program = LaneProgram(graph, roots: roots, layout: layout)
            let file = RegisterFile(count: program.registerCount)
            file.load(constants: layout)
            Self.fill(file, layout, &choices)
            let before = (0..<layout.count).map { file.lanes[$0] }
            for _ in 0..<2 { program.run(file.lanes) }
            for register in 0..<layout.count {
                for lane in 0..<16 {
                    #expect(bits(file.lanes[register][lane]) == bits(before[register][lane]), "seed \(seed)")
                }
            }
            for lane in [0, 5, 15] {
                let values = Self.values(
                    graph, inputs: (0..<Self.inputCount).map { before[$0][lane] },
                    states: (0..<Self.stateCount).map { before[layout.firstState + $0][lane] },
                    time: before[layout.time][lane])
                for (root, register) in zip(roots, program.results) {
                    #expect(
                        bits(file.lanes[Int(register)][lane]) == bits(values[Int(root.index)]),
                        "seed \(seed), node \(root)")
                }
            }
            if program.registerCount - layout.count < program.instructions.count { reused += 1 }
        }
        // The property is about reuse: it must happen.
        #expect(reused > 300)
    }

    @Test("Values kept by one program are read by the next: 400 random graphs in two programs")
    func keptValues() {
        for seed in 0..<400 {
            var choices = Choices(seed: UInt64(50_000 + seed))
            let graph = Self.graph(&choices)
            let ids = graph.nodes.indices.map { NodeID(index: Int32($0)) }
            let roots = (0..<4).map { _ in choices.pick(ids) }
            let slice = graph.slice(below: roots)
            var layout = RegisterLayout(inputCount: Self.inputCount, stateCount: Self.stateCount)
            layout.addConstants(of: graph, in: slice)
            let kept = slice.filter {
                graph.variability(of: $0) == .individual && graph[$0].operation != .input && choices.below(2) == 0
            }
            for id in kept { layout.keep(id) }
            let first = LaneProgram(graph, roots: kept, layout: layout, storing: Set(kept))
            let second = LaneProgram(graph, roots: roots, layout: layout)
            let file = RegisterFile(count: max(first.registerCount, second.registerCount))
            file.load(constants: layout)
            Self.fill(file, layout, &choices)
            first.run(file.lanes)
            let computed = Set(first.instructions.map(\.target)).isDisjoint(with: 0..<Register(layout.firstConstant))
            #expect(computed, "inputs, states and time are not written")
            // What the first program keeps, the second does not compute again.
            let places = Set(kept.compactMap { layout.place(of: $0, in: graph) })
            #expect(second.instructions.allSatisfy { !places.contains($0.target) })
            for _ in 0..<2 { second.run(file.lanes) }
            for lane in [2, 11] {
                let values = Self.values(
                    graph, inputs: (0..<Self.inputCount).map { file.lanes[$0][lane] },
                    states: (0..<Self.stateCount).map { file.lanes[layout.firstState + $0][lane] },
                    time: file.lanes[layout.time][lane])
                for (root, register) in zip(roots, second.results) {
                    #expect(bits(file.lanes[Int(register)][lane]) == bits(values[Int(root.index)]), "seed \(seed)")
                }
            }
        }
    }

    @Test("Equal expressions are one node, whatever the order of commutative operands")
    func sharing() {
        var graph = ExpressionGraph()
        let (a, b) = (graph.input(0), graph.input(1))
        for operation in Operation.allCases where operation.arity == 2 {
            let isShared = graph.apply(operation, a, b) == graph.apply(operation, b, a)
            #expect(isShared == operation.isCommutative)
            #expect(graph.apply(operation, a, b) == graph.apply(operation, a, b))
        }
        #expect(graph.input(0) == a)
        #expect(graph.constant(-0.0) != graph.constant(0))
    }

    @Test("Simplifications keep the value, NaN and infinities included")
    func simplification() {
        for x in specialValues {
            var graph = ExpressionGraph()
            let input = graph.input(0)
            let numbers = [0.0, -0.0, 1, -1, 2, 3, 0.5].map { graph.constant($0) }
            for operation in [Operation.add, .subtract, .multiply, .divide] {
                for number in numbers {
                    for (left, right) in [(input, number), (number, input)] {
                        let id = graph.apply(operation, left, right)
                        let value = Self.values(graph, inputs: [x, 0, 0], states: [0, 0], time: 0)[Int(id.index)]
                        let known = { (id: NodeID) in graph.constant(id) ?? x }
                        let expected = operation.value(known(left), known(right))
                        #expect(value == expected || (value.isNaN && expected.isNaN), "\(operation) \(x)")
                    }
                }
            }
        }
    }
}
