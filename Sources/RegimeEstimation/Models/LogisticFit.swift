import NumericsCore

/// Logistic regression by Newton's method with halved steps, on a row-major design with weights.
struct LogisticFit {
    /// In the order of the design's columns.
    let coefficients: [Double]
    /// P(y = 1 | x) of every row of the design, also of those without weight.
    let probabilities: [Double]
    /// Why there is no finite estimate; nil where there is one.
    let failure: Failure?

    enum Failure: Hashable, Sendable {
        /// The covariates tell the outcomes apart.
        case separated(Int)
        case collinear
    }

    /// - Parameters:
    ///   - y: 0 or 1.
    ///   - weights: 0 or more, one for each row.
    init(_ design: Design, _ y: [Double], _ weights: [Double]) {
        let width = design.width
        var beta = [Double](repeating: 0, count: width)
        var failure: Failure?
        var (sum, total) = (0.0, 0.0)
        for row in y.indices { (sum, total) = (sum + weights[row] * y[row], total + weights[row]) }
        if sum > 0, sum < total {
            beta[0] = Elementary.log(sum / (total - sum))
            failure = Self.search(design, y, weights, &beta)
        } else {
            failure = .separated(0)
            beta[0] = sum > 0 ? 30 : -30
        }
        coefficients = beta
        probabilities = (0..<design.rowCount).map { Self.expit(design.predictor($0, beta[...])) }
        self.failure = failure
    }

    static func expit(_ x: Double) -> Double {
        x >= 0 ? 1 / (1 + Elementary.exp(-x)) : Elementary.exp(x) / (1 + Elementary.exp(x))
    }

    private static func search(
        _ design: Design, _ y: [Double], _ weights: [Double], _ beta: inout [Double]
    ) -> Failure? {
        var value = logLikelihood(design, y, weights, beta)
        var working = [Double](repeating: 0, count: design.rowCount)
        var curvatures = working
        for _ in 0..<60 {
            for row in 0..<design.rowCount where weights[row] > 0 {
                let p = expit(design.predictor(row, beta[...]))
                let curvature = max(p * (1 - p), 1e-300)
                working[row] = (y[row] - p) / curvature
                curvatures[row] = weights[row] * curvature
            }
            var system = NormalEquations(width: design.width)
            system.add(design, working, curvatures)
            guard let step = system.solve() else {
                return value > -1e-6 * weights.reduce(0, +) ? .separated(largest(beta)) : .collinear
            }
            var factor = 1.0
            var moved = beta
            var next = value
            for _ in 0..<30 {
                moved = zip(beta, step).map { $0 + factor * $1 }
                next = logLikelihood(design, y, weights, moved)
                if next >= value - 1e-12 * abs(value) { break }
                factor /= 2
            }
            let gain = next - value
            beta = moved
            value = next
            // One step past R's own end of the search: Newton's steps square the error.
            if abs(gain) <= 1e-13 * (abs(value) + 0.1) {
                return value > -1e-6 * weights.reduce(0, +) ? .separated(largest(beta)) : nil
            }
        }
        return .separated(largest(beta))
    }

    private static func largest(_ beta: [Double]) -> Int {
        beta.indices.dropFirst().max { abs(beta[$0]) < abs(beta[$1]) } ?? 0
    }

    private static func logLikelihood(
        _ design: Design, _ y: [Double], _ weights: [Double], _ beta: [Double]
    ) -> Double {
        var sum = 0.0
        for row in 0..<design.rowCount where weights[row] > 0 {
            let eta = design.predictor(row, beta[...])
            let high = max(eta, 0)
            sum += weights[row] * (y[row] * eta - high - Elementary.log1p(Elementary.exp(-abs(eta))))
        }
        return sum
    }
}
