/// Which inputs make an output vary: Sobol's variance-based sensitivity indices.
///
/// ```swift
/// let indices = try SobolIndices.estimate(of: [.uniform(lower: -1, upper: 1), .uniform(lower: 0, upper: 2)], seed: 7) {
///     design in Matrix(rows: design.rows, columns: 1) { row, _ in design[row, 0] + design[row, 0] * design[row, 1] }
/// }
/// print(indices.outputs[0].total[1])
/// ```
///
/// For independent inputs, the first-order index Sᵢ = Var(E[Y | Xᵢ]) / Var(Y) is the share of the variance that would go
/// if input i were known; the total index Tᵢ = E[Var(Y | X without Xᵢ)] / Var(Y) is the share that would stay if all the
/// others were. Σ Sᵢ ≤ 1 ≤ Σ Tᵢ, equal when no inputs interact. Estimates may leave [0, 1] by a few standard errors.
///
/// **Design.** Each batch takes n points of a scrambled Sobol sequence in 2d dimensions as two matrices A and B, and for
/// each input the matrix Aᵢ, which is A with column i from B: n (d + 2) evaluations. **Estimators** are Jansen's:
/// Sᵢ = 1 − Σ (f(B) − f(Aᵢ))² / (2 n V) and Tᵢ = Σ (f(A) − f(Aᵢ))² / (2 n V), V the variance over A and B. **Standard
/// errors** come from independent scrambles, the batches: a bootstrap of rows would not see how evenly the points lie
/// and would report errors far too large.
///
/// Source: Saltelli et al. (2010), Computer Physics Communications 181:259–270, table 2 (b and f for the design, rows c
/// and f of Jansen); Jansen (1999), ibid. 117:35–43.
public struct SobolIndices: Sendable, Equatable {
    /// A number with its standard error over the batches.
    public struct Estimate: Sendable, Equatable {
        /// The mean over the batches.
        public let value: Double
        /// The standard deviation over the batches divided by the root of their number.
        public let standardError: Double
    }

    /// What was found for one output.
    public struct Output: Sendable, Equatable {
        /// The output's expectation.
        public let mean: Estimate
        /// The output's variance, in its squared unit.
        public let variance: Estimate
        /// The first-order index of each input; empty for an output that never varies.
        public let firstOrder: [Estimate]
        /// The total index of each input; empty for an output that never varies.
        public let total: [Estimate]
    }

    /// The outputs in the order of the evaluated columns.
    public let outputs: [Output]
    /// How many points were evaluated.
    public let evaluations: Int

    /// The most inputs: a design needs two dimensions for each.
    public static let maximumInputs = SobolSequence.maximumDimensions / 2

    /// Indices of a function of `inputs` independent inputs that are uniform between 0 and 1.
    ///
    /// - Parameters:
    ///   - inputs: how many inputs d there are, from 1 to ``maximumInputs``.
    ///   - points: points n of each batch, at least 2; a power of two keeps them even.
    ///   - batches: independent scrambles, at least 2; the standard errors rest on their number.
    ///   - seed: the study's seed; the purpose is ``StreamPurpose/samplingDesign``.
    ///   - evaluate: takes the n (d + 2) × d points of a batch, each in (0, 1), and returns as many rows with a column for
    ///     each output. It is called once a batch, in order.
    /// - Throws: ``SensitivityError``, and what `evaluate` throws.
    public static func estimate(
        inputs: Int, points: Int = 1024, batches: Int = 16, seed: UInt64,
        _ evaluate: (_ design: Matrix) throws -> Matrix
    ) throws -> SobolIndices {
        guard (1...maximumInputs).contains(inputs) else { throw SensitivityError.inputs(inputs) }
        guard points >= 2, batches >= 2 else { throw SensitivityError.tooFew(points: points, batches: batches) }
        var found: [[BatchIndices]] = []
        for batch in 0..<batches {
            let sequence = try SobolSequence(
                dimensions: 2 * inputs, randomization: .scrambled(seed: seed, replicate: UInt32(batch)))
            let design = design(sequence.points(points), inputs: inputs)
            let values = try evaluate(design)
            try check(values, of: design, outputs: found.first?.count)
            found.append((0..<values.columns).map { BatchIndices(values.column($0), points: points, inputs: inputs) })
        }
        let outputs = found[0].indices.map { output in Output(found.map { $0[output] }, inputs: inputs) }
        return SobolIndices(outputs: outputs, evaluations: batches * points * (inputs + 2))
    }

    /// Indices of a function of independent inputs with these distributions, whose points `evaluate` takes on the
    /// distributions' own scales. Else as ``estimate(inputs:points:batches:seed:_:)``.
    public static func estimate(
        of distributions: [Distribution], points: Int = 1024, batches: Int = 16, seed: UInt64,
        _ evaluate: (_ design: Matrix) throws -> Matrix
    ) throws -> SobolIndices {
        let valid = try distributions.map { try $0.validated() }
        return try estimate(inputs: valid.count, points: points, batches: batches, seed: seed) { design in
            try evaluate(try design.mapped(through: valid))
        }
    }

    /// The rows of A, of B, and of A with one column after the other from B.
    private static func design(_ points: Matrix, inputs: Int) -> Matrix {
        let n = points.rows
        return Matrix(rows: n * (inputs + 2), columns: inputs) { row, column in
            let (part, point) = row.quotientAndRemainder(dividingBy: n)
            let isFromSecond = part == 1 || part == column + 2
            return points[point, isFromSecond ? inputs + column : column]
        }
    }

    private static func check(_ values: Matrix, of design: Matrix, outputs: Int?) throws(SensitivityError) {
        guard values.rows == design.rows, values.columns == outputs ?? values.columns, values.columns > 0 else {
            throw .shape(
                rows: values.rows, columns: values.columns, expectedRows: design.rows, expectedColumns: outputs)
        }
        for output in 0..<values.columns {
            for row in 0..<values.rows where !values[row, output].isFinite {
                throw .notFinite(output: output, value: values[row, output], inputs: design.row(row))
            }
        }
    }
}

/// The indices of one output in one batch.
private struct BatchIndices {
    var mean: Double
    var variance: Double
    var firstOrder: [Double] = []
    var total: [Double] = []

    /// - Parameter values: of A, then of B, then of each Aᵢ, `points` each.
    init(_ values: [Double], points n: Int, inputs: Int) {
        let moments = RunningMoments(values[..<(2 * n)])
        mean = moments.mean ?? .nan
        variance = moments.variance ?? .nan
        guard variance > 0 else { return }
        for input in 0..<inputs {
            let first = (input + 2) * n
            var (fromFirst, fromSecond) = (CompensatedSum(), CompensatedSum())
            for point in 0..<n {
                let changed = values[first + point]
                let (a, b) = (values[point] - changed, values[n + point] - changed)
                fromFirst.add(a * a)
                fromSecond.add(b * b)
            }
            let scale = 2 * Double(n) * variance
            firstOrder.append(1 - fromSecond.value / scale)
            total.append(fromFirst.value / scale)
        }
    }
}

extension SobolIndices.Estimate {
    fileprivate init(_ values: [Double]) {
        let moments = RunningMoments(values)
        value = moments.mean ?? .nan
        standardError = moments.standardError ?? .nan
    }
}

extension SobolIndices.Output {
    fileprivate init(_ batches: [BatchIndices], inputs: Int) {
        mean = .init(batches.map(\.mean))
        variance = .init(batches.map(\.variance))
        // A batch in which the output did not vary has no indices; a variance so rare is not known from the others.
        let varies = batches.allSatisfy { $0.variance > 0 }
        firstOrder = varies ? (0..<inputs).map { input in .init(batches.map { $0.firstOrder[input] }) } : []
        total = varies ? (0..<inputs).map { input in .init(batches.map { $0.total[input] }) } : []
    }
}
