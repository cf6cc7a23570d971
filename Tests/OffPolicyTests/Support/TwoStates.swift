import NumericsCore
import OffPolicy
import Regimes

/// A log in which one variable, `x`, is observed and `stay` or `go` is chosen.
func log(_ episodes: [[(x: Double, action: Int, reward: Double, probability: Double)]], discount: Double = 1)
    -> LoggedEpisodes
{
    var log = LoggedEpisodes(variables: ["x"], actions: ActionSpace(names: ["stay", "go"]), discount: discount)
    for episode in episodes {
        for step in episode {
            log.observations[0].append(step.x)
            log.chosen.append(Int32(step.action))
            log.rewards.append(step.reward)
            log.propensity.append(step.probability)
            log.allowed.append(0b11)
        }
        log.starts.append(log.decisions)
        log.final[0].append(.nan)
        log.finalAllowed.append(0b11)
        log.endedByEvent.append(true)
    }
    return log
}

/// Chooses `go` with one probability where x = 0 and another elsewhere.
struct CoinPolicy: Policy {
    var atZero: Double
    var elsewhere: Double

    func makeWorker(observing _: [String], choosing actions: ActionSpace) -> any PolicyWorker { Worker(self, actions) }

    final class Worker: PolicyWorker {
        let actions: ActionSpace
        let policy: CoinPolicy

        init(_ policy: CoinPolicy, _ actions: ActionSpace) { (self.policy, self.actions) = (policy, actions) }

        func weigh(_ point: PolicyPoint, into weights: LanePointer) {
            for lane in 0..<laneCount {
                let go = point.observation[0][lane] == 0 ? policy.atZero : policy.elsewhere
                (weights[0][lane], weights[1][lane]) = (1 - go, go)
            }
        }
    }
}

/// Another policy with a share of its choices spread evenly over what is allowed.
struct SoftPolicy: Policy {
    var inner: any Policy
    var share: Double

    func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        Worker(try inner.makeWorker(observing: observations, choosing: actions), share)
    }

    final class Worker: PolicyWorker {
        let inner: any PolicyWorker
        let share: Double
        var actions: ActionSpace { inner.actions }

        init(_ inner: any PolicyWorker, _ share: Double) { (self.inner, self.share) = (inner, share) }

        func weigh(_ point: PolicyPoint, into weights: LanePointer) {
            inner.weigh(point, into: weights)
            var count = Lane(repeating: 0)
            for level in actions.levels.indices { count += point.allowed[level] }
            for level in actions.levels.indices {
                weights[level] = (1 - share) * weights[level] + share * point.allowed[level] / count
            }
        }
    }
}
