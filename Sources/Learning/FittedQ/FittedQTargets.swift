import NumericsCore
import Regimes

/// The targets of fitted Q iteration, `r + γ max Q(s′, a′)` over the levels that are open at s′.
struct FittedQTargets {
    /// The decisions they are for.
    let rows: [Int32]
    private let continuing: [Int]
    private let successors: [Int32]

    init(_ decisions: Decisions, rows: [Int32]) {
        self.rows = rows
        continuing = rows.indices.filter { decisions.next[Int(rows[$0])] >= 0 }
        successors = continuing.map { decisions.next[Int(rows[$0])] }
    }

    /// - Parameter policy: the value function of what follows; nil for nothing.
    /// - Returns: A target for each of ``rows``; −∞ where of no open level that follows anything is known.
    func targets(
        _ decisions: Decisions, following policy: (any ScoringPolicy)?, discount: Double, actions: ActionSpace,
        threads: Int
    ) throws -> [Double] {
        var targets = rows.map { decisions.reward[Int($0)] }
        guard let policy, !successors.isEmpty else { return targets }
        let values = try BestValues.of(policy, decisions, rows: successors, choosing: actions, threads: threads)
        for (place, value) in zip(continuing, values) { targets[place] += discount * value }
        return targets
    }
}
