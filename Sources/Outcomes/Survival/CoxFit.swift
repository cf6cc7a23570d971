/// What a fitted Cox model keeps for residuals, curves and tests, on the scaled covariates.
struct CoxFit: Sendable {
    let data: SurvivalData
    let rows: CoxRows
    let beta: [Double]
    /// The inverse information.
    let covariance: [[Double]]
    let ties: CoxModel.Ties

    /// The ties that hazards and residuals are made with.
    var hazardTies: CoxModel.Ties { ties == .exact ? .breslow : ties }

    /// The sandwich of Lin and Wei 1989, J Am Stat Assoc 84:1074: V·(Σ_g s_g s_gᵀ)·V with the weighted score residuals summed within
    /// each cluster; each row is one without a grouping.
    func robustCovariance(_ cluster: Grouping?, _ work: CoxWorkspace) -> [[Double]] {
        let width = rows.width
        let blocks = rows.blocks
        var scores = CoxPath(self, work).scoreResiduals(self, work)
        if !rows.weights.isEmpty {
            for position in 0..<rows.count {
                for block in 0..<blocks { scores[position * blocks + block] *= rows.weights[position] }
            }
        }
        if let cluster {
            var sums = [SIMD4<Double>](repeating: .zero, count: cluster.labels.count * blocks)
            for position in 0..<rows.count {
                let start = cluster.codes[rows.order[position]] * blocks
                for block in 0..<blocks { sums[start + block] += scores[position * blocks + block] }
            }
            scores = sums
        }
        var sum = SymmetricSum(blocks: blocks)
        let ones = [Double](repeating: 1, count: scores.count / blocks)
        scores.withUnsafeBufferPointer { scores in
            ones.withUnsafeBufferPointer { ones in
                if let x = scores.baseAddress, let a = ones.baseAddress { sum.add(x, a, count: ones.count) }
            }
        }
        let half = product(covariance, sum.matrix(width: width))
        let full = product(half, covariance)
        // The same number on both sides of the diagonal.
        return (0..<width).map { i in (0..<width).map { full[max(i, $0)][min(i, $0)] } }
    }

    private func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        a.map { row in b.indices.map { j in row.indices.reduce(0) { $0 + row[$1] * b[$1][j] } } }
    }
}

extension CoxRows {
    /// A covariance of scaled coefficients in the units of the covariates.
    func unscaled(_ covariance: [[Double]]) -> [[Double]] {
        covariance.indices.map { i in covariance.indices.map { covariance[i][$0] / (scales[i] * scales[$0]) } }
    }
}
