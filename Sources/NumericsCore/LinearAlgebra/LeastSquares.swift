import COpenBLAS

/// The solution of a least-squares problem that may be rank deficient.
public struct MinimumNormSolution: Sendable {
    /// Of all coefficients with the smallest residual, those with the smallest norm: n × m.
    public let coefficients: Matrix
    /// How many singular values exceed the limit times the largest one.
    public let rank: Int
    /// Singular values of the design matrix, descending: min(rows, columns) of them.
    public let singularValues: [Double]
}

extension LinearAlgebra {
    /// The coefficients X that minimise ‖A X − B‖² column by column, by QR (DGELS).
    ///
    /// - Parameters:
    ///   - a: m × n design matrix, m ≥ n, of full column rank.
    ///   - b: m × k responses.
    /// - Returns: n × k coefficients.
    /// - Throws: ``LinearAlgebraError/rankDeficient(column:columns:)`` where the triangular factor has an exact zero or a
    ///   diagonal element below n ε times the largest: a solution would be digits of rounding error.
    public static func leastSquares(_ a: Matrix, _ b: Matrix) throws(LinearAlgebraError) -> Matrix {
        checkTall(a, b)
        try LAPACK.requireFinite(a, b)
        guard a.columns > 0 else { return Matrix(rows: 0, columns: b.columns) }
        var (factors, x) = (a, b)
        let info = LAPACK.call("dgels") {
            LAPACKE_dgels(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), LAPACKInteger(a.rows), LAPACKInteger(a.columns),
                LAPACKInteger(b.columns), &factors.elements, LAPACK.leading(a.rows), &x.elements, LAPACK.leading(a.rows)
            )
        }
        let diagonal = (0..<a.columns).map { abs(factors[$0, $0]) }
        if let column = info ?? negligible(diagonal).map({ $0 + 1 }) {
            throw .rankDeficient(column: column, columns: a.columns)
        }
        return topRows(x, a.columns)
    }

    /// The minimum-norm least-squares solution by singular values (DGELSD), for designs that may be rank deficient or
    /// have fewer rows than columns.
    ///
    /// - Parameters:
    ///   - a: m × n design matrix of any shape.
    ///   - b: m × k responses.
    ///   - relativeLimit: singular values below this share of the largest count as zero; nil means max(m, n) ε.
    /// - Throws: ``LinearAlgebraError/notFinite(row:column:value:)``, and
    ///   ``LinearAlgebraError/notConverged(routine:remaining:)``.
    public static func minimumNormLeastSquares(
        _ a: Matrix, _ b: Matrix, relativeLimit: Double? = nil
    ) throws(LinearAlgebraError) -> MinimumNormSolution {
        precondition(b.rows == a.rows, "Responses of \(b.shape) do not fit a \(a.shape) design matrix.")
        try LAPACK.requireFinite(a, b)
        let smaller = min(a.rows, a.columns)
        guard smaller > 0 else {
            return MinimumNormSolution(
                coefficients: Matrix(rows: a.columns, columns: b.columns), rank: 0, singularValues: [])
        }
        let height = max(a.rows, a.columns)
        var factors = a
        var x = Matrix(rows: height, columns: b.columns) { $0 < b.rows ? b[$0, $1] : 0 }
        var singularValues = [Double](repeating: 0, count: smaller)
        var rank: LAPACKInteger = 0
        let info = LAPACK.call("dgelsd") {
            LAPACKE_dgelsd(
                LAPACK_COL_MAJOR, LAPACKInteger(a.rows), LAPACKInteger(a.columns), LAPACKInteger(b.columns),
                &factors.elements,
                LAPACK.leading(a.rows), &x.elements, LAPACK.leading(height), &singularValues,
                relativeLimit ?? Double(height) * .ulpOfOne, &rank)
        }
        if let info { throw .notConverged(routine: "dgelsd", remaining: info) }
        return MinimumNormSolution(
            coefficients: topRows(x, a.columns), rank: Int(rank), singularValues: singularValues)
    }

    /// The coefficients that minimise ‖A X − B‖² + Σⱼ `penalties[j]` ‖Xⱼ‖², by QR of A with one row more for each
    /// penalty, which keeps the digits that AᵀA would lose.
    ///
    /// - Parameters:
    ///   - a: m × n design matrix.
    ///   - b: m × k responses.
    ///   - penalties: n values, at least 0; give an intercept 0.
    /// - Returns: the n × k coefficients.
    /// - Throws: ``LinearAlgebraError/notFinite(row:column:value:)``, and
    ///   ``LinearAlgebraError/rankDeficient(column:columns:)`` where columns without a penalty depend on each other.
    public static func ridge(_ a: Matrix, _ b: Matrix, penalties: [Double]) throws(LinearAlgebraError) -> Matrix {
        try leastSquares(a.augmented(withPenalties: penalties), b.padded(toRows: a.rows + penalties.count))
    }

    static func checkTall(_ a: Matrix, _ b: Matrix) {
        precondition(b.rows == a.rows, "Responses of \(b.shape) do not fit a \(a.shape) design matrix.")
        precondition(
            a.rows >= a.columns,
            "A \(a.shape) design matrix has fewer rows than columns: use the minimum-norm solution or a ridge penalty.")
    }

    /// The index of the first diagonal element too small to divide by.
    static func negligible(_ diagonal: [Double]) -> Int? {
        let limit = Double(diagonal.count) * .ulpOfOne * (diagonal.max() ?? 0)
        return diagonal.firstIndex { $0 <= limit }
    }

    static func topRows(_ x: Matrix, _ count: Int) -> Matrix { Matrix(rows: count, columns: x.columns) { x[$0, $1] } }
}

extension Matrix {
    /// The matrix with a diagonal of square roots of `penalties` below it.
    func augmented(withPenalties penalties: [Double]) -> Matrix {
        precondition(penalties.count == columns, "\(penalties.count) penalties do not fit \(columns) columns.")
        for penalty in penalties {
            precondition(penalty >= 0 && penalty < .infinity, "A ridge penalty of \(penalty) is not allowed.")
        }
        return Matrix(rows: rows + columns, columns: columns) { i, j in
            i < rows ? self[i, j] : i - rows == j ? penalties[j].squareRoot() : 0
        }
    }

    /// The matrix with rows of zeros below it, `count` rows in all.
    func padded(toRows count: Int) -> Matrix { Matrix(rows: count, columns: columns) { $0 < rows ? self[$0, $1] : 0 } }
}
