/// The tree with at most one question whose worst group has the best mean score: every threshold and pair of actions is tried.
///
/// O(p·n·groups + p·thresholds·actions²·groups).
enum WorstGroupTree {
    static func best(
        _ columns: TreeColumns, _ scores: [Double], actions: Int, groups: [Int], groupCount: Int
    ) -> (tree: FoundTree, value: Double) {
        var sizes = [Double](repeating: 0, count: groupCount)
        var totals = [Double](repeating: 0, count: groupCount * actions)
        for (row, group) in groups.enumerated() {
            sizes[group] += 1
            for action in 0..<actions { totals[group * actions + action] += scores[row * actions + action] }
        }
        func worst(_ low: [Double], _ a: Int, _ b: Int) -> Double {
            var worst = Double.infinity
            for group in 0..<groupCount where sizes[group] > 0 {
                let at = group * actions
                worst = min(worst, (low[at + a] + totals[at + b] - low[at + b]) / sizes[group])
            }
            return worst
        }
        let none = [Double](repeating: 0, count: groupCount * actions)
        var best: (tree: FoundTree, value: Double) = (.leaf(0), -.infinity)
        for action in 0..<actions where worst(none, action, action) > best.value {
            best = (.leaf(action), worst(none, action, action))
        }
        for column in columns.names.indices {
            var low = none
            let order = columns.orders[column]
            for (place, next) in order.enumerated() {
                let row = Int(next)
                for action in 0..<actions { low[groups[row] * actions + action] += scores[row * actions + action] }
                let rank = columns.ranks[column][row]
                guard place + 1 < order.count, columns.ranks[column][Int(order[place + 1])] != rank else { continue }
                for a in 0..<actions {
                    for b in 0..<actions where a != b {
                        let value = worst(low, a, b)
                        guard value > best.value + 1e-12 * abs(best.value) else { continue }
                        best = (
                            .split(
                                column: column, threshold: columns.threshold(column, Int(rank)), low: .leaf(a),
                                high: .leaf(b)), value
                        )
                    }
                }
            }
        }
        return best
    }
}
