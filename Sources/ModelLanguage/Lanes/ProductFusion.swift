/// Products that a sum or difference takes in: one instruction instead of two, with the same roundings.
///
/// A product that nothing else reads, and that has no register of its own, need not be written anywhere.
struct ProductFusion {
    private var fused: [NodeID: ExpressionGraph.Node] = [:]
    private var absorbed: Set<NodeID> = []
    private let graph: ExpressionGraph

    /// - Parameter nodes: what a program computes, in order.
    init(_ graph: ExpressionGraph, _ nodes: [NodeID], roots: [NodeID], layout: RegisterLayout) {
        self.graph = graph
        var uses: [NodeID: Int] = [:]
        for id in nodes { for operand in graph[id].operands { uses[NodeID(index: operand), default: 0] += 1 } }
        for root in roots { uses[root, default: 0] += 1 }
        let own = Set(nodes)
        func isOpen(_ id: NodeID) -> Bool {
            graph[id].operation == .multiply && uses[id] == 1 && own.contains(id)
                && layout.place(of: id, in: graph) == nil
        }
        for id in nodes {
            let node = graph[id]
            guard node.operation == .add || node.operation == .subtract else { continue }
            let (a, b) = (NodeID(index: node.a), NodeID(index: node.b))
            if isOpen(a) {
                fuse(id, product: a, with: b, node.operation == .add ? .multiplyAdd : .multiplySubtract)
            } else if isOpen(b) {
                fuse(id, product: b, with: a, node.operation == .add ? .multiplyAdd : .subtractProduct)
            }
        }
    }

    private mutating func fuse(_ id: NodeID, product: NodeID, with other: NodeID, _ operation: Operation) {
        let factors = graph[product]
        fused[id] = ExpressionGraph.Node(operation: operation, a: factors.a, b: factors.b, c: other.index)
        absorbed.insert(product)
    }

    /// Whether a product is part of a sum and computed with it.
    func isAbsorbed(_ id: NodeID) -> Bool { absorbed.contains(id) }

    /// The node to compute in the place of `id`.
    func node(_ id: NodeID) -> ExpressionGraph.Node { fused[id] ?? graph[id] }
}
