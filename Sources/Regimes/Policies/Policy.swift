import NumericsCore

/// A frozen rule from what is observed at a decision to an action: what learners make, files hold, environments try and arms
/// follow.
package protocol Policy: Sendable {
    /// Makes the policy ready for sixteen patients at a time.
    ///
    /// - Parameters:
    ///   - observations: the names of what stands in ``PolicyPoint/observation``.
    ///   - actions: what may be chosen from.
    /// - Throws: ``PolicyError`` where the policy reads what is not observed, or chooses what is no action.
    func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker

    /// Whether it may choose otherwise at another decision at which it sees the same; true unless a policy knows better.
    var changesWithTime: Bool { get }
}

extension Policy {
    package var changesWithTime: Bool { true }
}

/// A policy at work on sixteen patients. It holds scratch memory and no memory of patients.
package protocol PolicyWorker: AnyObject {
    var actions: ActionSpace { get }

    /// The probability with which each level is chosen, `weights[level]`: 0 where it is not allowed, 1 in all.
    func weigh(_ point: PolicyPoint, into weights: LanePointer)

    /// Chooses: the values of the action, `action[component]`. Who follows ``weigh(_:into:)`` need not write it.
    func decide(_ point: PolicyPoint, into action: LanePointer, scratch: LanePointer)
}

/// What a policy sees of sixteen patients at their decisions.
package struct PolicyPoint {
    /// The number of each patient's decision, from 0.
    package var decision: Lane
    /// What is observed, in the order in which the worker was told of it; NaN where it is missing.
    package var observation: LanePointer
    /// For each level 1 where it is allowed, else 0. One at least is.
    package var allowed: LanePointer
    /// A uniform number for each patient and decision, for policies that draw.
    package var uniform: Lane

    package init(decision: Lane, observation: LanePointer, allowed: LanePointer, uniform: Lane) {
        self.decision = decision
        self.observation = observation
        self.allowed = allowed
        self.uniform = uniform
    }
}

extension PolicyWorker {
    /// Draws a level with the probabilities of ``weigh(_:into:)``.
    ///
    /// - Parameter scratch: one lane for each level.
    package func decide(_ point: PolicyPoint, into action: LanePointer, scratch: LanePointer) {
        weigh(point, into: scratch)
        let levels = actions.levels.count
        var below = Lane(repeating: 0)
        var chosen = Lane(repeating: -1)
        // The last level with any weight takes what rounding leaves of 1.
        for level in 0..<levels {
            let has = scratch[level] .> Lane(repeating: 0)
            let isOpen = chosen .< Lane(repeating: 0)
            below += scratch[level]
            let reached = has .& isOpen .& (point.uniform .< below)
            chosen.replace(with: Lane(repeating: Double(level)), where: reached)
        }
        for lane in 0..<laneCount {
            var level = Int(chosen[lane])
            if level < 0 { level = (0..<levels).last { scratch[$0][lane] > 0 } ?? 0 }
            for component in actions.components.indices {
                action[component][lane] = actions.levels[level].values[component]
            }
        }
    }
}

/// Why a policy cannot be followed where it is to be followed.
public enum PolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    case unobserved(String, observed: [String])
    case unknownAction(String, allowed: [String])
    case unsuitable(String)

    /// What was found and what is allowed.
    public var description: String {
        switch self {
        case .unobserved(let name, let observed):
            "policy: it reads '\(name)', which is not observed here; observed: \(observed.joined(separator: ", "))"
        case .unknownAction(let name, let allowed):
            "policy: action '\(name)' does not exist here; allowed: \(allowed.joined(separator: ", "))"
        case .unsuitable(let reason): "policy: \(reason)"
        }
    }
}
