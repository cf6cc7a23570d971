import NumericsCore

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
