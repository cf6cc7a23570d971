/// What sixteen episodes of a tabular problem ask of it at each decision: what is observed and allowed in a state, and what an
/// action leads to. The lanes of all threads share it.
final class StateTable: Sendable {
    let actions: Int
    let variables: Int
    let hasInadmissible: Bool
    private let outcomes: OutcomeTable
    private nonisolated(unsafe) let values: UnsafeMutablePointer<Double>
    private nonisolated(unsafe) let admissible: UnsafeMutablePointer<Double>

    /// - Parameters:
    ///   - alias: made from the transitions' rows.
    ///   - columns: what is observed and hidden, `[variable][state]`; nil for the number of the state.
    init(_ transitions: TransitionTable, states: Int, alias: AliasTable, columns: [[Double]?]) {
        actions = transitions.actions
        variables = columns.count
        hasInadmissible = transitions.isAdmissible.contains(false)
        outcomes = OutcomeTable(alias, outcomes: transitions.successors, rewards: transitions.rewards)
        admissible = Self.copy(transitions.isAdmissible.map { $0 ? 1 : 0 })
        values = Self.copy(
            (0..<states).flatMap { state in columns.map { $0.map { $0[state] } ?? Double(state) } })
    }

    deinit {
        values.deallocate()
        admissible.deallocate()
    }

    private static func copy(_ elements: [Double]) -> UnsafeMutablePointer<Double> {
        let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        return memory
    }

    /// What an action leads to, by the same draw as ``AliasTable/place(inRow:_:)``. Where a row is empty nothing changes.
    @inline(__always)
    func outcome(of action: Int, in state: Int, _ uniform: Double) -> (successor: Int, reward: Double) {
        let row = state * actions + action
        guard outcomes.view.rows[row].count > 0 else { return (state, 0) }
        let (successor, reward) = outcomes.view.payingOutcome(inRow: row, uniform)
        return (successor, reward)
    }

    /// The values of what is observed and hidden in a state.
    @inline(__always)
    func values(in state: Int) -> UnsafePointer<Double> { UnsafePointer(values + state * variables) }

    /// For each action 1 where it is admissible in a state, else 0.
    @inline(__always)
    func admissible(in state: Int) -> UnsafePointer<Double> { UnsafePointer(admissible + state * actions) }
}
