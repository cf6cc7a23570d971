import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by second routes on many small problems made at random: every policy tried, a long horizon, simulation.
@Suite struct RandomProblemsTests {
    /// A problem of a few states of which the last is an end.
    private func problem(
        _ seed: UInt64, states: Int, actions: Int, horizon: Int?, discount: Double
    ) throws -> TabularProblem {
        var stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
        func law(_ count: Int) -> [Double] {
            let weights = (0..<count).map { _ in stream.nextUniform() }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
        let table = TransitionTable(states: states, actions: actions) { _, _ in
            law(states).enumerated().map {
                TransitionTable.Outcome(state: $0, probability: $1, reward: 2 * stream.nextUniform() - 1)
            }
        }
        let ends = (0..<states).map { $0 == states - 1 ? "end" : nil }
        return try TabularProblem(
            name: "random", states: ends.indices.map { "\($0)" }, actions: (0..<actions).map { "\($0)" },
            start: law(states - 1) + [0], ends: ends, horizon: horizon, discount: discount, transitions: table)
    }

    @Test("Backward induction finds the best of all policies there are")
    func allPolicies() throws {
        let (states, actions, horizon) = (3, 2, 3)
        for seed in 0..<50 as Range<UInt64> {
            let problem = try problem(seed, states: states, actions: actions, horizon: horizon, discount: 0.9)
            let choices = (states - 1) * horizon
            var best = -Double.infinity
            for number in 0..<(1 << choices) {
                let stages = (0..<horizon).map { stage in
                    (0..<states).map { $0 == states - 1 ? 0 : number >> (stage * (states - 1) + $0) & 1 }
                }
                let policy = TabularPolicy(stages: stages, actions: actions)
                best = max(best, try ExactEvaluation(policy, in: problem).value)
            }
            let found = try ExactEvaluation(OptimalControl.policy(of: problem), in: problem).value
            #expect(abs(found - best) < 1e-13, "seed \(seed)")
        }
    }

    @Test("Policy iteration finds the best of all policies that do not change with time")
    func allStationary() throws {
        let (states, actions) = (4, 3)
        for seed in 0..<30 as Range<UInt64> {
            let problem = try problem(seed, states: states, actions: actions, horizon: nil, discount: 0.95)
            var best = -Double.infinity
            for number in 0..<27 {
                let policy = TabularPolicy(actions: actions, choosing: [number % 3, number / 3 % 3, number / 9, 0])
                best = max(best, try ExactEvaluation(policy, in: problem).value)
            }
            let found = try ExactEvaluation(OptimalControl.policy(of: problem), in: problem).value
            #expect(abs(found - best) < 1e-12, "seed \(seed)")
        }
    }

    @Test("Linear equations and a long recursion agree: values, lengths and ends")
    func longHorizon() throws {
        for seed in 0..<20 as Range<UInt64> {
            let endless = try problem(seed, states: 6, actions: 3, horizon: nil, discount: 1)
            let long = try problem(seed, states: 6, actions: 3, horizon: 400, discount: 1)
            let policy = TabularPolicy.random(states: 6, actions: 3)
            let solved = try ExactEvaluation(policy, in: endless)
            let recursed = try ExactEvaluation(policy, in: long)
            #expect(abs(solved.value - recursed.value) < 1e-11, "seed \(seed)")
            #expect(abs(solved.meanLength - recursed.meanLength) < 1e-10, "seed \(seed)")
            #expect(abs((solved.ends["end"] ?? 0) - 1) < 1e-11, "seed \(seed)")
        }
    }

    @Test("Both routes of simulation have the exact value within 4 standard errors, with and without a horizon")
    func simulated() throws {
        for seed in 0..<6 as Range<UInt64> {
            let problem = try problem(
                seed, states: 7, actions: 4, horizon: seed % 2 == 0 ? nil : 5, discount: 0.97)
            let environment = try TabularEnvironment(problem, variant: "random", rules: [:])
            for policy in [RandomPolicy() as any Policy, try environment.optimum()] {
                let exact = try environment.exactValue(of: policy).value
                for totals in [
                    try environment.simulate(policy, episodes: 20_000, seed: seed, threads: 2),
                    try EpisodeRunner(environment, policy, seed: seed + 100).run(20_000, threads: 2),
                ] {
                    let value = try #require(totals.value)
                    let error = try #require(totals.standardError)
                    #expect(abs(value - exact) < 4 * error, "seed \(seed)")
                }
            }
        }
    }

    @Test("An exact value prints null where there is no number")
    func report() throws {
        let problem = try problem(1, states: 3, actions: 2, horizon: 2, discount: 1)
        let environment = try TabularEnvironment(problem, variant: "random", rules: [:])
        let report = PolicyReport(
            try environment.exactValue(of: RandomPolicy()), policy: "random", environment.facts)
        let object = try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
        let keys = try #require(object)
        for key in ["episodes", "failed", "steps", "steps_per_cpu_second"] { #expect(keys[key] is NSNull, "\(key)") }
        #expect(keys["value"] is Double)
        #expect(
            keys.keys.sorted() == [
                "by", "ends", "environment", "episodes", "failed", "mean_length", "measures", "policy", "se", "steps",
                "steps_per_cpu_second", "value", "variant",
            ])
    }
}
