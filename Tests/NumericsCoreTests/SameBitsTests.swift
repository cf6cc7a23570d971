import NumericsCore
import Testing

/// Checksums over the bits of results that enter a study. They are pinned: every build on every processor has to give
/// them, whatever its code generation. A change here changes published results: say so in the commit that makes it.
struct SameBitsTests {
    /// An FNV-like fold of bit patterns, in order.
    struct Checksum {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ number: Double) {
            value = (value ^ number.bitPattern) &* 0x0000_0100_0000_01B3
            value ^= value >> 29
        }
    }

    @Test func samplesOfEveryDistribution() {
        var checksum = Checksum()
        for distribution in DistributionSamplingTests.continuous + DistributionSamplingTests.discrete {
            var stream = RandomStream(seed: 1, purpose: .covariates, replicate: 2, patient: 3)
            for _ in 0..<500 { checksum.add(distribution.sample(from: &stream)) }
        }
        #expect(checksum.value == 13_779_200_334_954_309_750)
    }

    @Test func specialFunctionsAndQuantiles() throws {
        var checksum = Checksum()
        // The pairs of arguments of before there were polygamma functions.
        let rows = try ReferenceTable("special_functions").rows.filter { $0.function != "polygamma" }
        for row in rows where row.arguments.count == 2 {
            let (a, x) = (abs(row.arguments[0]) + 0.01, abs(row.arguments[1]))
            checksum.add(SpecialFunctions.gammaP(a, x))
            checksum.add(SpecialFunctions.betaI(a, 1.5, min(x, 1)))
            checksum.add(Normal.logCDF(-x))
            checksum.add(StudentT.cdf(x, degreesOfFreedom: a))
        }
        for p in [1e-9, 0.01, 0.3, 0.8] {
            checksum.add(SpecialFunctions.gammaQuantile(2.5, p))
            checksum.add(SpecialFunctions.betaQuantile(2.5, 0.5, p))
            checksum.add(StudentT.quantile(p, degreesOfFreedom: 7))
        }
        #expect(checksum.value == 16_562_255_491_387_044_848)
    }

    @Test func plainLoopSolvers() throws {
        var checksum = Checksum()
        let square = randomMatrix(rows: 12, columns: 12)
        let tall = randomMatrix(rows: 40, columns: 6)
        let b = randomMatrix(rows: 40, columns: 2, patient: 1)
        try Cholesky(of: square.gram).inverse().elements.forEach { checksum.add($0) }
        try LUFactorization(of: square).solve(Matrix.identity(12)).elements.forEach { checksum.add($0) }
        try QRFactorization(of: tall).solve(b).elements.forEach { checksum.add($0) }
        (square * square).elements.forEach { checksum.add($0) }
        #expect(checksum.value == 12_975_607_951_112_290_386)
    }

    @Test func integralsRootsAndMoments() throws {
        var checksum = Checksum()
        checksum.add(try Quadrature.integrate(from: 0, to: .infinity) { Elementary.exp(-$0 * $0) }.value)
        checksum.add(try RootFinding.root(from: 0, to: 2) { Elementary.cos($0) - $0 })
        GaussLegendre(order: 40).weights.forEach { checksum.add($0) }
        var stream = RandomStream(seed: 1, purpose: .analysis, replicate: 0, patient: 0)
        let numbers = (0..<1000).map { _ in stream.nextNormal() }
        checksum.add(CompensatedSum(numbers).value)
        checksum.add(RunningMoments(numbers).variance ?? .nan)
        #expect(checksum.value == 18_076_017_668_366_882_420)
    }
}
