/// A policy as the loop of ``TabularCourses`` reads it: for each decision and state the action, or how it is drawn.
final class StagedPolicy: @unchecked Sendable {
    /// The policy at one decision.
    struct Stage {
        /// The action of each state, or ``evenly``, or ``byTable``.
        let actions: UnsafeMutablePointer<Int32>
        /// What is drawn from where a state says ``byTable``.
        let table: OutcomeTable.View

        /// The action that a uniform number picks in a state that says `way`.
        @inline(__always)
        func draw(_ way: Int, of count: Int, in state: Int, _ uniform: Double) -> Int {
            way == Int(evenly) ? Int(Int32(uniform * Double(count))) : table.outcome(inRow: state, uniform)
        }
    }

    /// Every action equally often: ⌊n u⌋, which is what a table of equal shares says too.
    static let evenly: Int32 = -1
    /// By the shares of a table.
    static let byTable: Int32 = -2

    let stages: UnsafeMutablePointer<Stage>
    let count: Int
    /// What the stages draw from.
    private let tables: [OutcomeTable]

    init(_ policy: TabularPolicy) {
        let actions = policy.actions
        let chosen = policy.stages.map { Self.choices($0, actions) }
        let tables = zip(policy.stages, chosen).map { probabilities, chosen in
            chosen.contains(Self.byTable) ? Self.table(probabilities, actions) : Self.table([], actions)
        }
        count = chosen.count
        stages = .allocate(capacity: max(1, count))
        for (index, choices) in chosen.enumerated() {
            let memory = UnsafeMutablePointer<Int32>.allocate(capacity: max(1, choices.count))
            memory.initialize(from: choices, count: choices.count)
            (stages + index).initialize(to: Stage(actions: memory, table: tables[index].view))
        }
        self.tables = tables
    }

    deinit {
        for stage in 0..<count { stages[stage].actions.deallocate() }
        stages.deallocate()
    }

    private static func choices(_ probabilities: [Double], _ actions: Int) -> [Int32] {
        stride(from: 0, to: probabilities.count, by: actions).map { first in
            let row = probabilities[first..<first + actions]
            if let certain = row.firstIndex(of: 1) { return Int32(certain - first) }
            return row.allSatisfy { $0 == row[first] } ? evenly : byTable
        }
    }

    private static func table(_ probabilities: [Double], _ actions: Int) -> OutcomeTable {
        let rows = (0...probabilities.count / actions).map { Int32($0 * actions) }
        return OutcomeTable(
            AliasTable(rowStart: rows, weights: probabilities),
            outcomes: probabilities.indices.map { Int32($0 % actions) })
    }
}
