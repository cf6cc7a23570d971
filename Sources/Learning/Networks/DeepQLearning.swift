import NumericsCore
import Regimes

/// Deep Q-learning (Mnih et al. 2015) and double Q-learning (van Hasselt, Guez and Silver 2016), in chunks of episodes.
///
/// A chunk is logged with the present network and a falling share of random choices, then the network is fitted on batches of
/// all that was logged, each decision being looked at `replay` times on average.
package struct DeepQLearning: Learner {
    let name: String
    let isDouble: Bool
    let options: NetworkOptions
    let chunk: Int
    let replay: Double
    let exploration: Double
    let follow: Double

    package static let single = method("dqn", "deep Q-learning", isDouble: false)
    package static let double = method("double-dqn", "double deep Q-learning", isDouble: true)

    private static func method(_ name: String, _ title: String, isDouble: Bool) -> LearningMethod {
        LearningMethod(
            name, title, learnsFromLogs: false, episodes: 6000, decisions: 300_000,
            parameters: NetworkOptions.parameters(rate: 1e-3, batch: 128) + [
                .whole("chunk", 0, 0...1_000_000, "episodes between fits; 0: about 4000 decisions"),
                .number("replay", 8, 0.01...1000, "how often a decision is looked at on average"),
                .number("exploration", 0.05, 0...1, "share of random choices at the end; 1 at the start"),
                .number("follow", 0.01, 1e-6...1, "share of the network that the target takes over in a step"),
            ]
        ) { DeepQLearning($0, name: name, isDouble: isDouble) }
    }

    init(_ settings: LearningSettings, name: String, isDouble: Bool) {
        self.name = name
        self.isDouble = isDouble
        options = NetworkOptions(settings)
        chunk = settings.whole("chunk")
        replay = settings.number("replay")
        exploration = settings.number("exploration")
        follow = settings.number("follow")
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        let (first, chunk) = try task.firstChunk(chunk, decisions: 4000, method: name)
        var all = first
        let inputs = options.inputs(task, all.log)
        let knowsTime = options.knowsTime(task)
        let frame = task.frame(inputs)
        var decisions = task.decisions(all, inputs: inputs, endsAtHorizon: knowsTime)
        let discount = options.discount(task)
        var start = RandomStream(seed: task.seed, purpose: .learning, replicate: 0, patient: 0, substream: 2)
        let network = QNetwork(
            options.shape(inputs, outputs: frame.levels.count), discount: discount, isDouble: isDouble, alpha: 0,
            rate: options.rate, batch: options.batch, scale: decisions.returnScale(discount: discount), stream: &start)
        var curve = LearningCurve()
        var next = first.log.episodes + first.failed
        var (number, fresh) = (0, all)
        while true {
            let progress = Double(next) / Double(max(1, task.episodes))
            var stream = RandomStream(
                seed: task.seed, purpose: .learning, replicate: UInt32(number), patient: 1, substream: 2)
            let steps = max(1, Int(replay * Double(fresh.log.decisions) / Double(options.batch)))
            let loss = network.fit(decisions, steps: steps, progress: { _ in progress }, follow: follow, &stream)
            guard loss.isFinite else { throw LearningProblem.diverged(method: name, step: number) }
            curve.add(steps: all.steps, value: fresh.meanReturn, loss: loss)
            guard next < task.episodes else { break }
            number += 1
            let end = min(task.episodes, next + chunk)
            // All random at the start, and the least exploration from the middle on.
            let epsilon = max(exploration, 1 - 2 * progress * (1 - exploration))
            fresh = try task.collect(network.policy(frame), next..<end, exploration: epsilon)
            next = end
            all.append(fresh)
            decisions = task.decisions(all, inputs: inputs, endsAtHorizon: knowsTime)
        }
        return Learned(
            policy: network.policy(frame), curve: curve, steps: all.steps, inputs: PolicyFile.Input.seen(in: all.log))
    }
}
