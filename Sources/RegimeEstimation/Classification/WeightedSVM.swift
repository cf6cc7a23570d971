import NumericsCore

/// A support vector machine whose errors have weights: the f = b + Σ αⱼyⱼK(xⱼ, ·) that minimises
///
/// ```
/// (1/n) Σ wᵢ max(0, 1 − yᵢf(xᵢ)) + λ‖f‖²
/// ```
///
/// by sequential minimal optimisation of the dual, 0 ≤ αᵢ ≤ wᵢ/(2nλ), with pairs of second-order gain. The duality gap bounds
/// how far the objective is from the best one. Source: Fan, Chen and Lin 2005, J Mach Learn Res 6:1889.
struct WeightedSVM: Sendable {
    enum Kernel: Sendable, Hashable {
        case linear
        /// exp(−σ‖x − x'‖²)
        case gaussian(Double)
    }

    /// αᵢyᵢ.
    let duals: [Double]
    let intercept: Double
    /// Of the linear kernel, per column; empty otherwise.
    let coefficients: [Double]
    /// f at every row.
    let fitted: [Double]
    let objective: Double
    /// The objective less that of the dual, 0 or more.
    let gap: Double
    let supportCount: Int
    let isConverged: Bool

    /// - Parameters:
    ///   - x: row-major n × width, in comparable units.
    ///   - labels: 1 or −1.
    ///   - weights: 0 or more.
    init(
        _ x: [Double], width: Int, labels: [Double], weights: [Double], penalty: Double, kernel: Kernel = .linear,
        tolerance: Double = 1e-8, steps: Int = 2_000_000
    ) {
        let n = labels.count
        var search = PairSearch(
            x: x, width: width, labels: labels,
            bounds: weights.map { $0 / (2 * Double(n) * penalty) }, kernel: kernel)
        isConverged = search.run(tolerance: tolerance, steps: steps)
        let duals = zip(search.alpha, labels).map { $0 * $1 }
        let bias = search.intercept()
        // y·(Q α)·y is f without the intercept, which the gradient holds.
        let plain = (0..<n).map { labels[$0] * (search.gradient[$0] + 1) }
        let fitted = plain.map { $0 + bias }
        var (loss, norm, sum) = (0.0, 0.0, 0.0)
        for i in 0..<n {
            loss += weights[i] * max(0, 1 - labels[i] * fitted[i])
            norm += duals[i] * plain[i]
            sum += search.alpha[i]
        }
        objective = loss / Double(n) + penalty * norm
        gap = max(0, objective - 2 * penalty * (sum - norm / 2))
        var beta = [Double](repeating: 0, count: kernel == .linear ? width : 0)
        if kernel == .linear {
            for i in 0..<n where duals[i] != 0 {
                for j in 0..<width { beta[j] += duals[i] * x[i * width + j] }
            }
        }
        self.duals = duals
        self.fitted = fitted
        intercept = bias
        coefficients = beta
        supportCount = search.alpha.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    }

    /// f of another row.
    func value(_ row: ArraySlice<Double>, trainedOn x: [Double], kernel: Kernel) -> Double {
        let width = row.count
        var sum = intercept
        if kernel == .linear {
            for (j, value) in row.enumerated() { sum += coefficients[j] * value }
            return sum
        }
        for i in duals.indices where duals[i] != 0 {
            sum += duals[i] * Self.kernel(kernel, row, x[i * width..<(i + 1) * width])
        }
        return sum
    }

    static func kernel(_ kernel: Kernel, _ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
        var sum = 0.0
        switch kernel {
        case .linear:
            for j in 0..<a.count { sum += a[a.startIndex + j] * b[b.startIndex + j] }
            return sum
        case .gaussian(let width):
            for j in 0..<a.count {
                let difference = a[a.startIndex + j] - b[b.startIndex + j]
                sum += difference * difference
            }
            return Elementary.exp(-width * sum)
        }
    }
}

/// The search over pairs of multipliers.
private struct PairSearch {
    let x: [Double]
    let width: Int
    let labels: [Double]
    let bounds: [Double]
    let kernel: WeightedSVM.Kernel
    var alpha: [Double]
    /// Q α − 1.
    var gradient: [Double]
    private let diagonal: [Double]

    init(x: [Double], width: Int, labels: [Double], bounds: [Double], kernel: WeightedSVM.Kernel) {
        (self.x, self.width, self.labels, self.bounds, self.kernel) = (x, width, labels, bounds, kernel)
        alpha = [Double](repeating: 0, count: labels.count)
        gradient = [Double](repeating: -1, count: labels.count)
        diagonal = labels.indices.map { row in
            let own = x[row * width..<(row + 1) * width]
            return WeightedSVM.kernel(kernel, own, own)
        }
    }

    private func kernelRow(_ i: Int, into row: inout [Double]) {
        let own = x[i * width..<(i + 1) * width]
        if kernel == .linear {
            x.withUnsafeBufferPointer { x in
                for k in labels.indices {
                    var sum = 0.0
                    for j in 0..<width { sum += x[i * width + j] * x[k * width + j] }
                    row[k] = sum
                }
            }
            return
        }
        for k in labels.indices { row[k] = WeightedSVM.kernel(kernel, own, x[k * width..<(k + 1) * width]) }
    }

    private func canRise(_ i: Int) -> Bool { labels[i] > 0 ? alpha[i] < bounds[i] : alpha[i] > 0 }
    private func canFall(_ i: Int) -> Bool { labels[i] > 0 ? alpha[i] > 0 : alpha[i] < bounds[i] }

    /// Whether the largest violation came below the tolerance.
    mutating func run(tolerance: Double, steps: Int) -> Bool {
        let n = labels.count
        var (rowI, rowJ) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for _ in 0..<steps {
            var (i, most) = (-1, -Double.infinity)
            for k in 0..<n where canRise(k) && -labels[k] * gradient[k] > most {
                (i, most) = (k, -labels[k] * gradient[k])
            }
            guard i >= 0 else { return true }
            kernelRow(i, into: &rowI)
            var (j, least, gain) = (-1, Double.infinity, 0.0)
            for k in 0..<n where canFall(k) {
                let value = -labels[k] * gradient[k]
                least = min(least, value)
                guard value < most else { continue }
                let curvature = max(diagonal[i] + diagonal[k] - 2 * rowI[k], 1e-12)
                let own = (most - value) * (most - value) / curvature
                if own > gain { (j, gain) = (k, own) }
            }
            guard j >= 0, most - least > tolerance else { return true }
            kernelRow(j, into: &rowJ)
            move(
                i, j, by: (most + labels[j] * gradient[j]) / max(diagonal[i] + diagonal[j] - 2 * rowI[j], 1e-12), rowI,
                rowJ)
        }
        return false
    }

    /// Moves yᵢαᵢ up and yⱼαⱼ down by the same, as far as both may go.
    private mutating func move(_ i: Int, _ j: Int, by step: Double, _ rowI: [Double], _ rowJ: [Double]) {
        let roomI = labels[i] > 0 ? bounds[i] - alpha[i] : alpha[i]
        let roomJ = labels[j] > 0 ? alpha[j] : bounds[j] - alpha[j]
        let t = min(step, min(roomI, roomJ))
        // At a bound exactly, so that rounding does not leave a sliver.
        alpha[i] = t == roomI ? (labels[i] > 0 ? bounds[i] : 0) : alpha[i] + labels[i] * t
        alpha[j] = t == roomJ ? (labels[j] > 0 ? 0 : bounds[j]) : alpha[j] - labels[j] * t
        for k in gradient.indices { gradient[k] += labels[k] * t * (rowI[k] - rowJ[k]) }
    }

    /// The mean over the free multipliers, or the middle of what the bounds allow.
    func intercept() -> Double {
        var (sum, count) = (0.0, 0)
        var (low, high) = (-Double.infinity, Double.infinity)
        for k in labels.indices where bounds[k] > 0 {
            let value = -labels[k] * gradient[k]
            if alpha[k] > 0, alpha[k] < bounds[k] {
                sum += value
                count += 1
            } else if canRise(k) {
                low = max(low, value)
            } else {
                high = min(high, value)
            }
        }
        if count > 0 { return sum / Double(count) }
        if low.isFinite, high.isFinite { return (low + high) / 2 }
        return low.isFinite ? low : high.isFinite ? high : 0
    }
}
