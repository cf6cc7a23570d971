import NumericsCore
import Testing

/// Against 60-digit mpmath values (References/special_functions.csv).
struct SpecialFunctionsTests {
    let table: ReferenceTable

    init() throws { table = try ReferenceTable("special_functions") }

    /// The largest relative error over a function's rows, with the arguments where it is reached.
    func worst(_ function: String, _ value: ([Double]) -> Double) throws -> (error: Double, at: [Double]) {
        var worst = (error: -1.0, at: [Double]())
        for row in try table.rows(of: function) {
            let error = relativeError(value(row.arguments), row.value)
            if error > worst.error { worst = (error, row.arguments) }
        }
        return worst
    }

    @Test func normalDistribution() throws {
        let density = try worst("normalDensity") { Normal.density($0[0]) }
        #expect(density.error < 8e-16, "\(density)")
        let cdf = try worst("normalCDF") { Normal.cdf($0[0]) }
        #expect(cdf.error < 1e-15, "\(cdf)")
        let logCDF = try worst("normalLogCDF") { Normal.logCDF($0[0]) }
        #expect(logCDF.error < 1e-15, "\(logCDF)")
        let hazard = try worst("normalHazard") { Normal.hazard($0[0]) }
        #expect(hazard.error < 2e-15, "\(hazard)")
    }

    @Test func normalQuantiles() throws {
        let quantile = try worst("normalQuantile") { Normal.quantile($0[0]) }
        #expect(quantile.error < 1e-15, "\(quantile)")
        let ofLog = try worst("normalQuantileOfLog") { Normal.quantile(logProbability: $0[0]) }
        // Near the median x itself is near 0, so the relative error is that of the argument magnified.
        #expect(ofLog.error < 5e-15, "\(ofLog)")
    }

    @Test func incompleteGammaAndBeta() throws {
        let p = try worst("gammaP") { SpecialFunctions.gammaP($0[0], $0[1]) }
        #expect(p.error < 1e-13, "\(p)")
        for row in try table.rows(of: "gammaQ") {
            let q = SpecialFunctions.gammaQ(row.arguments[0], row.arguments[1])
            // Below a shape of 0.1 the promise is absolute: Q is one minus P there.
            let error = row.arguments[0] < 0.1 ? abs(q - row.value) * 1e2 : relativeError(q, row.value)
            #expect(error < 1e-13, "at \(row.arguments)")
        }
        let beta = try worst("betaI") { SpecialFunctions.betaI($0[0], $0[1], $0[2]) }
        #expect(beta.error < 1e-13, "\(beta)")
    }

    @Test func polygamma() throws {
        let derivatives = try worst("polygamma") { SpecialFunctions.polygamma($0[0], $0[1]) }
        // Between two poles, and at 1.4 beside digamma's zero, terms cancel.
        #expect(derivatives.error < 2e-14, "\(derivatives)")
        for (order, x) in [(-1.0, 2.0), (0.5, 2), (101, 2), (0, 0), (1, -3), (0, -1001), (0, .nan), (.nan, 2)] {
            #expect(SpecialFunctions.polygamma(order, x).isNaN, "\(order), \(x)")
        }
        #expect(SpecialFunctions.polygamma(0, .infinity) == .infinity)
        #expect(SpecialFunctions.polygamma(2, .infinity) == 0)
    }

    @Test func testStatistics() throws {
        let cdf = try worst("studentCDF") { StudentT.cdf($0[0], degreesOfFreedom: $0[1]) }
        #expect(cdf.error < 1e-14, "\(cdf)")
        let survival = try worst("studentSurvival") { StudentT.survival($0[0], degreesOfFreedom: $0[1]) }
        #expect(survival.error < 1e-14, "\(survival)")
        let density = try worst("studentDensity") { StudentT.density($0[0], degreesOfFreedom: $0[1]) }
        #expect(density.error < 1e-14, "\(density)")
        let chi = try worst("chiSquaredSurvival") { ChiSquared.survival($0[0], degreesOfFreedom: $0[1]) }
        #expect(chi.error < 1e-14, "\(chi)")
        let chiCDF = try worst("chiSquaredCDF") { ChiSquared.cdf($0[0], degreesOfFreedom: $0[1]) }
        #expect(chiCDF.error < 1e-14, "\(chiCDF)")
        let f = try worst("fSurvival") { FRatio.survival($0[0], numerator: $0[1], denominator: $0[2]) }
        #expect(f.error < 1e-14, "\(f)")
        let fCDF = try worst("fCDF") { FRatio.cdf($0[0], numerator: $0[1], denominator: $0[2]) }
        #expect(fCDF.error < 1e-14, "\(fCDF)")
    }
}
