import Evaluation
import NumericsCore

/// Weighted least squares on a row-major design: by QR where a result is printed, and by normal equations in resamples.
enum WeightedRegression {
    /// The coefficients that minimise Σ wᵢ(yᵢ − xᵢβ)², by QR of scaled columns; rows of weight 0 do not count.
    ///
    /// - Throws: ``EvaluationErrors`` with the column that depends on those before it, and for fewer rows than columns.
    static func solve(_ design: Design, _ y: [Double], _ weights: [Double], stage: String) throws -> [Double] {
        let width = design.width
        let rows = weights.indices.filter { weights[$0] > 0 }
        guard rows.count >= width else {
            throw EvaluationErrors(
                "found \(rows.count) people with a weight for \(width) coefficients, allowed: at least as many",
                at: stage)
        }
        let roots = rows.map { weights[$0].squareRoot() }
        var scales = [Double](repeating: 0, count: width)
        for (index, row) in rows.enumerated() {
            for j in 0..<width {
                let value = roots[index] * design.values[row * width + j]
                scales[j] += value * value
            }
        }
        for j in 0..<width {
            guard scales[j] > 0 else {
                throw EvaluationErrors(
                    "'\(design.names[j])' is 0 in everybody who has a weight; leave it out", at: stage)
            }
            scales[j] = scales[j].squareRoot()
        }
        let matrix = Matrix(rows: rows.count, columns: width) { index, j in
            roots[index] * design.values[rows[index] * width + j] / scales[j]
        }
        let factors: QRFactorization
        do { factors = try QRFactorization(of: matrix) } catch {
            if case .rankDeficient(let column, _) = error {
                throw EvaluationErrors(
                    "'\(design.names[column - 1])' is a linear combination of the columns before it "
                        + "(\(design.names.prefix(column - 1).joined(separator: ", "))); leave it out", at: stage)
            }
            throw EvaluationErrors("the outcome model cannot be fitted: \(error)", at: stage)
        }
        // Two columns that agree but for rounding pass the factorization and have no coefficients of their own.
        let diagonal = factors.r
        if let column = (0..<width).first(where: { abs(diagonal[$0, $0]) < 1e-9 }) {
            throw EvaluationErrors(
                "'\(design.names[column])' is a linear combination of the columns before it "
                    + "(\(design.names.prefix(column).joined(separator: ", "))); leave it out", at: stage)
        }
        let solved = factors.solve(rows.indices.map { roots[$0] * y[rows[$0]] })
        return zip(solved, scales).map { $0 / $1 }
    }

    /// The same by normal equations and Cholesky's factor; nil where the columns depend on each other.
    static func solveFast(_ design: Design, _ y: [Double], _ weights: [Double]) -> [Double]? {
        var system = NormalEquations(width: design.width)
        system.add(design, y, weights)
        return system.solve()
    }

    /// The ridge coefficients: Σ w r² + λ Σ (s_j β_j)², s_j being the columns' standard deviations; no penalty on the first.
    static func ridge(
        _ design: Design, _ y: [Double], _ weights: [Double], penalty: Double
    ) -> [Double]? {
        let width = design.width
        var system = NormalEquations(width: width)
        system.add(design, y, weights)
        let total = system.gram[0]
        guard total > 0 else { return nil }
        for j in 1..<max(1, width) {
            let mean = system.gram[j * width] / total
            system.gram[j * width + j] += penalty * max(0, system.gram[j * width + j] / total - mean * mean)
        }
        return system.solve()
    }
}

/// XᵀWX and XᵀWy of a row-major design, summed row after row.
struct NormalEquations {
    let width: Int
    /// The lower triangle, row-major.
    var gram: [Double]
    var right: [Double]

    init(width: Int) {
        self.width = width
        gram = [Double](repeating: 0, count: width * width)
        right = [Double](repeating: 0, count: width)
    }

    /// Adds all rows that have a weight, in their order.
    mutating func add(_ design: Design, _ y: [Double], _ weights: [Double]) {
        let width = width
        gram.withUnsafeMutableBufferPointer { gram in
            right.withUnsafeMutableBufferPointer { right in
                design.values.withUnsafeBufferPointer { values in
                    y.withUnsafeBufferPointer { y in
                        weights.withUnsafeBufferPointer { weights in
                            for row in 0..<weights.count where weights[row] > 0 {
                                let start = row * width
                                for i in 0..<width {
                                    let value = weights[row] * values[start + i]
                                    right[i] += value * y[row]
                                    for j in 0...i { gram[i * width + j] += value * values[start + j] }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The solution by Cholesky's factor of the scaled system; nil where a pivot is below 1e-10 of its column.
    func solve() -> [Double]? {
        var factor = gram
        var scale = [Double](repeating: 0, count: width)
        for i in 0..<width {
            guard gram[i * width + i] > 0 else { return nil }
            scale[i] = 1 / gram[i * width + i].squareRoot()
        }
        for i in 0..<width {
            for j in 0...i {
                var rest = gram[i * width + j] * scale[i] * scale[j]
                for k in 0..<j { rest -= factor[i * width + k] * factor[j * width + k] }
                if i == j {
                    guard rest > 1e-10 else { return nil }
                    factor[i * width + i] = rest.squareRoot()
                } else {
                    factor[i * width + j] = rest / factor[j * width + j]
                }
            }
        }
        var x = [Double](repeating: 0, count: width)
        for i in 0..<width {
            var rest = right[i] * scale[i]
            for k in 0..<i { rest -= factor[i * width + k] * x[k] }
            x[i] = rest / factor[i * width + i]
        }
        for i in (0..<width).reversed() {
            for k in i + 1..<max(width, i + 1) { x[i] -= factor[k * width + i] * x[k] }
            x[i] /= factor[i * width + i]
        }
        for i in 0..<width { x[i] *= scale[i] }
        return x
    }
}
