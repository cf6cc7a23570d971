import NumericsCore

/// The best policy of a tabular problem, exactly.
///
/// With a horizon by backward induction (Bellman 1957), which answers with an action for each state **and** decision; without
/// one by policy iteration (Howard 1960), whose every policy is valued by linear equations, so that it stops at the optimum
/// and not near it. Inadmissible actions are not chosen. Of equally good actions the first is taken.
public enum OptimalControl {
    /// - Throws: ``LinearAlgebraError`` where a policy on the way never ends and nothing is discounted.
    public static func policy(of problem: TabularProblem) throws(LinearAlgebraError) -> TabularPolicy {
        guard let horizon = problem.horizon else { return try iterated(problem) }
        return backward(problem, horizon)
    }

    private static func backward(_ problem: TabularProblem, _ horizon: Int) -> TabularPolicy {
        var values = [Double](repeating: 0, count: problem.states.count)
        var stages: [[Int]] = []
        for _ in 0..<horizon {
            let chosen = greedy(problem, values)
            stages.append(chosen.actions)
            values = chosen.values
        }
        return TabularPolicy(stages: stages.reversed(), actions: problem.actions.count)
    }

    private static func iterated(_ problem: TabularProblem) throws(LinearAlgebraError) -> TabularPolicy {
        var chosen = problem.states.indices.map { state in
            problem.actions.indices.first { problem.transitions.isAdmissible[state * problem.actions.count + $0] } ?? 0
        }
        while true {
            let policy = TabularPolicy(actions: problem.actions.count, choosing: chosen)
            let values = try ExactEvaluation(policy, in: problem).stateValues
            let better = greedy(problem, values, unless: chosen)
            if better.actions == chosen { return policy }
            chosen = better.actions
        }
    }

    /// The best action in each state if the future is worth `values`; the present one where no other is better by more than
    /// rounding.
    private static func greedy(
        _ problem: TabularProblem, _ values: [Double], unless present: [Int]? = nil
    ) -> (actions: [Int], values: [Double]) {
        let table = problem.transitions
        var actions = [Int](repeating: 0, count: values.count)
        var best = [Double](repeating: 0, count: values.count)
        for state in values.indices where problem.ends[state] == nil {
            func worth(_ action: Int) -> Double {
                table.expectedRewards[state * table.actions + action]
                    + problem.discount * table.mean(values, state, action)
            }
            var chosen = present?[state]
            var value = chosen.map(worth) ?? -.infinity
            let margin = present == nil ? 0 : 1e-12 * max(1, abs(value))
            for action in problem.actions.indices where table.isAdmissible[state * table.actions + action] {
                let other = worth(action)
                if chosen == nil || other > value + margin { (chosen, value) = (action, other) }
            }
            actions[state] = chosen ?? 0
            best[state] = value
        }
        return (actions, best)
    }
}
