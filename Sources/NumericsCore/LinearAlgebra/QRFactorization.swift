/// The factors Q R of a design matrix by Householder reflections, for least squares.
///
/// Plain loops in a fixed order: **the same bits on every processor**. Use it for every fit whose coefficients enter a
/// study's numbers, such as a learned regime; ``LinearAlgebra/leastSquares(_:_:)`` over LAPACK is faster for wide designs.
///
/// Source: Golub and Van Loan (2013), "Matrix computations", 4th edition, algorithms 5.1.1 and 5.2.1.
public struct QRFactorization: Sendable {
    /// R on and above the diagonal; the reflection vectors below it, their leading 1 left out.
    private let factors: Matrix
    /// The factor 2 / ‖v‖² of each reflection.
    private let scales: [Double]

    /// Factors a design matrix.
    ///
    /// - Parameter a: m × n, m ≥ n.
    /// - Throws: ``LinearAlgebraError/rankDeficient(column:columns:)`` where a diagonal element of R is below n ε times the
    ///   largest, ``LinearAlgebraError/notFinite(row:column:value:)``.
    public init(of a: Matrix) throws(LinearAlgebraError) {
        precondition(a.rows >= a.columns, "A \(a.shape) design matrix has fewer rows than columns.")
        try LAPACK.requireFinite(a)
        var factors = a
        var scales: [Double] = []
        for j in 0..<a.columns { scales.append(Self.reflect(&factors, column: j)) }
        let diagonal = (0..<a.columns).map { abs(factors[$0, $0]) }
        if let column = LinearAlgebra.negligible(diagonal) {
            throw .rankDeficient(column: column + 1, columns: a.columns)
        }
        self.factors = factors
        self.scales = scales
    }

    /// The upper triangular factor, n × n.
    public var r: Matrix {
        Matrix(rows: factors.columns, columns: factors.columns) { $0 <= $1 ? factors[$0, $1] : 0 }
    }

    /// The n coefficients x that minimise ‖A x − b‖² for m responses b.
    public func solve(_ b: [Double]) -> [Double] {
        precondition(b.count == factors.rows, "\(b.count) responses do not fit a \(factors.shape) design matrix.")
        let m = factors.rows
        var rotated = b
        for j in 0..<factors.columns {
            var sum = rotated[j]
            for i in j + 1..<max(m, j + 1) { sum += factors.elements[i + j * m] * rotated[i] }
            sum *= scales[j]
            rotated[j] -= sum
            for i in j + 1..<max(m, j + 1) { rotated[i] -= sum * factors.elements[i + j * m] }
        }
        return backSubstituted(rotated)
    }

    /// The n × k coefficients for m × k responses, column by column.
    public func solve(_ b: Matrix) -> Matrix {
        Matrix(rows: factors.columns, columns: b.columns, elements: (0..<b.columns).flatMap { solve(b.column($0)) })
    }

    /// (AᵀA)⁻¹ = R⁻¹ R⁻ᵀ, n × n: times the residual variance it is the covariance of the coefficients.
    public func inverseGram() -> Matrix {
        let n = factors.columns
        let columns = (0..<n).map { j in backSubstituted((0..<n).map { $0 == j ? 1 : 0 }) }
        return Matrix(rows: n, columns: n) { i, j in
            var sum = 0.0
            for k in max(i, j)..<n { sum += columns[k][i] * columns[k][j] }
            return sum
        }
    }

    /// The ridge coefficients that minimise ‖A x − b‖² + Σⱼ `penalties[j]` xⱼ².
    ///
    /// - Parameters:
    ///   - a: m × n design matrix.
    ///   - b: m responses.
    ///   - penalties: n values, at least 0; give an intercept 0.
    /// - Returns: n coefficients.
    /// - Throws: ``LinearAlgebraError/notFinite(row:column:value:)``, and
    ///   ``LinearAlgebraError/rankDeficient(column:columns:)`` where columns without a penalty depend on each other.
    public static func ridge(_ a: Matrix, _ b: [Double], penalties: [Double]) throws(LinearAlgebraError) -> [Double] {
        let factorization = try QRFactorization(of: a.augmented(withPenalties: penalties))
        return factorization.solve(b + [Double](repeating: 0, count: penalties.count))
    }

    /// Reflects column j onto the diagonal and applies the reflection to the columns right of it; returns its scale.
    private static func reflect(_ a: inout Matrix, column j: Int) -> Double {
        let m = a.rows
        // Scaled by the largest element, so that squares neither overflow nor vanish.
        var largest = 0.0
        for i in j..<m { largest = max(largest, abs(a.elements[i + j * m])) }
        guard largest > 0 else { return 0 }
        var squares = 0.0
        for i in j..<m {
            let value = a.elements[i + j * m] / largest
            squares += value * value
        }
        let norm = largest * squares.squareRoot()
        let head = a.elements[j + j * m]
        // The sign that adds magnitudes, so that v's leading element does not cancel.
        let pivot = head > 0 ? -norm : norm
        let lead = head - pivot
        for i in j + 1..<max(m, j + 1) { a.elements[i + j * m] /= lead }
        let scale = (pivot - head) / pivot
        a.elements[j + j * m] = pivot
        for k in j + 1..<max(a.columns, j + 1) {
            var sum = a.elements[j + k * m]
            for i in j + 1..<max(m, j + 1) { sum += a.elements[i + j * m] * a.elements[i + k * m] }
            sum *= scale
            a.elements[j + k * m] -= sum
            for i in j + 1..<max(m, j + 1) { a.elements[i + k * m] -= sum * a.elements[i + j * m] }
        }
        return scale
    }

    /// The solution x of R x = y, from y's first n values.
    private func backSubstituted(_ y: [Double]) -> [Double] {
        let n = factors.columns
        var x = Array(y.prefix(n))
        for j in stride(from: n - 1, through: 0, by: -1) {
            x[j] /= factors[j, j]
            for i in 0..<j { x[i] -= factors[i, j] * x[j] }
        }
        return x
    }
}
