import NumericsCore
import Testing

/// Backed by closed forms of the moments, within 4 standard errors at fixed seeds, and by a second route.
struct WishartSamplingTests {
    static let scale = Matrix(rowsOf: [[0.09, 0.03, -0.01], [0.03, 0.25, 0.02], [-0.01, 0.02, 0.04]])
    static let n = 20_000

    private func stream(_ index: Int) -> RandomStream {
        RandomStream(seed: 8, purpose: .parameterUncertainty, replicate: UInt32(index), patient: 0)
    }

    /// Mean and variance of each element; the error of a variance from the sample's fourth moment.
    private func check(
        _ draws: [Matrix], mean: (Int, Int) -> Double, variance: (Int, Int) -> Double
    ) throws {
        let n = Double(draws.count)
        for i in 0..<3 {
            for j in 0...i {
                let values = draws.map { $0[i, j] }
                let moments = RunningMoments(values)
                let (found, spread) = (try #require(moments.mean), try #require(moments.variance))
                #expect(abs(found - mean(i, j)) < 4 * (variance(i, j) / n).squareRoot(), "mean \(i) \(j)")
                var fourth = 0.0
                for value in values {
                    let square = (value - found) * (value - found)
                    fourth += square * square / n
                }
                let error = ((fourth - spread * spread) / n).squareRoot()
                #expect(abs(spread - variance(i, j)) < 4 * error, "variance \(i) \(j): \(spread), \(variance(i, j))")
            }
        }
    }

    /// Mean ν A, Var Wᵢⱼ = ν (Aᵢⱼ² + Aᵢᵢ Aⱼⱼ) (Anderson 2003, section 7.3); degrees of freedom need not be whole.
    @Test(arguments: [2.5, 5, 40])
    func wishartMoments(nu: Double) throws {
        let a = Self.scale
        let factor = try Cholesky(of: a)
        let draws = (0..<Self.n).map { index in
            var stream = stream(index)
            return stream.nextWishart(degreesOfFreedom: nu, factor: factor)
        }
        try check(draws, mean: { nu * a[$0, $1] }, variance: { nu * (a[$0, $1] * a[$0, $1] + a[$0, $0] * a[$1, $1]) })
    }

    /// Mean A / (ν − p − 1), variance ((ν − p + 1) Aᵢⱼ² + (ν − p − 1) Aᵢᵢ Aⱼⱼ) / ((ν − p)(ν − p − 1)²(ν − p − 3)) (Press
    /// 1982, section 5.2).
    @Test(arguments: [14.5, 60])
    func inverseWishartMoments(nu: Double) throws {
        let a = Self.scale
        let factor = try Cholesky(of: a)
        let draws = (0..<Self.n).map { index in
            var stream = stream(index)
            return stream.nextInverseWishart(degreesOfFreedom: nu, factor: factor)
        }
        let free = nu - 3
        let divisor = free * (free - 1) * (free - 1) * (free - 3)
        try check(draws, mean: { a[$0, $1] / (free - 1) }) { i, j in
            ((free + 1) * a[i, j] * a[i, j] + (free - 1) * a[i, i] * a[j, j]) / divisor
        }
    }

    /// The same stream gives a Wishart matrix of scale A⁻¹ in another triangle: only its law must agree, so that here
    /// one dimension, where both are one number, is compared to rounding.
    @Test func inOneDimensionItIsTheScaledInverseChiSquared() throws {
        let factor = try Cholesky(of: Matrix(rowsOf: [[0.7]]))
        for index in 0..<100 {
            var (first, second) = (stream(index), stream(index))
            let drawn = first.nextInverseWishart(degreesOfFreedom: 9, factor: factor)[0, 0]
            let expected = 0.7 / second.nextChiSquared(degreesOfFreedom: 9)
            #expect(relativeError(drawn, expected) < 1e-15)
        }
    }

    @Test func matricesAreSymmetricAndPositiveDefinite() throws {
        let factor = try Cholesky(of: Self.scale)
        for index in 0..<500 {
            var stream = stream(index)
            let wishart = stream.nextWishart(degreesOfFreedom: 2.1, factor: factor)
            let inverse = stream.nextInverseWishart(degreesOfFreedom: 3, factor: factor)
            #expect(wishart == wishart.transposed && inverse == inverse.transposed)
            #expect(throws: Never.self) { try Cholesky(of: inverse) }
        }
    }

    /// Covariance A ν / (ν − 2), and the marginal distribution function by Kolmogorov–Smirnov (1.95 at probability 0.001).
    @Test func multivariateTMomentsAndMargins() throws {
        let factor = try Cholesky(of: Self.scale)
        let (nu, mean) = (9.0, [1.0, -2, 0.5])
        var stream = stream(0)
        let draws = (0..<Self.n).map { _ in
            stream.nextMultivariateT(mean: mean, factor: factor, degreesOfFreedom: nu)
        }
        let n = Double(Self.n)
        for i in 0..<3 {
            let t = draws.map { ($0[i] - mean[i]) / Self.scale[i, i].squareRoot() }.sorted()
            var distance = 0.0
            for (rank, value) in t.enumerated() {
                let cdf = StudentT.cdf(value, degreesOfFreedom: nu)
                distance = max(distance, cdf - Double(rank) / n, Double(rank + 1) / n - cdf)
            }
            #expect(distance * n.squareRoot() < 1.95)
            for j in 0...i {
                let products = RunningMoments(draws.map { ($0[i] - mean[i]) * ($0[j] - mean[j]) })
                let expected = Self.scale[i, j] * nu / (nu - 2)
                #expect(abs(try #require(products.mean) - expected) < 4 * (try #require(products.standardError)))
            }
        }
    }
}
