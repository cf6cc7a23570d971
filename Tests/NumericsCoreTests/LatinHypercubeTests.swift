import NumericsCore
import Testing

/// Backed by the defining property (one point in each part of each dimension), by simulation and by invariants.
struct LatinHypercubeTests {
    @Test(arguments: [1, 2, 7, 100, 999], [LatinHypercube.Placement.random, .centred])
    func eachColumnIsStratifiedExactly(points: Int, placement: LatinHypercube.Placement) throws {
        let design = try LatinHypercube(points: points, dimensions: 6, seed: 4, placement: placement).matrix
        let n = Double(points)
        for dimension in 0..<6 {
            for (part, x) in design.column(dimension).sorted().enumerated() {
                #expect(x > 0 && x >= Double(part) / n && x < Double(part + 1) / n)
                if placement == .centred { #expect(abs(x - (Double(part) + 0.5) / n) < 1e-15) }
            }
        }
    }

    @Test func aDimensionDoesNotDependOnHowManyThereAre() throws {
        let narrow = try LatinHypercube(points: 30, dimensions: 2, seed: 4).matrix
        let wide = try LatinHypercube(points: 30, dimensions: 9, seed: 4).matrix
        #expect(narrow.elements == Array(wide.elements.prefix(60)))
        #expect(Set((0..<9).map { wide.column($0) }).count == 9)
        #expect(try LatinHypercube(points: 30, dimensions: 2, seed: 4, replicate: 1).matrix != narrow)
        #expect(try LatinHypercube(points: 30, dimensions: 2, seed: 5).matrix != narrow)
    }

    /// Stein (1987): of f = Σ xⱼ only the residual after the additive part keeps its variance, here none but the place
    /// within a part: variance of the mean d / (12 n³), against d / (12 n) of random points.
    @Test func theMeanOfAnAdditiveFunctionIsNearlyExact() throws {
        let (n, d, replicates) = (20, 3, 4000)
        var means = RunningMoments()
        for replicate in 0..<replicates {
            let design = try LatinHypercube(points: n, dimensions: d, seed: 9, replicate: UInt32(replicate)).matrix
            means.add(design.elements.reduce(0, +) / Double(n))
        }
        let expected = Double(d) / (12 * Double(n * n * n))
        let variance = try #require(means.variance)
        #expect(abs(variance - expected) < 4 * expected * (2 / Double(replicates)).squareRoot())
        #expect(abs(try #require(means.mean) - 0.5 * Double(d)) < 4 * (expected / Double(replicates)).squareRoot())
    }

    /// Two dimensions are in independent orders: over designs of 10 points the rank correlation has mean 0 and variance
    /// 1/(n − 1), checked within 4 standard errors.
    @Test func ordersOfDimensionsAreUnrelated() throws {
        var correlations = RunningMoments()
        for replicate in 0..<4000 as Range<UInt32> {
            let design = try LatinHypercube(
                points: 10, dimensions: 2, seed: 1, replicate: replicate, placement: .centred
            ).matrix
            let products = (0..<10).reduce(0) { $0 + (design[$1, 0] - 0.5) * (design[$1, 1] - 0.5) }
            correlations.add(products / (10 * 0.0825))
        }
        let mean = try #require(correlations.mean)
        let variance = try #require(correlations.variance)
        let expected = 1.0 / 9
        let (errorOfMean, errorOfVariance) = ((expected / 4000).squareRoot(), expected * (2.0 / 4000).squareRoot())
        #expect(abs(mean) < 4 * errorOfMean)
        #expect(abs(variance - expected) < 4 * errorOfVariance)
    }

    @Test func quantilesTakeADesignToItsScales() throws {
        let design = Matrix(rowsOf: [[0.5, 0.25], [0.975, 0.5]])
        let mapped = try design.mapped(
            through: [.normal(mean: 10, standardDeviation: 2), .exponential(rate: 0.5)])
        #expect(mapped[0, 0] == 10)
        #expect(relativeError(mapped[1, 0], 10 + 2 * 1.959_963_984_540_054) < 1e-15)
        #expect(relativeError(mapped[0, 1], 0.575_364_144_903_561_9) < 1e-14)
        #expect(relativeError(mapped[1, 1], 1.386_294_361_119_890_6) < 1e-15)
        let error = #expect(throws: DesignError.self) { try design.mapped(through: [.exponential(rate: 1)]) }
        #expect(
            error?.description
                == "1 distributions do not fit a design of 2 dimensions: each dimension needs its own.")
    }

    @Test func emptyDesignsAreRefused() {
        #expect(throws: DesignError.points(0, allowed: 1...LatinHypercube.maximumPoints)) {
            try LatinHypercube(points: 0, dimensions: 1, seed: 1)
        }
        #expect(throws: DesignError.dimensions(0, allowed: 1...Int(UInt32.max))) {
            try LatinHypercube(points: 1, dimensions: 0, seed: 1)
        }
        #expect(
            DesignError.points(0, allowed: 1...8).description
                == "A design of 0 points cannot be made: 1 to 8 are allowed.")
    }
}
