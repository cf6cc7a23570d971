/// Finds the times at which equations switch: where both sides of a comparison are straight lines in time, they meet at a
/// time that is known before the equations are solved.
struct SwitchTimes {
    /// A value `slope · time + intercept`.
    private struct Line {
        /// Nil for a slope of 0.
        var slope: NodeID?
        var intercept: NodeID
    }

    private var graph: ExpressionGraph
    private var lines: [NodeID: Line?] = [:]

    /// The switching times of everything below `roots`, each an individual value, in the order of the graph.
    ///
    /// A comparison whose sides never meet gives a time that is infinite, missing, or beyond any simulation.
    static func nodes(in graph: inout ExpressionGraph, below roots: [NodeID]) -> [NodeID] {
        var search = SwitchTimes(graph: graph)
        var found: [NodeID] = []
        var known: Set<NodeID> = []
        for id in graph.slice(below: roots) where graph.variability(of: id) == .dynamic {
            search.visit(id)
            guard let time = search.crossing(at: id), known.insert(time).inserted else { continue }
            found.append(time)
        }
        graph = search.graph
        return found
    }

    private init(graph: ExpressionGraph) { self.graph = graph }

    /// The time at which a node has a step or a bend.
    private mutating func crossing(at id: NodeID) -> NodeID? {
        let node = graph[id]
        switch node.operation {
        case .less, .lessOrEqual, .equal, .notEqual, .minimum, .maximum:
            return crossing(NodeID(index: node.a), NodeID(index: node.b))
        case .absolute: return crossing(NodeID(index: node.a), graph.constant(0))
        default: return nil
        }
    }

    private mutating func crossing(_ a: NodeID, _ b: NodeID) -> NodeID? {
        guard let left = line(a), let right = line(b) else { return nil }
        switch (left.slope, right.slope) {
        case (nil, nil): return nil
        case (let slope?, nil): return root(slope, right.intercept, left.intercept)
        case (nil, let slope?): return root(slope, left.intercept, right.intercept)
        case (let x?, let y?): return root(graph.apply(.subtract, x, y), right.intercept, left.intercept)
        }
    }

    /// Where `slope · time + b` is `a`: written alike for both orders of the sides, so that equal times are one node.
    private mutating func root(_ slope: NodeID, _ a: NodeID, _ b: NodeID) -> NodeID? {
        guard graph.constant(slope) != 0 else { return nil }
        return graph.apply(.divide, graph.apply(.subtract, a, b), slope)
    }

    private mutating func line(_ id: NodeID) -> Line? {
        if graph.variability(of: id) != .dynamic { return Line(intercept: id) }
        return lines[id] ?? nil
    }

    /// Notes the line of a node whose operands have been visited.
    private mutating func visit(_ id: NodeID) {
        let node = graph[id]
        guard node.operation == .time || node.operation.arity > 0 else { return }
        lines[id] = makeLine(node)
    }

    private mutating func makeLine(_ node: ExpressionGraph.Node) -> Line? {
        if node.operation == .time { return Line(slope: graph.constant(1), intercept: graph.constant(0)) }
        guard let a = line(NodeID(index: node.a)) else { return nil }
        switch node.operation {
        case .copy: return a
        case .negate: return map(a) { graph, x in graph.apply(.negate, x) }
        case .add, .subtract:
            guard let b = line(NodeID(index: node.b)) else { return nil }
            return Line(
                slope: sum(a.slope, b.slope, node.operation),
                intercept: graph.apply(node.operation, a.intercept, b.intercept))
        case .multiply:
            guard let b = line(NodeID(index: node.b)) else { return nil }
            if b.slope == nil { return map(a) { graph, x in graph.apply(.multiply, x, b.intercept) } }
            if a.slope == nil { return map(b) { graph, x in graph.apply(.multiply, x, a.intercept) } }
            return nil
        case .divide:
            guard let b = line(NodeID(index: node.b)), b.slope == nil else { return nil }
            return map(a) { graph, x in graph.apply(.divide, x, b.intercept) }
        default: return nil
        }
    }

    private mutating func sum(_ a: NodeID?, _ b: NodeID?, _ operation: Operation) -> NodeID? {
        switch (a, b) {
        case (nil, nil): nil
        case (let a?, nil): a
        case (nil, let b?): operation == .add ? b : graph.apply(.negate, b)
        case (let a?, let b?): graph.apply(operation, a, b)
        }
    }

    private mutating func map(_ line: Line, _ apply: (inout ExpressionGraph, NodeID) -> NodeID) -> Line {
        Line(slope: line.slope.map { apply(&graph, $0) }, intercept: apply(&graph, line.intercept))
    }
}
