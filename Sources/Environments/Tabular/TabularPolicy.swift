import NumericsCore
import Regimes

/// The probability of each action in each state, the same at every decision or one for each.
public struct TabularPolicy: Sendable, Hashable {
    /// `probabilities[stage][state · actions + action]`; one stage serves all decisions.
    let stages: [[Double]]
    let actions: Int

    /// A policy from the probabilities of each decision.
    init(probabilities stages: [[Double]], actions: Int) {
        self.stages = stages
        self.actions = actions
    }

    /// A policy that does not change with time.
    public init(states: Int, actions: Int, _ probability: (_ state: Int, _ action: Int) -> Double) {
        self.actions = actions
        stages = [(0..<states * actions).map { probability($0 / actions, $0 % actions) }]
    }

    /// One action for each state, the same at every decision.
    public init(actions: Int, choosing chosen: [Int]) {
        self.init(stages: [chosen], actions: actions)
    }

    /// One action for each state, at each decision.
    init(stages: [[Int]], actions: Int) {
        self.actions = actions
        self.stages = stages.map { chosen in
            var row = [Double](repeating: 0, count: chosen.count * actions)
            for (state, action) in chosen.enumerated() { row[state * actions + action] = 1 }
            return row
        }
    }

    /// Every action equally often.
    public static func random(states: Int, actions: Int) -> TabularPolicy {
        TabularPolicy(states: states, actions: actions) { _, _ in 1 / Double(actions) }
    }

    /// The probabilities at a decision, from 0.
    func probabilities(at decision: Int) -> [Double] { stages[min(decision, stages.count - 1)] }

    package var changesWithTime: Bool { stages.count > 1 }
}

extension TabularPolicy: Policy {
    package func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        guard let place = observations.firstIndex(of: TabularEnvironment.state) else {
            throw .unobserved(TabularEnvironment.state, observed: observations)
        }
        guard actions.levels.count == self.actions else {
            throw .unsuitable("it has \(self.actions) actions, and \(actions.levels.count) are to be chosen from")
        }
        return TabularWorker(self, place, actions)
    }
}

private final class TabularWorker: PolicyWorker {
    let actions: ActionSpace
    private let policy: TabularPolicy
    private let place: Int

    init(_ policy: TabularPolicy, _ place: Int, _ actions: ActionSpace) {
        self.policy = policy
        self.place = place
        self.actions = actions
    }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        let count = policy.actions
        for lane in 0..<laneCount {
            let stage = policy.stages[min(Int(point.decision[lane]), policy.stages.count - 1)]
            // What is asked for by hand may be no state at all.
            let last = Double(stage.count / count - 1)
            let state = Int(Double.minimum(Double.maximum(point.observation[place][lane], 0), last))
            for action in 0..<count { weights[action][lane] = stage[state * count + action] }
        }
    }
}
