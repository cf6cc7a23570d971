import NumericsCore
import Regimes

/// Conservative Q-learning with discrete actions, CQL(H) (Kumar, Zhou, Tucker and Levine 2020): what logged episodes have not
/// tried is not believed to be good.
///
/// Without a log, episodes of random choices are logged first.
package struct ConservativeQLearning: Learner {
    let options: NetworkOptions
    let alpha: Double
    let steps: Int
    let follow: Double

    package static let method = LearningMethod(
        "cql", "conservative Q-learning from logged episodes", learnsFromLogs: true,
        parameters: NetworkOptions.parameters(rate: 1e-3, batch: 256) + [
            .number("alpha", 0.3, 0...1000, "weight of the conservative term"),
            .whole("steps", 4000, 1...10_000_000, "batches"),
            .number("follow", 0.01, 1e-6...1, "share of the network that the target takes over in a step"),
        ]
    ) { ConservativeQLearning($0) }

    init(_ settings: LearningSettings) {
        options = NetworkOptions(settings)
        alpha = settings.number("alpha")
        steps = settings.whole("steps")
        follow = settings.number("follow")
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        let source = try LoggedSource(task, options, method: "cql")
        let frame = task.frame(source.inputs)
        var start = RandomStream(seed: task.seed, purpose: .learning, replicate: 0, patient: 0, substream: 3)
        let network = QNetwork(
            options.shape(source.inputs, outputs: frame.levels.count), discount: source.discount, isDouble: true,
            alpha: alpha, rate: options.rate, batch: options.batch, scale: source.scale, stream: &start)
        var stream = RandomStream(seed: task.seed, purpose: .learning, replicate: 0, patient: 1, substream: 3)
        var curve = LearningCurve()
        let parts = min(20, steps)
        for part in 0..<parts {
            let (first, end) = (steps * part / parts, steps * (part + 1) / parts)
            let loss = network.fit(
                source.decisions, steps: end - first, progress: { Double(first + $0) / Double(steps) },
                follow: follow, &stream)
            guard loss.isFinite else { throw LearningProblem.diverged(method: "cql", step: end) }
            curve.add(steps: source.collected.steps, value: source.collected.meanReturn, loss: loss)
        }
        return Learned(
            policy: network.policy(frame), curve: curve, steps: source.collected.steps,
            inputs: PolicyFile.Input.seen(in: source.collected.log))
    }
}

/// The decisions of a log, or of random choices where there is none.
struct LoggedSource {
    let collected: CollectedEpisodes
    let inputs: PolicyInputs
    let decisions: Decisions
    let discount: Double
    let scale: Double

    init(_ task: LearningTask, _ options: NetworkOptions, method: String) throws {
        collected = try task.log ?? task.collect(RandomPolicy(), 0..<task.episodes, exploration: 0)
        guard collected.log.decisions > 0 else {
            throw LearningProblem.noData(method: method, reason: "there is no decision")
        }
        inputs = options.inputs(task, collected.log)
        decisions = task.decisions(collected, inputs: inputs, endsAtHorizon: options.knowsTime(task))
        discount = options.discount(task)
        scale = decisions.returnScale(discount: discount)
    }
}
