import NumericsCore
import Regimes

/// Fitted Q evaluation (Le, Voloshin and Yue 2019): the value of a policy by regressions of r + γ V̂(s′) on what was observed.
///
/// Over the decisions of a log, with k steps to go: Q̂ₖ(s, a) ≈ E[r + γ Σ_b π(b | s′) Q̂ₖ₋₁(s′, b)], Q̂₀ = 0. The episodes are
/// parted into folds; the values in a fold come from a model that never saw it.
package struct FittedQEvaluation: Sendable {
    /// What the regression is made of.
    package enum Basis: String, Sendable, CaseIterable {
        /// A mean for each cell of ``StateCells`` and each level.
        case table
        /// Ridge regression for each level on ``ObservationBasis``.
        case quadratic
        case linear
    }
    /// Whether a decision's number matters.
    package enum Time: String, Sendable, CaseIterable {
        /// A model for each decision, from the decisions of the same number.
        case stages
        /// One model for all, iterated over the steps to go.
        case pooled
    }

    package var basis: Basis
    package var time: Time
    /// 1 for a model that is judged on its own rows.
    package var folds: Int
    /// The number of decisions after which nothing counts; nil where episodes end by events alone.
    package var horizon: Int?

    package init(basis: Basis, time: Time, folds: Int, horizon: Int?) {
        (self.basis, self.time, self.folds, self.horizon) = (basis, time, folds, horizon)
    }

    /// In words, for reports.
    package var description: String {
        let model = basis == .table ? "a table" : "\(basis.rawValue) ridge regression for each level"
        let when = time == .stages ? "one model for each decision" : "one model for all decisions"
        return
            "fitted Q evaluation by \(model), \(when), \(folds > 1 ? "cross-fitted in \(folds) folds" : "not cross-fitted")"
    }

    /// The fold of each episode: a random parting into equal parts.
    package static func parting(_ episodes: Int, folds: Int, seed: UInt64) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: .split, replicate: 0, patient: 0)
        var fold = [Int](repeating: 0, count: episodes)
        for (place, episode) in stream.nextPermutation(count: episodes).enumerated() { fold[episode] = place % folds }
        return fold
    }

    /// The values at all decisions.
    ///
    /// - Throws: ``OffPolicyError`` where no model can be fitted.
    package func values(
        _ log: LoggedEpisodes, target: TargetProbabilities, cells: StateCells?, variables: [Int], seed: UInt64
    ) throws -> ModelValues {
        var values = ModelValues(
            q: [Double](repeating: 0, count: log.decisions), v: [Double](repeating: 0, count: log.decisions),
            final: [Double](repeating: 0, count: log.episodes))
        let fold = Self.parting(log.episodes, folds: max(1, folds), seed: seed)
        for part in 0..<max(1, folds) {
            let judged = (0..<log.episodes).filter { fold[$0] == part }
            let learned = folds > 1 ? (0..<log.episodes).filter { fold[$0] != part } : judged
            guard !learned.isEmpty else {
                throw OffPolicyError.tooFewEpisodes(found: log.episodes, needed: folds, purpose: "cross-fitting")
            }
            let run = try FittedQRun(self, log, target, cells, variables, learned: learned, judged: judged)
            try run.write(into: &values)
        }
        return values
    }
}

/// The fit of one fold.
private final class FittedQRun {
    private let plan: FittedQEvaluation
    private let log: LoggedEpisodes
    private let target: TargetProbabilities
    private let points: LoggedPoints
    private let learned: [Int]
    private let judged: [Int]
    /// The decision's episode and step, for the learned episodes' rows.
    private var rows: [Int] = []
    private var rowEpisode: [Int] = []
    private var rowStep: [Int] = []

    init(
        _ plan: FittedQEvaluation, _ log: LoggedEpisodes, _ target: TargetProbabilities, _ cells: StateCells?,
        _ variables: [Int], learned: [Int], judged: [Int]
    ) throws {
        self.plan = plan
        self.log = log
        self.target = target
        self.learned = learned
        self.judged = judged
        for episode in learned {
            let isKnown = log.endedByEvent[episode] || log.hasFinal(episode)
            for (step, decision) in log.range(of: episode).enumerated() {
                let isLast = decision == log.starts[episode + 1] - 1
                // What followed a cut without a last observation is not known: no row, unless nothing counts any more.
                let isOver = plan.time == .stages && plan.horizon == step + 1
                if isLast, !isKnown, !isOver { continue }
                rows.append(decision)
                rowEpisode.append(episode)
                rowStep.append(step)
            }
        }
        guard !rows.isEmpty else {
            throw OffPolicyError.noFit("no decision of the log says what followed it")
        }
        points = try LoggedPoints(plan.basis, log, cells, variables, rows: rows)
    }

    /// The bounds of a sum of k rewards: a model that extrapolates promises no more than the best reward always.
    private func bounds(_ steps: Int) -> ClosedRange<Double> {
        let rewards = rows.map { log.rewards[$0] }
        let (low, high) = (min(0, rewards.min() ?? 0), max(0, rewards.max() ?? 0))
        let sum =
            log.discount < 1
            ? (1 - Elementary.pow(log.discount, Double(steps))) / (1 - log.discount) : Double(steps)
        return low * sum...high * sum
    }

    /// V̂ of a point by fitted coefficients: only levels that the policy may choose are asked for.
    private func value(_ fit: LevelRegression?, _ point: Int, _ chances: [Double], _ at: Int) -> Double {
        guard let fit else { return 0 }
        var sum = 0.0
        for level in 0..<target.levels where chances[at * target.levels + level] > 0 {
            sum += chances[at * target.levels + level] * fit.value(points, point, level)
        }
        return sum
    }

    /// r + γ V̂(s′) of a row.
    private func target(_ index: Int, _ next: LevelRegression?) -> Double {
        let decision = rows[index]
        let episode = rowEpisode[index]
        let isLast = decision == log.starts[episode + 1] - 1
        if isLast, log.endedByEvent[episode] || !log.hasFinal(episode) { return log.rewards[decision] }
        let following =
            isLast
            ? value(next, points.final(episode), target.final, episode)
            : value(next, decision + 1, target.at, decision + 1)
        return log.rewards[decision] + log.discount * following
    }

    func write(into values: inout ModelValues) throws {
        if plan.time == .stages { try writeStages(into: &values) } else { try writePooled(into: &values) }
    }

    private func judge(_ fit: LevelRegression, step: Int?, into values: inout ModelValues) {
        for episode in judged {
            let range = log.range(of: episode)
            for (number, decision) in range.enumerated() where step == nil || number == step {
                values.q[decision] = fit.value(points, decision, Int(log.chosen[decision]))
                values.v[decision] = value(fit, decision, target.at, decision)
            }
            // An episode that was cut off: the model goes on where the log stops.
            let goesOn = !log.endedByEvent[episode] && log.hasFinal(episode) && range.count != plan.horizon
            if goesOn, step == nil || step == range.count {
                values.final[episode] = value(fit, points.final(episode), target.final, episode)
            }
        }
    }

    private func writeStages(into values: inout ModelValues) throws {
        let longest = (learned + judged).map { log.range(of: $0).count }.max() ?? 0
        var next: LevelRegression?
        for step in stride(from: longest - 1, through: 0, by: -1) {
            let own = rows.indices.filter { rowStep[$0] == step }
            guard !own.isEmpty else { continue }
            let regression = try points.regression(own.map { rows[$0] }, log.chosen, target.levels)
            let isLastStep = plan.horizon == step + 1
            let fit = regression.fitted(
                own.map { target($0, isLastStep ? nil : next) },
                within: bounds(max(1, (plan.horizon ?? longest) - step)))
            judge(fit, step: step, into: &values)
            next = fit
        }
    }

    /// The longest that values may take to settle where there is no horizon.
    private static let longestIteration = 5000

    private func writePooled(into values: inout ModelValues) throws {
        let regression = try points.regression(rows, log.chosen, target.levels)
        var fit: LevelRegression?
        var means = [Double](repeating: 0, count: rows.count)
        for steps in 1...(plan.horizon ?? Self.longestIteration) {
            let targets = rows.indices.map { target($0, fit) }
            let latest = regression.fitted(targets, within: bounds(steps))
            if let horizon = plan.horizon {
                judge(latest, step: horizon - steps, into: &values)
            } else {
                var (change, size) = (0.0, 0.0)
                for index in targets.indices {
                    change = max(change, abs(targets[index] - means[index]))
                    size = max(size, abs(targets[index]))
                }
                if change <= 1e-10 * max(1, size) {
                    judge(latest, step: nil, into: &values)
                    return
                }
                means = targets
            }
            fit = latest
        }
        if plan.horizon == nil {
            throw OffPolicyError.noFit(
                "the values have not settled in \(Self.longestIteration) iterations; give the horizon or a discount below 1"
            )
        }
    }
}

extension LoggedEpisodes {
    /// Whether it is known what was observed after an episode's last decision.
    package func hasFinal(_ episode: Int) -> Bool { final.contains { !$0[episode].isNaN } }
}
