import NumericsCore
import Regimes

/// A tabular problem as an environment: values are exact, the best policy is known, and episodes are drawn in constant time
/// per decision.
package struct TabularEnvironment: Environment {
    package let problem: TabularProblem
    package let facts: EnvironmentFacts
    /// Actions for all states, by the rule's name.
    private let rules: [String: TabularPolicy]
    /// The number of the event that ends an episode in a state, −1 for none.
    let endings: [Int32]
    /// `groups[grouping][state]`
    let groups: [[Int]]
    private let refusesInadmissible: Bool
    let start: OutcomeTable
    let outcomes: StateTable

    /// - Parameter rules: an action for each state, by the rule's name.
    package init(_ problem: TabularProblem, variant: String, rules: [String: [Int]]) throws {
        try self.init(
            problem, variant: variant,
            policies: rules.mapValues { TabularPolicy(actions: problem.actions.count, choosing: $0) })
    }

    /// - Parameter refusesInadmissible: whether a policy that may take an action which its state does not admit is an error.
    package init(
        _ problem: TabularProblem, variant: String, policies: [String: TabularPolicy], refusesInadmissible: Bool = false
    ) throws {
        self.problem = problem
        self.refusesInadmissible = refusesInadmissible
        rules = policies
        let ends = Set(problem.ends.compactMap(\.self)).sorted()
        let groupings = problem.strata.sorted { $0.key < $1.key }.map { name, labels in
            Grouping(name, groups: Set(labels).sorted())
        }
        func variable(_ feature: StateFeature) -> ObservedVariable {
            ObservedVariable(feature.name, low: feature.values.min() ?? 0, high: feature.values.max() ?? 0)
        }
        let state = ObservedVariable(Self.state, low: 0, high: Double(problem.states.count - 1))
        let seen = problem.features.filter { !$0.isHidden }.map(variable)
        let hidden = problem.features.filter(\.isHidden).map(variable)
        facts = EnvironmentFacts(
            name: problem.name, variant: variant, observations: seen.isEmpty ? [state] : seen,
            hidden: seen.isEmpty ? hidden : hidden + [state], actions: ActionSpace(names: problem.actions),
            horizon: problem.horizon, discount: problem.discount, ends: ends, groupings: groupings,
            rules: policies.keys.sorted())
        endings = problem.ends.map { end in Int32(end.flatMap { ends.firstIndex(of: $0) } ?? -1) }
        groups = groupings.map { grouping in
            (problem.strata[grouping.name] ?? []).map { grouping.groups.firstIndex(of: $0) ?? 0 }
        }
        start = OutcomeTable(
            AliasTable(rowStart: [0, Int32(problem.states.count)], weights: problem.start),
            outcomes: problem.states.indices.map(Int32.init))
        let variables = facts.observed
        outcomes = StateTable(
            problem.transitions, endings: endings,
            alias: AliasTable(rowStart: problem.transitions.rowStart, weights: problem.transitions.probabilities),
            columns: variables.map { name in problem.features.first { $0.name == name }?.values })
    }

    /// The variable that holds the number of the state.
    static let state = "state"

    package func rule(_ name: String) throws -> any Policy {
        guard let policy = rules[name] else {
            throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
        }
        return policy
    }

    package func optimum() throws -> any Policy { try OptimalControl.policy(of: problem) }

    package func makeEpisodes(seed: UInt64) -> any EpisodeLanes { TabularLanes(self, seed: seed) }

    package func simulate(_ policy: any Policy, episodes: Int, seed: UInt64, threads: Int) throws -> EpisodeTotals {
        guard let table = try tabulated(policy) else {
            // What changes without an end cannot be looked through for actions that are not admitted.
            return try EpisodeRunner(self, policy, seed: seed).run(episodes, threads: threads)
        }
        return try TabularEpisodes(self, table, seed: seed).run(episodes, threads: threads)
    }

    package func exactValue(of policy: any Policy) throws -> ExactValue {
        guard let table = try tabulated(policy) else {
            throw EnvironmentError.notExact(policy: "a policy that changes with time", environment: facts.name)
        }
        let exact = try ExactEvaluation(table, in: problem)
        return ExactValue(
            value: exact.value, meanLength: exact.meanLength, ends: exact.ends,
            by: exact.by.mapValues { $0.mapValues(\.value) })
    }

    // MARK: Policies as tables

    /// What a policy chooses in every state at every decision; nil for a policy that changes without an end.
    private func tabulated(_ policy: any Policy) throws -> TabularPolicy? {
        let table = try (policy as? TabularPolicy) ?? listed(policy)
        if let table, refusesInadmissible { try refuseInadmissible(table) }
        return table
    }

    private func refuseInadmissible(_ policy: TabularPolicy) throws {
        let count = problem.actions.count
        for stage in policy.stages {
            for row in stage.indices where stage[row] > 0 && !problem.transitions.isAdmissible[row] {
                guard problem.ends[row / count] == nil else { continue }
                throw EnvironmentError.inadmissible(
                    action: problem.actions[row % count], state: problem.states[row / count], environment: facts.name)
            }
        }
    }

    /// A policy as a table, asked for every state.
    private func listed(_ policy: any Policy) throws -> TabularPolicy? {
        let worker = try policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        // One that says nothing of time is asked at three decisions where there is no last one.
        let decisions = policy.changesWithTime ? problem.horizon ?? 3 : 1
        let stages = (0..<decisions).map { weights(worker, decision: $0) }
        if stages.allSatisfy({ $0 == stages[0] }) {
            return TabularPolicy(probabilities: [stages[0]], actions: problem.actions.count)
        }
        return problem.horizon == nil ? nil : TabularPolicy(probabilities: stages, actions: problem.actions.count)
    }

    /// The probabilities of a policy's actions in all states, sixteen at a time.
    private func weights(_ worker: any PolicyWorker, decision: Int) -> [Double] {
        let actions = problem.actions.count
        var result = [Double](repeating: 0, count: problem.states.count * actions)
        let lanes = TabularLanes(self, seed: 0)
        let weights = LanePointer.allocate(capacity: actions)
        defer { weights.deallocate() }
        weights.initialize(repeating: Lane(repeating: 0), count: actions)
        for first in stride(from: 0, to: problem.states.count, by: laneCount) {
            let count = min(laneCount, problem.states.count - first)
            for lane in 0..<laneCount { lanes.put(first + min(lane, count - 1), lane: lane) }
            worker.weigh(
                PolicyPoint(
                    decision: Lane(repeating: Double(decision)), observation: lanes.observation,
                    allowed: lanes.allowed, uniform: Lane(repeating: 0.5)), into: weights)
            for lane in 0..<count {
                for action in 0..<actions { result[(first + lane) * actions + action] = weights[action][lane] }
            }
        }
        return result
    }
}
