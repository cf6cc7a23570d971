/// A value in an ``ExpressionGraph``: the index of its node.
package struct NodeID: Sendable, Hashable, Comparable {
    package let index: Int32

    package init(index: Int32) { self.index = index }

    package static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

/// How often a value can change, in growing order.
package enum Variability: UInt8, Sendable, Comparable {
    /// The same for every patient.
    case constant
    /// Fixed for a patient until an input changes: parameters, etas, covariates and what follows from them.
    case individual
    /// Changes with time or state.
    case dynamic

    package static func < (a: Variability, b: Variability) -> Bool { a.rawValue < b.rawValue }
}

/// Every expression of a model as one graph of shared nodes.
///
/// Equal expressions are one node (hash-consing), constants are folded with the lanes' own arithmetic, and each node
/// knows how often it can change. What a statement list computes is then a set of roots; a lane program is the slice of
/// the graph below its roots. Operands always stand before their users, so the order of the nodes is an order of
/// evaluation.
package struct ExpressionGraph: Sendable {
    package struct Node: Sendable, Hashable {
        package var operation: Operation
        /// Operands, or for `.input`, `.state`, `.delayed` and `.held` the slot in `a`. Unused ones are -1.
        package var a: Int32 = -1
        package var b: Int32 = -1
        package var c: Int32 = -1
        /// The bits of a constant.
        package var bits: UInt64 = 0
    }

    package private(set) var nodes: [Node] = []
    package private(set) var variability: [Variability] = []
    /// Whether each node reads a state, now or some time ago.
    private var readsState: [Bool] = []
    private var known: [Node: Int32] = [:]

    package init() {}

    package subscript(_ id: NodeID) -> Node { nodes[Int(id.index)] }

    package func variability(of id: NodeID) -> Variability { variability[Int(id.index)] }

    /// The number a node stands for, if it is a constant.
    package func constant(_ id: NodeID) -> Double? {
        let node = self[id]
        return node.operation == .constant ? Double(bitPattern: node.bits) : nil
    }

    package mutating func constant(_ value: Double) -> NodeID {
        insert(Node(operation: .constant, bits: value.bitPattern), .constant)
    }

    package mutating func input(_ slot: Int) -> NodeID { insert(Node(operation: .input, a: Int32(slot)), .individual) }

    package mutating func state(_ slot: Int) -> NodeID { insert(Node(operation: .state, a: Int32(slot)), .dynamic) }

    package mutating func time() -> NodeID { insert(Node(operation: .time), .dynamic) }

    /// The value of a delay: the simulation writes it into the register that the layout keeps for this node.
    package mutating func delayed(_ slot: Int) -> NodeID {
        insert(Node(operation: .delayed, a: Int32(slot)), .dynamic)
    }

    /// The outcome of a comparison that holds while a step lasts: the simulation writes it like a delay's value.
    package mutating func held(_ slot: Int) -> NodeID { insert(Node(operation: .held, a: Int32(slot)), .dynamic) }

    /// Gives the inputs other slots: what had slot `i` has `slots[i]` from now on. Nodes keep their numbers.
    mutating func renumberInputs(_ slots: [Int]) {
        known.removeAll(keepingCapacity: true)
        for index in nodes.indices {
            if nodes[index].operation == .input { nodes[index].a = Int32(slots[Int(nodes[index].a)]) }
            known[nodes[index]] = Int32(index)
        }
    }

    /// The node that applies `operation` to its operands, folded and simplified where that keeps the value.
    package mutating func apply(_ operation: Operation, _ a: NodeID, _ b: NodeID? = nil, _ c: NodeID? = nil) -> NodeID {
        let operands = [a, b, c].compactMap { $0 }
        if operation == .power, let exponent = b.flatMap({ constant($0) }), let product = power(a, exponent) {
            return product
        }
        if let folded = fold(operation, operands) { return folded }
        if let simpler = simplify(operation, operands) { return simpler }
        var node = Node(operation: operation, a: a.index, b: b?.index ?? -1, c: c?.index ?? -1)
        if operation.isCommutative, node.a > node.b { swap(&node.a, &node.b) }
        return insert(node, operands.map { variability(of: $0) }.max() ?? .constant)
    }

    /// A quotient. What reads a state is multiplied by the reciprocal of a divisor that is the same all along, which is
    /// computed once: a division costs ten multiplications. Quotients of times stay exact, since rounding them down counts
    /// days and doses.
    package mutating func quotient(_ a: NodeID, _ b: NodeID) -> NodeID {
        guard readsState[Int(a.index)], variability(of: b) < .dynamic else { return apply(.divide, a, b) }
        return apply(.multiply, a, apply(.reciprocal, b))
    }

    private mutating func insert(_ node: Node, _ variability: Variability) -> NodeID {
        if let index = known[node] { return NodeID(index: index) }
        let index = Int32(nodes.count)
        nodes.append(node)
        self.variability.append(variability)
        let isState = node.operation == .state || node.operation == .delayed
        readsState.append(isState || node.operands.contains { readsState[Int($0)] })
        known[node] = index
        return NodeID(index: index)
    }

    private mutating func fold(_ operation: Operation, _ operands: [NodeID]) -> NodeID? {
        let values = operands.compactMap { constant($0) }
        guard values.count == operands.count else { return nil }
        return constant(
            operation.value(values[0], values.count > 1 ? values[1] : 0, values.count > 2 ? values[2] : 0))
    }

    /// A power whose exponent is a small whole number in multiplications, or a half as a root: faster than by logarithms,
    /// and exact where they are, so that `10^3` is 1000. Nil for another exponent.
    private mutating func power(_ a: NodeID, _ exponent: Double) -> NodeID? {
        if exponent == 0.5 { return apply(.squareRoot, a) }
        guard exponent == exponent.rounded(), abs(exponent) <= 16 else { return nil }
        var rest = Int(abs(exponent))
        // 0 to a negative power has the base 2.22e-16, and so has the reciprocal of 0.
        var square = exponent < 0 ? apply(.reciprocal, a) : a
        var product: NodeID?
        while rest > 0 {
            if rest % 2 == 1 {
                if let factor = product { product = apply(.multiply, factor, square) } else { product = square }
            }
            rest /= 2
            if rest > 0 { square = apply(.multiply, square, square) }
        }
        return product ?? constant(1)
    }

    /// Identities that hold for every value, NaN and infinities included, but for the sign of a zero.
    private mutating func simplify(_ operation: Operation, _ operands: [NodeID]) -> NodeID? {
        let a = operands[0]
        let left = constant(a)
        let right = operands.count > 1 ? constant(operands[1]) : nil
        switch operation {
        case .add where right == 0: return a
        case .add where left == 0: return operands[1]
        case .subtract where right == 0: return a
        case .subtract where left == 0: return apply(.negate, operands[1])
        case .multiply where right == 1: return a
        case .multiply where left == 1: return operands[1]
        case .multiply where right == -1: return apply(.negate, a)
        case .multiply where left == -1: return apply(.negate, operands[1])
        case .divide where right == 1: return a
        case .negate where self[a].operation == .negate: return NodeID(index: self[a].a)
        case .select:
            if let condition = left { return condition != 0 ? operands[1] : operands[2] }
            return operands[1] == operands[2] ? operands[1] : nil
        default: return nil
        }
    }

    /// Every node that `roots` need, in an order of evaluation.
    package func slice(below roots: [NodeID]) -> [NodeID] {
        var needed = [Bool](repeating: false, count: nodes.count)
        var stack = roots.map(\.index)
        while let index = stack.popLast() {
            guard !needed[Int(index)] else { continue }
            needed[Int(index)] = true
            let node = nodes[Int(index)]
            for operand in node.operands where !needed[Int(operand)] { stack.append(operand) }
        }
        return needed.indices.filter { needed[$0] }.map { NodeID(index: Int32($0)) }
    }
}

extension ExpressionGraph.Node {
    /// The nodes that it reads.
    package var operands: [Int32] {
        switch operation.arity {
        case 0: []
        case 1: [a]
        case 2: [a, b]
        default: [a, b, c]
        }
    }
}
