import NumericsCore
import Regimes
import Testing

@testable import OffPolicy

/// Backed by hand: four episodes of two decisions whose weights are halves and doubles.
@Suite struct HandComputedTests {
    /// The behaviour tosses a fair coin; the policy goes where x = 0 and stays elsewhere. γ = ½.
    private let log = OffPolicyTests.log(
        [
            [(0, 1, 1, 0.5), (1, 0, 2, 0.5)],
            [(0, 1, 3, 0.5), (1, 1, 4, 0.5)],
            [(0, 0, 5, 0.5), (1, 0, 6, 0.5)],
            [(0, 1, 7, 0.5)],
        ], discount: 0.5)
    private let policy = CoinPolicy(atZero: 1, elsewhere: 0)

    private func estimate(_ name: String) throws -> OffPolicyEstimate {
        var settings = OffPolicySettings()
        settings.estimators = [name]
        settings.folds = 1
        return try OffPolicyStudy(log, settings).evaluate(policy).estimates[0]
    }

    /// Weights of whole episodes 4, 0, 0, 2; returns 2, 5, 8, 7.
    @Test func sampling() throws {
        #expect(try estimate("is").value == 22.0 / 4)
        #expect(try estimate("wis").value == 22.0 / 6)
        #expect(try estimate("wis").effectiveSampleSize == 36.0 / 20)
    }

    /// First decisions weigh 2, 2, 0, 2; second ones 4, 0, 0, and 2 for the episode that is over.
    @Test func perDecision() throws {
        // 2 · 1 + 2 · 3 + 2 · 7 at first, and ½ · 4 · 2 later.
        let (first, later): (Double, Double) = (22, 4)
        #expect(try estimate("pdis").value == (first + later) / 4)
        let weighted = try #require(try estimate("wpdis").value)
        let expected = first / 6 + later / 6
        #expect(abs(weighted - expected) < 1e-14)
    }

    /// A model of zeros leaves the weighted rewards: DR is PDIS, WDR is WPDIS.
    @Test func withoutAModelDoublyRobustIsPerDecision() throws {
        let target = try TargetProbabilities(policy, on: log)
        let ratios = log.chosen.indices.map { target[$0, Int(log.chosen[$0])] / 0.5 }
        let zeros = [Double](repeating: 0, count: log.decisions)
        let evidence = OffPolicyEvidence(
            starts: log.starts, discount: 0.5, ratios: ratios, rewards: log.rewards,
            values: ModelValues(q: zeros, v: zeros, final: [0, 0, 0, 0]))
        let ones = [1.0, 1, 1, 1]
        #expect(DoublyRobust(evidence).value(counts: ones) == PerDecisionSampling(evidence).value(counts: ones))
        #expect(
            WeightedDoublyRobust(evidence).value(counts: ones)
                == WeightedPerDecisionSampling(evidence).value(counts: ones))
    }

    /// One state, rewards known for each action: with the true Q every episode says the truth, whatever its weight.
    @Test func aPerfectModelLeavesNoError() throws {
        // Deterministic chain: x = 0 pays 1 for go and 0 for stay, then x = 1 pays 2 for go and 3 for stay, then it is over.
        let episodes = [(1, 1), (1, 0), (0, 1), (0, 0)].map { first, second in
            [
                (x: 0.0, action: first, reward: first == 1 ? 1.0 : 0, probability: 0.5),
                (x: 1.0, action: second, reward: second == 1 ? 2.0 : 3, probability: 0.5),
            ]
        }
        let log = OffPolicyTests.log(episodes, discount: 0.5)
        let policy = CoinPolicy(atZero: 0.75, elsewhere: 0.25)
        let second = 0.25 * 2 + 0.75 * 3
        let truth = 0.75 + 0.5 * second
        let target = try TargetProbabilities(policy, on: log)
        let q = (0..<8).map { log.rewards[$0] + ($0 % 2 == 0 ? 0.5 * second : 0) }
        let v = (0..<8).map { $0 % 2 == 0 ? truth : second }
        let evidence = OffPolicyEvidence(
            starts: log.starts, discount: 0.5, ratios: (0..<8).map { target[$0, Int(log.chosen[$0])] / 0.5 },
            rewards: log.rewards, values: ModelValues(q: q, v: v, final: [0, 0, 0, 0]))
        for type in [DirectMethod.self, DoublyRobust.self, WeightedDoublyRobust.self, Magic.self]
            as [any OffPolicyEstimator.Type]
        {
            let estimator = type.init(evidence)
            #expect(abs(estimator.value(counts: [1, 1, 1, 1]) - truth) < 1e-14)
            #expect(estimator.influence().allSatisfy { abs($0) < 1e-14 })
        }
    }

    @Test func anEpisodeOfOneDecisionAndAPolicyOfTheLogItself() throws {
        let log = OffPolicyTests.log((0..<20).map { [(0, $0 % 2, Double($0), 0.5)] })
        var settings = OffPolicySettings()
        settings.estimators = ["is", "wis", "pdis", "wpdis"]
        for estimate in try OffPolicyStudy(log, settings).evaluate(CoinPolicy(atZero: 0.5, elsewhere: 0.5)).estimates {
            // Weights of 1: the mean return, and its textbook error.
            let (value, error) = (try #require(estimate.value), try #require(estimate.standardError))
            #expect(abs(value - 9.5) < 1e-12)
            #expect(abs(error - (35.0 / 20).squareRoot()) < 1e-12)
            #expect(estimate.effectiveSampleSize == 20)
            #expect(estimate.reason == nil)
        }
    }
}
