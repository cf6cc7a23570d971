import Regimes
import Testing

@testable import OffPolicy

/// Backed by the messages themselves: what is flagged or refused says why.
@Suite struct RefusalTests {
    private func estimates(_ log: LoggedEpisodes, _ policy: CoinPolicy, _ names: [String]) throws -> [OffPolicyEstimate]
    {
        var settings = OffPolicySettings()
        settings.estimators = names
        return try OffPolicyStudy(log, settings).evaluate(policy).estimates
    }

    @Test func fewEffectiveEpisodesAreFlagged() throws {
        let log = OffPolicyTests.log((0..<16).map { [(0, $0 % 2, 1, 0.5)] })
        let flagged = try estimates(log, CoinPolicy(atZero: 1, elsewhere: 1), ["wis"])[0]
        #expect(flagged.effectiveSampleSize == 8)
        #expect(
            flagged.reason
                == "effective sample size 8.0 is below 10: too few episodes carry the estimate; log more of them, or behave more "
                + "like the policy")
        let more = OffPolicyTests.log((0..<20).map { [(0, $0 % 2, 1, 0.5)] })
        #expect(try estimates(more, CoinPolicy(atZero: 1, elsewhere: 1), ["wis"])[0].reason == nil)
    }

    @Test func noEpisodeThatFollowsThePolicyIsRefused() throws {
        let log = OffPolicyTests.log((0..<30).map { _ in [(0, 0, 1, 1)] })
        let refused = try estimates(log, CoinPolicy(atZero: 1, elsewhere: 1), ["is"])[0]
        #expect(refused.value == nil)
        #expect(
            refused.reason
                == "refused: no episode of the log goes as the policy would have it; log more episodes or one nearer to the policy"
        )
    }

    @Test func whatTheLogNeverShowsIsNamed() throws {
        let log = OffPolicyTests.log((0..<40).map { [(0, 0, 1, 1), (1, $0 % 2, 1, 0.5)] })
        let settings = OffPolicySettings()
        let evaluation = try OffPolicyStudy(log, settings).evaluate(CoinPolicy(atZero: 0.5, elsewhere: 0.5))
        #expect(evaluation.support.unsupportedDecisions == 0.5)
        #expect(evaluation.support.unsupportedMass == 0.25)
        #expect(evaluation.support.neverChosen == [])
        let model = try #require(evaluation.estimates.first { $0.estimator == "dm" })
        #expect(
            model.reason
                == "at 50.0 % of the decisions the policy does what nobody in the log did in such a situation")
        let sampled = try #require(evaluation.estimates.first { $0.estimator == "is" })
        #expect(sampled.reason?.contains("the weights average 0.500 and not 1") == true)
    }

    @Test func badLogsAreRefused() throws {
        var wrong = OffPolicyTests.log([[(0, 0, 1, 0.5), (0, 0, 1, 1.5)]])
        #expect(throws: OffPolicyError.propensity(1.5, episode: 0, step: 1)) {
            try OffPolicyStudy(wrong, OffPolicySettings())
        }
        wrong.rewards[1] = .nan
        #expect(throws: OffPolicyError.notFinite("reward", episode: 0, step: 1)) {
            try OffPolicyStudy(wrong, OffPolicySettings())
        }
        #expect(throws: OffPolicyError.noEpisodes) {
            try OffPolicyStudy(OffPolicyTests.log([]), OffPolicySettings())
        }
        var settings = OffPolicySettings()
        settings.estimators = ["is", "magi"]
        #expect {
            try OffPolicyStudy(wrong, settings)
        } throws: {
            "\($0)" == "estimators: found 'magi', allowed: is, wis, pdis, wpdis, dm, dr, wdr, magic"
        }
    }

    @Test func missingPropensitiesAreEstimatedAndSaidSo() throws {
        // Of 40 decisions at x = 0, 30 go; of 40 at x = 1, 10.
        let log = OffPolicyTests.log(
            (0..<40).map { [(0, $0 % 4 == 0 ? 0 : 1, 1, .nan), (1, $0 % 4 == 1 ? 1 : 0, 1, .nan)] })
        let study = try OffPolicyStudy(log, OffPolicySettings())
        #expect(study.behaviour.source == .frequencies(cells: 2, missing: 80))
        #expect(study.behaviour.source.description == "estimated by frequencies in 2 cells (80 were not logged)")
        #expect(study.behaviour.chosen[0] == 0.25)
        #expect(study.behaviour.chosen[2] == 0.75)
        #expect(study.behaviour.chosen[1] == 0.75)
    }

    /// A saturated logistic model gives back the frequencies.
    @Test func logisticPropensitiesAgreeWithFrequencies() throws {
        let log = OffPolicyTests.log(
            (0..<400).map { [(0, $0 % 4 == 0 ? 0 : 1, 1, .nan), (1, $0 % 4 == 1 ? 1 : 0, 1, .nan)] })
        let logistic = try BehaviourPropensities(log, cells: nil, variables: [0])
        #expect(logistic.source == .logistic(missing: 800))
        let frequencies = try BehaviourPropensities(log, cells: StateCells(log, variables: [0]), variables: [0])
        // The penalty is 10⁻⁴ against 800 rows.
        #expect(zip(logistic.chosen, frequencies.chosen).allSatisfy { abs($0 - $1) < 1e-5 })
    }
}
