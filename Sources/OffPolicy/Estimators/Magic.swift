import NumericsCore

/// MAGIC (Thomas and Brunskill 2016, section 7): the mixture of partial returns, between model and weights, with the least estimated
/// mean squared error.
///
/// gⱼ corrects the model for j decisions by weights and believes it from there: g₀ is the direct method, g_L the weighted doubly
/// robust estimator. V̂ = Σ xⱼ gⱼ with x ≥ 0, Σ x = 1 and least xᵀ (Ω + b bᵀ) x: Ω is the covariance of the gⱼ, bⱼ the distance of
/// gⱼ from the 90 % interval of g_L. The paper takes that interval from a bootstrap; here it is the one of the influence function,
/// which needs no chance. The standard error takes x as given.
package struct Magic: OffPolicyEstimator {
    package static let name = "magic"
    package static let title = "MAGIC"
    package static let needsModel = true
    package static let needsWeights = true
    private let evidence: OffPolicyEvidence
    /// The numbers of decisions after which the model is believed.
    package let steps: [Int]
    /// x of each of ``steps``.
    package let mixture: [Double]
    package let effectiveSampleSize: Double

    /// More partial returns than this are thinned out: they hardly differ.
    static let most = 24
    /// Two-sided 90 %.
    static let quantile = 1.6448536269514722

    package init(_ evidence: OffPolicyEvidence) {
        self.evidence = evidence
        let longest = evidence.longest
        steps =
            longest < Self.most
            ? Array(0...longest) : (0...Self.most).map { $0 * longest / Self.most }
        let count = evidence.episodes
        let averages = StageAverages(evidence, counts: [Double](repeating: 1, count: count))
        let returns = steps.map { averages.partial($0, evidence) }
        let influences = steps.map { averages.influence($0, evidence) }
        // One episode has no variance; then the weights are trusted as they are.
        let scale = 1 / (Double(count) * Double(max(1, count - 1)))
        var errors = Matrix(rows: steps.count, columns: steps.count) { i, j in
            j > i ? 0 : zip(influences[i], influences[j]).reduce(0) { $0 + $1.0 * $1.1 } * scale
        }
        let last = steps.count - 1
        let half = Self.quantile * max(0, errors[last, last]).squareRoot()
        let biases = returns.map { value in
            max(0, abs(value - returns[last]) - half) * (value < returns[last] ? -1 : 1)
        }
        for i in steps.indices {
            for j in 0...i {
                errors[i, j] += biases[i] * biases[j]
                errors[j, i] = errors[i, j]
            }
        }
        mixture = SimplexMinimum.solve(errors)
        let (sums, squares) = evidence.stageSums()
        var smallest = Double(count)
        var sizes = [evidence.decisionSampleSize]
        for step in 0..<longest {
            smallest = min(smallest, kish(sums[step], squares[step]))
            sizes.append(smallest)
        }
        effectiveSampleSize = zip(steps, mixture).reduce(0) { $0 + sizes[$1.0] * $1.1 }
    }

    package func value(counts: [Double]) -> Double {
        let averages = StageAverages(evidence, counts: counts)
        return zip(steps, mixture).reduce(0) { sum, part in
            part.1 > 0 ? sum + part.1 * averages.partial(part.0, evidence) : sum
        }
    }

    package func influence() -> [Double] {
        let averages = StageAverages(evidence, counts: [Double](repeating: 1, count: evidence.episodes))
        var sum = [Double](repeating: 0, count: evidence.episodes)
        for (step, share) in zip(steps, mixture) where share > 0 {
            for (episode, part) in averages.influence(step, evidence).enumerated() { sum[episode] += share * part }
        }
        return sum
    }
}

/// The point of the simplex with the least xᵀ M x.
///
/// For a positive definite M it is y / Σ y, where y ≥ 0 has the least ½ yᵀ M y − Σ y, which Lawson and Hanson's (1974, chapter
/// 23) active sets find in finitely many steps. A ridge of 10⁻¹² of the mean diagonal makes any M definite.
enum SimplexMinimum {
    static func solve(_ matrix: Matrix) -> [Double] {
        let count = matrix.rows
        let trace = (0..<count).reduce(0) { $0 + matrix[$1, $1] }
        var last = [Double](repeating: 0, count: count)
        last[count - 1] = 1
        guard trace > 0, trace.isFinite else { return last }
        // In units of the mean diagonal, so that limits have a meaning.
        let unit = trace / Double(count)
        let m = Matrix(rows: count, columns: count) { (matrix[$0, $1] / unit) + ($0 == $1 ? 1e-12 : 0) }
        var y = [Double](repeating: 0, count: count)
        var isFree = [Bool](repeating: false, count: count)
        for _ in 0..<10 * count {
            let slopes = (0..<count).map { i in 1 - (0..<count).reduce(0) { $0 + m[i, $1] * y[$1] } }
            guard
                let best = (0..<count).filter({ !isFree[$0] && slopes[$0] > 1e-10 }).max(by: { slopes[$0] < slopes[$1] }
                )
            else { break }
            isFree[best] = true
            while true {
                let free = (0..<count).filter { isFree[$0] }
                let part = Matrix(rows: free.count, columns: free.count) { m[free[$0], free[$1]] }
                guard let factor = try? Cholesky(of: part) else {
                    isFree[best] = false
                    break
                }
                let solution = factor.solve([Double](repeating: 1, count: free.count))
                if solution.allSatisfy({ $0 > 0 }) {
                    for (place, index) in free.enumerated() { y[index] = solution[place] }
                    break
                }
                var step = 1.0
                for (place, index) in free.enumerated() where solution[place] <= 0 {
                    step = min(step, y[index] / (y[index] - solution[place]))
                }
                for (place, index) in free.enumerated() {
                    y[index] += step * (solution[place] - y[index])
                    if y[index] <= 1e-14 { (y[index], isFree[index]) = (0, false) }
                }
                if !isFree.contains(true) { break }
            }
        }
        let sum = y.reduce(0, +)
        return sum > 0 && sum.isFinite ? y.map { $0 / sum } : last
    }
}
