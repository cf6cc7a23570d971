import NumericsCore
import Testing

/// Backed by counting: each outcome's share within 4 binomial standard errors at the stated n.
struct DiscreteSamplingTests {
    func stream(_ patient: UInt32 = 0) -> RandomStream {
        RandomStream(seed: 99, purpose: .split, replicate: 0, patient: patient)
    }

    func expectShares(_ counts: [Int], _ shares: [Double]) {
        let n = Double(counts.reduce(0, +))
        for (count, share) in zip(counts, shares) {
            let deviation = (n * share * (1 - share)).squareRoot()
            #expect(abs(Double(count) - n * share) <= 4 * deviation, "\(counts)")
        }
    }

    @Test(arguments: [1, 2, 3, 7, 10])
    func wholeNumbersBelowABoundAreEquallyLikely(bound: Int) {
        var stream = stream()
        var counts = [Int](repeating: 0, count: bound)
        for _ in 0..<30_000 { counts[stream.nextInteger(below: bound)] += 1 }
        expectShares(counts, [Double](repeating: 1 / Double(bound), count: bound))
    }

    /// Below 3 · 2⁶¹, taking the remainder of 64 bits would favour the lowest third by a half; rejection must not.
    @Test func aHugeBoundIsNotFavoured() {
        let bound = 3 << 61
        var stream = stream()
        var counts = [0, 0, 0]
        for _ in 0..<30_000 { counts[stream.nextInteger(below: bound) / (1 << 61)] += 1 }
        expectShares(counts, [1.0 / 3, 1.0 / 3, 1.0 / 3])
        #expect(stream.position > 30_000)
    }

    @Test func allOrdersOfFourAreEquallyLikely() {
        var counts: [[Int]: Int] = [:]
        var stream = stream(1)
        for _ in 0..<48_000 { counts[stream.nextPermutation(count: 4), default: 0] += 1 }
        #expect(counts.count == 24)
        expectShares(
            counts.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { counts[$0] ?? 0 },
            [Double](repeating: 1.0 / 24, count: 24))
    }

    @Test func shufflingKeepsTheElements() {
        var stream = stream(2)
        var letters = Array("abcdefghij")
        stream.shuffle(&letters)
        #expect(letters != Array("abcdefghij"))
        #expect(letters.sorted() == Array("abcdefghij"))
        var none: [Int] = []
        stream.shuffle(&none)
        #expect(none.isEmpty)
    }

    @Test func categoriesComeByTheirWeights() {
        var stream = stream(3)
        var counts = [0, 0, 0, 0]
        for _ in 0..<30_000 { counts[stream.nextCategorical(weights: [1, 0, 2.5, 0])] += 1 }
        expectShares(counts, [1 / 3.5, 0, 2.5 / 3.5, 0])
        let only = stream.nextCategorical(weights: [0, 1e-300])
        #expect(only == 1)
    }

    @Test func certainAndImpossibleTrials() {
        var stream = stream(4)
        for _ in 0..<100 {
            let always = stream.nextBernoulli(probability: 1)
            let never = stream.nextBernoulli(probability: 0)
            #expect(always && !never)
        }
        #expect(stream.position == 200)
        let none = stream.nextPoisson(mean: 0)
        #expect(none == 0)
    }

    /// Means, variances and covariances of 20 000 vectors within 4 standard errors, and the draws counted.
    @Test func multivariateNormalNumbersHaveTheirCovariance() throws {
        let covariance = Matrix(rowsOf: [[4, 1.2, -0.6], [1.2, 1, 0.3], [-0.6, 0.3, 2]])
        let factor = try Cholesky(of: covariance)
        var stream = stream(5)
        let n = 20_000
        var sums = [Double](repeating: 0, count: 3)
        var products = Matrix(rows: 3, columns: 3)
        for _ in 0..<n {
            let x = stream.nextMultivariateNormal(factor: factor)
            for i in 0..<3 {
                sums[i] += x[i]
                for j in 0..<3 { products[i, j] += x[i] * x[j] }
            }
        }
        #expect(stream.position == UInt64(3 * n))
        for i in 0..<3 {
            #expect(abs(sums[i] / Double(n)) < 4 * (covariance[i, i] / Double(n)).squareRoot())
            for j in 0..<3 {
                let variance = covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j]
                let error = (variance / Double(n)).squareRoot()
                #expect(abs(products[i, j] / Double(n) - covariance[i, j]) < 4 * error)
            }
        }
        var shifted = self.stream(5)
        var plain = self.stream(5)
        let mean = [10.0, 20, 30]
        let difference = zip(
            shifted.nextMultivariateNormal(mean: mean, factor: factor), plain.nextMultivariateNormal(factor: factor)
        ).map { $0 - $1 }
        #expect(zip(difference, mean).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}
