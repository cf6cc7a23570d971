import NumericsCore
import Regimes

/// A way to learn a policy.
package protocol Learner: Sendable {
    /// - Throws: ``LearningProblem``, and what the environment throws.
    func learn(_ task: LearningTask) throws -> Learned
}

/// What learning found.
package struct Learned: Sendable {
    package var policy: any FrozenPolicy
    package var curve: LearningCurve
    /// Decisions that were simulated to learn from.
    package var steps: Int
    package var inputs: [PolicyFile.Input]

    package init(policy: any FrozenPolicy, curve: LearningCurve, steps: Int, inputs: [PolicyFile.Input]) {
        self.policy = policy
        self.curve = curve
        self.steps = steps
        self.inputs = inputs
    }
}

/// How learning went: after so many engine steps, the mean return of the latest episodes (exploring as they did) and the loss.
package struct LearningCurve: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        package var steps: Int
        package var value: Double
        package var loss: Double
    }

    package private(set) var points: [Point] = []

    package init() {}

    package mutating func add(steps: Int, value: Double?, loss: Double) {
        points.append(Point(steps: steps, value: value ?? .nan, loss: loss))
    }

    /// A header and a line for each point; empty where there is no number.
    package var csv: String {
        func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }
        return "steps,value,loss\n"
            + points.map { "\($0.steps),\(number($0.value)),\(number($0.loss))\n" }.joined()
    }
}

/// Numbers for the purposes of one seed that may not meet: what is learned from, what candidates are compared on, and what is
/// reported.
package enum LearningSeed: UInt32, Sendable {
    case training
    case selection
    case report

    package func seed(_ root: UInt64) -> UInt64 {
        RandomStream(seed: root, purpose: .split, replicate: rawValue, patient: 0).bits(at: 0)
    }
}
