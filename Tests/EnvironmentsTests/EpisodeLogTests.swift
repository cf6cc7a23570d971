import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by the runner, which shares the log's chance, and by the tables.
@Suite struct EpisodeLogTests {
    @Test func aLogWithoutExplorationHoldsTheRunnersEpisodes() throws {
        let environment = try OberstSepsis.environment(.code)
        let log = try EpisodeLog(environment, RandomPolicy(), seed: 4).run(700, threads: 2)
        let totals = try EpisodeRunner(environment, RandomPolicy(), seed: 4).run(700, threads: 1)
        let returns = (0..<log.episodes).map { log.range(of: $0).reduce(0.0) { $0 + log.rewards[$1] } }
        #expect(RunningMoments(returns).mean.map { abs($0 - (totals.value ?? .nan)) < 1e-12 } == true)
        #expect(log.decisions == totals.steps)
        #expect(log.endedByEvent.count { $0 } == totals.ends.reduce(0, +))
        #expect(log.propensity.allSatisfy { abs($0 - 1 / 8.0) < 1e-15 })
        #expect(log.variables == environment.facts.observations.map(\.name))
        #expect(log.groups.map(\.name) == ["diabetes"] && log.groups[0].labels.count == 700)
    }

    /// A share ε spread over eight actions: the rule's action has 1 − ε + ε / 8, the others ε / 8, as often as they say.
    @Test func explorationHasTheProbabilitiesThatItSays() throws {
        let environment = try OberstSepsis.environment(.code)
        let log = try EpisodeLog(
            environment, try environment.rule("by-vital"), seed: 1, exploration: 0.4, withHidden: true
        )
        .run(2000, threads: 2)
        #expect(Set(log.propensity.map { ($0 * 1e12).rounded() / 1e12 }) == [0.05, 0.65])
        let share = Double(log.propensity.count { $0 > 0.5 }) / Double(log.decisions)
        let error = (0.65 * 0.35 / Double(log.decisions)).squareRoot()
        #expect(abs(share - 0.65) < 4 * error)
        #expect(log.variables == environment.facts.observed)
    }
}
