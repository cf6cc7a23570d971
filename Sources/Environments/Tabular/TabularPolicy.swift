/// The probability of each action in each state, the same at every decision or one for each.
public struct TabularPolicy: Sendable, Hashable {
    /// `probabilities[stage][state · actions + action]`; one stage serves all decisions.
    let stages: [[Double]]
    let actions: Int

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

    var changesWithTime: Bool { stages.count > 1 }
}
