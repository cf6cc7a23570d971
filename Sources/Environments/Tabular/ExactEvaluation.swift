import NumericsCore

/// What a policy is worth in a tabular problem, without simulation.
///
/// With a horizon H, backward over the decisions: V_H = 0, V_k(s) = Σₐ π(a | s) (r(s, a) + γ Σ P(s′ | s, a) V_{k+1}(s′)). Without
/// one, by the linear system (I − γ P_π) V = r_π over the states that go on. Numbers of decisions and probabilities of ends
/// are values too, of other rewards and undiscounted (Puterman 1994, chapters 4 and 6).
public struct ExactEvaluation: Sendable {
    /// The expected sum of discounted rewards.
    public let value: Double
    /// The value of an episode that starts in a state.
    public let stateValues: [Double]
    /// The expected number of decisions.
    public let meanLength: Double
    /// The probability of ending by each event, by its name; what is left of 1 is truncated.
    public let ends: [String: Double]
    /// The probability of reaching the horizon.
    public let truncated: Double
    /// The value by group of the starting state: `by[grouping][group]`, with the group's share.
    public let by: [String: [String: GroupValue]]

    /// A group's share of the patients and its value.
    public struct GroupValue: Sendable, Hashable {
        /// The probability of starting in the group.
        public let share: Double
        /// The expected return of who starts in it.
        public let value: Double
    }

    /// - Throws: ``LinearAlgebraError`` where a policy never ends, and the value is a sum without bound.
    public init(_ policy: TabularPolicy, in problem: TabularProblem) throws(LinearAlgebraError) {
        let names = Set(problem.ends.compactMap(\.self)).sorted()
        let table = problem.transitions
        // One pass for all: the rewards first, then the count of decisions, then the arrival at each end.
        func gains(_ state: Int, _ action: Int) -> [Double] {
            var row = [table.expectedRewards[state * table.actions + action], 1]
            for name in names {
                var sum = 0.0
                for place in table.row(state, action) where problem.ends[Int(table.successors[place])] == name {
                    sum += table.probabilities[place]
                }
                row.append(sum)
            }
            return row
        }
        let discounts = [problem.discount] + [Double](repeating: 1, count: names.count + 1)
        let values =
            if let horizon = problem.horizon {
                Self.backward(policy, problem, horizon, discounts, gains)
            } else {
                try Self.solved(policy, problem, discounts, gains)
            }
        stateValues = values[0]
        value = problem.startMean(values[0])
        meanLength = problem.startMean(values[1])
        var ends: [String: Double] = [:]
        for (index, name) in names.enumerated() {
            // Who starts at an end has ended there.
            let atStart = zip(problem.start, problem.ends).reduce(0.0) { $0 + ($1.1 == name ? $1.0 : 0) }
            ends[name] = problem.startMean(values[2 + index]) + atStart
        }
        truncated = problem.horizon == nil ? 0 : max(0, 1 - ends.values.sorted().reduce(0, +))
        self.ends = ends
        by = problem.strata.mapValues { Self.groups($0, problem, values[0]) }
    }

    private static func groups(
        _ labels: [String], _ problem: TabularProblem, _ values: [Double]
    ) -> [String: GroupValue] {
        var groups: [String: GroupValue] = [:]
        for label in Set(labels) {
            let members = labels.indices.filter { labels[$0] == label }
            let share = members.reduce(0) { $0 + problem.start[$1] }
            guard share > 0 else { continue }
            let sum = members.reduce(0) { $0 + problem.start[$1] * values[$1] }
            groups[label] = GroupValue(share: share, value: sum / share)
        }
        return groups
    }

    /// Values of several gains at once, backward over a horizon.
    private static func backward(
        _ policy: TabularPolicy, _ problem: TabularProblem, _ horizon: Int, _ discounts: [Double],
        _ gains: (Int, Int) -> [Double]
    ) -> [[Double]] {
        let table = problem.transitions
        let states = problem.states.count
        let goingOn = problem.ends.indices.filter { problem.ends[$0] == nil }
        var gained: [Int: [Double]] = [:]
        for state in goingOn {
            for action in problem.actions.indices { gained[state * table.actions + action] = gains(state, action) }
        }
        var values = discounts.map { _ in [Double](repeating: 0, count: states) }
        for decision in stride(from: horizon - 1, through: 0, by: -1) {
            let chances = policy.probabilities(at: decision)
            var before = discounts.map { _ in [Double](repeating: 0, count: states) }
            for state in goingOn {
                for action in problem.actions.indices {
                    let row = state * table.actions + action
                    guard chances[row] > 0, let gain = gained[row] else { continue }
                    for (index, discount) in discounts.enumerated() {
                        before[index][state] +=
                            chances[row] * (gain[index] + discount * table.mean(values[index], state, action))
                    }
                }
            }
            values = before
        }
        return values
    }

    /// Values of several gains at once, by linear equations: one for the discounted reward, one for the others.
    private static func solved(
        _ policy: TabularPolicy, _ problem: TabularProblem, _ discounts: [Double], _ gains: (Int, Int) -> [Double]
    ) throws(LinearAlgebraError) -> [[Double]] {
        let table = problem.transitions
        let chances = policy.probabilities(at: 0)
        let goingOn = problem.ends.indices.filter { problem.ends[$0] == nil }
        var place = [Int](repeating: -1, count: problem.states.count)
        for (index, state) in goingOn.enumerated() { place[state] = index }
        var moves = Matrix(rows: goingOn.count, columns: goingOn.count)
        var means = Matrix(rows: goingOn.count, columns: discounts.count)
        for (row, state) in goingOn.enumerated() {
            for action in problem.actions.indices {
                let chance = chances[state * table.actions + action]
                guard chance > 0 else { continue }
                for (index, gain) in gains(state, action).enumerated() { means[row, index] += chance * gain }
                for outcome in table.row(state, action) {
                    let successor = place[Int(table.successors[outcome])]
                    if successor >= 0 { moves[row, successor] += chance * table.probabilities[outcome] }
                }
            }
        }
        var values = discounts.map { _ in [Double](repeating: 0, count: problem.states.count) }
        for discount in Set(discounts) {
            var system = Matrix(rows: goingOn.count, columns: goingOn.count)
            for i in goingOn.indices {
                for j in goingOn.indices { system[i, j] = (i == j ? 1 : 0) - discount * moves[i, j] }
            }
            let factors = try LUFactorization(of: system)
            for (index, own) in discounts.enumerated() where own == discount {
                let solution = factors.solve(means.column(index))
                for (row, state) in goingOn.enumerated() { values[index][state] = solution[row] }
            }
        }
        return values
    }
}
