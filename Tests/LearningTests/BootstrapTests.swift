import NumericsCore
import Regimes
import Testing

@testable import Environments
@testable import Learning

/// Backed by closed forms written out by hand.
@Suite struct BootstrapTests {
    /// Two episodes of two decisions: one ended by an event, one cut off.
    private var log: LoggedEpisodes {
        var log = LoggedEpisodes(variables: ["x"], actions: ActionSpace(names: ["a", "b"]), discount: 0.5)
        log.starts = [0, 2, 4]
        log.observations = [[1, 2, 3, 4]]
        log.final = [[5, 6]]
        log.chosen = [0, 1, 0, 1]
        log.propensity = [0.5, 0.5, 0.5, 0.5]
        log.allowed = [3, 3, 3, 3]
        log.finalAllowed = [3, 1]
        log.rewards = [10, 20, 30, 40]
        log.endedByEvent = [true, false]
        return log
    }

    private var inputs: PolicyInputs { PolicyInputs(names: ["x"], means: [0], deviations: [10]) }

    private func decisions(horizon: Int? = nil) -> Decisions {
        Decisions(log, inputs: inputs, reward: log.rewards, weight: [1, 1], horizon: horizon)
    }

    @Test("An event ends what can be gained, a cut does not, and the horizon does where it is part of the problem")
    func following() {
        #expect(decisions().next == [1, -1, 3, 5])
        #expect(decisions(horizon: 2).next == [1, -1, 3, -1])
        #expect(decisions(horizon: 3).next == [1, -1, 3, 5])
        #expect(decisions().stage == [0, 1, 0, 1, 2, 2])
    }

    @Test("Targets are r + γ max over open levels: level b, better, is not open after the cut")
    func targets() throws {
        // Q(x, a) = z and Q(x, b) = 100 + z with z = x / 10.
        let policy = LinearQPolicy(
            frame: PolicyFrame(inputs: inputs, levels: ["a", "b"]), terms: .linear,
            weights: [[NumberList([0, 1]), NumberList([100, 1])]])
        let decisions = decisions()
        let targets = try FittedQTargets(decisions, rows: [0, 1, 2, 3]).targets(
            decisions, following: policy, discount: 0.5, actions: log.actions, threads: 1)
        #expect(targets == [10 + 0.5 * (100 + 0.2), 20, 30 + 0.5 * (100 + 0.4), 40 + 0.5 * 0.6])
        let capped = LinearQPolicy(
            frame: PolicyFrame(inputs: inputs, levels: ["a", "b"], permitted: [true, false]), terms: .linear,
            weights: policy.weights)
        let careful = try FittedQTargets(decisions, rows: [0, 1]).targets(
            decisions, following: capped, discount: 0.5, actions: log.actions, threads: 1)
        #expect(careful == [10 + 0.5 * 0.2, 20])
    }

    @Test("Generalised advantages are the sums that they stand for")
    func advantages() {
        let values: [Double] = [1, 2, 3, 4, 5, 6]
        let found = ClippedTrainer.advantages(decisions(), values: values, discount: 0.5, lambda: 0.8, scale: 10)
        let last = 2.0 - 2
        let cut = 4 + 0.5 * 6 - 4
        #expect(found.advantages == [1 + 0.5 * 2 - 1 + 0.4 * last, last, 3 + 0.5 * 4 - 3 + 0.4 * cut, cut])
        #expect(found.goals == zip(found.advantages, values).map { $0 + $1 })
    }

    @Test("Inputs are standardised, clipped, and told apart where they are missing")
    func standardised() {
        let inputs = PolicyInputs(names: ["x", "y"], means: [1, 0], deviations: [2, 0], indicators: [0], time: 4)
        var z = [Double](repeating: 9, count: 4)
        z.withUnsafeMutableBufferPointer { z in
            guard let base = z.baseAddress else { return }
            inputs.fill(decision: 2, into: base) { $0 == 0 ? 100 : 7 }
        }
        #expect(z == [5, 0, 0, 0.5])
        z.withUnsafeMutableBufferPointer { z in
            guard let base = z.baseAddress else { return }
            inputs.fill(decision: 1, into: base) { _ in .nan }
        }
        #expect(z == [0, 0, 1, 0.25])
    }
}
