import NumericsCore

/// The lower triangular L with L Lᵀ = a covariance that may be singular, as a model file may write it.
///
/// A pivot of 0 leaves a column of zeros: an effect of variance 0 stays 0, and one that others determine (a correlation
/// of 1) follows them.
struct CovarianceFactor: Sendable {
    let lower: Matrix

    /// Factors a covariance.
    ///
    /// - Parameter triangle: the lower triangle row by row, diagonal included: n (n + 1) / 2 numbers.
    /// - Throws: ``LinearAlgebraError`` where a number is not finite or a pivot is negative beyond rounding.
    init(triangle: [Double], order n: Int) throws(LinearAlgebraError) {
        var lower = Matrix(rows: n, columns: n)
        for j in 0..<n {
            let variance = triangle[j * (j + 1) / 2 + j]
            let rounding = 1e-9 * Double(n) * abs(variance)
            for i in j..<n {
                let value = triangle[i * (i + 1) / 2 + j]
                guard value.isFinite else { throw .notFinite(row: i + 1, column: j + 1, value: value) }
                var rest = value
                for k in 0..<j { rest -= lower[i, k] * lower[j, k] }
                if i > j {
                    lower[i, j] = lower[j, j] == 0 ? 0 : rest / lower[j, j]
                } else if rest > rounding {
                    lower[j, j] = rest.squareRoot()
                } else if rest < -rounding {
                    throw .notPositiveDefinite(leadingMinor: j + 1, order: n, pivot: rest)
                }
            }
        }
        self.lower = lower
    }

    /// L z: n numbers of this covariance from n standard normal ones.
    func times(_ z: [Double]) -> [Double] {
        z.indices.map { row in
            var sum = 0.0
            for column in 0...row { sum += lower[row, column] * z[column] }
            return sum
        }
    }
}
