import COpenBLAS

/// Eigenvalues and eigenvectors of a symmetric matrix.
public struct SymmetricEigen: Sendable {
    /// The eigenvalues, ascending.
    public let values: [Double]
    /// Orthonormal eigenvectors, one a column, in the order of the values. Their signs are LAPACK's and carry no meaning.
    public let vectors: Matrix
}

extension LinearAlgebra {
    /// The eigenvalues of a symmetric matrix, ascending (DSYEVD).
    ///
    /// - Parameter a: n × n; only the diagonal and the part below it count.
    /// - Throws: ``LinearAlgebraError/notConverged(routine:remaining:)``.
    public static func symmetricEigenvalues(_ a: Matrix) throws(LinearAlgebraError) -> [Double] {
        try eigen(a, job: "N").values
    }

    /// The eigenvalues and eigenvectors of a symmetric matrix (DSYEVD).
    ///
    /// - Parameter a: n × n; only the diagonal and the part below it count.
    /// - Throws: ``LinearAlgebraError/notConverged(routine:remaining:)``.
    public static func symmetricEigen(_ a: Matrix) throws(LinearAlgebraError) -> SymmetricEigen {
        try eigen(a, job: "V")
    }

    private static func eigen(_ a: Matrix, job: Unicode.Scalar) throws(LinearAlgebraError) -> SymmetricEigen {
        let order = squareOrder(a)
        try LAPACK.requireFinite(a)
        var vectors = a
        var values = [Double](repeating: 0, count: order)
        guard order > 0 else { return SymmetricEigen(values: [], vectors: a) }
        let info = LAPACK.call("dsyevd") {
            LAPACKE_dsyevd(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: job)), lower, LAPACKInteger(order), &vectors.elements,
                LAPACK.leading(order), &values)
        }
        if let info { throw .notConverged(routine: "dsyevd", remaining: info) }
        return SymmetricEigen(values: values, vectors: vectors)
    }
}
