import NumericsCore

/// Asks a policy what it would do with single patients.
package final class PolicyProbe {
    /// The inputs in the order in which they are given.
    package let variables: [String]
    package let actions: ActionSpace
    private let worker: any PolicyWorker
    private let observation: LanePointer
    private let allowed: LanePointer
    private let weights: LanePointer
    private let action: LanePointer
    private let scratch: LanePointer

    /// What a policy does with a patient.
    package struct Answer: Sendable, Hashable {
        /// The level that is chosen, or is nearest to what is chosen; the most probable one of a policy that draws.
        package var level: Int
        /// The action.
        package var values: [Double]
        /// The probability of each level; all 0 for values between levels of a policy that says so.
        package var probabilities: [Double]
        /// The score of each level of a policy that scores, −∞ where nothing is known; empty for other policies.
        package var scores: [Double]

        /// Whether the policy draws among several levels.
        package var isDrawn: Bool { (probabilities.max() ?? 0) > 0 && (probabilities.max() ?? 0) < 1 }
    }

    /// - Throws: ``PolicyError`` where the policy reads something else.
    package init(_ policy: any Policy, variables: [String], actions: ActionSpace) throws(PolicyError) {
        worker = try policy.makeWorker(observing: variables, choosing: actions)
        self.variables = variables
        self.actions = actions
        func lanes(_ count: Int) -> LanePointer {
            let lanes = LanePointer.allocate(capacity: max(1, count))
            lanes.initialize(repeating: Lane(repeating: 0), count: max(1, count))
            return lanes
        }
        observation = lanes(variables.count)
        allowed = lanes(actions.levels.count)
        weights = lanes(actions.levels.count)
        scratch = lanes(actions.levels.count)
        action = lanes(actions.components.count)
        for level in actions.levels.indices { allowed[level] = Lane(repeating: 1) }
    }

    deinit {
        for lanes in [observation, allowed, weights, scratch, action] { lanes.deallocate() }
    }

    /// The inputs that a policy reads besides those that are given, in the order in which it asks for them.
    package static func missing(_ policy: any Policy, given: [String], actions: ActionSpace) throws(PolicyError)
        -> [String]
    {
        var (names, missing) = (given, [String]())
        while true {
            do {
                _ = try policy.makeWorker(observing: names, choosing: actions)
                return missing
            } catch .unobserved(let name, _) where !names.contains(name) {
                names.append(name)
                missing.append(name)
            }
        }
    }

    /// What is done with patients for whom every level is allowed.
    ///
    /// - Parameter patients: `patients[patient][variable]`; NaN where it is missing.
    package func ask(_ patients: [[Double]], decision: Double) -> [Answer] {
        stride(from: 0, to: patients.count, by: laneCount).flatMap { first in
            askSome(patients[first..<min(patients.count, first + laneCount)], decision: decision)
        }
    }

    private func askSome(_ patients: ArraySlice<[Double]>, decision: Double) -> [Answer] {
        for lane in 0..<laneCount {
            let patient = patients[patients.startIndex + min(lane, patients.count - 1)]
            for variable in variables.indices { observation[variable][lane] = patient[variable] }
        }
        let point = PolicyPoint(
            decision: Lane(repeating: decision), observation: observation, allowed: allowed,
            uniform: Lane(repeating: 0.5))
        worker.decide(point, into: action, scratch: scratch)
        worker.weigh(point, into: weights)
        let scores = (worker as? ScoringWorker)?.scores
        return patients.indices.map { answer(lane: $0 - patients.startIndex, scores) }
    }

    private func answer(lane: Int, _ scores: LanePointer?) -> Answer {
        let levels = actions.levels.indices
        var answer = Answer(
            level: actions.nearestLevel(to: action, lane: lane),
            values: actions.components.indices.map { action[$0][lane] },
            probabilities: levels.map { weights[$0][lane] },
            scores: scores.map { own in levels.map { own[$0][lane] } } ?? [])
        if answer.isDrawn {
            for level in levels where answer.probabilities[level] > answer.probabilities[answer.level] {
                answer.level = level
            }
            answer.values = actions.levels[answer.level].values
        }
        return answer
    }
}
