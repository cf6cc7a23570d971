/// The Cholesky factor L of a symmetric positive definite matrix A = L Lᵀ.
///
/// Plain loops in a fixed order: **the same bits on every processor**. Use it wherever the result enters a study's
/// numbers, such as the covariance of random effects; ``LinearAlgebra/cholesky(_:)`` over LAPACK is faster from an order
/// of about a hundred, but its last bits depend on the processor.
public struct Cholesky: Sendable {
    /// The lower triangular factor, n × n, with zeros above the diagonal.
    public let lower: Matrix

    /// Factors a symmetric positive definite matrix.
    ///
    /// - Parameter matrix: n × n, of which only the diagonal and the part below it are read; 0 × 0 is allowed.
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(leadingMinor:order:pivot:)`` with the order of the first leading
    ///   minor that is not positive, ``LinearAlgebraError/notFinite(row:column:value:)`` at NaN or infinity.
    public init(of matrix: Matrix) throws(LinearAlgebraError) {
        precondition(matrix.isSquare, "A Cholesky factor needs a square matrix, but this one is \(matrix.shape).")
        let order = matrix.rows
        var lower = Matrix(rows: order, columns: order)
        for j in 0..<order {
            for i in j..<order {
                let value = matrix[i, j]
                guard value.isFinite else { throw .notFinite(row: i + 1, column: j + 1, value: value) }
                var rest = value
                for k in 0..<j { rest -= lower[i, k] * lower[j, k] }
                if i == j {
                    guard rest > 0 else { throw .notPositiveDefinite(leadingMinor: j + 1, order: order, pivot: rest) }
                    lower[j, j] = rest.squareRoot()
                } else {
                    lower[i, j] = rest / lower[j, j]
                }
            }
        }
        self.lower = lower
    }

    /// The order n of the matrix.
    public var order: Int { lower.rows }

    /// The solution x of A x = b, n values.
    public func solve(_ b: [Double]) -> [Double] { backSubstituted(forwardSubstituted(b)) }

    /// The solution X of A X = B, n × m for an n × m right-hand side.
    public func solve(_ b: Matrix) -> Matrix {
        Matrix(rows: order, columns: b.columns, elements: (0..<b.columns).flatMap { solve(b.column($0)) })
    }

    /// The solution y of L y = b, n values; turns errors of covariance A into independent ones of variance 1.
    public func forwardSubstituted(_ b: [Double]) -> [Double] {
        precondition(b.count == order, "A right-hand side of \(b.count) values does not fit order \(order).")
        var y = b
        for i in 0..<order {
            for k in 0..<i { y[i] -= lower[i, k] * y[k] }
            y[i] /= lower[i, i]
        }
        return y
    }

    /// The inverse of A, n × n and symmetric to the last bit.
    public func inverse() -> Matrix {
        var inverse = solve(Matrix.identity(order))
        for j in 0..<order {
            for i in 0..<j { inverse[i, j] = inverse[j, i] }
        }
        return inverse
    }

    /// The natural logarithm of A's determinant: 2 Σ ln Lᵢᵢ, and 0 for order 0.
    public var logDeterminant: Double {
        var sum = 0.0
        for i in 0..<order { sum += Elementary.log(lower[i, i]) }
        return 2 * sum
    }

    /// The solution x of Lᵀ x = y.
    private func backSubstituted(_ y: [Double]) -> [Double] {
        var x = y
        for i in stride(from: order - 1, through: 0, by: -1) {
            for k in i + 1..<max(order, i + 1) { x[i] -= lower[k, i] * x[k] }
            x[i] /= lower[i, i]
        }
        return x
    }
}
