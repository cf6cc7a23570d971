/// A switch that comes again and again: at `first`, and at every whole number of periods before and after it.
package struct RepeatedSwitch: Sendable, Hashable {
    /// An individual value: one of the times. It may be missing or infinite.
    package var first: NodeID
    /// An individual value: the time between two of them, of either sign; it may be missing, infinite or 0.
    package var period: NodeID
}

/// Finds the times at which equations switch: where both sides of a comparison are straight lines in time, they meet at a
/// time that is known before the equations are solved.
struct SwitchTimes {
    /// A value `slope · time + intercept`, perhaps taken back to its start again and again.
    private struct Line {
        /// Nil for a slope of 0.
        var slope: NodeID?
        var intercept: NodeID
        /// After what time the line is the same again; nil for a line that goes on.
        var period: NodeID?
    }

    private var graph: ExpressionGraph
    private var lines: [NodeID: Line?] = [:]
    private(set) var times: [NodeID] = []
    private(set) var repeated: [RepeatedSwitch] = []
    /// The nodes whose switches are among the times.
    private(set) var foreseen: Set<NodeID> = []
    private var known: Set<NodeID> = []
    private var knownRepeated: Set<RepeatedSwitch> = []

    /// The switching times of everything below `roots`, each an individual value, in the order of the graph.
    ///
    /// A comparison whose sides never meet gives a time that is infinite, missing, or beyond any simulation.
    init(in graph: inout ExpressionGraph, below roots: [NodeID]) {
        self.graph = graph
        for id in graph.slice(below: roots) where graph.variability(of: id) == .dynamic {
            lines[id] = makeLine(self.graph[id])
            if noteSwitch(at: self.graph[id]) { foreseen.insert(id) }
        }
        graph = self.graph
    }

    // MARK: Switches

    /// Notes the times at which a node has a step or a bend.
    ///
    /// - Returns: Whether they are known.
    private mutating func noteSwitch(at node: ExpressionGraph.Node) -> Bool {
        switch node.operation {
        case .less, .lessOrEqual, .equal, .notEqual, .minimum, .maximum:
            guard let left = line(NodeID(index: node.a)), let right = line(NodeID(index: node.b)) else { return false }
            return noteCrossing(left, right)
        case .absolute:
            guard let line = line(NodeID(index: node.a)) else { return false }
            return noteCrossing(line, Line(intercept: graph.constant(0)))
        case .remainder:
            guard let line = lines[NodeID(index: node.a)] ?? nil, line.period == nil,
                graph.variability(of: NodeID(index: node.b)) != .dynamic
            else { return false }
            noteSteps(of: line, at: graph.constant(0), every: NodeID(index: node.b))
        case .floor, .ceiling, .round:
            guard let line = lines[NodeID(index: node.a)] ?? nil, line.period == nil else { return false }
            noteSteps(of: line, at: graph.constant(node.operation == .round ? 0.5 : 0), every: graph.constant(1))
        default: return false
        }
        return true
    }

    /// - Returns: Whether the lines meet at times that are known, if they do.
    private mutating func noteCrossing(_ left: Line, _ right: Line) -> Bool {
        let root: NodeID?
        switch (left.slope, right.slope) {
        case (nil, nil): return true
        case (let slope?, nil): root = self.root(slope, right.intercept, left.intercept)
        case (nil, let slope?): root = self.root(slope, left.intercept, right.intercept)
        case (let x?, let y?):
            // A line that starts again meets one that goes on at times of no one period.
            guard left.period == nil, right.period == nil else { return false }
            root = self.root(graph.apply(.subtract, x, y), right.intercept, left.intercept)
        }
        guard let root else { return true }
        if let period = left.period ?? right.period {
            note(RepeatedSwitch(first: root, period: period))
        } else if known.insert(root).inserted {
            times.append(root)
        }
        return true
    }

    /// The times at which a line passes `value`, and every `step` from there.
    private mutating func noteSteps(of line: Line, at value: NodeID, every step: NodeID) {
        guard let slope = line.slope, let first = root(slope, value, line.intercept) else { return }
        note(RepeatedSwitch(first: first, period: graph.apply(.divide, step, slope)))
    }

    private mutating func note(_ new: RepeatedSwitch) {
        if knownRepeated.insert(new).inserted { repeated.append(new) }
    }

    /// Where `slope · time + b` is `a`: written alike for both orders of the sides, so that equal times are one node.
    private mutating func root(_ slope: NodeID, _ a: NodeID, _ b: NodeID) -> NodeID? {
        guard graph.constant(slope) != 0 else { return nil }
        return graph.apply(.divide, graph.apply(.subtract, a, b), slope)
    }

    // MARK: Lines

    private mutating func line(_ id: NodeID) -> Line? {
        if graph.variability(of: id) != .dynamic { return Line(intercept: id) }
        return lines[id] ?? nil
    }

    /// The line of a node whose operands have been visited.
    private mutating func makeLine(_ node: ExpressionGraph.Node) -> Line? {
        if node.operation == .time { return Line(slope: graph.constant(1), intercept: graph.constant(0)) }
        guard node.operation.arity > 0, let a = line(NodeID(index: node.a)) else { return nil }
        if node.operation == .copy { return a }
        if node.operation == .negate { return map(a) { graph, x in graph.apply(.negate, x) } }
        guard node.operation.arity == 2, let b = line(NodeID(index: node.b)) else { return nil }
        switch node.operation {
        case .add, .subtract:
            guard a.slope == nil || b.slope == nil || (a.period == nil && b.period == nil) else { return nil }
            return Line(
                slope: sum(a.slope, b.slope, node.operation),
                intercept: graph.apply(node.operation, a.intercept, b.intercept), period: a.period ?? b.period)
        case .multiply:
            if b.slope == nil { return map(a) { graph, x in graph.apply(.multiply, x, b.intercept) } }
            if a.slope == nil { return map(b) { graph, x in graph.apply(.multiply, x, a.intercept) } }
            return nil
        case .divide:
            guard b.slope == nil else { return nil }
            return map(a) { graph, x in graph.apply(.divide, x, b.intercept) }
        case .remainder:
            guard b.slope == nil, let slope = a.slope, a.period == nil else { return nil }
            let period = graph.apply(.divide, b.intercept, slope)
            return Line(slope: slope, intercept: a.intercept, period: period)
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
        Line(
            slope: line.slope.map { apply(&graph, $0) }, intercept: apply(&graph, line.intercept), period: line.period)
    }
}
