/// A tabular problem as an environment, with rules that choose an action from the number of a state.
struct TabularEnvironment: Environment {
    let problem: TabularProblem
    /// Actions for all states, by the rule's name.
    let ruleActions: [String: [Int]]

    var name: String { problem.name }
    var actions: [String] { problem.actions }
    var rules: [String] { ruleActions.keys.sorted() }

    func simulate(_ policy: PolicyChoice, episodes: Int, seed: UInt64, threads: Int) throws -> EpisodeTotals {
        TabularEpisodes(problem, try self.policy(policy), seed: seed).run(episodes, threads: threads)
    }

    func exactValue(of policy: PolicyChoice) throws -> ExactValue {
        let exact = try ExactEvaluation(self.policy(policy), in: problem)
        return ExactValue(
            value: exact.value, meanLength: exact.meanLength, ends: exact.ends,
            by: exact.by.mapValues { $0.mapValues(\.value) })
    }

    private func policy(_ choice: PolicyChoice) throws -> TabularPolicy {
        switch choice {
        case .random: return .random(states: problem.states.count, actions: actions.count)
        case .optimal: return try OptimalControl.policy(of: problem)
        case .constant(let text):
            guard let action = actions.firstIndex(of: text) ?? number(text) else {
                throw EnvironmentError.unknownAction(text, environment: name, allowed: actions)
            }
            return TabularPolicy(
                actions: actions.count, choosing: [Int](repeating: action, count: problem.states.count))
        case .rule(let rule):
            guard let chosen = ruleActions[rule] else {
                throw EnvironmentError.unknownRule(rule, environment: name, allowed: rules)
            }
            return TabularPolicy(actions: actions.count, choosing: chosen)
        }
    }

    /// An action by its number, from 0, for who does not know its name.
    private func number(_ text: String) -> Int? {
        Int(text).flatMap { actions.indices.contains($0) ? $0 : nil }
    }
}
