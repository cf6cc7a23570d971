/// A value as a weighted sum of states plus an offset, the weights and the offset fixed for a patient.
package struct AffineForm: Sendable {
    /// The states with a weight, in the order of their slots.
    package var terms: [(state: Int, weight: NodeID)]
    /// What is left where every state is 0; nil for 0.
    package var offset: NodeID?
}

/// Recognises the values of a graph that are affine in the states with coefficients that no state and no time changes.
///
/// Recognition follows the arithmetic itself (sums, multiples, quotients by individual values, choices by individual
/// conditions), so that a recognised value equals its form but for rounding.
package struct AffineForms {
    private var known: [NodeID: AffineForm?] = [:]

    package init() {}

    /// The form of a value, nil when it is not affine or depends on time. New nodes go into the graph.
    ///
    /// Values are visited below those that read them, in the order of a recursion; a chain of any length needs no stack.
    package mutating func form(of root: NodeID, in graph: inout ExpressionGraph) -> AffineForm? {
        var open = [root]
        while let id = open.last {
            if known[id] != nil {
                open.removeLast()
            } else if let operand = nextOperand(of: id, graph) {
                open.append(operand)
            } else {
                known[id] = .some(derive(id, &graph))
                open.removeLast()
            }
        }
        return known[root] ?? nil
    }

    /// An operand whose form must be known before that of a value; nil where none is missing, or where the value has no
    /// form whatever the others have.
    private func nextOperand(of id: NodeID, _ graph: ExpressionGraph) -> NodeID? {
        for operand in operands(of: id, graph) {
            guard let form = known[operand] else { return operand }
            if form == nil { return nil }
        }
        return nil
    }

    /// The operands that must have a form so that a value has one.
    private func operands(of id: NodeID, _ graph: ExpressionGraph) -> [NodeID] {
        func isFixed(_ operand: NodeID) -> Bool { graph.variability(of: operand) < .dynamic }
        guard !isFixed(id) else { return [] }
        let node = graph[id]
        let x = node.operands.map { NodeID(index: $0) }
        switch node.operation {
        case .copy, .negate, .add, .subtract: return x
        case .multiply: return isFixed(x[0]) ? [x[1]] : isFixed(x[1]) ? [x[0]] : []
        case .divide: return isFixed(x[1]) ? [x[0]] : []
        case .select: return isFixed(x[0]) ? [x[1], x[2]] : []
        default: return []
        }
    }

    /// The form of a value whose operands' forms are known.
    private func derive(_ id: NodeID, _ graph: inout ExpressionGraph) -> AffineForm? {
        if graph.variability(of: id) < .dynamic {
            return AffineForm(terms: [], offset: graph.constant(id) == 0 ? nil : id)
        }
        let node = graph[id]
        if node.operation == .state { return AffineForm(terms: [(Int(node.a), graph.constant(1))], offset: nil) }
        let forms = operands(of: id, graph).compactMap { known[$0] ?? nil }
        guard let a = forms.first, forms.count == operands(of: id, graph).count else { return nil }
        let x = node.operands.map { NodeID(index: $0) }
        switch node.operation {
        case .copy: return a
        case .negate: return a.mapped { graph.apply(.negate, $0) }
        case .add, .subtract: return a.merged(with: forms[1], &graph, node.operation)
        case .multiply:
            let factor = graph.variability(of: x[0]) < .dynamic ? x[0] : x[1]
            return a.mapped { graph.apply(.multiply, factor, $0) }
        case .divide: return a.mapped { graph.apply(.divide, $0, x[1]) }
        default: return a.merged(with: forms[1], &graph, .select, condition: x[0])
        }
    }
}

extension AffineForm {
    fileprivate func mapped(_ change: (NodeID) -> NodeID) -> AffineForm {
        AffineForm(terms: terms.map { ($0.state, change($0.weight)) }, offset: offset.map(change))
    }

    /// Combines coefficient by coefficient; one that stands on one side only meets a 0.
    fileprivate func merged(
        with other: AffineForm, _ graph: inout ExpressionGraph, _ operation: Operation, condition: NodeID? = nil
    ) -> AffineForm {
        func combine(_ a: NodeID?, _ b: NodeID?) -> NodeID? {
            guard a != nil || b != nil else { return nil }
            let zero = graph.constant(0)
            if let condition { return graph.apply(.select, condition, a ?? zero, b ?? zero) }
            return graph.apply(operation, a ?? zero, b ?? zero)
        }
        let states = Set(terms.map(\.state) + other.terms.map(\.state)).sorted()
        let combined = states.compactMap { state in
            combine(
                terms.first { $0.state == state }?.weight, other.terms.first { $0.state == state }?.weight
            ).map { (state: state, weight: $0) }
        }
        return AffineForm(terms: combined, offset: combine(offset, other.offset))
    }
}
