import NumericsCore

/// Multinomial logistic regression by Newton's method: log P(a)/P(0) = x·β_a for each action but the first.
struct MultinomialFit {
    /// Row-major by action.
    let probabilities: [Double]
    let isFitted: Bool

    /// - Parameters:
    ///   - codes: 0 to `levels` − 1.
    ///   - weights: 0 or more; rows of weight 0 get probabilities too.
    init(_ design: Design, _ codes: [Int], levels: Int, _ weights: [Double]) {
        let width = design.width
        let size = width * (levels - 1)
        var beta = [Double](repeating: 0, count: size)
        var value = -Double.infinity
        var isFitted = false
        for _ in 0..<80 {
            let p = Self.probabilities(design, beta, levels)
            var gradient = [Double](repeating: 0, count: size)
            var information = Matrix(rows: size, columns: size)
            var likelihood = 0.0
            for row in codes.indices where weights[row] > 0 {
                likelihood += weights[row] * Elementary.log(max(p[row * levels + codes[row]], 1e-300))
                Self.add(design.row(row), p, row, codes[row], levels, weights[row], &gradient, &information)
            }
            if likelihood - value <= 1e-13 * (abs(likelihood) + 0.1), value > -.infinity {
                isFitted = true
                break
            }
            value = likelihood
            guard let factor = try? Cholesky(of: information) else { break }
            let step = factor.solve(gradient)
            beta = zip(beta, step).map { $0 + $1 }
            if beta.contains(where: { !$0.isFinite || abs($0) > 1e6 }) { break }
        }
        probabilities = Self.probabilities(design, beta, levels)
        self.isFitted = isFitted
    }

    private static func add(
        _ x: ArraySlice<Double>, _ p: [Double], _ row: Int, _ code: Int, _ levels: Int, _ weight: Double,
        _ gradient: inout [Double], _ information: inout Matrix
    ) {
        let width = x.count
        let start = x.startIndex
        for a in 1..<levels {
            let pa = p[row * levels + a]
            let slope = weight * ((code == a ? 1 : 0) - pa)
            for i in 0..<width { gradient[(a - 1) * width + i] += slope * x[start + i] }
            for b in 1...a {
                let curvature = weight * (a == b ? pa * (1 - pa) : -pa * p[row * levels + b])
                for i in 0..<width {
                    for j in 0..<width {
                        information[(a - 1) * width + i, (b - 1) * width + j] +=
                            curvature * x[start + i] * x[start + j]
                    }
                }
            }
        }
    }

    private static func probabilities(_ design: Design, _ beta: [Double], _ levels: Int) -> [Double] {
        let width = design.width
        var result = [Double](repeating: 0, count: design.rowCount * levels)
        for row in 0..<design.rowCount {
            var largest = 0.0
            for a in 1..<levels {
                let eta = design.predictor(row, beta[(a - 1) * width..<a * width])
                result[row * levels + a] = eta
                largest = max(largest, eta)
            }
            var sum = 0.0
            for a in 0..<levels {
                result[row * levels + a] = Elementary.exp(result[row * levels + a] - largest)
                sum += result[row * levels + a]
            }
            for a in 0..<levels { result[row * levels + a] /= sum }
        }
        return result
    }
}
