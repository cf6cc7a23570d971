import NumericsCore

/// The Cholesky factor of a small information or covariance matrix that may lack full rank up to rounding.
struct SmallCholesky {
    /// A pivot below this part of its diagonal element means that the column is a combination of those before it.
    static let relativePivot = 1e-10

    /// The column, from 0, that depends on the columns before it.
    struct Dependent: Error, Equatable { let column: Int }

    private let factor: Cholesky

    /// - Parameter matrix: rows of a symmetric matrix.
    init(_ matrix: [[Double]]) throws(Dependent) {
        do {
            factor = try Cholesky(of: Matrix(rowsOf: matrix))
        } catch {
            switch error {
            case .notPositiveDefinite(let minor, _, _): throw Dependent(column: minor - 1)
            case .notFinite(let row, _, _): throw Dependent(column: row - 1)
            case .singular(let column, _), .rankDeficient(let column, _): throw Dependent(column: column - 1)
            case .notConverged: throw Dependent(column: 0)
            }
        }
        for j in matrix.indices {
            let root = factor.lower[j, j]
            guard root * root > Self.relativePivot * matrix[j][j] else { throw Dependent(column: j) }
        }
    }

    /// x with matrix · x = b.
    func solve(_ b: [Double]) -> [Double] { factor.solve(b) }

    /// The inverse matrix, symmetric to the last bit.
    var inverse: [[Double]] {
        let inverse = factor.inverse()
        return (0..<inverse.rows).map(inverse.row)
    }
}
