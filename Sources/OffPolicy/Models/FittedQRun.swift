import NumericsCore
import Regimes

/// The fit of one fold.
struct FittedQRun {
    /// A decision that is learned from.
    private struct Row {
        let decision: Int
        let step: Int
        /// How often its episode stands in the log.
        let count: Double
        /// The point that followed, and where the policy's chances at it begin; nil for none.
        let next: (point: Int, chances: Int, isFinal: Bool)?
    }

    private let plan: FittedQEvaluation
    private let log: LoggedEpisodes
    private let target: TargetProbabilities
    private let points: LoggedPoints
    private let learned: [Int]
    private let judged: [Int]
    /// The learned decisions.
    private let rows: [Row]
    /// The least and greatest reward among ``rows``, 0 among them.
    private let rewards: ClosedRange<Double>
    /// The multiplications so far.
    private(set) var work = 0.0

    init(_ prepared: PreparedQEvaluation, _ counts: [Double], learned: [Int], judged: [Int]) throws {
        plan = prepared.plan
        log = prepared.log
        target = prepared.target
        points = prepared.points
        self.learned = learned
        self.judged = judged
        let rows = learned.flatMap { Self.rows(prepared, $0, counts[$0]) }
        guard !rows.isEmpty else {
            throw OffPolicyError.noFit("no decision of the log says what followed it")
        }
        self.rows = rows
        let seen = rows.lazy.map { prepared.log.rewards[$0.decision] }
        rewards = min(0, seen.min() ?? 0)...max(0, seen.max() ?? 0)
    }

    /// The decisions of an episode of which it is known what followed, or that nothing counts any more.
    private static func rows(_ prepared: PreparedQEvaluation, _ episode: Int, _ count: Double) -> [Row] {
        let (log, plan, levels) = (prepared.log, prepared.plan, prepared.target.levels)
        let (range, hasFinal) = (log.range(of: episode), log.hasFinal(episode))
        return range.enumerated().compactMap { step, decision in
            let isOver = plan.horizon == step + 1
            var next: (point: Int, chances: Int, isFinal: Bool)?
            if decision + 1 < range.upperBound {
                next = (decision + 1, (decision + 1) * levels, false)
            } else if !log.endedByEvent[episode], hasFinal {
                next = (prepared.points.final(episode), episode * levels, true)
            } else if !log.endedByEvent[episode], !isOver {
                return nil
            }
            return Row(decision: decision, step: step, count: count, next: next)
        }
    }

    /// The bounds of a sum of k rewards: a model that extrapolates promises no more than the best reward always.
    private func bounds(_ steps: Int) -> ClosedRange<Double> {
        let sum =
            log.discount < 1
            ? (1 - Elementary.pow(log.discount, Double(steps))) / (1 - log.discount) : Double(steps)
        return rewards.lowerBound * sum...rewards.upperBound * sum
    }

    /// V̂ of a point by fitted coefficients: only levels that the policy may choose are asked for.
    private func value(_ fit: LevelRegression?, _ point: Int, _ chances: [Double], _ first: Int) -> Double {
        guard let fit else { return 0 }
        var sum = 0.0
        for level in 0..<target.levels where chances[first + level] > 0 {
            sum += chances[first + level] * fit.value(points, point, level)
        }
        return sum
    }

    /// r + γ V̂(s′) of a row.
    private func target(_ row: Row, _ fit: LevelRegression?) -> Double {
        guard let next = row.next else { return log.rewards[row.decision] }
        let following = value(fit, next.point, next.isFinal ? target.final : target.at, next.chances)
        return log.rewards[row.decision] + log.discount * following
    }

    mutating func write(into values: inout ModelValues) throws {
        if plan.time == .stages { try writeStages(into: &values) } else { try writePooled(into: &values) }
    }

    /// Writes the values of the judged episodes, at one step or all.
    private func judge(_ fit: LevelRegression, step: Int?, into values: inout ModelValues) {
        for episode in judged {
            let range = log.range(of: episode)
            let own = step.map { range.dropFirst($0).prefix(1) } ?? range[...]
            for decision in own {
                values.q[decision] = fit.value(points, decision, Int(log.chosen[decision]))
                values.v[decision] = value(fit, decision, target.at, decision * target.levels)
            }
            // An episode that was cut off: the model goes on where the log stops.
            let goesOn = !log.endedByEvent[episode] && log.hasFinal(episode) && range.count != plan.horizon
            if goesOn, step == nil || step == range.count {
                values.final[episode] = value(
                    fit, points.final(episode), target.final, episode * target.levels)
            }
        }
    }

    private mutating func regression(_ rows: [Row]) throws -> PreparedRegression {
        let columns = Double(points.columns)
        work += Double(rows.count) * columns * columns / 2
        return try points.regression(rows.map(\.decision), counts: rows.map(\.count), log.chosen, target.levels)
    }

    private mutating func fitted(
        _ regression: PreparedRegression, _ targets: [Double], within bounds: ClosedRange<Double>
    ) -> LevelRegression {
        work += Double(targets.count) * Double(target.levels) * Double(max(1, points.columns))
        return regression.fitted(targets, within: bounds)
    }

    private mutating func writeStages(into values: inout ModelValues) throws {
        let longest = (learned + judged).map { log.range(of: $0).count }.max() ?? 0
        var next: LevelRegression?
        for step in stride(from: longest - 1, through: 0, by: -1) {
            let own = rows.filter { $0.step == step }
            guard !own.isEmpty else { continue }
            let isLastStep = plan.horizon == step + 1
            let fit = fitted(
                try regression(own), own.map { target($0, isLastStep ? nil : next) },
                within: bounds(max(1, (plan.horizon ?? longest) - step)))
            judge(fit, step: step, into: &values)
            next = fit
        }
    }

    /// The longest that values may take to settle where there is no horizon.
    private static let longestIteration = 5000

    private mutating func writePooled(into values: inout ModelValues) throws {
        let regression = try regression(rows)
        var fit: LevelRegression?
        var means = [Double](repeating: 0, count: rows.count)
        for steps in 1...(plan.horizon ?? Self.longestIteration) {
            let targets = rows.map { target($0, fit) }
            let latest = fitted(regression, targets, within: bounds(steps))
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
