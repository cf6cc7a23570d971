/// What becomes of an action that a state does not admit.
enum InadmissibleAction: String, Sendable, CaseIterable {
    /// What the state's admissible actions lead to on average.
    case mean
    /// The end `death`.
    case death
    /// A policy that takes one is refused.
    case error
}

/// The rows of a problem that is read from tables: what each state and action lead to, where it is known.
struct ProblemRows {
    let states: Int
    let actions: Int
    /// `outcomes[state · actions + action]`; empty where the action is not admissible.
    var outcomes: [[TransitionTable.Outcome]]

    init(states: Int, actions: Int) {
        self.states = states
        self.actions = actions
        outcomes = Array(repeating: [], count: states * actions)
    }

    /// The table, with rows for actions that are not admissible.
    ///
    /// - Parameters:
    ///   - isAdmissible: row by row; a row that is not may have outcomes of its own.
    ///   - death: the state of the end that inadmissible actions lead to under ``InadmissibleAction/death``.
    func table(isAdmissible: [Bool], ends: [String?], _ rule: InadmissibleAction, death: Int?) -> TransitionTable {
        TransitionTable(states: states, actions: actions, isAdmissible: isAdmissible) { state, action in
            guard ends[state] == nil else { return [] }
            let row = state * actions + action
            if isAdmissible[row] { return outcomes[row] }
            if rule == .death, let death { return [TransitionTable.Outcome(state: death, probability: 1)] }
            return outcomes[row].isEmpty ? mean(state, isAdmissible) : outcomes[row]
        }
    }

    private func mean(_ state: Int, _ isAdmissible: [Bool]) -> [TransitionTable.Outcome] {
        let rows = (state * actions..<(state + 1) * actions).filter { isAdmissible[$0] }
        var sums: [Int: (probability: Double, gain: Double)] = [:]
        for row in rows {
            for outcome in outcomes[row] {
                let share = outcome.probability / Double(rows.count)
                let sum = sums[outcome.state] ?? (0, 0)
                sums[outcome.state] = (sum.probability + share, sum.gain + share * outcome.reward)
            }
        }
        return sums.sorted { $0.key < $1.key }.map { state, sum in
            TransitionTable.Outcome(
                state: state, probability: sum.probability,
                reward: sum.probability > 0 ? sum.gain / sum.probability : 0)
        }
    }
}
