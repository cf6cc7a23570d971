/// A tabular problem's rows laid out for sixteen episodes at a time: what one draw needs lies together in memory, and the
/// lanes of all threads share it.
final class OutcomeTable: Sendable {
    /// A place of the ``AliasTable`` with what both of its choices lead to.
    struct Place {
        let own: Double
        let ownReward: Double
        let otherReward: Double
        let ownSuccessor: Int32
        let otherSuccessor: Int32
    }

    let actions: Int
    let variables: Int
    let hasInadmissible: Bool
    private nonisolated(unsafe) let rowStart: UnsafeMutablePointer<Int32>
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Place>
    private nonisolated(unsafe) let values: UnsafeMutablePointer<Double>
    private nonisolated(unsafe) let admissible: UnsafeMutablePointer<Double>

    /// - Parameters:
    ///   - alias: made from the transitions' rows.
    ///   - columns: what is observed and hidden, `[variable][state]`; nil for the number of the state.
    init(_ transitions: TransitionTable, states: Int, alias: AliasTable, columns: [[Double]?]) {
        actions = transitions.actions
        variables = columns.count
        hasInadmissible = transitions.isAdmissible.contains(false)
        rowStart = Self.copy(transitions.rowStart)
        admissible = Self.copy(transitions.isAdmissible.map { $0 ? 1 : 0 })
        values = Self.copy(
            (0..<states).flatMap { state in columns.map { $0.map { $0[state] } ?? Double(state) } })
        var drawn: [Place] = []
        drawn.reserveCapacity(transitions.successors.count)
        for row in 0..<(transitions.rowStart.count - 1) {
            let start = Int(transitions.rowStart[row])
            for place in start..<Int(transitions.rowStart[row + 1]) {
                let other = start + Int(alias.other[place])
                drawn.append(
                    Place(
                        own: alias.own[place], ownReward: transitions.rewards[place],
                        otherReward: transitions.rewards[other], ownSuccessor: transitions.successors[place],
                        otherSuccessor: transitions.successors[other]))
            }
        }
        places = Self.copy(drawn)
    }

    deinit {
        rowStart.deallocate()
        places.deallocate()
        values.deallocate()
        admissible.deallocate()
    }

    private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        return memory
    }

    /// What an action leads to, by the same draw as ``AliasTable/place(inRow:_:)``. Where a row is empty nothing changes.
    @inline(__always)
    func outcome(of action: Int, in state: Int, _ uniform: Double) -> (successor: Int, reward: Double) {
        let row = state * actions + action
        let first = Int(rowStart[row])
        let count = Int(rowStart[row + 1]) - first
        guard count > 0 else { return (state, 0) }
        let scaled = uniform * Double(count)
        let index = Int(scaled)
        let place = places + (first + index)
        return scaled - Double(index) < place.pointee.own
            ? (Int(place.pointee.ownSuccessor), place.pointee.ownReward)
            : (Int(place.pointee.otherSuccessor), place.pointee.otherReward)
    }

    /// The values of what is observed and hidden in a state.
    @inline(__always)
    func values(in state: Int) -> UnsafePointer<Double> { UnsafePointer(values + state * variables) }

    /// For each action 1 where it is admissible in a state, else 0.
    @inline(__always)
    func admissible(in state: Int) -> UnsafePointer<Double> { UnsafePointer(admissible + state * actions) }
}
