import NumericsCore
import Testing

/// Against SciPy's quantiles (References/quantiles.csv) and against the distribution functions, whose own tests rest on
/// mpmath: two independent routes.
struct QuantilesTests {
    let table: ReferenceTable

    init() throws { table = try ReferenceTable("quantiles") }

    func check(_ function: String, within tolerance: Double, _ value: ([Double]) -> Double) throws {
        for row in try table.rows(of: function) {
            let found = value(row.arguments)
            #expect(
                relativeError(found, row.value) < tolerance,
                "\(function)\(row.arguments) is \(found), but should be \(row.value)")
        }
    }

    @Test func quantilesAgreeWithSciPy() throws {
        try check("gammaQuantile", within: 1e-12) { SpecialFunctions.gammaQuantile($0[1], $0[0]) }
        try check("betaQuantile", within: 1e-12) { SpecialFunctions.betaQuantile($0[1], $0[2], $0[0]) }
        try check("studentQuantile", within: 1e-11) { StudentT.quantile($0[0], degreesOfFreedom: $0[1]) }
        try check("chiSquaredQuantile", within: 1e-12) { ChiSquared.quantile($0[0], degreesOfFreedom: $0[1]) }
        try check("poissonQuantile", within: 1e-15) { Distribution.poisson(mean: $0[1]).quantile($0[0]) }
    }

    /// P(quantile(p)) = p for 200 random shapes and probabilities each.
    @Test func distributionFunctionsUndoQuantiles() {
        var stream = RandomStream(seed: 8, purpose: .analysis, replicate: 0, patient: 0)
        for _ in 0..<200 {
            let p = stream.nextUniform()
            let a = Elementary.exp(stream.nextUniform(in: -2...7))
            let b = Elementary.exp(stream.nextUniform(in: -2...7))
            let gamma = SpecialFunctions.gammaP(a, SpecialFunctions.gammaQuantile(a, p))
            #expect(abs(gamma - p) < 1e-12, "a \(a), p \(p)")
            let x = SpecialFunctions.betaQuantile(a, b, p)
            let slack = x > 0.999 ? 1e-9 : 1e-12
            #expect(abs(SpecialFunctions.betaI(a, b, x) - p) < slack, "a \(a), b \(b), p \(p)")
            let t = StudentT.quantile(p, degreesOfFreedom: a)
            #expect(abs(StudentT.cdf(t, degreesOfFreedom: a) - p) < 1e-12, "ν \(a), p \(p)")
        }
    }

    @Test func theEndsOfTheDomain() {
        #expect(SpecialFunctions.gammaQuantile(2, 0) == 0)
        #expect(SpecialFunctions.gammaQuantile(2, 1) == .infinity)
        #expect(SpecialFunctions.betaQuantile(2, 3, 0) == 0)
        #expect(SpecialFunctions.betaQuantile(2, 3, 1) == 1)
        #expect(StudentT.quantile(0.5, degreesOfFreedom: 3) == 0)
        #expect(StudentT.quantile(0, degreesOfFreedom: 3) == -.infinity)
        #expect(StudentT.quantile(0.2, degreesOfFreedom: .infinity) == Normal.quantile(0.2))
        #expect(Normal.quantile(0) == -.infinity)
        #expect(Normal.quantile(1) == .infinity)
        for bad in [-0.1, 1.1, .nan] as [Double] {
            #expect(Normal.quantile(bad).isNaN)
            #expect(SpecialFunctions.gammaQuantile(2, bad).isNaN)
            #expect(SpecialFunctions.betaQuantile(2, 2, bad).isNaN)
            #expect(StudentT.quantile(bad, degreesOfFreedom: 2).isNaN)
        }
        for shape in [0, -1, .nan, .infinity] as [Double] {
            #expect(SpecialFunctions.gammaP(shape, 1).isNaN)
            #expect(SpecialFunctions.gammaQ(shape, 1).isNaN)
            #expect(SpecialFunctions.betaI(shape, 1, 0.5).isNaN)
            #expect(SpecialFunctions.gammaQuantile(shape, 0.5).isNaN)
        }
    }
}
