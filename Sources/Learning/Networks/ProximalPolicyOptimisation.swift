import NumericsCore
import Regimes

/// Proximal policy optimisation (Schulman et al. 2017) with generalised advantages (Schulman et al. 2016).
///
/// ```
/// δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ),   Âₜ = δₜ + γ λ Âₜ₊₁
/// maximise E min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â) + c H(π),   ρ = π(a | s) / π_old(a | s)
/// ```
///
/// V is 0 after an event and that of what was observed after a cut. π is a softmax over open levels: what is not allowed has
/// probability 0 in the data, in the gradient and in use. The frozen policy takes the most probable open level.
package struct ProximalPolicyOptimisation: Learner {
    let options: NetworkOptions
    let chunk: Int
    let epochs: Int
    let clip: Double
    let lambda: Double
    let entropy: Double
    let draws: Bool

    package static let method = LearningMethod(
        "ppo", "proximal policy optimisation", learnsFromLogs: false, episodes: 12_000, decisions: 1_200_000,
        parameters: NetworkOptions.parameters(rate: 1e-3, batch: 512) + [
            .whole("chunk", 0, 0...1_000_000, "episodes between policies; 0: about 16000 decisions"),
            .whole("epochs", 6, 1...1000, "times that a chunk is gone through"),
            .number("clip", 0.2, 0.001...10, "ε, how far a probability may move"),
            .number("lambda", 0.95, 0...1, "λ of the advantages"),
            .number("entropy", 0.01, 0...10, "weight of the entropy, falling to 0"),
            .choice("freeze", ["best", "draws"], "the policy takes the most probable level, or draws"),
        ]
    ) { ProximalPolicyOptimisation($0) }

    init(_ settings: LearningSettings) {
        options = NetworkOptions(settings)
        chunk = settings.whole("chunk")
        epochs = settings.whole("epochs")
        clip = settings.number("clip")
        lambda = settings.number("lambda")
        entropy = settings.number("entropy")
        draws = settings.word("freeze") == "draws"
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        let (first, chunk) = try task.firstChunk(chunk, decisions: 16_000, method: "ppo")
        let inputs = options.inputs(task, first.log)
        let knowsTime = options.knowsTime(task)
        let frame = task.frame(inputs)
        let discount = options.discount(task)
        let trainer = ClippedTrainer(
            self, inputs, levels: frame.levels.count, discount: discount,
            scale: task.decisions(first, inputs: inputs, endsAtHorizon: knowsTime).returnScale(discount: discount),
            seed: task.seed)
        var curve = LearningCurve()
        var (next, number, steps) = (0, 0, 0)
        var seen = first.log
        while next < task.episodes {
            let end = min(task.episodes, next + chunk)
            let policy = NetworkPolicy(frame: frame, layers: trainer.actor.layers, draws: true)
            let fresh = try task.collect(policy, next..<end, exploration: 0)
            let decisions = task.decisions(fresh, inputs: inputs, endsAtHorizon: knowsTime)
            let loss = trainer.fit(decisions, number, left: 1 - Double(next) / Double(task.episodes))
            guard loss.isFinite else { throw LearningProblem.diverged(method: "ppo", step: number) }
            steps += fresh.steps
            curve.add(steps: steps, value: fresh.meanReturn, loss: loss)
            (next, number, seen) = (end, number + 1, fresh.log)
        }
        return Learned(
            policy: NetworkPolicy(frame: frame, layers: trainer.actor.layers, draws: draws), curve: curve,
            steps: steps + first.steps, inputs: PolicyFile.Input.seen(in: seen))
    }
}

final class ClippedTrainer {
    private let rules: ProximalPolicyOptimisation
    private let levels: Int
    private let discount: Double
    private let scale: Double
    private let seed: UInt64
    private(set) var actor: FittedNetwork
    private var critic: FittedNetwork
    private var shares: [Double]

    init(
        _ rules: ProximalPolicyOptimisation, _ inputs: PolicyInputs, levels: Int, discount: Double, scale: Double,
        seed: UInt64
    ) {
        self.rules = rules
        self.levels = levels
        self.discount = discount
        self.scale = scale
        self.seed = seed
        let options = rules.options
        var stream = RandomStream(seed: seed, purpose: .learning, replicate: 0, patient: 0, substream: 5)
        actor = FittedNetwork(
            options.shape(inputs, outputs: levels), rate: options.rate, capacity: options.batch, limit: 0.5, &stream)
        critic = FittedNetwork(
            options.shape(inputs, outputs: 1), rate: options.rate, capacity: options.batch, limit: 0.5, &stream)
        shares = [Double](repeating: 0, count: levels)
    }

    /// V of every row, in units of the scale.
    func values(_ decisions: Decisions) -> [Double] {
        let (rows, batch) = (decisions.stage.count, rules.options.batch)
        var result = [Double](repeating: 0, count: rows)
        for first in stride(from: 0, to: rows, by: batch) {
            let own = (first..<min(rows, first + batch)).map { Int32($0) }
            own.withUnsafeBufferPointer { decisions.gather($0, into: critic.pass.inputs) }
            critic.forward(rows: own.count)
            for place in own.indices { result[first + place] = critic.pass.outputs[place] }
        }
        return result
    }

    /// The advantages of all decisions and what V is to become.
    static func advantages(
        _ decisions: Decisions, values: [Double], discount: Double, lambda: Double, scale: Double
    ) -> (advantages: [Double], goals: [Double]) {
        var advantages = [Double](repeating: 0, count: decisions.count)
        for episode in 0..<decisions.episodes {
            var later = 0.0
            for row in (decisions.starts[episode]..<decisions.starts[episode + 1]).reversed() {
                let next = Int(decisions.next[row])
                let following = next >= 0 ? values[next] : 0
                later = decisions.reward[row] / scale + discount * following - values[row] + discount * lambda * later
                advantages[row] = later
            }
        }
        return (advantages, advantages.indices.map { advantages[$0] + values[$0] })
    }

    /// One chunk's fits.
    ///
    /// - Parameter left: the share of learning that is still to come.
    func fit(_ decisions: Decisions, _ number: Int, left: Double) -> Double {
        var (advantages, goals) = Self.advantages(
            decisions, values: values(decisions), discount: discount, lambda: rules.lambda, scale: scale)
        let moments = RunningMoments(advantages)
        let (mean, deviation) = (moments.mean ?? 0, max(1e-8, moments.standardDeviation ?? 1))
        for row in advantages.indices { advantages[row] = (advantages[row] - mean) / deviation }
        var stream = RandomStream(
            seed: seed, purpose: .learning, replicate: UInt32(number), patient: 1, substream: 5)
        var order = (0..<decisions.count).map { Int32($0) }
        let batch = rules.options.batch
        var (loss, steps) = (0.0, 0)
        for _ in 0..<rules.epochs {
            for place in order.indices.reversed() where place > 0 {
                order.swapAt(place, min(place, Int(stream.nextUniform() * Double(place + 1))))
            }
            for first in stride(from: 0, to: order.count, by: batch) {
                let rows = order[first..<min(order.count, first + batch)]
                loss += rows.withUnsafeBufferPointer { step(decisions, $0, advantages, goals, left: left) }
                steps += 1
            }
        }
        return loss / Double(max(1, steps))
    }

    private func step(
        _ decisions: Decisions, _ rows: UnsafeBufferPointer<Int32>, _ advantages: [Double], _ goals: [Double],
        left: Double
    ) -> Double {
        decisions.gather(rows, into: actor.pass.inputs)
        decisions.gather(rows, into: critic.pass.inputs)
        actor.forward(rows: rows.count)
        critic.forward(rows: rows.count)
        var loss = 0.0
        for (place, row) in rows.enumerated() {
            let share = decisions.weight[Int(row)] / Double(rows.count)
            let away = critic.pass.outputs[place] - goals[Int(row)]
            critic.pass.outputSlopes[place] = share * max(-1, min(1, away))
            loss += share * 0.5 * away * away
            actorSlopes(decisions, Int(row), place, advantage: advantages[Int(row)], share: share, left: left)
        }
        actor.descend(rows: rows.count, share: 0.1 + 0.9 * left)
        critic.descend(rows: rows.count, share: 0.1 + 0.9 * left)
        return loss
    }

    /// ∂/∂logits of the clipped objective and the entropy, with the sign of a loss.
    private func actorSlopes(
        _ decisions: Decisions, _ row: Int, _ place: Int, advantage: Double, share: Double, left: Double
    ) {
        let (logits, slope) = (actor.pass.outputs + place * levels, actor.pass.outputSlopes + place * levels)
        let level = Int(decisions.level[row])
        let weight = rules.entropy * left * share
        shares.withUnsafeMutableBufferPointer { shares in
            guard let base = shares.baseAddress else { return }
            let total = OpenLevels.softmax(logits, decisions.open[row], levels, into: base)
            let ratio = base[level] / decisions.propensity[row]
            let isClipped = advantage > 0 ? ratio > 1 + rules.clip : ratio < 1 - rules.clip
            let pull = isClipped ? 0 : share * ratio * advantage
            var entropy = 0.0
            for index in 0..<levels where base[index] > 0 { entropy -= base[index] * (logits[index] - total) }
            for index in 0..<levels {
                let probability = base[index]
                slope[index] = -pull * ((index == level ? 1 : 0) - probability)
                if probability > 0 { slope[index] += weight * probability * (logits[index] - total + entropy) }
            }
        }
    }
}
