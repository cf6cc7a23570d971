import NumericsCore

/// A frozen policy that picks the `action` of a ``LearningFrame`` from its features.
package struct FrozenChoice: Sendable {
    package let file: PolicyFile
    private let features: [String]

    /// - Parameter features: the names of the frame's features.
    /// - Throws: ``PolicyError`` where the policy reads other features, or its actions are not one number each.
    package init(_ file: PolicyFile, features: [String]) throws(PolicyError) {
        guard file.actions.components.count == 1 else {
            throw .unsuitable(
                "its actions have \(file.actions.components.count) numbers each; an arm takes one, which 'apply' calls 'action'"
            )
        }
        _ = try file.policy.makeWorker(observing: features, choosing: file.actions)
        self.file = file
        self.features = features
    }

    func makeWorker() -> FrozenWorker {
        guard let worker = try? file.policy.makeWorker(observing: features, choosing: file.actions) else {
            preconditionFailure("A policy that was bound once is bound again.")
        }
        return FrozenWorker(worker, features: features.count)
    }
}

/// A frozen policy at work within a frame.
final class FrozenWorker {
    private let worker: any PolicyWorker
    private let observation: LanePointer
    private let allowed: LanePointer
    private let scratch: LanePointer
    private let action: LanePointer
    private let features: Int

    init(_ worker: any PolicyWorker, features: Int) {
        self.worker = worker
        self.features = features
        func lanes(_ count: Int, _ value: Double) -> LanePointer {
            let lanes = LanePointer.allocate(capacity: max(1, count))
            lanes.initialize(repeating: Lane(repeating: value), count: max(1, count))
            return lanes
        }
        observation = lanes(features, .nan)
        allowed = lanes(worker.actions.levels.count, 1)
        scratch = lanes(worker.actions.levels.count, 0)
        action = lanes(1, 0)
    }

    deinit {
        for lanes in [observation, allowed, scratch, action] { lanes.deallocate() }
    }

    /// The actions of sixteen patients, from the features that the frame has just computed.
    func decide(_ point: DecisionPoint, _ frame: FrameWorker, deciding: LaneMask) -> Lane {
        for feature in 0..<features { observation[feature] = frame.feature(feature) }
        var uniform = Lane(repeating: 0.5)
        for (lane, patient) in point.patients.enumerated() where deciding[lane] {
            let stream = RandomStream(
                seed: point.seed, purpose: .policy, replicate: point.replicate, patient: patient)
            uniform[lane] = stream.uniform(at: UInt64(point.visit))
        }
        worker.decide(
            PolicyPoint(
                decision: Lane(repeating: Double(point.visit)), observation: observation, allowed: allowed,
                uniform: uniform), into: action, scratch: scratch)
        return action[0]
    }
}
