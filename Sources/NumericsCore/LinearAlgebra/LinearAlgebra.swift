import COpenBLAS

/// Dense linear algebra over LAPACK and BLAS (OpenBLAS).
///
/// OpenBLAS picks its kernels by the processor, so **the last bits of these results differ between processors**. They
/// are fast for large problems and right for everything that is reported with a tolerance. Where the same bits are
/// needed everywhere, use ``Cholesky``, ``QRFactorization`` and ``LUFactorization``, which are plain loops.
///
/// All functions take whole matrices in column-major order and leave their arguments alone. Wrong shapes trap; NaN and
/// infinities throw ``LinearAlgebraError/notFinite(row:column:value:)``.
public enum LinearAlgebra {
    /// Makes OpenBLAS use one thread for the whole process. Every function here does it too; call it at the start of a
    /// program that uses OpenBLAS by other ways as well.
    public static func useOneThread() { LAPACK.useOneThread() }

    /// The product of an m × k and a k × n matrix (DGEMM).
    public static func product(_ a: Matrix, _ b: Matrix) -> Matrix {
        precondition(a.columns == b.rows, "Cannot multiply \(a.shape) by \(b.shape).")
        LAPACK.useOneThread()
        var c = Matrix(rows: a.rows, columns: b.columns)
        guard a.rows > 0, b.columns > 0, a.columns > 0 else { return c }
        cblas_dgemm(
            CblasColMajor, CblasNoTrans, CblasNoTrans, blasint(a.rows), blasint(b.columns), blasint(a.columns), 1,
            a.elements, blasint(a.rows), b.elements, blasint(b.rows), 0, &c.elements, blasint(a.rows))
        return c
    }

    /// C ← α op(A) op(B) + β C for matrices stored **row by row** in memory of the caller's (DGEMM): m × k times k × n.
    ///
    /// - Parameters:
    ///   - transposesA: whether A lies in memory as k × m.
    ///   - transposesB: whether B lies in memory as n × k.
    package static func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, transposesA: Bool = false,
        _ b: UnsafePointer<Double>, transposesB: Bool = false, scaledBy alpha: Double = 1, adding beta: Double = 0,
        into c: UnsafeMutablePointer<Double>
    ) {
        LAPACK.useOneThread()
        guard m > 0, n > 0, k > 0 else { return }
        cblas_dgemm(
            CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), alpha, a, blasint(transposesA ? m : k), b,
            blasint(transposesB ? k : n), beta, c, blasint(n))
    }

    /// The lower Cholesky factor of a symmetric positive definite matrix, zeros above the diagonal (DPOTRF).
    ///
    /// - Parameter a: n × n; only the diagonal and the part below it are read.
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(leadingMinor:order:pivot:)`` (the pivot is nil).
    public static func cholesky(_ a: Matrix) throws(LinearAlgebraError) -> Matrix {
        let order = squareOrder(a)
        var factor = lowerTriangle(a)
        try LAPACK.requireFinite(factor)
        let info = LAPACK.call("dpotrf") {
            LAPACKE_dpotrf(LAPACK_COL_MAJOR, lower, LAPACKInteger(order), &factor.elements, LAPACK.leading(order))
        }
        if let info { throw .notPositiveDefinite(leadingMinor: info, order: order, pivot: nil) }
        return factor
    }

    /// The solution X of A X = B for a symmetric positive definite A (DPOSV).
    ///
    /// - Parameters:
    ///   - a: n × n; only the diagonal and the part below it are read.
    ///   - b: n × m right-hand sides.
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(leadingMinor:order:pivot:)`` (the pivot is nil).
    public static func solvePositiveDefinite(_ a: Matrix, _ b: Matrix) throws(LinearAlgebraError) -> Matrix {
        let order = squareOrder(a, rightHandSide: b)
        var factor = lowerTriangle(a)
        var x = b
        try LAPACK.requireFinite(factor, x)
        let info = LAPACK.call("dposv") {
            LAPACKE_dposv(
                LAPACK_COL_MAJOR, lower, LAPACKInteger(order), LAPACKInteger(b.columns), &factor.elements,
                LAPACK.leading(order), &x.elements, LAPACK.leading(order))
        }
        if let info { throw .notPositiveDefinite(leadingMinor: info, order: order, pivot: nil) }
        return x
    }

    /// The inverse of a symmetric positive definite matrix, both halves filled (DPOTRF, DPOTRI).
    ///
    /// - Parameter a: n × n; only the diagonal and the part below it are read.
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(leadingMinor:order:pivot:)`` (the pivot is nil), and
    ///   ``LinearAlgebraError/singular(column:order:)`` where its factor has a 0 on the diagonal.
    public static func inversePositiveDefinite(_ a: Matrix) throws(LinearAlgebraError) -> Matrix {
        var inverse = try cholesky(a)
        let order = inverse.rows
        let info = LAPACK.call("dpotri") {
            LAPACKE_dpotri(LAPACK_COL_MAJOR, lower, LAPACKInteger(order), &inverse.elements, LAPACK.leading(order))
        }
        if let info { throw .singular(column: info, order: order) }
        for j in 0..<order {
            for i in 0..<j { inverse[i, j] = inverse[j, i] }
        }
        return inverse
    }

    /// The solution X of A X = B by LU with partial pivoting (DGESV).
    ///
    /// - Parameters:
    ///   - a: n × n.
    ///   - b: n × m right-hand sides.
    /// - Throws: ``LinearAlgebraError/singular(column:order:)``.
    public static func solve(_ a: Matrix, _ b: Matrix) throws(LinearAlgebraError) -> Matrix {
        let order = squareOrder(a, rightHandSide: b)
        try LAPACK.requireFinite(a, b)
        var (factors, x) = (a, b)
        var pivots = [LAPACKInteger](repeating: 0, count: max(order, 1))
        let info = LAPACK.call("dgesv") {
            LAPACKE_dgesv(
                LAPACK_COL_MAJOR, LAPACKInteger(order), LAPACKInteger(b.columns), &factors.elements,
                LAPACK.leading(order),
                &pivots, &x.elements, LAPACK.leading(order))
        }
        if let info { throw .singular(column: info, order: order) }
        return x
    }

    static let lower = CChar(UInt8(ascii: "L"))

    static func squareOrder(_ a: Matrix, rightHandSide b: Matrix? = nil) -> Int {
        precondition(a.isSquare, "A square matrix is needed, but this one is \(a.shape).")
        if let b { precondition(b.rows == a.rows, "A right-hand side of \(b.shape) does not fit a \(a.shape) matrix.") }
        return a.rows
    }

    /// The diagonal and what is below it; zeros above, so that nothing unread can be refused as not finite.
    private static func lowerTriangle(_ a: Matrix) -> Matrix {
        Matrix(rows: a.rows, columns: a.columns) { $0 >= $1 ? a[$0, $1] : 0 }
    }
}
