import Evaluation
import NumericsCore

/// The error and interval of one coefficient, by whichever method was asked for.
struct ParameterErrors: Sendable {
    var se: Double?
    var lower: Double?
    var upper: Double?
    var method: String

    func shown(_ estimate: Double) -> RegimeEstimate.ShownParameter {
        let reason: String? =
            se != nil ? nil : method == "none" ? "no error was asked for" : "the error has no finite estimate"
        return RegimeEstimate.ShownParameter(
            estimate: estimate, se: se, lower: lower, upper: upper, method: method, reason: reason)
    }

    /// Errors of the effects of all stages, and what is to be said of how they were found.
    static func found(
        _ request: RegimeRequest, _ estimator: LinearEstimator, _ fit: LinearFit
    ) throws -> ([[ParameterErrors]], RegimeEstimate.Intervals) {
        let asked = request.intervals
        let problem = estimator.problem
        var shown = RegimeEstimate.Intervals(method: asked.method.rawValue, level: asked.level)
        let z = Normal.quantile(0.5 + asked.level / 2)
        switch asked.method {
        case .none:
            let none = ParameterErrors(method: "none")
            return (fit.effects(problem).map { $0.map { _ in none } }, shown)
        case .sandwich, .stacked:
            let sandwich = StageSandwich(problem: problem, estimator: estimator, fit: fit)
            let influences = try asked.method == .sandwich ? sandwich.influences() : sandwich.stacked()
            let errors = problem.stages.indices.map { index -> [ParameterErrors] in
                let stage = problem.stages[index]
                let all = StageSandwich.errors(influences[index], width: stage.width, count: stage.count)
                return zip(all[stage.free.width...], fit.effects(problem)[index]).map { se, estimate in
                    guard se.isFinite else { return ParameterErrors(method: asked.method.rawValue) }
                    return ParameterErrors(
                        se: se, lower: estimate - z * se, upper: estimate + z * se, method: asked.method.rawValue)
                }
            }
            return (errors, shown)
        case .bootstrap, .mOutOfN:
            var size = asked.size ?? problem.count
            if asked.method == .mOutOfN, asked.size == nil {
                let adaptive = try AdaptiveSize(estimator, fit, asked)
                size = adaptive.size
                shown.alpha = adaptive.alpha
            }
            let bootstrap = try BootstrapIntervals(
                estimator, fit, size: size, replicates: asked.replicates, level: asked.level, seed: asked.seed)
            shown.replicates = asked.replicates
            shown.size = size
            shown.failures = bootstrap.failures
            let errors = bootstrap.intervals.map { stage in
                stage.map {
                    ParameterErrors(se: $0.se, lower: $0.lower, upper: $0.upper, method: asked.method.rawValue)
                }
            }
            return (errors, shown)
        }
    }
}

/// The share of people whose effect may be 0, as DTRreg prints it: the signs of the effect differ within the box of the
/// coefficients' 95 % intervals.
enum NonRegularity {
    static func share(_ stage: StageData, _ effects: [Double], _ errors: [ParameterErrors]) -> Double? {
        guard stage.levels.count == 2, let block = stage.blocks.first, errors.allSatisfy({ $0.se != nil }) else {
            return nil
        }
        var near = 0
        for row in 0..<stage.count {
            var (low, high) = (0.0, 0.0)
            for (j, x) in block.design.row(row).enumerated() {
                let reach = 1.96 * (errors[j].se ?? 0) * abs(x)
                low += x * effects[j] - reach
                high += x * effects[j] + reach
            }
            if low < 0, high > 0 { near += 1 }
        }
        return Double(near) / Double(stage.count)
    }
}
