import NumericsCore
import Regimes

/// Fitted Q iteration with a ridge regression of each level's value on linear or quadratic terms.
///
/// With a value function for each decision it is backward induction over the horizon (Murphy 2005): the last decision's
/// target is the reward, each other's the reward plus the discounted value of the best open level at the next decision.
/// With one function for all decisions the targets are taken from the function of the iteration before (Ernst, Geurts and
/// Wehenkel 2005, figure 1, with another regression). A level that a decision has tried less than `support` times has no
/// function there and is not chosen.
package struct FittedQLinear: Learner {
    let terms: QuadraticTerms
    let ridge: Double
    let byStage: Bool?
    let iterations: Int
    let support: Int
    let discount: Double
    let rounds: LearningRounds

    package static let method = LearningMethod(
        "fqi-linear", "fitted Q iteration with ridge regression on quadratic terms", learnsFromLogs: true,
        parameters: [
            .choice("terms", ["quadratic", "linear"], "terms of the inputs"),
            .number("ridge", 1e-3, 1e-12...1e6, "penalty on every weight but the constant"),
            .choice("stages", ["auto", "each", "one"], "a function for each decision, or one; auto: each up to 20"),
            .whole("iterations", 60, 1...10_000, "iterations of one function for all decisions"),
            .whole("support", 8, 1...1_000_000, "decisions that must have tried a level for it to be chosen"),
            .number("discount", 0, 0...1, "discount to learn with; 0: the environment's, below 1 for long horizons"),
        ] + LearningRounds.parameters
    ) { FittedQLinear($0) }

    init(_ settings: LearningSettings) {
        terms = QuadraticTerms(rawValue: settings.word("terms")) ?? .quadratic
        ridge = settings.number("ridge")
        byStage = ["each": true, "one": false][settings.word("stages")]
        iterations = settings.whole("iterations")
        support = settings.whole("support")
        discount = settings.number("discount")
        rounds = LearningRounds(
            method: "fqi-linear", rounds: settings.whole("rounds"), exploration: settings.number("exploration"),
            knowsTime: false)
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        let isByStage = byStage ?? (task.facts.horizon.map { $0 <= 20 } ?? false)
        if isByStage, task.facts.horizon == nil {
            throw LearningProblem.unsuitable(
                method: "fqi-linear", reason: "'stages=each' needs a horizon, and \(task.facts.name) has none")
        }
        return try rounds.learn(task) { collected, inputs, _ in
            let decisions = task.decisions(collected, inputs: inputs, endsAtHorizon: isByStage)
            return isByStage ? try backward(task, decisions) : try iterate(task, decisions)
        }
    }

    /// A fit for each level at one stage.
    private func regressions(_ task: LearningTask, _ decisions: Decisions, rows: [Int32]) throws -> [RidgeRegression?] {
        let levels = task.facts.actions.levels.count
        var byLevel = [[Int32]](repeating: [], count: levels)
        for row in rows { byLevel[Int(decisions.level[Int(row)])].append(row) }
        var result = [RidgeRegression?](repeating: nil, count: levels)
        try result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let result = result
            let byLevel = byLevel
            try ParallelBlocks.run(count: levels, threads: task.threads, stop: StopSignal()) {
            } run: { _, level in
                guard byLevel[level].count >= support else { return }
                result[level] = RidgeRegression(decisions, rows: byLevel[level], terms: terms, ridge: ridge)
            }
        }
        return result
    }

    /// The weights of all levels for the targets of some rows, and the mean squared residual.
    private func solve(
        _ task: LearningTask, _ decisions: Decisions, _ regressions: [RidgeRegression?], rows: [Int32],
        targets: [Double]
    ) throws -> (weights: [NumberList], loss: Double) {
        var byRow = [Double](repeating: 0, count: decisions.count)
        for (place, row) in rows.enumerated() { byRow[Int(row)] = targets[place] }
        let levels = task.facts.actions.levels.count
        var fits = [(weights: [Double], loss: Double)?](repeating: nil, count: levels)
        try fits.withUnsafeMutableBufferPointer { fits in
            nonisolated(unsafe) let fits = fits
            let byRow = byRow
            try ParallelBlocks.run(count: levels, threads: task.threads, stop: StopSignal()) {
            } run: { _, level in
                guard let regression = regressions[level] else { return }
                fits[level] = regression.solve(decisions) { byRow[Int(regression.rows[$0])] }
            }
        }
        var (loss, count) = (0.0, 0)
        for (fit, regression) in zip(fits, regressions) {
            guard let fit, let regression else { continue }
            loss += fit.loss * Double(regression.rows.count)
            count += regression.rows.count
        }
        return (fits.map { NumberList($0?.weights ?? []) }, loss / Double(max(1, count)))
    }

    private func policy(_ task: LearningTask, _ decisions: Decisions, _ weights: [[NumberList]]) -> LinearQPolicy {
        LinearQPolicy(frame: task.frame(decisions.inputs), terms: terms, weights: weights)
    }

    private func backward(_ task: LearningTask, _ decisions: Decisions) throws -> (any FrozenPolicy, Double) {
        let last = Int(decisions.stage[..<decisions.count].max() ?? 0)
        let none = task.facts.actions.levels.map { _ in NumberList([]) }
        var weights = [[NumberList]](repeating: none, count: last + 1)
        var byStage = [[Int32]](repeating: [], count: last + 1)
        for row in 0..<decisions.count { byStage[Int(decisions.stage[row])].append(Int32(row)) }
        var loss = 0.0
        for stage in (0...last).reversed() {
            let following = stage == last ? nil : policy(task, decisions, weights)
            let fit = try fit(task, decisions, rows: byStage[stage], following: following)
            // A stage that hardly anybody reaches is decided as the one after it.
            let isEmpty = fit.weights.allSatisfy { $0.count == 0 }
            weights[stage] = isEmpty && stage < last ? weights[stage + 1] : fit.weights
            loss = fit.loss
        }
        // The other way round, where the last ones are empty.
        for stage in 1..<max(2, last + 1) where stage <= last && weights[stage].allSatisfy({ $0.count == 0 }) {
            weights[stage] = weights[stage - 1]
        }
        try check(weights, 0)
        return (policy(task, decisions, weights), loss)
    }

    private func fit(
        _ task: LearningTask, _ decisions: Decisions, rows: [Int32], following: LinearQPolicy?
    ) throws -> (weights: [NumberList], loss: Double) {
        let gamma = task.learningDiscount(discount, knowsTime: true)
        let all = try FittedQTargets(decisions, rows: rows).targets(
            decisions, following: following, discount: gamma, actions: task.facts.actions, threads: task.threads)
        let known = rows.indices.filter { all[$0].isFinite }
        let kept = known.map { rows[$0] }
        return try solve(
            task, decisions, regressions(task, decisions, rows: kept), rows: kept, targets: known.map { all[$0] })
    }

    private func iterate(_ task: LearningTask, _ decisions: Decisions) throws -> (any FrozenPolicy, Double) {
        let gamma = task.learningDiscount(discount, knowsTime: false)
        let rows = (0..<decisions.count).map { Int32($0) }
        let source = FittedQTargets(decisions, rows: rows)
        let regressions = try regressions(task, decisions, rows: rows)
        var current: LinearQPolicy?
        var loss = 0.0
        for iteration in 0..<iterations {
            var targets = try source.targets(
                decisions, following: current, discount: gamma, actions: task.facts.actions, threads: task.threads)
            // Where no open level that follows is known, the reward is all that is.
            for place in targets.indices where !targets[place].isFinite {
                targets[place] = decisions.reward[Int(rows[place])]
            }
            let fit = try solve(task, decisions, regressions, rows: rows, targets: targets)
            try check([fit.weights], iteration)
            current = policy(task, decisions, [fit.weights])
            loss = fit.loss
        }
        guard let current else { throw LearningProblem.noData(method: "fqi-linear", reason: "no iteration") }
        return (current, loss)
    }

    private func check(_ weights: [[NumberList]], _ step: Int) throws(LearningProblem) {
        var hasAny = false
        for list in weights.joined() {
            hasAny = hasAny || list.count > 0
            guard list.values.allSatisfy({ abs($0) < 1e100 }) else {
                throw .diverged(method: "fqi-linear", step: step)
            }
        }
        guard hasAny else {
            throw .noData(method: "fqi-linear", reason: "no level was tried \(support) times; simulate more episodes")
        }
    }
}
