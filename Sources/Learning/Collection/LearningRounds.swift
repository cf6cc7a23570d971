import Environments
import NumericsCore
import Regimes

/// Learning in rounds: log episodes, fit a policy to all that was logged, log more with that policy and some exploration.
///
/// A log that was given is learned from in one round, and nothing is simulated.
struct LearningRounds: Sendable {
    let method: String
    let rounds: Int
    /// ε of the rounds after the first, in which every open level is equally likely.
    let exploration: Double
    /// Whether the number of the decision is an input.
    let knowsTime: Bool

    /// - Parameter fit: a policy and its loss from all that was logged so far; the number of the round comes with it.
    func learn(
        _ task: LearningTask, fit: (CollectedEpisodes, PolicyInputs, Int) throws -> (any FrozenPolicy, Double)
    ) throws -> Learned {
        let time = knowsTime ? task.facts.horizon.map(Double.init) ?? 100 : nil
        if let log = task.log {
            guard log.log.decisions > 0 else {
                throw LearningProblem.noData(method: method, reason: "the log is empty")
            }
            let (policy, loss) = try fit(log, PolicyInputs(of: log.log, time: time), 0)
            var curve = LearningCurve()
            curve.add(steps: 0, value: log.meanReturn, loss: loss)
            return Learned(policy: policy, curve: curve, steps: 0, inputs: PolicyFile.Input.seen(in: log.log))
        }
        var all = CollectedEpisodes(task.facts)
        var latest: any Policy = RandomPolicy()
        var learned: (any FrozenPolicy)?
        var curve = LearningCurve()
        let rounds = max(1, min(rounds, task.episodes))
        for round in 0..<rounds {
            let range = task.episodes * round / rounds..<task.episodes * (round + 1) / rounds
            let fresh = try task.collect(latest, range, exploration: round == 0 ? 0 : exploration)
            all.append(fresh)
            guard all.log.decisions > 0 else {
                throw LearningProblem.noData(method: method, reason: "all \(all.failed) episodes failed")
            }
            let (policy, loss) = try fit(all, PolicyInputs(of: all.log, time: time), round)
            curve.add(steps: all.steps, value: fresh.meanReturn, loss: loss)
            (latest, learned) = (policy, policy)
        }
        guard let learned else { throw LearningProblem.noData(method: method, reason: "no episodes were asked for") }
        return Learned(
            policy: learned, curve: curve, steps: all.steps, inputs: PolicyFile.Input.seen(in: all.log))
    }

    static let parameters: [LearningParameter] = [
        .whole("rounds", 4, 1...1000, "rounds of logging and fitting; the first explores at random"),
        .number("exploration", 0.2, 0...1, "share of random choices in the rounds after the first"),
    ]
}
