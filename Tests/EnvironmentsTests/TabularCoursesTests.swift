import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by a second route: each episode alone, from the alias tables and the next number of its stream, as the words of
/// ``TabularEpisodes`` say. The two must agree to the last bit.
@Suite struct TabularCoursesTests {
    /// One episode after the other.
    private func plain(
        _ environment: TabularEnvironment, _ policy: TabularPolicy, episodes: Int, seed: UInt64
    ) -> EpisodeTotals {
        let problem = environment.problem
        let table = problem.transitions
        let start = AliasTable(rowStart: [0, Int32(problem.states.count)], weights: problem.start)
        let successors = AliasTable(rowStart: table.rowStart, weights: table.probabilities)
        let rows = (0...problem.states.count).map { Int32($0 * policy.actions) }
        let choices = policy.stages.map { AliasTable(rowStart: rows, weights: $0) }
        let key = StreamKey(seed: seed, purpose: .environment)
        var totals = EpisodeTotals(environment.facts)
        for episode in 0..<episodes {
            var stream = EpisodeStream.make(key, episode: episode)
            let first = place(start, 0, stream.nextUniform())
            var (state, value, weight, decisions) = (first, 0.0, 1.0, 0)
            while decisions < problem.horizon ?? .max, problem.ends[state] == nil {
                let stage = min(decisions, policy.stages.count - 1)
                let chances = policy.stages[stage][state * policy.actions..<(state + 1) * policy.actions]
                let action =
                    chances.firstIndex(of: 1)
                    ?? place(choices[stage], state, stream.nextUniform())
                let outcome = place(successors, state * policy.actions + action % policy.actions, stream.nextUniform())
                value += weight * table.rewards[outcome]
                weight *= problem.discount
                state = Int(table.successors[outcome])
                decisions += 1
            }
            let end = environment.endings[state]
            totals.add(
                value, steps: decisions, ending: end < 0 ? .truncated : .event(Int(end)),
                group: { environment.groups[$0][first] }, measure: { _ in .nan })
        }
        return totals
    }

    /// The place that a uniform number picks, counted from the start of the table.
    private func place(_ table: AliasTable, _ row: Int, _ uniform: Double) -> Int {
        let first = Int(table.rowStart[row])
        let scaled = uniform * Double(Int(table.rowStart[row + 1]) - first)
        let place = table.places[first + Int(scaled)]
        return first + (scaled - scaled.rounded(.down) < place.own ? Int(scaled) : Int(place.other))
    }

    /// Fewer than one block, so that blocks are not joined.
    private func check(_ environment: TabularEnvironment, _ policy: TabularPolicy, _ name: String) throws {
        for count in [1, 3, 8, 1000] {
            let taken = try TabularEpisodes(environment, policy, seed: 5).run(count, threads: 1)
            #expect(taken == plain(environment, policy, episodes: count, seed: 5), "\(name), \(count) episodes")
        }
    }

    @Test("Sepsis: even choice, a rule, the best policy of each hour, and shares of a table")
    func sepsis() throws {
        let environment = try OberstSepsis.environment(.code)
        let (states, actions) = (environment.problem.states.count, environment.problem.actions.count)
        #expect(environment.outcomes.outcomes.view.isPaidByOutcome)
        try check(environment, .random(states: states, actions: actions), "random")
        try check(environment, try #require(environment.rule("by-vital") as? TabularPolicy), "by-vital")
        try check(environment, try OptimalControl.policy(of: environment.problem), "optimal")
        let shares = [0.3, 0.2, 0.1, 0.05, 0.05, 0.1, 0.15, 0.05]
        let mixed = TabularPolicy(states: states, actions: actions) { state, action in
            switch state % 3 {
            case 0: 1 / Double(actions)
            case 1: action == state % actions ? 1 : 0
            default: shares[action]
            }
        }
        try check(environment, mixed, "mixed")
    }

    @Test("Rewards that depend on the way to a state, a discount, and no horizon")
    func payingByTheWay() throws {
        for seed in 0..<8 as Range<UInt64> {
            var stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
            let table = TransitionTable(states: 5, actions: 3) { _, _ in
                let weights = (0..<5).map { _ in stream.nextUniform() }
                let sum = weights.reduce(0, +)
                return weights.enumerated().map {
                    TransitionTable.Outcome(state: $0, probability: $1 / sum, reward: stream.nextUniform())
                }
            }
            let problem = try TabularProblem(
                name: "ways", states: (0..<5).map { "\($0)" }, actions: ["a", "b", "c"],
                start: [0.4, 0.3, 0.2, 0, 0.1], ends: [nil, nil, nil, nil, "end"], horizon: seed % 2 == 0 ? nil : 4,
                discount: 0.9,
                strata: ["start": ["0", "1", "2", "3", "4"]], transitions: table)
            let environment = try TabularEnvironment(problem, variant: "ways", rules: [:])
            #expect(!environment.outcomes.outcomes.view.isPaidByOutcome)
            try check(environment, .random(states: 5, actions: 3), "seed \(seed)")
        }
    }

    @Test("A policy that says nothing of time is listed as the same policy asked at every decision")
    func listing() throws {
        struct Silent: Policy {
            func makeWorker(observing names: [String], choosing actions: ActionSpace) throws(PolicyError)
                -> any PolicyWorker
            { RandomPolicy().makeWorker(observing: names, choosing: actions) }
        }
        #expect(Silent().changesWithTime && !RandomPolicy().changesWithTime)
        let environment = try OberstSepsis.environment(.code)
        let one = try environment.simulate(RandomPolicy(), episodes: 2000, seed: 9, threads: 1)
        #expect(try environment.simulate(Silent(), episodes: 2000, seed: 9, threads: 2) == one)
    }
}
