import NumericsCore
import Regimes

/// What the policy under evaluation would have chosen at the log's decisions.
package struct TargetProbabilities: Sendable {
    /// π(level | what was observed), `at[decision · levels + level]`.
    package let at: [Double]
    /// The same after each episode's last decision, `final[episode · levels + level]`; 0 where nothing was observed there.
    package let final: [Double]
    package let levels: Int

    /// Asks the policy at every decision, sixteen at a time.
    ///
    /// - Throws: ``PolicyError`` for a policy that reads or chooses what the log does not hold, and
    ///   ``OffPolicyError/noLevel(episode:step:)`` for one that chooses values between levels.
    package init(_ policy: any Policy, on log: LoggedEpisodes) throws {
        let worker = try policy.makeWorker(observing: log.variables, choosing: log.actions)
        levels = log.actions.levels.count
        let questions = PolicyQuestions(variables: log.variables.count, levels: levels)
        var steps = [Int](repeating: 0, count: log.decisions)
        for episode in 0..<log.episodes {
            for (step, decision) in log.range(of: episode).enumerated() { steps[decision] = step }
        }
        at = questions.ask(
            worker, count: log.decisions, step: { steps[$0] }, observed: { log.observations[$1][$0] },
            allowed: { log.allowed[$0] })
        final = questions.ask(
            worker, count: log.episodes, step: { log.range(of: $0).count }, observed: { log.final[$1][$0] },
            allowed: { log.finalAllowed[$0] })
        for episode in 0..<log.episodes {
            for (step, decision) in log.range(of: episode).enumerated() {
                let sum = at[decision * levels..<(decision + 1) * levels].reduce(0, +)
                guard abs(sum - 1) < 1e-6 else { throw OffPolicyError.noLevel(episode: episode, step: step) }
            }
        }
    }

    package init(at: [Double], final: [Double], levels: Int) {
        (self.at, self.final, self.levels) = (at, final, levels)
    }

    package subscript(decision: Int, level: Int) -> Double { at[decision * levels + level] }
}

/// Asks a policy's worker for probabilities, sixteen points at a time.
package struct PolicyQuestions {
    let variables: Int
    let levels: Int

    package init(variables: Int, levels: Int) { (self.variables, self.levels) = (variables, levels) }

    /// - Returns: `[point · levels + level]`
    package func ask(
        _ worker: any PolicyWorker, count: Int, step: (Int) -> Int, observed: (_ point: Int, _ variable: Int) -> Double,
        allowed: (Int) -> UInt64
    ) -> [Double] {
        let zero = Lane(repeating: 0)
        let observation = LanePointer.allocate(capacity: max(1, variables))
        observation.initialize(repeating: zero, count: max(1, variables))
        let open = LanePointer.allocate(capacity: max(1, levels))
        open.initialize(repeating: zero, count: max(1, levels))
        let weights = LanePointer.allocate(capacity: max(1, levels))
        weights.initialize(repeating: zero, count: max(1, levels))
        defer {
            observation.deallocate()
            open.deallocate()
            weights.deallocate()
        }
        var result = [Double](repeating: 0, count: count * levels)
        var decision = zero
        for first in stride(from: 0, to: count, by: laneCount) {
            let filled = min(laneCount, count - first)
            for lane in 0..<laneCount {
                // Lanes without a point of their own repeat the last one.
                let point = first + min(lane, filled - 1)
                decision[lane] = Double(step(point))
                for variable in 0..<variables { observation[variable][lane] = observed(point, variable) }
                let mask = allowed(point)
                for level in 0..<levels { open[level][lane] = mask & (1 << UInt64(level)) != 0 ? 1 : 0 }
            }
            worker.weigh(
                PolicyPoint(
                    decision: decision, observation: observation, allowed: open, uniform: Lane(repeating: 0.5)),
                into: weights)
            for lane in 0..<filled {
                for level in 0..<levels { result[(first + lane) * levels + level] = weights[level][lane] }
            }
        }
        return result
    }
}
