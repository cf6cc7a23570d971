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

    /// The Cholesky factor of a block in which effects of variance 0 keep a row of zeros.
    private static func factor(of block: RandomEffectBlock) throws(LinearAlgebraError) -> Matrix {
        let n = block.names.count
        let whole = Matrix(rows: n, columns: n) { i, j in
            let (row, column) = i >= j ? (i, j) : (j, i)
            return block.covariance[row * (row + 1) / 2 + column]
        }
        let varying = (0..<n).filter { whole[$0, $0] > 0 }
        var factor = Matrix(rows: n, columns: n)
        guard !varying.isEmpty else { return factor }
        let part = try Cholesky(
            of: Matrix(rows: varying.count, columns: varying.count) { whole[varying[$0], varying[$1]] })
        for (i, row) in varying.enumerated() {
            for (j, column) in varying.enumerated() where j <= i { factor[row, column] = part.lower[i, j] }
        }
        return factor
    }
}
