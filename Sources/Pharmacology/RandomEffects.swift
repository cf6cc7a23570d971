import ModelLanguage
import NumericsCore

/// The random effects of a model: how a patient's etas are drawn.
///
/// Eta `i` uses draw `i` of the patient's stream, through the lower Cholesky factor of its block:
/// `eta = L z`, `z` standard normal. A variance of 0 keeps the eta at 0.
package struct RandomEffects: Sendable {
    private let factors: [Matrix]
    private let count: Int

    package init(_ blocks: [RandomEffectBlock]) throws(LinearAlgebraError) {
        var factors: [Matrix] = []
        for block in blocks { factors.append(try Self.factor(of: block)) }
        self.factors = factors
        count = blocks.reduce(0) { $0 + $1.names.count }
    }

    /// The etas of the patient whose stream this is.
    package func draw(_ stream: RandomStream) -> [Double] {
        var etas: [Double] = []
        etas.reserveCapacity(count)
        for factor in factors {
            let z = (0..<factor.rows).map { stream.normal(at: UInt64(etas.count + $0)) }
            for row in 0..<factor.rows {
                var sum = 0.0
                for column in 0...row { sum += factor[row, column] * z[column] }
                etas.append(sum)
            }
        }
        return etas
    }

    /// The lower Cholesky factor of a block. A pivot of 0 leaves a column of zeros: an effect of variance 0 stays 0, one
    /// that others determine (a correlation of 1) follows them.
    private static func factor(of block: RandomEffectBlock) throws(LinearAlgebraError) -> Matrix {
        let n = block.names.count
        var lower = Matrix(rows: n, columns: n)
        for j in 0..<n {
            let variance = block.covariance[j * (j + 1) / 2 + j]
            let rounding = 1e-9 * Double(n) * abs(variance)
            for i in j..<n {
                let value = block.covariance[i * (i + 1) / 2 + j]
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
        return lower
    }
}
