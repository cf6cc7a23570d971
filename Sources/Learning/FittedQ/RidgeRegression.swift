import NumericsCore
import Regimes

/// Weighted ridge regression of the values of rows on their terms, whose matrix is made once for many targets.
///
/// ```
/// w = argmin Σ vᵢ (yᵢ − w·φᵢ)² + κ Σ vᵢ Σ_{j>0} w_j²
/// ```
///
/// The constant is not shrunk. Plain loops in the order of the rows: the same bits on every processor.
struct RidgeRegression: Sendable {
    let rows: [Int32]
    private let factor: Cholesky?
    private let terms: QuadraticTerms

    /// - Parameter ridge: κ, above 0.
    init(_ decisions: Decisions, rows: [Int32], terms: QuadraticTerms, ridge: Double) {
        self.rows = rows
        self.terms = terms
        let count = terms.count(decisions.width)
        var gram = [Double](repeating: 0, count: count * count)
        var phi = [Double](repeating: 0, count: count)
        var total = 0.0
        gram.withUnsafeMutableBufferPointer { gram in
            phi.withUnsafeMutableBufferPointer { phi in
                decisions.z.withUnsafeBufferPointer { z in
                    guard let base = z.baseAddress, let phiBase = phi.baseAddress, let gramBase = gram.baseAddress
                    else { return }
                    for row in rows {
                        let weight = decisions.weight[Int(row)]
                        terms.fill(base + Int(row) * decisions.width, decisions.width, into: phiBase)
                        total += weight
                        for first in 0..<count {
                            let own = weight * phiBase[first]
                            let line = gramBase + first * count
                            // Only j ≥ i is kept; the factor reads one half.
                            for second in first..<count { line[second] += own * phiBase[second] }
                        }
                    }
                }
            }
        }
        for index in 0..<count { gram[index * count + index] += total * (index == 0 ? 1e-12 : ridge) }
        // Row-major upper is column-major lower.
        factor = try? Cholesky(of: Matrix(rows: count, columns: count, elements: gram))
    }

    /// The weights of the terms for the targets of the rows, and the weighted mean squared residual; nil where the rows do not
    /// determine them. Rows whose target is infinite count as absent in the moment but not in the matrix: leave them out.
    func solve(_ decisions: Decisions, targets: (Int) -> Double) -> (weights: [Double], loss: Double)? {
        guard let factor else { return nil }
        let count = factor.order
        var moment = [Double](repeating: 0, count: count)
        var phi = moment
        var (squares, total) = (0.0, 0.0)
        decisions.z.withUnsafeBufferPointer { z in
            phi.withUnsafeMutableBufferPointer { phi in
                guard let base = z.baseAddress, let phiBase = phi.baseAddress else { return }
                for (place, row) in rows.enumerated() {
                    terms.fill(base + Int(row) * decisions.width, decisions.width, into: phiBase)
                    let target = targets(place)
                    let own = decisions.weight[Int(row)] * target
                    total += decisions.weight[Int(row)]
                    squares += own * target
                    for index in 0..<count { moment[index] += own * phiBase[index] }
                }
            }
        }
        let weights = factor.solve(moment)
        // Σ v (y − ŷ)² = Σ v y² − w·b − (penalty), up to the penalty's part, which is small.
        var explained = 0.0
        for index in 0..<count { explained += weights[index] * moment[index] }
        return (weights, max(0, squares - explained) / max(total, .leastNormalMagnitude))
    }
}
