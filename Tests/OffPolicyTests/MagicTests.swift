import NumericsCore
import Testing

@testable import OffPolicy

/// Backed by plain loops in numpy over all resamples, see References/magic_reference.info.json, and by normal theory.
@Suite struct MagicTests {
    private struct Reference: Decodable {
        var discount: Double
        var starts: [Int]
        var ratios: [Double]
        var rewards: [Double]
        var q: [Double]
        var v: [Double]
        var partial: [Double]
        var low: Double
        var high: Double
        var biases: [Double]
        var mixture: [Double]
        var value: Double
    }

    /// The paper's algorithm with every resample of four episodes in the place of κ random ones.
    @Test func agreesWithAllResamples() throws {
        let reference = try reference("magic_reference.json", as: Reference.self)
        let evidence = OffPolicyEvidence(
            starts: reference.starts, discount: reference.discount, ratios: reference.ratios,
            rewards: reference.rewards,
            values: ModelValues(q: reference.q, v: reference.v, final: [0, 0, 0, 0]))
        let ones = [1.0, 1, 1, 1]
        let averages = StageAverages(evidence, counts: ones)
        for (steps, expected) in reference.partial.enumerated() {
            #expect(abs(averages.partial(steps, evidence) - expected) < 1e-14)
        }
        let drawn = (0..<256).map { resample in
            var counts = [0.0, 0, 0, 0]
            for place in 0..<4 { counts[resample >> (2 * place) & 3] += 1 }
            return WeightedDoublyRobust(evidence).value(counts: counts)
        }
        let last = try #require(reference.partial.last)
        let margins = Magic.Margins(drawn, about: last)
        #expect(abs(last - margins.below - reference.low) < 1e-14)
        #expect(abs(last + margins.above - reference.high) < 1e-14)
        for (value, bias) in zip(reference.partial, reference.biases) {
            #expect(abs(margins.distance(value - last) - bias) < 1e-14)
        }
        let magic = Magic(evidence, margins: margins)
        #expect(zip(magic.mixture, reference.mixture).allSatisfy { abs($0 - $1) < 1e-11 })
        #expect(abs(magic.value(counts: ones) - reference.value) < 1e-12)
        // Of 200 random resamples, the same distances by the lattice of four episodes' estimates, or nearly so.
        #expect(abs(Magic(evidence).margins.below - margins.below) < 0.3)
    }

    /// Of a mean of many the interval is ± 1.645 standard errors; by 200 resamples, whose quantiles at 5 and 95 % err by 15 % of a
    /// standard error.
    @Test func intervalOfAMean() throws {
        var stream = RandomStream(seed: 6, purpose: .analysis, replicate: 0, patient: 0)
        let rewards = (0..<400).map { _ in stream.nextNormal() }
        let zeros = [Double](repeating: 0, count: 400)
        let evidence = OffPolicyEvidence(
            starts: Array(0...400), discount: 1, ratios: [Double](repeating: 1, count: 400), rewards: rewards,
            values: ModelValues(q: zeros, v: zeros, final: zeros))
        let error = try #require(RunningMoments(rewards).standardError)
        let margins = Magic.Margins(evidence)
        #expect(abs(margins.below / error - 1.645) < 0.45)
        #expect(abs(margins.above / error - 1.645) < 0.45)
        #expect(margins.distance(margins.above) == 0 && margins.distance(-margins.below - 1) == -1)
    }

    /// A resample keeps the interval's reach, and has its own model and mixture.
    @Test func aResampleKeepsTheReach() throws {
        let log = ThreeStates.log(80, seed: 2)
        var settings = OffPolicySettings()
        settings.estimators = ["magic"]
        let evidence = try OffPolicyStudy(log, settings).evidence(for: CoinPolicy(atZero: 0.8, elsewhere: 0.3)).evidence
        let magic = Magic(evidence)
        let part = evidence.subset(Array(0..<40) + Array(0..<40))
        let expected = Magic(part, margins: magic.margins).value(counts: [Double](repeating: 1, count: 80))
        #expect(magic.value(on: part) == expected)
        #expect(magic.value(on: evidence) == magic.value(counts: [Double](repeating: 1, count: 80)))
    }
}
