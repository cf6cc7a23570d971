import Evaluation
import NumericsCore

/// Bootstrap errors and intervals of the coefficients of the effects, by stage.
///
/// With m = n these are R's percentile intervals of the replicates. With m < n (Chakraborty, Laber and Zhao 2013, Biometrics
/// 69:714) the interval is θ̂ − q(1 − α/2)/√n … θ̂ − q(α/2)/√n by the quantiles q of √m(θ̂*ₘ − θ̂): it covers where the plain
/// one does not, when many people have an effect of nearly 0 at a later stage.
struct BootstrapIntervals: Sendable {
    struct Interval: Sendable {
        let se: Double
        let lower: Double
        let upper: Double
    }

    /// Per stage and coefficient of the effect.
    let intervals: [[Interval]]
    let size: Int
    /// Replicates in which a model had no estimate; they are left out.
    let failures: Int

    /// - Throws: ``EvaluationErrors`` where fewer than half of the replicates have estimates.
    init(
        _ estimator: LinearEstimator, _ fit: LinearFit, size: Int, replicates: Int, level: Double, seed: UInt64
    ) throws {
        let problem = estimator.problem
        let resampling = Resampling(count: problem.count, seed: seed)
        let found = Resampling.run(replicates) { replicate -> [[Double]]? in
            let frequency = resampling.frequency(replicate: replicate, size: size)
            return (try? estimator.fit(frequency: frequency, isPrinted: false))?.effects(problem)
        }
        let good = found.compactMap { $0 }.filter { $0.allSatisfy { $0.allSatisfy(\.isFinite) } }
        guard good.count >= max(2, replicates / 2) else {
            throw EvaluationErrors(
                "found estimates in \(good.count) of \(replicates) resamples of \(size) people, allowed: at least half; "
                    + "simplify the models or take larger resamples", at: "intervals")
        }
        failures = found.count - good.count
        self.size = size
        let root = (Double(size) / Double(problem.count)).squareRoot()
        let tail = (1 - level) / 2
        intervals = fit.effects(problem).enumerated().map { index, estimates in
            estimates.enumerated().map { j, estimate in
                let values = good.map { $0[index][j] }
                let sorted = values.sorted()
                let mean = values.reduce(0, +) / Double(values.count)
                let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let se = (squares / Double(values.count - 1)).squareRoot() * root
                guard size != problem.count else {
                    return Interval(
                        se: se, lower: Resampling.quantile(sorted, tail),
                        upper: Resampling.quantile(sorted, 1 - tail))
                }
                let low = Resampling.coveringQuantile(sorted, tail)
                let high = Resampling.coveringQuantile(sorted, 1 - tail)
                return Interval(
                    se: se, lower: estimate - root * (high - estimate), upper: estimate - root * (low - estimate))
            }
        }
    }
}

extension LinearFit {
    /// The coefficients of the effects, by stage.
    func effects(_ problem: RegimeProblem) -> [[Double]] {
        zip(stages, problem.stages).map { Array($0.coefficients[$1.free.width...]) }
    }
}
