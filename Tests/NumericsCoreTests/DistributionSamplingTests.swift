import NumericsCore
import Testing

/// Backed by each distribution's own mean, variance and distribution function, whose values rest on mpmath and SciPy.
struct DistributionSamplingTests {
    static let continuous: [Distribution] = [
        .uniform(lower: -2, upper: 5),
        .normal(mean: 3, standardDeviation: 2),
        .logNormal(logMean: 0.2, logStandardDeviation: 0.5),
        .exponential(rate: 0.25),
        .weibull(shape: 1.7, scale: 3),
        .gamma(shape: 0.05, scale: 2),
        .gamma(shape: 0.7, scale: 2),
        .gamma(shape: 1, scale: 0.5),
        .gamma(shape: 8.5, scale: 0.1),
        .gamma(shape: 4000, scale: 1),
        .beta(alpha: 0.05, beta: 0.2),
        .beta(alpha: 2, beta: 5),
        .beta(alpha: 300, beta: 1),
        .truncatedNormal(mean: 0, standardDeviation: 1, lower: -1, upper: 0.5),
        .truncatedNormal(mean: 0, standardDeviation: 1, lower: 2, upper: .infinity),
        .truncatedNormal(mean: 10, standardDeviation: 2, lower: -.infinity, upper: -70),
        .truncatedNormal(mean: 0, standardDeviation: 1e-3, lower: 60, upper: 61),
        .truncatedNormal(mean: 5, standardDeviation: 2, lower: 8, upper: 8.001),
    ]
    static let discrete: [Distribution] = [
        .poisson(mean: 0.3), .poisson(mean: 9.9), .poisson(mean: 10), .poisson(mean: 47.3), .poisson(mean: 1e6),
        .poisson(mean: 1e14), .bernoulli(probability: 0.2), .categorical(weights: [2, 0, 1, 5, 0]),
    ]
    static let n = 40_000

    func sample(_ distribution: Distribution) -> [Double] {
        var stream = RandomStream(seed: 314_159, purpose: .covariates, replicate: 0, patient: 0)
        return (0..<Self.n).map { _ in distribution.sample(from: &stream) }
    }

    /// Mean and variance within 4 standard errors at n = 40 000; that of the variance from the sample's fourth moment.
    @Test(arguments: continuous + discrete)
    func momentsAreRecovered(distribution: Distribution) throws {
        let values = sample(try distribution.validated())
        let moments = RunningMoments(values)
        let mean = try #require(moments.mean)
        let variance = try #require(moments.variance)
        let n = Double(Self.n)
        let standardError = (distribution.variance / n).squareRoot()
        #expect(abs(mean - distribution.mean) < 4 * standardError, "\(mean) for \(distribution.mean)")
        var fourth = 0.0
        for value in values {
            let square = (value - mean) * (value - mean)
            fourth += square * square / n
        }
        let errorOfVariance = ((fourth - variance * variance) / n).squareRoot()
        #expect(
            abs(variance - distribution.variance) < 4 * errorOfVariance, "\(variance) for \(distribution.variance)")
    }

    /// Kolmogorov–Smirnov: √n sup |Fₙ − F| exceeds 1.95 with probability 0.001 (Smirnov 1948).
    @Test(arguments: continuous)
    func samplesFollowTheDistributionFunction(distribution: Distribution) {
        let values = sample(distribution).sorted()
        var distance = 0.0
        for (index, value) in values.enumerated() {
            let cdf = distribution.cdf(value)
            distance = max(distance, cdf - Double(index) / Double(Self.n), Double(index + 1) / Double(Self.n) - cdf)
        }
        #expect(distance * Double(Self.n).squareRoot() < 1.95)
    }

    /// Counts of a discrete sample against n P(X = k): chi-squared over cells that expect at least 5, below its 0.999
    /// quantile.
    @Test(
        arguments: [.poisson(mean: 0.3), .poisson(mean: 9.9), .poisson(mean: 10), .poisson(mean: 47.3)]
            as [Distribution])
    func countsFollowTheirProbabilities(distribution: Distribution) {
        var counts = [Int](repeating: 0, count: 200)
        for value in sample(distribution) { counts[min(Int(value), 199)] += 1 }
        var (statistic, cells) = (0.0, 0)
        for (k, count) in counts.enumerated() {
            let expected = Double(Self.n) * (distribution.cdf(Double(k)) - distribution.cdf(Double(k) - 1))
            guard expected >= 5 else { continue }
            statistic += (Double(count) - expected) * (Double(count) - expected) / expected
            cells += 1
        }
        #expect(cells >= 3)
        #expect(ChiSquared.survival(statistic, degreesOfFreedom: Double(cells - 1)) > 0.001)
    }

    /// Distributions that are drawn by inversion use exactly one draw and equal the quantile of its uniform number.
    @Test(
        arguments: [
            .uniform(lower: -2, upper: 5), .normal(mean: 3, standardDeviation: 2), .weibull(shape: 1.7, scale: 3),
            .logNormal(logMean: 0.2, logStandardDeviation: 0.5), .exponential(rate: 0.25), .poisson(mean: 4),
            .truncatedNormal(mean: 0, standardDeviation: 1, lower: 2, upper: 3), .categorical(weights: [2, 0, 1]),
            .truncatedNormal(mean: 0, standardDeviation: 1, lower: -1, upper: 3),
        ] as [Distribution])
    func inversionTakesOneDraw(distribution: Distribution) {
        var stream = RandomStream(seed: 2, purpose: .covariates, replicate: 0, patient: 9)
        for draw in 0..<500 as Range<UInt64> {
            let value = distribution.sample(from: &stream)
            #expect(stream.position == draw + 1)
            #expect(relativeError(value, distribution.quantile(stream.uniform(at: draw))) < 1e-12)
        }
    }

    /// F(Q(p)) = p where F is continuous, and Q(p) is the smallest x with F(x) ≥ p where it jumps.
    @Test(arguments: continuous + discrete)
    func quantilesInvertTheDistributionFunction(distribution: Distribution) {
        for p in [0.001, 0.1, 0.5, 0.77, 0.99] {
            let x = distribution.quantile(p)
            if Self.continuous.contains(distribution) {
                // Where x has fewer digits than p needs, the slope of F sets the tolerance.
                let slack = abs(distribution.cdf(x.nextUp) - distribution.cdf(x.nextDown))
                #expect(abs(distribution.cdf(x) - p) < 1e-11 + 4 * slack, "p = \(p)")
            } else {
                #expect(distribution.cdf(x) >= p * (1 - 1e-15))
                #expect(x == 0 || distribution.cdf(x - 1) < p)
            }
        }
    }

    @Test func theConstantDistributionDrawsNothing() {
        var stream = RandomStream(seed: 2, purpose: .covariates, replicate: 0, patient: 9)
        let value = Distribution.constant(4.5).sample(from: &stream)
        #expect(value == 4.5)
        #expect(stream.position == 0)
        #expect(Distribution.constant(4.5).mean == 4.5)
        #expect(Distribution.constant(4.5).variance == 0)
        #expect(Distribution.constant(4.5).quantile(0.1) == 4.5)
        #expect(Distribution.constant(4.5).cdf(4.4) == 0)
        #expect(Distribution.constant(4.5).cdf(4.5) == 1)
    }

    /// A range far out in the tail stays inside it, finite and not all at one end: the conditional excess over a far bound
    /// b is nearly exponential with mean 1/b.
    @Test(arguments: [10, 40, 4e3, 4e6])
    func aFarTailIsDrawnAsItIs(bound: Double) throws {
        var stream = RandomStream(seed: 77, purpose: .covariates, replicate: 0, patient: 0)
        var excess = RunningMoments()
        for _ in 0..<20_000 {
            let x = stream.nextTruncatedNormal(mean: 0, standardDeviation: 1, in: bound...Double.infinity)
            #expect(x >= bound && x < .infinity)
            excess.add((x - bound) * bound)
        }
        let mean = try #require(excess.mean)
        // Mills' ratio: E(X − b) b = 1 − 2/b² + …; 4 standard errors of a mean of 20 000 exponential numbers.
        #expect(
            abs(mean - (1 - 2 / (bound * bound))) < 4 / 20_000.0.squareRoot() + 10 / (bound * bound * bound * bound))
    }
}
