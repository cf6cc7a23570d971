/// What sixteen episodes of a tabular problem ask of it at each decision: what is observed and allowed in a state, and what an
/// action leads to. The lanes of all threads share it.
final class StateTable: Sendable {
    let actions: Int
    let variables: Int
    let hasInadmissible: Bool
    /// The number of the event that ends an episode in a state, −1 for none.
    nonisolated(unsafe) let endings: UnsafeMutablePointer<Int32>
    let outcomes: OutcomeTable
    private nonisolated(unsafe) let values: UnsafeMutablePointer<Double>
    private nonisolated(unsafe) let admissible: UnsafeMutablePointer<Double>

    /// - Parameters:
    ///   - alias: made from the transitions' rows.
    ///   - columns: what is observed and hidden, `[variable][state]`; nil for the number of the state.
    ///   - endings: the number of the event that ends an episode in each state, −1 for none.
    init(_ transitions: TransitionTable, endings: [Int32], alias: AliasTable, columns: [[Double]?]) {
        actions = transitions.actions
        variables = columns.count
        hasInadmissible = transitions.isAdmissible.contains(false)
        outcomes = OutcomeTable(alias, outcomes: transitions.successors, rewards: transitions.rewards)
        self.endings = .allocate(capacity: max(1, endings.count))
        self.endings.initialize(from: endings, count: endings.count)
        admissible = Self.copy(transitions.isAdmissible.map { $0 ? 1 : 0 })
        values = Self.copy(
            endings.indices.flatMap { state in columns.map { $0.map { $0[state] } ?? Double(state) } })
    }

    deinit {
        endings.deallocate()
        values.deallocate()
        admissible.deallocate()
    }

    private static func copy(_ elements: [Double]) -> UnsafeMutablePointer<Double> {
        let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        return memory
    }

    /// What an action leads to, by one draw. Where a row is empty nothing changes.
    @inline(__always)
    func outcome(of action: Int, in state: Int, _ uniform: Double) -> (outcome: Int, reward: Double) {
        let row = state * actions + action
        guard outcomes.view.rows[row].count > 0 else { return (state, 0) }
        return outcomes.view.payingOutcome(inRow: row, uniform)
    }

    /// The values of what is observed and hidden in a state.
    @inline(__always)
    func values(in state: Int) -> UnsafePointer<Double> { UnsafePointer(values + state * variables) }

    /// For each action 1 where it is admissible in a state, else 0.
    @inline(__always)
    func admissible(in state: Int) -> UnsafePointer<Double> { UnsafePointer(admissible + state * actions) }
}
