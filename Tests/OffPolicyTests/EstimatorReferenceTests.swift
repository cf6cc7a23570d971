import Testing

@testable import OffPolicy

/// Backed by plain numpy formulas of the papers, see References/ope_reference.info.json.
@Suite struct EstimatorReferenceTests {
    private struct Answer: Decodable {
        var value: Double
        var se: Double
        var ess: Double
        var mixture: [Double]?
    }

    private struct Reference: Decodable {
        var discount: Double
        var starts: [Int]
        var ratios: [Double]
        var rewards: [Double]
        var q: [Double]
        var v: [Double]
        /// The bootstrap interval of the weighted doubly robust estimate.
        var interval: [Double]
        var estimates: [String: Answer]

        var evidence: OffPolicyEvidence {
            OffPolicyEvidence(
                starts: starts, discount: discount, ratios: ratios, rewards: rewards,
                values: ModelValues(q: q, v: v, final: [Double](repeating: 0, count: starts.count - 1)))
        }

        var margins: Magic.Margins {
            let value = estimates["wdr"]?.value ?? .nan
            return Magic.Margins(interval, about: value)
        }

        /// MAGIC with the interval of the reference, others as they are.
        func estimator(_ name: String) throws -> any OffPolicyEstimator {
            name == "magic"
                ? Magic(evidence, margins: margins) : try OffPolicyEstimators.named(name).init(evidence)
        }
    }

    @Test(arguments: OffPolicyEstimators.names)
    func agreesWithNumpy(_ name: String) throws {
        let reference = try reference("ope_reference.json", as: Reference.self)
        let answer = try #require(reference.estimates[name])
        let estimator = try reference.estimator(name)
        let count = reference.evidence.episodes
        let interval = try #require(try EstimateInterval(estimator, episodes: count, EstimateInterval.Settings()))
        #expect(abs(estimator.value(counts: [Double](repeating: 1, count: count)) - answer.value) < 1e-10)
        #expect(abs(interval.standardError - answer.se) < 1e-10)
        #expect(abs(estimator.effectiveSampleSize - answer.ess) < 1e-9)
    }

    @Test func mixesLikeTheBestOfAllSupports() throws {
        let reference = try reference("ope_reference.json", as: Reference.self)
        let expected = try #require(reference.estimates["magic"]?.mixture)
        let magic = Magic(reference.evidence, margins: reference.margins)
        // 20,000 resamples by numpy, 200 here: a quantile at 5 % errs by about 15 % of a standard error.
        let own = Magic(reference.evidence).margins
        let error = try #require(reference.estimates["wdr"]?.se)
        #expect(abs(own.below - reference.margins.below) < 0.45 * error)
        #expect(abs(own.above - reference.margins.above) < 0.45 * error)
        #expect(zip(magic.mixture, expected).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(magic.mixture.count == expected.count)
    }

    /// Influence functions are derivatives: against differences of the estimate in the counts.
    @Test(arguments: OffPolicyEstimators.names)
    func influenceIsTheDerivative(_ name: String) throws {
        let evidence = try reference("ope_reference.json", as: Reference.self).evidence
        let estimator = try OffPolicyEstimators.named(name).init(evidence)
        let influence = estimator.influence()
        let count = evidence.episodes
        for episode in [0, 7, count - 1] {
            func value(_ change: Double) -> Double {
                var counts = [Double](repeating: 1, count: count)
                counts[episode] += change
                return estimator.value(counts: counts)
            }
            let slope = (value(1e-5) - value(-1e-5)) / 2e-5 * Double(count)
            #expect(abs(slope - influence[episode]) < 1e-6 * max(1, abs(slope)))
        }
        #expect(abs(influence.reduce(0, +)) < 1e-9 * Double(count))
    }
}
