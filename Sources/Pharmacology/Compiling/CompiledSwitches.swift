import ModelLanguage

/// The comparisons of a model that flip where its state takes them: their outcomes stand in registers of their own, which
/// the derivatives read, so that a step sees one set of equations from its start to its end.
struct CompiledSwitches: Sendable {
    /// More than any published model has. The outcomes of further ones are evaluated at every stage.
    static let most = 512

    /// The registers of the outcomes.
    let registers: [Int]
    /// Roots: what the outcomes are at the states in the registers, in the same order.
    let program: LaneProgram

    /// - Returns: Nil for a model without any.
    init?(_ comparisons: [NodeID], held: [NodeID], _ graph: ExpressionGraph, _ layout: RegisterLayout) {
        guard !comparisons.isEmpty else { return nil }
        registers = held.compactMap { layout.place(of: $0, in: graph).map { Int($0) } }
        program = LaneProgram(graph, roots: comparisons, layout: layout)
    }
}
