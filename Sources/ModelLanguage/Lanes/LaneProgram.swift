import NumericsCore

/// A register: the place of one ``Lane`` in a register file.
package typealias Register = UInt16

/// One step of a lane program: `r[target] = operation(r[a], r[b], r[c])` on all sixteen lanes.
package struct Instruction: Sendable, Hashable {
    package var operation: Operation
    package var target: Register
    package var a: Register = 0
    package var b: Register = 0
    package var c: Register = 0
}

/// Where the values of a graph live while lane programs run: inputs, states, time and constants first, then one place
/// for each individual value that is kept, then scratch.
package struct RegisterLayout: Sendable {
    /// How many values a program may hold, inputs and states among them: every value takes at most one register, and
    /// an instruction names a register in sixteen bits. Checked where equations are compiled, with room for the few
    /// values that a simulation adds.
    package static let largestProgram = 60_000

    package let inputCount: Int
    package let stateCount: Int
    /// The constants, in the order of their registers.
    package private(set) var constants: [Double] = []
    package private(set) var count: Int
    private var place: [NodeID: Register] = [:]

    package init(inputCount: Int, stateCount: Int) {
        self.inputCount = inputCount
        self.stateCount = stateCount
        self.count = inputCount + stateCount + 1
    }

    package var firstState: Int { inputCount }
    package var time: Int { inputCount + stateCount }
    /// Constants stand right behind time once ``addConstants`` has been called.
    package var firstConstant: Int { time + 1 }

    /// A new register that no scratch value will use.
    package mutating func reserve() -> Register {
        count += 1
        return Register(count - 1)
    }

    package mutating func addConstants(of graph: ExpressionGraph, in slice: [NodeID]) {
        for id in slice {
            guard let value = graph.constant(id), place[id] == nil else { continue }
            constants.append(value)
            place[id] = reserve()
        }
    }

    package mutating func keep(_ id: NodeID) {
        if place[id] == nil { place[id] = reserve() }
    }

    /// The register in which a node's value always stands, if it has one.
    package func place(of id: NodeID, in graph: ExpressionGraph) -> Register? {
        let node = graph[id]
        switch node.operation {
        case .input: return Register(node.a)
        case .state: return Register(firstState + Int(node.a))
        case .time: return Register(time)
        default: return place[id]
        }
    }
}

/// A straight list of instructions over a register file: no branch, no call, no allocation.
///
/// Conditions are evaluated on both sides and merged by `select`, so the sixteen patients never part.
package struct LaneProgram: Sendable {
    package let instructions: [Instruction]
    /// The registers that hold the roots after a run, in the order of the roots.
    package let results: [Register]
    /// How many registers a file must have for this program.
    package let registerCount: Int

    /// Lowers the slice of `graph` below `roots`.
    ///
    /// Nodes that already stand in a register of the layout are not computed again, except those in `storing`, which
    /// this program computes into their kept registers. Scratch registers are reused after a value's last use.
    package init(
        _ graph: ExpressionGraph, roots: [NodeID], layout: RegisterLayout, storing stored: Set<NodeID> = []
    ) {
        let needed = LaneProgram.needed(graph, roots: roots, layout: layout, storing: stored)
        let fusion = ProductFusion(graph, needed, roots: roots, layout: layout)
        let wanted = needed.filter { !fusion.isAbsorbed($0) }
        var lastUse: [NodeID: Int] = [:]
        for (position, id) in wanted.enumerated() {
            for operand in fusion.node(id).operands { lastUse[NodeID(index: operand)] = position }
        }
        for root in roots { lastUse[root] = Int.max }

        var register: [NodeID: Register] = [:]
        var free: [Register] = []
        var count = layout.count
        var instructions: [Instruction] = []
        func place(_ id: Int32) -> Register {
            guard id >= 0 else { return 0 }
            let id = NodeID(index: id)
            return layout.place(of: id, in: graph) ?? register[id] ?? 0
        }
        for (position, id) in wanted.enumerated() {
            let node = fusion.node(id)
            var instruction = Instruction(operation: node.operation, target: 0)
            if node.operation.arity > 0 { instruction.a = place(node.a) }
            if node.operation.arity > 1 { instruction.b = place(node.b) }
            if node.operation.arity > 2 { instruction.c = place(node.c) }
            // Operands that are read here for the last time give their scratch register back first, so that the
            // result can take it: every instruction reads lane by lane what it then writes.
            for operand in Set(node.operands.map { NodeID(index: $0) }).sorted() where lastUse[operand] == position {
                if let freed = register.removeValue(forKey: operand) { free.append(freed) }
            }
            if let kept = layout.place(of: id, in: graph) {
                instruction.target = kept
            } else if let reused = free.popLast() {
                instruction.target = reused
                register[id] = reused
            } else {
                instruction.target = Register(count)
                register[id] = instruction.target
                count += 1
            }
            instructions.append(instruction)
        }
        self.instructions = instructions
        self.results = roots.map { layout.place(of: $0, in: graph) ?? register[$0] ?? 0 }
        self.registerCount = count
    }

    /// The nodes to compute, in order: those below the roots that no register holds yet.
    private static func needed(
        _ graph: ExpressionGraph, roots: [NodeID], layout: RegisterLayout, storing stored: Set<NodeID>
    ) -> [NodeID] {
        var needed: Set<NodeID> = []
        var stack = roots
        while let id = stack.popLast() {
            let held = layout.place(of: id, in: graph) != nil && !stored.contains(id)
            guard !held, needed.insert(id).inserted else { continue }
            stack += graph[id].operands.map { NodeID(index: $0) }
        }
        return needed.sorted()
    }
}
