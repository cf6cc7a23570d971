import NumericsCore

/// Every allowed level equally often.
package struct RandomPolicy: Policy {
    package init() {}

    package var changesWithTime: Bool { false }

    package func makeWorker(observing _: [String], choosing actions: ActionSpace) -> any PolicyWorker {
        RandomWorker(actions)
    }
}

private final class RandomWorker: PolicyWorker {
    let actions: ActionSpace

    init(_ actions: ActionSpace) { self.actions = actions }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        var count = Lane(repeating: 0)
        for level in actions.levels.indices { count += point.allowed[level] }
        for level in actions.levels.indices { weights[level] = point.allowed[level] / count }
    }
}

/// The same action at every decision.
package struct ConstantPolicy: FrozenPolicy, Hashable {
    package static let kind = "constant"

    package let values: [Double]

    package init(_ values: [Double]) { self.values = values }

    package var changesWithTime: Bool { false }

    package func makeWorker(observing _: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        let fits = zip(values, actions.components).allSatisfy { $0 >= $1.low && $0 <= $1.high }
        guard values.count == actions.components.count, fits,
            actions.isContinuous || actions.level(of: values) != nil
        else {
            throw .unknownAction(values.map { "\($0)" }.joined(separator: ","), allowed: actions.names)
        }
        return ConstantWorker(values, actions)
    }
}

private final class ConstantWorker: PolicyWorker {
    let actions: ActionSpace
    private let values: [Double]
    private let level: Int?

    init(_ values: [Double], _ actions: ActionSpace) {
        self.values = values
        self.actions = actions
        level = actions.level(of: values)
    }

    /// The level itself, allowed or not: an environment says what becomes of what is not allowed. Values between levels are
    /// weighed as none.
    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        for index in actions.levels.indices { weights[index] = Lane(repeating: index == level ? 1 : 0) }
    }

    func decide(_ point: PolicyPoint, into action: LanePointer, scratch _: LanePointer) {
        for (component, value) in values.enumerated() { action[component] = Lane(repeating: value) }
    }
}
