/// Why a system of equations could not be solved: always a property of the data, since wrong shapes trap.
public enum LinearAlgebraError: Error, Equatable, Sendable {
    /// The leading minor of the given order (counted from 1) is not positive; `pivot` is what was left there.
    /// The pivot is nil where the library that found out does not report it.
    case notPositiveDefinite(leadingMinor: Int, order: Int, pivot: Double?)
    /// The pivot in this column (counted from 1) is zero.
    case singular(column: Int, order: Int)
    /// An input holds NaN or an infinity at this row and column (counted from 1).
    case notFinite(row: Int, column: Int, value: Double)
    /// The design matrix does not have full column rank; `column` (counted from 1) depends on those before it.
    case rankDeficient(column: Int, columns: Int)
    /// An iteration of LAPACK did not converge; `routine` names it.
    case notConverged(routine: String, remaining: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
    /// What was found where in the matrix, and what could be done.
    public var description: String {
        switch self {
        case .notPositiveDefinite(let minor, let order, let pivot):
            let left = pivot.map { " (its pivot is \($0))" } ?? ""
            return "The \(order) × \(order) matrix is not positive definite: its leading minor of order \(minor) is not"
                + " positive\(left). A covariance matrix needs positive variances and correlations that fit together."
        case .singular(let column, let order):
            return "The \(order) × \(order) matrix is singular: column \(column) depends on the columns before it."
        case .notFinite(let row, let column, let value):
            return "The matrix holds \(value) at row \(row), column \(column); all elements must be finite."
        case .rankDeficient(let column, let columns):
            return "The design matrix has \(columns) columns, but column \(column) depends on the columns before it:"
                + " drop it, or use a ridge penalty or the minimum-norm solution."
        case .notConverged(let routine, let remaining):
            return "LAPACK's \(routine) did not converge: \(remaining) values are left."
        }
    }
}
