import NumericsCore
import Regimes

/// Tabular Q-learning (Watkins and Dayan 1992) and SARSA (Rummery and Niranjan 1994), in chunks of episodes.
///
/// ```
/// Q(s, a) += n(s, a)^−ω · (r + γ Q(s′, a′) − Q(s, a))
/// ```
///
/// a′ is the best level open at s′ (Q-learning) or the one that was chosen there (SARSA). An episode's decisions are gone
/// through from the last to the first. Random choices become rarer from all to `exploration`.
package struct TemporalDifferences: Learner {
    let name: String
    /// Whether a′ is the level that was chosen.
    let isOnPolicy: Bool
    let bins: Int
    let stages: Int
    let chunk: Int
    let power: Double
    let exploration: Double
    let discount: Double

    package static let qLearning = method("q-learning", "tabular Q-learning", isOnPolicy: false)
    package static let sarsa = method("sarsa", "tabular SARSA", isOnPolicy: true)

    private static func method(_ name: String, _ title: String, isOnPolicy: Bool) -> LearningMethod {
        LearningMethod(
            name, title, learnsFromLogs: !isOnPolicy, episodes: 20_000, decisions: 1_000_000,
            parameters: [
                .whole("bins", 4, 2...1000, "bins of a variable with many values"),
                .whole("stages", 1, 1...10_000, "bins of the number of the decision"),
                .whole("chunk", 200, 1...1_000_000, "episodes between policies"),
                .number("power", 0.7, 0.5...1, "ω of the learning rate"),
                .number("exploration", 0.1, 0...1, "share of random choices at the end; 1 at the start"),
                .number(
                    "discount", 0, 0...1, "discount to learn with; 0: the environment's, below 1 for long horizons"),
            ]
        ) { TemporalDifferences($0, name: name, isOnPolicy: isOnPolicy) }
    }

    init(_ settings: LearningSettings, name: String, isOnPolicy: Bool) {
        self.name = name
        self.isOnPolicy = isOnPolicy
        bins = settings.whole("bins")
        stages = settings.whole("stages")
        chunk = settings.whole("chunk")
        power = settings.number("power")
        exploration = settings.number("exploration")
        discount = settings.number("discount")
    }

    /// Times that a given log is gone through.
    private static let sweeps = 20

    package func learn(_ task: LearningTask) throws -> Learned {
        var fresh = try task.log ?? task.collect(RandomPolicy(), 0..<min(chunk, task.episodes), exploration: 0)
        guard fresh.log.decisions > 0 else {
            throw LearningProblem.noData(method: name, reason: "there is no decision")
        }
        let inputs = PolicyFile.Input.seen(in: fresh.log)
        var table = try ObservationBins.table(task, fresh.log, bins: bins, stages: stages, method: name)
        var curve = LearningCurve()
        var (next, steps) = (min(chunk, task.episodes), 0)
        while true {
            steps += fresh.steps
            var loss = 0.0
            for _ in 0..<(task.log == nil ? 1 : Self.sweeps) { loss = update(&table, task, fresh) }
            curve.add(steps: steps, value: fresh.meanReturn, loss: loss)
            guard task.log == nil, next < task.episodes else { break }
            let end = min(task.episodes, next + chunk)
            let progress = Double(next) / Double(task.episodes)
            let epsilon = max(exploration, 1 - 2 * progress * (1 - exploration))
            fresh = try task.collect(table, next..<end, exploration: epsilon)
            next = end
        }
        return Learned(policy: table, curve: curve, steps: steps, inputs: inputs)
    }

    /// Goes through a chunk; the mean squared difference.
    private func update(_ table: inout TablePolicy, _ task: LearningTask, _ collected: CollectedEpisodes) -> Double {
        let knowsTime = task.facts.horizon.map { table.stages.count + 1 >= $0 } ?? false
        let decisions = task.decisions(collected, inputs: table.frame.inputs, endsAtHorizon: knowsTime)
        let gamma = task.learningDiscount(discount, knowsTime: knowsTime)
        let (log, levels) = (collected.log, table.frame.levels.count)
        let cells = Self.cells(table, log, decisions)
        var squares = 0.0
        var (values, visits) = (table.values.values, table.visits.values)
        /// The value of the best open level that was tried; 0 where none was.
        func best(_ row: Int) -> Double {
            var best = -Double.infinity
            for level in 0..<levels where decisions.open[row] >> UInt64(level) & 1 == 1 {
                let place = cells[row] * levels + level
                if visits[place] > 0, values[place] > best { best = values[place] }
            }
            return best.isFinite ? best : 0
        }
        for episode in 0..<log.episodes {
            for row in log.range(of: episode).reversed() {
                var target = decisions.reward[row]
                let next = Int(decisions.next[row])
                if next >= 0 {
                    let isChosen = isOnPolicy && next < decisions.count
                    let following = isChosen ? values[cells[next] * levels + Int(decisions.level[next])] : best(next)
                    target += gamma * following
                }
                let place = cells[row] * levels + Int(decisions.level[row])
                visits[place] += decisions.weight[row]
                let away = target - values[place]
                squares += away * away
                let rate = Elementary.pow(max(1, visits[place]), -power) * min(1, max(decisions.weight[row], 0.1))
                values[place] += rate * away
            }
        }
        (table.values, table.visits) = (NumberList(values), NumberList(visits))
        return squares / Double(max(1, decisions.count))
    }

    /// The cell of every row.
    private static func cells(_ table: TablePolicy, _ log: LoggedEpisodes, _ decisions: Decisions) -> [Int] {
        decisions.stage.indices.map { row in
            let isFinal = row >= decisions.count
            let place = isFinal ? row - decisions.count : row
            return table.cell(decision: decisions.stage[row]) { variable in
                isFinal ? log.final[variable][place] : log.observations[variable][place]
            }
        }
    }
}
