/// Whether numbers can be the covariances of random effects that vary together.
enum CovarianceCheck {
    /// Rounding to a few digits in a paper must not matter; a correlation beyond one must.
    private static let tolerance = 1e-9

    /// What is wrong with the lower triangle of a covariance matrix, given row by row with its diagonal; nil if nothing
    /// is. A variance may be zero, then its covariances are zero too.
    static func problem(names: [String], triangle: [Double]) -> String? {
        let count = names.count
        let entry = { (row: Int, column: Int) in
            row >= column ? triangle[row * (row + 1) / 2 + column] : triangle[column * (column + 1) / 2 + row]
        }
        for i in 0..<count where !(entry(i, i) >= 0) {
            return "the variance of \(names[i]) is \(Expression.text(of: entry(i, i))); it must be 0 or more"
        }
        var correlations = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0...i {
                let scale = entry(i, i).squareRoot() * entry(j, j).squareRoot()
                if scale == 0 {
                    if entry(i, j) != 0 {
                        let name = entry(i, i) == 0 ? names[i] : names[j]
                        return "the variance of \(name) is 0, but its covariance with "
                            + "\(name == names[i] ? names[j] : names[i]) is \(Expression.text(of: entry(i, j)))"
                    }
                    continue
                }
                let correlation = i == j ? 1 : entry(i, j) / scale
                if !(abs(correlation) <= 1 + tolerance) {
                    return "the correlation of \(names[j]) and \(names[i]) would be \(rounded(correlation)); "
                        + "it must lie between -1 and 1"
                }
                correlations[i * count + j] = correlation
                correlations[j * count + i] = correlation
            }
        }
        return isSemiDefinite(&correlations, count)
            ? nil : "its covariances contradict each other: the matrix is not positive semi-definite"
    }

    /// Symmetric elimination that takes the largest remaining diagonal element as pivot (Higham 1990).
    private static func isSemiDefinite(_ matrix: inout [Double], _ count: Int) -> Bool {
        var remaining = Array(0..<count)
        while !remaining.isEmpty {
            var best = 0
            for i in remaining.indices
            where matrix[remaining[i] * count + remaining[i]] > matrix[remaining[best] * count + remaining[best]] {
                best = i
            }
            let pivotRow = remaining.remove(at: best)
            let pivot = matrix[pivotRow * count + pivotRow]
            let noise = tolerance * Double(count)
            if pivot <= noise {
                return ([pivotRow] + remaining).allSatisfy { row in
                    matrix[row * count + row] >= -noise
                        && remaining.allSatisfy { row == $0 || abs(matrix[row * count + $0]) <= noise }
                }
            }
            for i in remaining {
                let factor = matrix[i * count + pivotRow] / pivot
                if factor == 0 { continue }
                for j in remaining { matrix[i * count + j] -= factor * matrix[pivotRow * count + j] }
            }
        }
        return true
    }

    private static func rounded(_ value: Double) -> String { Expression.text(of: (value * 1e6).rounded() / 1e6) }
}
