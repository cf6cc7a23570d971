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
    package mutating func form(of id: NodeID, in graph: inout ExpressionGraph) -> AffineForm? {
        if let form = known[id] { return form }
        let form = derive(id, &graph)
        known[id] = .some(form)
        return form
    }

    private mutating func derive(_ id: NodeID, _ graph: inout ExpressionGraph) -> AffineForm? {
        if graph.variability(of: id) < .dynamic {
            return AffineForm(terms: [], offset: graph.constant(id) == 0 ? nil : id)
        }
        let node = graph[id]
        let operands = node.operands.map { NodeID(index: $0) }
        switch node.operation {
        case .state: return AffineForm(terms: [(Int(node.a), graph.constant(1))], offset: nil)
        case .copy: return form(of: operands[0], in: &graph)
        case .negate:
            guard let a = form(of: operands[0], in: &graph) else { return nil }
            return a.mapped { graph.apply(.negate, $0) }
        case .add, .subtract:
            guard let a = form(of: operands[0], in: &graph), let b = form(of: operands[1], in: &graph) else {
                return nil
            }
            return a.merged(with: b, &graph, node.operation)
        case .multiply:
            let isFirstFixed = graph.variability(of: operands[0]) < .dynamic
            let factor = isFirstFixed ? operands[0] : operands[1]
            guard graph.variability(of: factor) < .dynamic,
                let a = form(of: isFirstFixed ? operands[1] : operands[0], in: &graph)
            else { return nil }
            return a.mapped { graph.apply(.multiply, factor, $0) }
        case .divide:
            guard graph.variability(of: operands[1]) < .dynamic, let a = form(of: operands[0], in: &graph) else {
                return nil
            }
            return a.mapped { graph.apply(.divide, $0, operands[1]) }
        case .select:
            guard graph.variability(of: operands[0]) < .dynamic, let a = form(of: operands[1], in: &graph),
                let b = form(of: operands[2], in: &graph)
            else { return nil }
            return a.merged(with: b, &graph, .select, condition: operands[0])
        default: return nil
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
