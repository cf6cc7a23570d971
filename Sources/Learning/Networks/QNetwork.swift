import NumericsCore
import Regimes

/// A value network with its slowly following target network, and the steps that fit it to logged decisions.
///
/// ```
/// y = r + γ Q̄(s′, a*),  a* = argmax Q̄ (DQN) or argmax Q (double DQN) over the levels open at s′
/// loss = H(Q(s, a) − y) + α (log Σ exp Q(s, b) − Q(s, a)),  b over the levels open at s
/// ```
///
/// H is Huber's loss; α > 0 makes it conservative (Kumar et al. 2020, equation 4, CQL(H)). Nothing follows an event; a cut is
/// followed by what was observed after it.
final class QNetwork {
    let shape: NetworkShape
    let discount: Double
    let isDouble: Bool
    let alpha: Double
    let batch: Int
    /// Rewards are divided by it.
    let scale: Double
    private(set) var parameters: [Double]
    private var target: [Double]
    private var gradient: [Double]
    private var adam: Adam
    private let pass: NetworkPass
    private let following: NetworkPass
    private var rows: [Int32]
    private var nextRows: [Int32]
    private let shares: UnsafeMutablePointer<Double>

    init(
        _ shape: NetworkShape, discount: Double, isDouble: Bool, alpha: Double, rate: Double, batch: Int,
        scale: Double, stream: inout RandomStream
    ) {
        self.shape = shape
        self.discount = discount
        self.isDouble = isDouble
        self.alpha = alpha
        self.batch = batch
        self.scale = scale
        parameters = shape.initial(&stream)
        target = parameters
        gradient = [Double](repeating: 0, count: shape.count)
        adam = Adam(shape.count, rate: rate)
        pass = NetworkPass(shape, capacity: batch)
        following = NetworkPass(shape, capacity: batch)
        rows = [Int32](repeating: 0, count: batch)
        nextRows = rows
        shares = .allocate(capacity: shape.outputs)
        shares.initialize(repeating: 0, count: shape.outputs)
    }

    deinit { shares.deallocate() }

    /// Steps on batches drawn from the decisions.
    ///
    /// - Parameters:
    ///   - progress: how far learning has come, 0 to 1, by which the rate falls.
    ///   - follow: the share of the network that the target takes over at each step.
    /// - Returns: The mean loss.
    func fit(
        _ decisions: Decisions, steps: Int, progress: (Int) -> Double, follow: Double, _ stream: inout RandomStream
    ) -> Double {
        var loss = 0.0
        var targets = [Double](repeating: 0, count: batch)
        for step in 0..<steps {
            for place in 0..<batch {
                let row = min(decisions.count - 1, Int(stream.nextUniform() * Double(decisions.count)))
                rows[place] = Int32(row)
                nextRows[place] = max(0, decisions.next[row])
            }
            fillTargets(decisions, &targets)
            loss += slopes(decisions, targets)
            pass.backward(parameters, rows: batch, into: &gradient)
            adam.step(&parameters, &gradient, share: 1 - 0.9 * progress(step))
            for index in target.indices { target[index] += follow * (parameters[index] - target[index]) }
        }
        return loss / Double(max(1, steps))
    }

    /// y of the batch, in units of ``scale``.
    private func fillTargets(_ decisions: Decisions, _ targets: inout [Double]) {
        let levels = shape.outputs
        nextRows.withUnsafeBufferPointer { decisions.gather($0, into: following.inputs) }
        var chosen = [Int](repeating: 0, count: isDouble ? batch : 0)
        if isDouble {
            following.forward(parameters, rows: batch)
            for place in 0..<batch {
                chosen[place] = OpenLevels.best(
                    following.outputs + place * levels, decisions.open[Int(nextRows[place])])
            }
        }
        following.forward(target, rows: batch)
        for place in 0..<batch {
            let row = Int(rows[place])
            var value = decisions.reward[row] / scale
            if decisions.next[row] >= 0 {
                let scores = following.outputs + place * levels
                let best =
                    isDouble
                    ? chosen[place] : OpenLevels.best(scores, decisions.open[Int(nextRows[place])])
                value += discount * scores[best]
            }
            targets[place] = value
        }
    }

    /// The loss of the batch, with its derivatives by the outputs in place.
    private func slopes(_ decisions: Decisions, _ targets: [Double]) -> Double {
        let levels = shape.outputs
        rows.withUnsafeBufferPointer { decisions.gather($0, into: pass.inputs) }
        pass.forward(parameters, rows: batch)
        var loss = 0.0
        for place in 0..<batch {
            let row = Int(rows[place])
            let (scores, slope) = (pass.outputs + place * levels, pass.outputSlopes + place * levels)
            let level = Int(decisions.level[row])
            let share = decisions.weight[row] / Double(batch)
            for index in 0..<levels { slope[index] = 0 }
            let away = scores[level] - targets[place]
            loss += share * (abs(away) <= 1 ? 0.5 * away * away : abs(away) - 0.5)
            slope[level] = share * max(-1, min(1, away))
            guard alpha > 0 else { continue }
            let total = OpenLevels.softmax(scores, decisions.open[row], levels, into: shares)
            loss += share * alpha * (total - scores[level])
            for index in 0..<levels { slope[index] += share * alpha * shares[index] }
            slope[level] -= share * alpha
        }
        return loss
    }

    /// The policy of the present network, its scores in units of reward.
    func policy(_ frame: PolicyFrame) -> NetworkPolicy {
        NetworkPolicy(frame: frame, layers: shape.layers(parameters, scale: scale))
    }
}
