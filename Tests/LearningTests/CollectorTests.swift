import NumericsCore
import Regimes
import Testing

@testable import Environments
@testable import Learning

/// Backed by a second simulation of the same episodes and by known probabilities.
@Suite struct CollectorTests {
    @Test("The same log for one thread and for two, and for a range that begins later")
    func sameLog() throws {
        let environment = try SmallProblems.masked()
        let collector = EpisodeCollector(environment, seed: 2)
        let one = try collector.collect(RandomPolicy(), episodes: 0..<300, threads: 1)
        let two = try collector.collect(RandomPolicy(), episodes: 0..<300, threads: 2)
        #expect(one.log.rewards == two.log.rewards)
        #expect(one.log.chosen == two.log.chosen)
        #expect(one.log.starts == two.log.starts)
        let late = try collector.collect(RandomPolicy(), episodes: 200..<300, threads: 2)
        #expect(late.log.rewards == Array(one.log.rewards[one.log.starts[200]...]))
    }

    @Test("Propensities are those of the mixture, and what is not allowed is never chosen")
    func propensities() throws {
        let environment = try SmallProblems.masked()
        let collector = EpisodeCollector(environment, seed: 2, permitted: [true, true, true, false])
        let log = try collector.collect(ConstantPolicy([1]), episodes: 0..<2000, exploration: 0.3, threads: 1).log
        var greedy = 0
        for decision in 0..<log.decisions {
            #expect(log.isAllowed(Int(log.chosen[decision]), at: decision))
            let open = log.allowed[decision].nonzeroBitCount
            let hasOne = log.isAllowed(1, at: decision)
            if hasOne {
                let isOne = log.chosen[decision] == 1
                #expect(abs(log.propensity[decision] - (isOne ? 0.7 : 0) - 0.3 / Double(open)) < 1e-12)
            }
            if log.isAllowed(1, at: decision), log.chosen[decision] == 1 { greedy += 1 }
        }
        #expect(!log.chosen.contains(3))
        let expected = (0..<log.decisions).reduce(0.0) { sum, decision in
            log.isAllowed(1, at: decision)
                ? sum + 0.7 + 0.3 / Double(log.allowed[decision].nonzeroBitCount) : sum
        }
        // A count of independent choices: 4 standard errors, at most √n / 2 each.
        #expect(abs(Double(greedy) - expected) < 4 * Double(log.decisions).squareRoot() / 2)
    }

    @Test("The mean discounted return of the log is the exact value within 4 standard errors")
    func value() throws {
        let environment = try SmallProblems.masked()
        let collected = try EpisodeCollector(environment, seed: 3).collect(
            RandomPolicy(), episodes: 0..<20_000, threads: 2)
        let task = LearningTask(environment, seed: 1, episodes: 1)
        let inputs = PolicyInputs(of: collected.log, time: nil)
        let decisions = task.decisions(collected, inputs: inputs, endsAtHorizon: false)
        let returns = decisions.returns(discount: 0.8)
        let moments = RunningMoments((0..<decisions.episodes).map { returns[decisions.starts[$0]] })
        let exact = try environment.exactValue(of: RandomPolicy()).value
        let (mean, error) = (try #require(moments.mean), try #require(moments.standardError))
        #expect(abs(mean - exact) < 4 * error)
        #expect(collected.log.endedByEvent.allSatisfy { $0 })
        #expect(Set(collected.log.groups[0].labels) == ["high", "low"])
    }
}
