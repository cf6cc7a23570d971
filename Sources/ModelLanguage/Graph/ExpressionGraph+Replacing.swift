extension ExpressionGraph {
    /// The values of `roots` where other nodes stand for some: what depends on them is built anew, the rest stays.
    ///
    /// Operands stand before their users, so the nodes are visited in the order of the graph and nothing recurses.
    package mutating func replacing(_ replacements: [NodeID: NodeID], below roots: [NodeID]) -> [NodeID] {
        guard !replacements.isEmpty else { return roots }
        var changed = replacements
        for id in slice(below: roots) where changed[id] == nil {
            let operands = self[id].operands.map { NodeID(index: $0) }
            guard operands.contains(where: { changed[$0] != nil }) else { continue }
            let x = operands.map { changed[$0] ?? $0 }
            changed[id] = apply(self[id].operation, x[0], x.count > 1 ? x[1] : nil, x.count > 2 ? x[2] : nil)
        }
        return roots.map { changed[$0] ?? $0 }
    }
}
