import Testing

@testable import NumericsCore

/// Backed by closed forms of the two standard test functions, by published values, and by invariants.
struct SobolIndicesTests {
    /// sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³ (Ishigami and Homma 1990).
    static let ishigamiInputs = [Distribution](repeating: .uniform(lower: -.pi, upper: .pi), count: 3)

    static func ishigami(_ design: Matrix) -> Matrix {
        Matrix(rows: design.rows, columns: 1) { row, _ in
            let (s1, s2) = (Elementary.sin(design[row, 0]), Elementary.sin(design[row, 1]))
            let square = design[row, 2] * design[row, 2]
            return s1 + 7 * s2 * s2 + 0.1 * square * square * s1
        }
    }

    /// Sobol's g function, Π (|4xᵢ − 2| + aᵢ) / (1 + aᵢ), with the coefficients of Saltelli and Sobol (1995).
    static let coefficients = [0.0, 1, 4.5, 9, 99, 99, 99, 99]

    static func gFunction(_ design: Matrix) -> Matrix {
        Matrix(rows: design.rows, columns: 1) { row, _ in
            var product = 1.0
            for (input, a) in coefficients.enumerated() { product *= (abs(4 * design[row, input] - 2) + a) / (1 + a) }
            return product
        }
    }

    private func expect(
        _ estimates: [SobolIndices.Estimate], _ exact: [Double], within tolerance: Double, _ what: String
    ) {
        #expect(estimates.count == exact.count)
        for (input, (estimate, value)) in zip(estimates, exact).enumerated() {
            // With 16 batches an error over its standard error is t-distributed with 15 degrees of freedom: beyond 5 with
            // probability 0.00016. A thousandth of the tolerance covers indices that are estimated without scatter.
            let error = abs(estimate.value - value)
            #expect(error < 5 * estimate.standardError + 1e-3 * tolerance, "\(what) of input \(input)")
            #expect(error < tolerance, "\(what) of input \(input): \(estimate.value) for \(value)")
        }
    }

    /// V = a²/8 + bπ⁴/5 + b²π⁸/18 + ½ with V₁ = ½ (1 + bπ⁴/5)², V₂ = a²/8, V₁₃ = 8b²π⁸/225.
    @Test func ishigami() throws {
        let result = try SobolIndices.estimate(of: Self.ishigamiInputs, points: 2048, seed: 1, Self.ishigami)
        let output = try #require(result.outputs.first)
        let (fourth, eighth) = (97.409_091_034_002_44, 9_488.531_016_070_574)
        let (v1, v2, v13) = (0.5 * (1 + 0.02 * fourth) * (1 + 0.02 * fourth), 49.0 / 8, 0.08 * eighth / 225)
        let variance = v1 + v2 + v13
        #expect(relativeError(variance, 13.844_587_940_719_254) < 1e-14)
        expect([output.mean], [3.5], within: 0.01, "mean")
        expect([output.variance], [variance], within: 0.02, "variance")
        expect(output.firstOrder, [v1 / variance, v2 / variance, 0], within: 0.005, "first order")
        expect(output.total, [(v1 + v13) / variance, v2 / variance, v13 / variance], within: 0.005, "total")
        // As published (Saltelli et al. 2008, Global Sensitivity Analysis: The Primer, section 4.9).
        for (estimate, published) in zip(output.firstOrder, [0.3139, 0.4424, 0]) {
            #expect(abs(estimate.value - published) < 0.005)
        }
        for (estimate, published) in zip(output.total, [0.5576, 0.4424, 0.2437]) {
            #expect(abs(estimate.value - published) < 0.005)
        }
        #expect(result.evaluations == 16 * 2048 * 5)
    }

    /// Vᵢ = 1 / (3 (1 + aᵢ)²), V = Π (1 + Vⱼ) − 1, Tᵢ V = Vᵢ Π_{j≠i} (1 + Vⱼ).
    @Test func gFunction() throws {
        let output = try #require(
            SobolIndices.estimate(inputs: 8, points: 2048, seed: 2, Self.gFunction).outputs.first)
        let single = Self.coefficients.map { 1 / (3 * (1 + $0) * (1 + $0)) }
        let product = single.reduce(1) { $0 * (1 + $1) }
        let variance = product - 1
        expect([output.variance], [variance], within: 0.005, "variance")
        expect(output.firstOrder, single.map { $0 / variance }, within: 0.01, "first order")
        expect(output.total, single.map { $0 * product / (1 + $0) / variance }, within: 0.01, "total")
        #expect(abs(output.firstOrder[0].value - 0.716) < 0.01)
        #expect(abs(output.total[0].value - 0.787) < 0.01)
    }

    /// Over 60 seeds the errors divided by their standard errors have the spread of t with 7 degrees of freedom, whose
    /// variance is 7/5; within 4 standard errors of a mean of squares, taken from the squares themselves.
    @Test func standardErrorsSayHowFarOffTheEstimatesAre() throws {
        var squares = RunningMoments()
        for seed in 0..<60 as Range<UInt64> {
            let output = try SobolIndices.estimate(
                of: Self.ishigamiInputs, points: 256, batches: 8, seed: seed, Self.ishigami
            ).outputs[0]
            let z = (output.total[0].value - 0.557_588_855_1) / output.total[0].standardError
            squares.add(z * z)
        }
        #expect(abs(try #require(squares.mean) - 1.4) < 4 * (try #require(squares.standardError)))
    }

    /// Without interactions first-order and total indices are equal and add up to 1: 2x + normal noise of variance 1/3.
    @Test func anAdditiveFunctionHasNoInteractions() throws {
        let inputs: [Distribution] = [
            .uniform(lower: 0, upper: 1), .normal(mean: 5, standardDeviation: (1.0 / 3).squareRoot()), .constant(3),
        ]
        let output = try #require(
            SobolIndices.estimate(of: inputs, seed: 3) { design in
                Matrix(rows: design.rows, columns: 1) { row, _ in
                    2 * design[row, 0] + design[row, 1] + design[row, 2]
                }
            }.outputs.first)
        expect(output.firstOrder, [0.5, 0.5, 0], within: 0.002, "first order")
        expect(output.total, [0.5, 0.5, 0], within: 0.002, "total")
        #expect(output.total[2] == SobolIndices.Estimate(value: 0, standardError: 0))
    }

    @Test func eachOutputHasItsOwnIndicesAndTheSameSeedTheSameBits() throws {
        let evaluate: (Matrix) -> Matrix = { design in
            Matrix(rows: design.rows, columns: 3) { row, output in output == 2 ? 4 : design[row, output] }
        }
        let first = try SobolIndices.estimate(inputs: 2, points: 64, batches: 4, seed: 9, evaluate)
        let second = try SobolIndices.estimate(inputs: 2, points: 64, batches: 4, seed: 9, evaluate)
        #expect(first == second)
        #expect(first.outputs[0].total[1].value == 0 && first.outputs[1].total[0].value == 0)
        #expect(abs(first.outputs[0].total[0].value - 1) < 0.05)
        #expect(first.outputs[2].firstOrder.isEmpty && first.outputs[2].total.isEmpty)
        #expect(first.outputs[2].mean == SobolIndices.Estimate(value: 4, standardError: 0))
    }

    @Test func whatCannotBeEstimatedIsSaid() {
        func message(inputs: Int = 1, points: Int = 2, _ evaluate: (Matrix) -> Matrix) -> String? {
            let error = #expect(throws: SensitivityError.self) {
                try SobolIndices.estimate(inputs: inputs, points: points, batches: 2, seed: 1, evaluate)
            }
            return error?.description
        }
        #expect(
            message(inputs: 556) { $0 }
                == "Sensitivity to 556 inputs cannot be estimated: 1 to 555 are allowed.")
        #expect(message(points: 1) { $0 } == "1 points in 2 batches are too few: each is at least 2.")
        #expect(
            message { _ in Matrix(rows: 5, columns: 1) }
                == "The evaluation has 5 rows and 1 columns, but needs 6 rows, one for each point, and at least 1 "
                + "column.")
        let failed = message { Matrix(rows: $0.rows, columns: 1, repeating: .nan) }
        #expect(failed?.hasPrefix("Output 0 is nan at the inputs [0.") == true)
        #expect(
            failed?.hasSuffix(
                "every point needs a finite value. Narrow the inputs' distributions, or give a failed evaluation a value "
                    + "that says so.") == true)
    }
}
