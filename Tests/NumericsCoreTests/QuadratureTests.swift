import Testing

@testable import NumericsCore

/// Backed by closed forms, by exactness on polynomials, and by named failures.
struct QuadratureTests {
    /// A rule of order n integrates x^k over (−1, 1) exactly for k < 2n, and not for k = 2n.
    @Test(arguments: [1, 2, 3, 10, 33, 128])
    func gaussLegendreIsExactUpToItsDegree(order: Int) {
        let rule = GaussLegendre(order: order)
        #expect(relativeError(rule.weights.reduce(0, +), 2) < 4e-15)
        #expect(rule.nodes == rule.nodes.sorted())
        #expect(zip(rule.nodes, rule.nodes.reversed()).allSatisfy { $0 == -$1 })
        for degree in stride(from: 0, to: 2 * order, by: max(1, order / 4)) {
            let found = rule.integrate(from: 0, to: 1) { x in (0..<degree).reduce(1) { power, _ in power * x } }
            #expect(relativeError(found, 1 / Double(degree + 1)) < 1e-13, "degree \(degree)")
        }
        if order <= 3 {
            let beyond = rule.integrate(from: -1, to: 1) { x in (0..<2 * order).reduce(1) { power, _ in power * x } }
            #expect(abs(beyond - 2 / Double(2 * order + 1)) > 1e-3)
        }
    }

    /// Abramowitz and Stegun (1964), table 25.4, n = 5.
    @Test func nodesAreThePublishedOnes() {
        let rule = GaussLegendre(order: 5)
        let nodes = [-0.906_179_845_938_664, -0.538_469_310_105_683, 0, 0.538_469_310_105_683, 0.906_179_845_938_664]
        let weights = [
            0.236_926_885_056_189, 0.478_628_670_499_366, 0.568_888_888_888_889, 0.478_628_670_499_366,
            0.236_926_885_056_189,
        ]
        #expect(zip(rule.nodes, nodes).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(zip(rule.weights, weights).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    /// The Kronrod rule of 21 points is exact to degree 31, and every second node is one of the 10-point Gauss rule.
    @Test func gaussKronrodConstantsFitTogether() throws {
        let gauss = GaussLegendre(order: 10).nodes.reversed().prefix(5)
        #expect(zip(gauss, [1, 3, 5, 7, 9].map { GaussKronrod.nodes[$0] }).allSatisfy { abs($0 - $1) < 1e-15 })
        for degree in 0...31 {
            let power = FiniteRange(lower: 0, upper: 1) { x in (0..<degree).reduce(1) { power, _ in power * x } }
            let found = try GaussKronrod.estimate(power, 0, 1).value
            #expect(relativeError(found, 1 / Double(degree + 1)) < 2e-15, "degree \(degree)")
        }
    }

    struct Problem: Sendable {
        let name: String
        let lower: Double
        let upper: Double
        let integral: Double
        let function: @Sendable (Double) -> Double
    }

    static let problems: [Problem] = [
        Problem(name: "exp", lower: 0, upper: 1, integral: 1.718_281_828_459_045_1, function: Elementary.exp),
        Problem(name: "√x", lower: 0, upper: 4, integral: 16.0 / 3) { $0.squareRoot() },
        Problem(name: "peak", lower: -1, upper: 1, integral: 2e3 * Elementary.atan(1e3)) { 1 / ($0 * $0 + 1e-6) },
        Problem(name: "φ", lower: -.infinity, upper: .infinity, integral: 1, function: Normal.density),
        Problem(name: "tail", lower: 2, upper: .infinity, integral: Normal.survival(2), function: Normal.density),
        Problem(name: "lower tail", lower: -.infinity, upper: -2, integral: Normal.cdf(-2), function: Normal.density),
        Problem(name: "jump", lower: 0, upper: 1, integral: 0.7) { $0 < 0.3 ? 0 : 1 },
        Problem(name: "backwards", lower: 1, upper: 0, integral: -0.5) { $0 },
        Problem(name: "oscillation", lower: 0, upper: 100, integral: 1 - Elementary.cos(100), function: Elementary.sin),
    ]

    @Test(arguments: 0..<problems.count)
    func integralsWithAClosedForm(index: Int) throws {
        let problem = Self.problems[index]
        for tolerance in [1e-4, 1e-10] {
            let found = try Quadrature.integrate(
                from: problem.lower, to: problem.upper, relativeTolerance: tolerance, problem.function)
            let error = abs(found.value - problem.integral)
            #expect(error <= tolerance * abs(problem.integral), "\(problem.name): \(found)")
            #expect(error <= found.errorEstimate + 1e-14, "\(problem.name): \(found)")
        }
    }

    @Test func anEmptyRangeIsZero() throws {
        let nothing = try Quadrature.integrate(from: 3, to: 3) { _ in .nan }
        #expect(nothing == Quadrature.Integral(value: 0, errorEstimate: 0, evaluations: 0))
    }

    @Test func evaluationsAreCounted() throws {
        var evaluations = 0
        let found = try Quadrature.integrate(from: 0, to: 4) { x in
            evaluations += 1
            return x.squareRoot()
        }
        #expect(found.evaluations == evaluations)
    }

    @Test func failuresSayWhatWasFound() {
        let atPole = #expect(throws: QuadratureError.self) {
            try Quadrature.integrate(from: -1, to: 1) { 1 / $0 }
        }
        #expect(
            atPole?.description == "The integrand is inf at 0.0; it must be finite between the bounds.")
        let divergent = #expect(throws: QuadratureError.self) {
            try Quadrature.integrate(from: 0, to: 1, maximumIntervals: 10) { 1 / $0 }
        }
        guard case .notConverged(_, let error, let tolerance, intervals: 10) = divergent else {
            Issue.record("found \(String(describing: divergent))")
            return
        }
        #expect(error > tolerance)
        let message = QuadratureError.notConverged(value: 2, errorEstimate: 0.5, tolerance: 0.25, intervals: 10)
        #expect(
            message.description
                == "The integral is 2.0 with an estimated error of 0.5 after 10 intervals, but 0.25 was asked for: widen "
                + "the tolerance, allow more intervals, or split the range where the integrand jumps.")
    }
}
