import Environments
import NumericsCore
import Regimes
import Testing

@testable import Learning

/// Learners on bundled problems, against rules that people wrote. Backed by exact values and by simulation with standard errors and
/// fixed seeds.
@Suite struct LearnedValuesTests {
    private func learned(_ environment: any Environment, _ method: String) throws -> (value: Double, error: Double) {
        let method = try LearningMethod.named(method)
        let report = try LearningRun(
            environment, method, request: LearningRequest([], method, environment.facts), seed: 1, threads: 2
        ).run().report
        return (try #require(report.value), try #require(report.se))
    }

    @Test(
        "Where the disease is hidden, learners do better than the standard of care", arguments: ["double-dqn", "ppo"])
    func epicare(method: String) throws {
        let environment = try EnvironmentEntry.named("epicare").make()
        let usual = try environment.simulate(
            environment.policy(.rule("standard-of-care")), episodes: 5000, seed: 2, threads: 2)
        let found = try learned(environment, method)
        let error = (found.error * found.error + pow2(try #require(usual.standardError))).squareRoot()
        #expect(found.value - 4 * error > (try #require(usual.value)))
    }

    @Test("Where two variables of sepsis are hidden, a learner does better than treating each vital sign by itself")
    func sepsis() throws {
        let environment = try EnvironmentEntry.named("oberst-sepsis").make()
        let rule = try environment.exactValue(of: environment.policy(.rule("by-vital"))).value
        let best = try environment.exactValue(of: environment.optimum()).value
        let found = try learned(environment, "ppo")
        // A third of the way from the rule to the best policy, which sees everything.
        #expect(found.value - 4 * found.error > rule + (best - rule) / 3)
        #expect(found.value < best)
    }

    private func pow2(_ value: Double) -> Double { value * value }
}
