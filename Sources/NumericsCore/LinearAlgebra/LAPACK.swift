import COpenBLAS

/// LAPACK's integer, which its header defines as a macro that Swift does not see.
typealias LAPACKInteger = Int32

/// The one place where this package calls LAPACK, and where OpenBLAS is told how many threads to use.
enum LAPACK {
    /// Set once, before the first call: the package is parallel over patients, and two callers of a single-threaded
    /// OpenBLAS are faster than one caller of a parallel one. It also keeps sums from depending on a thread count.
    private static let singleThreaded: Void = trialist_blas_use_one_thread()

    static func useOneThread() { _ = singleThreaded }

    /// Runs one LAPACK routine and returns its positive `info`, which describes the data, or nil when it succeeded.
    ///
    /// A negative `info` names an argument of ours that is wrong: a bug, which traps.
    static func call(_ routine: StaticString, _ body: () -> LAPACKInteger) -> Int? {
        useOneThread()
        let info = Int(body())
        precondition(info >= 0, "LAPACK's \(routine) refused argument \(-info): a bug in NumericsCore.")
        return info == 0 ? nil : info
    }

    /// LAPACK itself would carry NaN through, or loop on it.
    static func requireFinite(_ matrices: Matrix...) throws(LinearAlgebraError) {
        for matrix in matrices {
            guard let index = matrix.elements.firstIndex(where: { !$0.isFinite }) else { continue }
            throw .notFinite(
                row: index % matrix.rows + 1, column: index / matrix.rows + 1, value: matrix.elements[index])
        }
    }

    /// The leading dimension of a column-major matrix; LAPACK wants at least 1 even of an empty one.
    static func leading(_ rows: Int) -> LAPACKInteger { LAPACKInteger(max(rows, 1)) }
}
