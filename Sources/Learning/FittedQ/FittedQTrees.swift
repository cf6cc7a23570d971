import NumericsCore
import Regimes

/// Fitted Q iteration with extremely randomised trees over inputs and action values (Ernst, Geurts and Wehenkel 2005).
///
/// One forest for each decision of a short horizon, by backward induction; otherwise one for all decisions, whose trees are
/// grown anew in the first `grown` iterations and then keep their shape while their leaves go on to converge, as the authors
/// propose.
package struct FittedQTrees: Learner {
    let trees: RandomisedTrees
    let byStage: Bool?
    let iterations: Int
    let grown: Int
    let discount: Double
    let rounds: LearningRounds

    package static let method = LearningMethod(
        "fqi-trees", "fitted Q iteration with extremely randomised trees", learnsFromLogs: true, episodes: 2000,
        decisions: 60_000,
        parameters: [
            .whole("trees", 25, 1...1000, "trees of a forest"),
            .whole("attempts", 0, 0...1000, "cuts tried at a node; 0: one for each variable"),
            .whole("leaf", 20, 2...1_000_000, "nodes with fewer decisions are leaves"),
            .choice("stages", ["auto", "each", "one"], "a forest for each decision, or one; auto: each up to 20"),
            .whole("iterations", 40, 1...10_000, "iterations of one forest for all decisions"),
            .whole("grown", 10, 1...10_000, "iterations in which trees are grown anew"),
            .number("discount", 0, 0...1, "discount to learn with; 0: the environment's, below 1 for long horizons"),
        ] + LearningRounds.parameters
    ) { FittedQTrees($0) }

    init(_ settings: LearningSettings) {
        let attempts = settings.whole("attempts")
        trees = RandomisedTrees(
            trees: settings.whole("trees"), attempts: attempts == 0 ? .max : attempts, leaf: settings.whole("leaf"))
        byStage = ["each": true, "one": false][settings.word("stages")]
        iterations = settings.whole("iterations")
        grown = settings.whole("grown")
        discount = settings.number("discount")
        rounds = LearningRounds(
            method: "fqi-trees", rounds: settings.whole("rounds"), exploration: settings.number("exploration"),
            knowsTime: false)
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        let isByStage = byStage ?? (task.facts.horizon.map { $0 <= 20 } ?? false)
        if isByStage, task.facts.horizon == nil {
            throw LearningProblem.unsuitable(
                method: "fqi-trees", reason: "'stages=each' needs a horizon, and \(task.facts.name) has none")
        }
        return try rounds.learn(task) { collected, inputs, round in
            var task = task
            // Trees answer for levels that nobody has tried too, without knowing anything of them.
            let tried = Set(collected.log.chosen)
            for level in task.permitted.indices where !tried.contains(Int32(level)) { task.permitted[level] = false }
            let decisions = task.decisions(collected, inputs: inputs, endsAtHorizon: isByStage)
            return try isByStage ? backward(task, decisions, round) : iterate(task, decisions, round)
        }
    }

    /// Inputs and action values side by side.
    private func sample(_ task: LearningTask, _ decisions: Decisions, rows: [Int32]) -> RandomisedTrees.Sample {
        let levels = task.facts.actions.levels.map(\.values)
        let width = decisions.width + task.facts.actions.components.count
        var x: [Double] = []
        x.reserveCapacity(rows.count * width)
        for row in rows {
            x += decisions.z[Int(row) * decisions.width..<(Int(row) + 1) * decisions.width]
            x += levels[Int(decisions.level[Int(row)])]
        }
        return RandomisedTrees.Sample(width: width, x: x, weight: rows.map { decisions.weight[Int($0)] })
    }

    private func backward(
        _ task: LearningTask, _ decisions: Decisions, _ round: Int
    ) throws -> (any FrozenPolicy, Double) {
        let last = Int(decisions.stage[..<decisions.count].max() ?? 0)
        var byStage = [[Int32]](repeating: [], count: last + 1)
        for row in 0..<decisions.count { byStage[Int(decisions.stage[row])].append(Int32(row)) }
        let gamma = task.learningDiscount(discount, knowsTime: true)
        let nothing = RegressionForest(roots: [0], variable: [-1], threshold: [0], left: [0])
        var stages = [RegressionForest](repeating: nothing, count: last + 1)
        var loss = 0.0
        for stage in (0...last).reversed() {
            let following = stage == last ? nil : ForestQPolicy(frame: task.frame(decisions.inputs), stages: stages)
            let targets = try FittedQTargets(decisions, rows: byStage[stage]).targets(
                decisions, following: following, discount: gamma, actions: task.facts.actions, threads: task.threads)
            let sample = sample(task, decisions, rows: byStage[stage])
            let fit = try trees.fit(
                sample, targets: targets, seed: task.seed, round: UInt32(round * 4096 + stage), threads: task.threads)
            stages[stage] = fit.forest
            loss = Self.loss(fit, sample, targets)
        }
        return (ForestQPolicy(frame: task.frame(decisions.inputs), stages: stages), loss)
    }

    private func iterate(
        _ task: LearningTask, _ decisions: Decisions, _ round: Int
    ) throws -> (any FrozenPolicy, Double) {
        let gamma = task.learningDiscount(discount, knowsTime: false)
        let rows = (0..<decisions.count).map { Int32($0) }
        let sample = sample(task, decisions, rows: rows)
        let source = FittedQTargets(decisions, rows: rows)
        var fit: RandomisedTrees.Fit?
        var loss = 0.0
        for iteration in 0..<iterations {
            let current = fit.map { ForestQPolicy(frame: task.frame(decisions.inputs), stages: [$0.forest]) }
            let targets = try source.targets(
                decisions, following: current, discount: gamma, actions: task.facts.actions, threads: task.threads)
            let next =
                if let fit, iteration >= grown {
                    RandomisedTrees.refreshed(fit, sample, targets: targets)
                } else {
                    try trees.fit(
                        sample, targets: targets, seed: task.seed, round: UInt32(round * 4096 + iteration),
                        threads: task.threads)
                }
            fit = next
            loss = Self.loss(next, sample, targets)
        }
        guard let fit else { throw LearningProblem.noData(method: "fqi-trees", reason: "no iteration") }
        return (ForestQPolicy(frame: task.frame(decisions.inputs), stages: [fit.forest]), loss)
    }

    /// The mean squared residual of the first tree's leaves.
    private static func loss(_ fit: RandomisedTrees.Fit, _ sample: RandomisedTrees.Sample, _ targets: [Double])
        -> Double
    {
        guard let leaves = fit.leaves.first, sample.count > 0 else { return 0 }
        var sum = 0.0
        for row in 0..<sample.count {
            let away = targets[row] - fit.forest.threshold[Int(leaves[row])]
            sum += away * away
        }
        return sum / Double(sample.count)
    }
}
