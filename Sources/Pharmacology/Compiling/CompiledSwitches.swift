import ModelLanguage

/// The comparisons of a model that flip where its state takes them, as nodes: their outcomes, the difference of their sides,
/// and how that changes with the state and with time.
struct SwitchNodes {
    /// More than any published model has. The outcomes of further ones are evaluated at every stage.
    private static let most = 512
    /// How many can be slid along: their slopes are derivatives, which take time to derive.
    private static let mostSliding = 64

    let comparisons: [NodeID]
    /// What stands for the outcomes in the derivatives.
    let held: [NodeID]
    let differences: [NodeID]
    /// For each comparison that can be slid along, the derivatives of its difference that are not 0 everywhere: by a state,
    /// or by time (nil).
    private(set) var slopes: [[(state: Int?, node: NodeID)]] = []

    init(_ comparisons: [NodeID], in graph: inout ExpressionGraph) {
        self.comparisons = Array(comparisons.prefix(Self.most))
        held = self.comparisons.indices.map { graph.held($0) }
        differences = self.comparisons.map { id in
            graph.apply(.subtract, NodeID(index: graph[id].a), NodeID(index: graph[id].b))
        }
        guard !differences.isEmpty else { return }
        var byTime = Derivatives(by: .time)
        var byState: [Int: Derivatives] = [:]
        for difference in differences.prefix(Self.mostSliding) {
            let read = graph.slice(below: [difference])
            var slope: [(state: Int?, node: NodeID)] = []
            for slot in read.filter({ graph[$0].operation == .state }).map({ Int(graph[$0].a) }).sorted() {
                if let node = byState[slot, default: Derivatives(by: .state(slot))].derivative(
                    of: difference, in: &graph)
                {
                    slope.append((slot, node))
                }
            }
            if let node = byTime.derivative(of: difference, in: &graph) { slope.append((nil, node)) }
            slopes.append(slope)
        }
    }

    /// The values that a simulation needs.
    var roots: [NodeID] { comparisons + differences + slopes.joined().map(\.node) }
}

/// The comparisons of a model that flip where its state takes them: their outcomes stand in registers of their own, which
/// the derivatives read, so that a step sees one set of equations from its start to its end.
struct CompiledSwitches: Sendable {
    /// The registers of the outcomes.
    let registers: [Int]
    /// Roots: what the outcomes are at the states in the registers, in the same order, then the differences of the sides.
    let program: LaneProgram
    /// Roots: the slopes of the differences, one comparison after the other.
    let slopes: LaneProgram
    /// For each comparison that can be slid along, what its slopes are by: a state, or time (nil).
    let slopeVariables: [[Int?]]

    /// - Returns: Nil for a model without any.
    init?(_ nodes: SwitchNodes, _ graph: ExpressionGraph, _ layout: RegisterLayout) {
        guard !nodes.comparisons.isEmpty else { return nil }
        registers = nodes.held.compactMap { layout.place(of: $0, in: graph).map { Int($0) } }
        program = LaneProgram(graph, roots: nodes.comparisons + nodes.differences, layout: layout)
        slopes = LaneProgram(graph, roots: nodes.slopes.joined().map(\.node), layout: layout)
        slopeVariables = nodes.slopes.map { $0.map(\.state) }
    }

    var registerCount: Int { max(program.registerCount, slopes.registerCount) }
}
