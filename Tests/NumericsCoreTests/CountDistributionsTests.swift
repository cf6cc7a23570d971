import NumericsCore
import Testing

/// Against SciPy (References/counts.csv), sums of probabilities by hand, and the ends of the domain.
struct CountDistributionsTests {
    private func check(_ function: String, within tolerance: Double, _ value: ([Double]) -> Double) throws {
        for row in try ReferenceTable("counts").rows(of: function) {
            let found = value(row.arguments)
            #expect(
                relativeError(found, row.value) < tolerance,
                "\(function)\(row.arguments) is \(found), but should be \(row.value)")
        }
    }

    /// A rounding error of 10⁷ times a probability, some 1e-9 trials, moves a tail by that over the standard deviation:
    /// 1e-12 and more, the tolerance of the distribution functions.
    @Test func distributionFunctionsAndQuantilesAgreeWithSciPy() throws {
        try check("binomialCDF", within: 1e-11) { Binomial.cdf($0[0], trials: $0[1], probability: $0[2]) }
        try check("negativeBinomialCDF", within: 1e-11) { NegativeBinomial.cdf($0[0], size: $0[1], mean: $0[2]) }
        try check("binomialQuantile", within: 1e-15) { Binomial.quantile($0[0], trials: $0[1], probability: $0[2]) }
        try check("negativeBinomialQuantile", within: 1e-15) {
            NegativeBinomial.quantile($0[0], size: $0[1], mean: $0[2])
        }
    }

    /// Three tosses: 1/8, 4/8, 7/8, 1. A size of 1 is the geometric distribution: 1 − (μ / (1 + μ))^(k + 1).
    @Test func smallCasesByHand() {
        for (count, expected) in [0.125, 0.5, 0.875, 1].enumerated() {
            #expect(relativeError(Binomial.cdf(Double(count), trials: 3, probability: 0.5), expected) < 1e-14)
        }
        for count in 0..<20 {
            let expected = 1 - Elementary.pow(0.75, Double(count + 1))
            #expect(relativeError(NegativeBinomial.cdf(Double(count), size: 1, mean: 3), expected) < 1e-13)
        }
        #expect(Binomial.cdf(1.9, trials: 3, probability: 0.5) == Binomial.cdf(1, trials: 3, probability: 0.5))
    }

    @Test func theEndsOfTheDomain() {
        #expect(Binomial.quantile(0.4, trials: 9, probability: 0) == 0)
        #expect(Binomial.quantile(0.4, trials: 9, probability: 1) == 9)
        #expect(Binomial.quantile(0.4, trials: 0, probability: 0.5) == 0)
        #expect(Binomial.quantile(1, trials: 9, probability: 0.5) == 9)
        #expect(Binomial.cdf(-0.5, trials: 9, probability: 0.5) == 0)
        #expect(Binomial.cdf(9, trials: 9, probability: 0.5) == 1)
        #expect(NegativeBinomial.quantile(0.4, size: 2, mean: 0) == 0)
        #expect(NegativeBinomial.quantile(0, size: 2, mean: 5) == 0)
        #expect(NegativeBinomial.quantile(1, size: 2, mean: 5) == .infinity)
        #expect(NegativeBinomial.cdf(.infinity, size: 2, mean: 5) == 1)
        for bad in [-0.1, 1.1, .nan] as [Double] {
            #expect(Binomial.quantile(bad, trials: 3, probability: 0.5).isNaN)
            #expect(Binomial.quantile(0.5, trials: 3, probability: bad).isNaN)
            #expect(NegativeBinomial.quantile(bad, size: 3, mean: 1).isNaN)
        }
        #expect(Binomial.cdf(1, trials: 2.5, probability: 0.5).isNaN)
        #expect(Binomial.cdf(1, trials: -1, probability: 0.5).isNaN)
        #expect(NegativeBinomial.cdf(1, size: 0, mean: 1).isNaN)
        #expect(NegativeBinomial.cdf(1, size: 1, mean: -1).isNaN)
    }
}
