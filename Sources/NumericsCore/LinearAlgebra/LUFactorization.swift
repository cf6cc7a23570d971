/// The factors P A = L U of a square matrix, by Gaussian elimination with partial pivoting.
///
/// Plain loops in a fixed order: **the same bits on every processor**; ``LinearAlgebra/solve(_:_:)`` over LAPACK is
/// faster for large matrices.
public struct LUFactorization: Sendable {
    /// U on and above the diagonal, L without its unit diagonal below it.
    private var factors: Matrix
    /// The row that was exchanged with row j in step j.
    private var pivots: [Int] = []

    /// Factors a square matrix.
    ///
    /// - Throws: ``LinearAlgebraError/singular(column:order:)`` where no pivot is left,
    ///   ``LinearAlgebraError/notFinite(row:column:value:)``.
    public init(of a: Matrix) throws(LinearAlgebraError) {
        precondition(a.isSquare, "A square matrix is needed, but this one is \(a.shape).")
        try LAPACK.requireFinite(a)
        factors = a
        for j in 0..<a.rows {
            guard eliminate(column: j) else { throw .singular(column: j + 1, order: a.rows) }
        }
    }

    /// The order n of the matrix.
    public var order: Int { factors.rows }

    /// The solution x of A x = b, n values.
    public func solve(_ b: [Double]) -> [Double] {
        precondition(b.count == order, "A right-hand side of \(b.count) values does not fit order \(order).")
        var x = b
        for j in 0..<order {
            x.swapAt(j, pivots[j])
        }
        for j in 0..<order {
            for i in j + 1..<max(order, j + 1) { x[i] -= factors[i, j] * x[j] }
        }
        for j in stride(from: order - 1, through: 0, by: -1) {
            x[j] /= factors[j, j]
            for i in 0..<j { x[i] -= factors[i, j] * x[j] }
        }
        return x
    }

    /// The solution X of A X = B, n × m for an n × m right-hand side.
    public func solve(_ b: Matrix) -> Matrix {
        Matrix(rows: order, columns: b.columns, elements: (0..<b.columns).flatMap { solve(b.column($0)) })
    }

    /// The determinant: the product of the pivots, with the sign of the row exchanges; 1 for order 0.
    public var determinant: Double {
        var product = 1.0
        for j in 0..<order { product *= pivots[j] == j ? factors[j, j] : -factors[j, j] }
        return product
    }

    /// One step of the elimination; false where the column holds nothing but zeros from the diagonal down.
    private mutating func eliminate(column j: Int) -> Bool {
        var pivot = j
        for i in j..<order where abs(factors[i, j]) > abs(factors[pivot, j]) { pivot = i }
        guard factors[pivot, j] != 0 else { return false }
        pivots.append(pivot)
        if pivot != j {
            for k in 0..<order { factors.elements.swapAt(j + k * order, pivot + k * order) }
        }
        for i in j + 1..<max(order, j + 1) { factors[i, j] /= factors[j, j] }
        for k in j + 1..<max(order, j + 1) {
            let factor = factors[j, k]
            for i in j + 1..<max(order, j + 1) { factors[i, k] -= factors[i, j] * factor }
        }
        return true
    }
}
