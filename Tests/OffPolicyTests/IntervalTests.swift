import NumericsCore
import Regimes
import Testing

@testable import OffPolicy

/// Backed by the mean of a sample, whose intervals are known.
@Suite struct IntervalTests {
    /// Weights of 1: the estimate is the mean of exponential numbers.
    private func evidence(_ count: Int, seed: UInt64) -> OffPolicyEvidence {
        var stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
        let rewards = (0..<count).map { _ in -Elementary.log(stream.nextUniform()) }
        return OffPolicyEvidence(
            starts: Array(0...count), discount: 1, ratios: [Double](repeating: 1, count: count), rewards: rewards,
            values: nil)
    }

    private func interval(_ evidence: OffPolicyEvidence, _ method: IntervalMethod) throws -> EstimateInterval {
        var settings = EstimateInterval.Settings()
        (settings.method, settings.resamples) = (method, 2000)
        return try #require(try EstimateInterval(ImportanceSampling(evidence), episodes: evidence.episodes, settings))
    }

    @Test func influenceIsTheTextbookInterval() throws {
        let evidence = evidence(50, seed: 1)
        let moments = RunningMoments(evidence.rewards)
        let (mean, error) = (try #require(moments.mean), try #require(moments.standardError))
        let found = try interval(evidence, .influence)
        #expect(abs(found.standardError - error) < 1e-14)
        #expect(abs(found.lower - (mean - 1.959963984540054 * error)) < 1e-12)
        #expect(abs(found.upper - (mean + 1.959963984540054 * error)) < 1e-12)
    }

    /// In a skewed sample BCa lies to the right of the percentiles, as Efron's correction of second order does: by theory
    /// shifted by about skewness · se · (z² … ) / 6 √n at both ends, here only its sign.
    @Test func bootstrapIntervalsAgreeInWidth() throws {
        let evidence = evidence(400, seed: 2)
        let normal = try interval(evidence, .influence)
        let width = normal.upper - normal.lower
        let percentile = try interval(evidence, .percentile)
        let bca = try interval(evidence, .bca)
        let part = try interval(evidence, .outOf)
        for other in [percentile, bca, part] {
            // 2,000 resamples: the width of a 95 % interval is known to about 3 %, and skewness moves it little.
            #expect(abs((other.upper - other.lower) / width - 1) < 0.12)
            #expect(other.standardError == normal.standardError)
        }
        #expect(bca.lower > percentile.lower && bca.upper > percentile.upper)
    }

    @Test func oneEpisodeHasNoInterval() throws {
        let evidence = evidence(1, seed: 3)
        #expect(try EstimateInterval(ImportanceSampling(evidence), episodes: 1, EstimateInterval.Settings()) == nil)
    }

    /// Lawson and Hanson's steps against a closed form: for a diagonal matrix the shares are as the inverse variances.
    @Test func mixturesOfIndependentReturns() throws {
        let shares = SimplexMinimum.solve(Matrix.diagonal([1, 2, 4]))
        #expect(zip(shares, [4.0 / 7, 2.0 / 7, 1.0 / 7]).allSatisfy { abs($0 - $1) < 1e-10 })
        // A return that errs as another and more gets nothing: variances 1 and 4, correlation above ½.
        #expect(SimplexMinimum.solve(Matrix(rowsOf: [[1, 1.5], [1.5, 4]])) == [1, 0])
        #expect(SimplexMinimum.solve(Matrix(rows: 3, columns: 3)) == [0, 0, 1])
    }
}
