import NumericsCore
import Regimes

/// A problem of three states and three decisions whose values are known by backward induction.
///
/// `go` leads to the next state of the ring with 0.7, `stay` with 0.2; who does not move stays. Rewards are normal about a table.
/// The behaviour goes with 0.5, 0.6 and 0.4 in the three states.
struct ThreeStates {
    static let decisions = 3
    static let discount = 0.9
    static let moves = [0.2, 0.7]
    static let rewards = [[0.0, 1.0], [1.0, -0.5], [0.5, 2.0]]
    static let goes = [0.5, 0.6, 0.4]

    /// V of a policy, each state being as likely at the start.
    static func value(_ policy: CoinPolicy) -> Double {
        var values = [0.0, 0, 0]
        for _ in 0..<decisions {
            values = (0..<3).map { state in
                let go = state == 0 ? policy.atZero : policy.elsewhere
                return zip([1 - go, go], [0, 1]).reduce(0) { sum, choice in
                    let next = moves[choice.1] * values[(state + 1) % 3] + (1 - moves[choice.1]) * values[state]
                    return sum + choice.0 * (rewards[state][choice.1] + discount * next)
                }
            }
        }
        return values.reduce(0, +) / 3
    }

    static func log(_ episodes: Int, seed: UInt64) -> LoggedEpisodes {
        let made = (0..<episodes).map { episode in
            var stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: UInt32(episode))
            var state = stream.nextInteger(below: 3)
            return (0..<decisions).map { _ in
                let action = stream.nextBernoulli(probability: goes[state]) ? 1 : 0
                let step = (
                    x: Double(state), action: action, reward: rewards[state][action] + stream.nextNormal(),
                    probability: action == 1 ? goes[state] : 1 - goes[state]
                )
                if stream.nextBernoulli(probability: moves[action]) { state = (state + 1) % 3 }
                return step
            }
        }
        return OffPolicyTests.log(made, discount: discount)
    }
}
