import NumericsCore
import Regimes

/// Implicit Q-learning (Kostrikov, Nair and Levine 2022): the value of the best tried action is an upper expectile, so that no
/// action is ever valued that was not tried.
///
/// ```
/// V:  min E |τ − 1{u < 0}| u²,  u = Q(s, a) − V(s)           (equation 5)
/// Q:  min E (r + γ V(s′) − Q(s, a))²                          (equation 6)
/// π:  max E min(exp(β u), 100) log π(a | s)                   (equation 7)
/// ```
///
/// The most probable open level is chosen.
package struct ImplicitQLearning: Learner {
    let options: NetworkOptions
    let expectile: Double
    let temperature: Double
    let steps: Int

    package static let method = LearningMethod(
        "iql", "implicit Q-learning from logged episodes", learnsFromLogs: true,
        parameters: NetworkOptions.parameters(rate: 1e-3, batch: 256) + [
            .number("expectile", 0.8, 0.5...0.999, "τ, the expectile of the value"),
            .number("temperature", 5, 0...1000, "β, how much the policy prefers what is better"),
            .whole("steps", 4000, 1...10_000_000, "batches"),
        ]
    ) { ImplicitQLearning($0) }

    init(_ settings: LearningSettings) {
        options = NetworkOptions(settings)
        expectile = settings.number("expectile")
        temperature = settings.number("temperature")
        steps = settings.whole("steps")
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        let source = try LoggedSource(task, options, method: "iql")
        let frame = task.frame(source.inputs)
        let trainer = ImplicitQTrainer(self, source, levels: frame.levels.count, seed: task.seed)
        var stream = RandomStream(seed: task.seed, purpose: .learning, replicate: 0, patient: 1, substream: 4)
        var curve = LearningCurve()
        let parts = min(20, steps)
        for part in 0..<parts {
            var loss = 0.0
            let range = steps * part / parts..<steps * (part + 1) / parts
            for step in range {
                loss += trainer.step(source.decisions, share: 1 - 0.9 * Double(step) / Double(steps), &stream)
            }
            loss /= Double(max(1, range.count))
            guard loss.isFinite else { throw LearningProblem.diverged(method: "iql", step: range.upperBound) }
            curve.add(steps: source.collected.steps, value: source.collected.meanReturn, loss: loss)
        }
        return Learned(
            policy: NetworkPolicy(frame: frame, layers: trainer.actor.layers), curve: curve,
            steps: source.collected.steps, inputs: PolicyFile.Input.seen(in: source.collected.log))
    }
}

/// A network that is fitted: its parameters, gradient and steps.
struct FittedNetwork {
    let shape: NetworkShape
    let pass: NetworkPass
    var parameters: [Double]
    private var gradient: [Double]
    private var adam: Adam

    init(_ shape: NetworkShape, rate: Double, capacity: Int, limit: Double = 10, _ stream: inout RandomStream) {
        self.shape = shape
        pass = NetworkPass(shape, capacity: capacity)
        parameters = shape.initial(&stream)
        gradient = [Double](repeating: 0, count: shape.count)
        adam = Adam(shape.count, rate: rate, limit: limit)
    }

    var layers: [NetworkPolicy.Layer] { shape.layers(parameters) }

    func forward(rows: Int) { pass.forward(parameters, rows: rows) }

    /// A step against the derivatives that stand in the pass.
    mutating func descend(rows: Int, share: Double) {
        pass.backward(parameters, rows: rows, into: &gradient)
        adam.step(&parameters, &gradient, share: share)
    }
}

private final class ImplicitQTrainer {
    private let rules: ImplicitQLearning
    private let source: LoggedSource
    private let levels: Int
    private var critic: FittedNetwork
    private var value: FittedNetwork
    private(set) var actor: FittedNetwork
    private var target: [Double]
    private let targetPass: NetworkPass
    private let nextPass: NetworkPass
    private var rows: [Int32]
    private var nextRows: [Int32]
    private var shares: [Double]

    init(_ rules: ImplicitQLearning, _ source: LoggedSource, levels: Int, seed: UInt64) {
        self.rules = rules
        self.source = source
        self.levels = levels
        var stream = RandomStream(seed: seed, purpose: .learning, replicate: 0, patient: 0, substream: 4)
        let options = rules.options
        let (wide, narrow) = (options.shape(source.inputs, outputs: levels), options.shape(source.inputs, outputs: 1))
        critic = FittedNetwork(wide, rate: options.rate, capacity: options.batch, &stream)
        value = FittedNetwork(narrow, rate: options.rate, capacity: options.batch, &stream)
        actor = FittedNetwork(wide, rate: options.rate, capacity: options.batch, &stream)
        target = critic.parameters
        targetPass = NetworkPass(wide, capacity: options.batch)
        nextPass = NetworkPass(narrow, capacity: options.batch)
        rows = [Int32](repeating: 0, count: options.batch)
        nextRows = rows
        shares = [Double](repeating: 0, count: levels)
    }

    func step(_ decisions: Decisions, share: Double, _ stream: inout RandomStream) -> Double {
        let batch = rules.options.batch
        for place in 0..<batch {
            let row = min(decisions.count - 1, Int(stream.nextUniform() * Double(decisions.count)))
            rows[place] = Int32(row)
            nextRows[place] = max(0, decisions.next[row])
        }
        rows.withUnsafeBufferPointer { rows in
            for pass in [critic.pass, value.pass, actor.pass, targetPass] { decisions.gather(rows, into: pass.inputs) }
        }
        nextRows.withUnsafeBufferPointer { decisions.gather($0, into: nextPass.inputs) }
        nextPass.forward(value.parameters, rows: batch)
        targetPass.forward(target, rows: batch)
        value.forward(rows: batch)
        critic.forward(rows: batch)
        actor.forward(rows: batch)
        var loss = 0.0
        for place in 0..<batch { loss += slopes(decisions, place) }
        value.descend(rows: batch, share: share)
        critic.descend(rows: batch, share: share)
        actor.descend(rows: batch, share: share)
        for index in target.indices { target[index] += 0.005 * (critic.parameters[index] - target[index]) }
        return loss
    }

    /// The derivatives of the three losses at one decision of the batch; the loss of Q.
    private func slopes(_ decisions: Decisions, _ place: Int) -> Double {
        let row = Int(rows[place])
        let level = Int(decisions.level[row])
        let share = decisions.weight[row] / Double(rows.count)
        let advantage = targetPass.outputs[place * levels + level] - value.pass.outputs[place]
        value.pass.outputSlopes[place] =
            -share * (advantage < 0 ? 1 - rules.expectile : rules.expectile) * advantage
        var goal = decisions.reward[row] / source.scale
        if decisions.next[row] >= 0 { goal += source.discount * nextPass.outputs[place] }
        let away = critic.pass.outputs[place * levels + level] - goal
        let (criticSlope, actorSlope) = (
            critic.pass.outputSlopes + place * levels, actor.pass.outputSlopes + place * levels
        )
        let pull = share * min(100, Elementary.exp(rules.temperature * advantage))
        shares.withUnsafeMutableBufferPointer { shares in
            guard let base = shares.baseAddress else { return }
            _ = OpenLevels.softmax(actor.pass.outputs + place * levels, decisions.open[row], levels, into: base)
            for index in 0..<levels {
                criticSlope[index] = 0
                actorSlope[index] = pull * (base[index] - (index == level ? 1 : 0))
            }
        }
        criticSlope[level] = share * max(-1, min(1, away))
        return share * 0.5 * away * away
    }
}
