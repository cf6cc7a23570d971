import Evaluation
import NumericsCore

/// The size m of resamples by the data: m = n^((1 + α(1 − p̂))/(1 + α)).
///
/// p̂ is the share of people whose effect at a later stage is not told from 0: n(h·ψ̂)² ≤ χ²₁(0.999)·h·Σ̂·h. α is the smallest
/// of 0.025, 0.05, … for which the intervals of a double bootstrap cover the estimate at their level.
/// Source: Chakraborty, Laber and Zhao 2013, Biometrics 69:714, sections 3 and 4.
struct AdaptiveSize: Sendable {
    let size: Int
    let alpha: Double
    /// p̂ of the stage in which it is largest, the first left out.
    let nonRegular: Double
    /// The coverage that the double bootstrap found at α; nil where α was given.
    let coverage: Double?

    static let grid = (1...20).map { Double($0) * 0.025 }

    init(_ estimator: LinearEstimator, _ fit: LinearFit, _ request: RegimeRequest.Intervals) throws {
        let problem = estimator.problem
        let n = problem.count
        let ones = [Double](repeating: 1, count: n)
        nonRegular = Self.nonRegular(estimator, fit, ones)
        if let alpha = request.alpha {
            self.alpha = alpha
            coverage = nil
            size = Self.size(n, alpha, nonRegular)
            return
        }
        guard nonRegular > 0 else {
            (alpha, coverage, size) = (0, nil, n)
            return
        }
        let truth = fit.effects(problem).first?.first ?? 0
        let resampling = Resampling(count: n, seed: request.seed)
        let outer = Resampling.run(request.chooser) { replicate -> Outer? in
            let frequency = resampling.frequency(replicate: replicate, size: n, substream: 1)
            guard let own = try? estimator.fit(frequency: frequency, isPrinted: false) else { return nil }
            return Outer(
                people: frequency.indices.flatMap { [Int](repeating: $0, count: Int(frequency[$0])) },
                estimate: own.effects(problem).first?.first ?? 0,
                nonRegular: Self.nonRegular(estimator, own, frequency))
        }.compactMap { $0 }
        var best = (alpha: Self.grid[0], coverage: -1.0)
        for (step, alpha) in Self.grid.enumerated() {
            let covered = Resampling.run(outer.count) { index in
                Self.covers(
                    truth, outer[index], estimator, alpha, request, resampling, substream: 2 + step, patient: index)
            }.reduce(0) { $0 + ($1 ? 1 : 0) }
            let coverage = Double(covered) / Double(max(1, outer.count))
            if coverage > best.coverage { best = (alpha, coverage) }
            if coverage >= request.level { break }
        }
        alpha = best.alpha
        coverage = best.coverage
        size = Self.size(n, best.alpha, nonRegular)
    }

    /// A resample of the first level.
    private struct Outer: Sendable {
        let people: [Int]
        let estimate: Double
        let nonRegular: Double
    }

    private static func covers(
        _ truth: Double, _ outer: Outer, _ estimator: LinearEstimator, _ alpha: Double,
        _ request: RegimeRequest.Intervals, _ resampling: Resampling, substream: Int, patient: Int
    ) -> Bool {
        let n = estimator.problem.count
        let m = size(n, alpha, outer.nonRegular)
        var values: [Double] = []
        for replicate in 0..<request.chooser {
            let frequency = resampling.frequency(
                replicate: replicate, size: m, among: outer.people, substream: substream, patient: patient)
            guard let fit = try? estimator.fit(frequency: frequency, isPrinted: false),
                let value = fit.effects(estimator.problem).first?.first
            else { continue }
            values.append(value)
        }
        guard values.count > 1 else { return false }
        values.sort()
        let tail = (1 - request.level) / 2
        let root = (Double(m) / Double(n)).squareRoot()
        let low = outer.estimate - root * (Resampling.coveringQuantile(values, 1 - tail) - outer.estimate)
        let high = outer.estimate - root * (Resampling.coveringQuantile(values, tail) - outer.estimate)
        return low <= truth && truth <= high
    }

    static func size(_ n: Int, _ alpha: Double, _ p: Double) -> Int {
        let power = (1 + alpha * (1 - p)) / (1 + alpha)
        return max(2, min(n, Int(Elementary.pow(Double(n), power))))
    }

    /// The share of people, counted by frequency, whose effect is not told from 0.
    static func nonRegular(_ estimator: LinearEstimator, _ fit: LinearFit, _ frequency: [Double]) -> Double {
        let problem = estimator.problem
        var largest = 0.0
        for index in problem.stages.indices.dropFirst() where !problem.stages[index].isDose {
            let stage = problem.stages[index]
            let counts = stage.persons.map { frequency[$0] }
            guard let covariance = covariance(estimator, fit, index, counts) else { continue }
            let (free, total) = (stage.free.width, counts.reduce(0, +))
            var near = 0.0
            for row in 0..<stage.count where counts[row] > 0 {
                // With several actions, the action whose effect is nearest to 0 in units of its error.
                var at = free
                var isNear = false
                for block in stage.blocks {
                    let h = block.design.row(row)
                    let width = h.count
                    var (effect, variance) = (0.0, 0.0)
                    for i in 0..<width {
                        effect += h[h.startIndex + i] * fit.stages[index].coefficients[at + i]
                        for j in 0..<width {
                            variance += h[h.startIndex + i] * h[h.startIndex + j] * covariance[at + i, at + j]
                        }
                    }
                    if effect * effect <= threshold * variance { isNear = true }
                    at += width
                }
                if isNear { near += counts[row] }
            }
            largest = max(largest, near / total)
        }
        return largest
    }

    /// χ²₁ at 0.999.
    private static let threshold = 10.827566170662733

    /// The model-robust covariance of a stage's coefficients with people counted by frequency.
    private static func covariance(
        _ estimator: LinearEstimator, _ fit: LinearFit, _ index: Int, _ counts: [Double]
    ) -> Matrix? {
        let design = estimator.designs[index]
        let result = fit.stages[index]
        let width = design.width
        var (bread, meat) = (Matrix(rows: width, columns: width), Matrix(rows: width, columns: width))
        var z = design.values
        if estimator.method == .a, let treatment = result.treatment {
            z = GEstimation.instruments(estimator.problem.stages[index], treatment)
        }
        for row in 0..<design.rowCount where counts[row] > 0 {
            let rest = result.outcomes[row] - design.predictor(row, result.coefficients[...])
            let weight = result.weights[row]
            for i in 0..<width {
                let zi = z[row * width + i] * weight
                for j in 0..<width {
                    bread[i, j] += counts[row] * zi * design.values[row * width + j]
                    meat[i, j] += counts[row] * rest * rest * zi * weight * z[row * width + j]
                }
            }
        }
        guard let factors = try? LUFactorization(of: bread) else { return nil }
        let half = factors.solve(meat)
        return factors.solve(half.transposed)
    }
}
