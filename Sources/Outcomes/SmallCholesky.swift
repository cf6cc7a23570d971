/// The Cholesky factor of a small symmetric positive definite matrix, and the column where there is none.
struct SmallCholesky {
    /// A pivot below this part of its diagonal element means that the column is a combination of those before it.
    static let relativePivot = 1e-10

    /// The column that depends on the columns before it.
    struct Dependent: Error, Equatable { let column: Int }

    private let factor: [[Double]]

    /// - Parameter matrix: rows of a symmetric matrix.
    init(_ matrix: [[Double]]) throws(Dependent) {
        var factor = matrix
        for j in matrix.indices {
            var pivot = matrix[j][j]
            for k in 0..<j { pivot -= factor[j][k] * factor[j][k] }
            guard pivot > Self.relativePivot * matrix[j][j] else { throw Dependent(column: j) }
            let root = pivot.squareRoot()
            factor[j][j] = root
            for i in (j + 1)..<max(matrix.count, j + 1) {
                var sum = matrix[i][j]
                for k in 0..<j { sum -= factor[i][k] * factor[j][k] }
                factor[i][j] = sum / root
            }
        }
        self.factor = factor
    }

    /// x with matrix · x = b.
    func solve(_ b: [Double]) -> [Double] {
        var x = b
        for i in b.indices {
            for k in 0..<i { x[i] -= factor[i][k] * x[k] }
            x[i] /= factor[i][i]
        }
        for i in b.indices.reversed() {
            for k in (i + 1)..<max(b.count, i + 1) { x[i] -= factor[k][i] * x[k] }
            x[i] /= factor[i][i]
        }
        return x
    }

    /// The inverse matrix, symmetric to the last bit.
    var inverse: [[Double]] {
        let size = factor.count
        var inverse = (0..<size).map { j in solve((0..<size).map { $0 == j ? 1 : 0 }) }
        for i in 0..<size { for j in 0..<i { inverse[i][j] = inverse[j][i] } }
        return inverse
    }
}
