/// The best tree with a question and then another one on each side, found exactly in O(p²·n·log n) for two actions.
///
/// For each first question the people of its low side come one by one, in the order of its column. For a second column and
/// actions a and b the best question of those who have come is Σ Γ_b plus the largest sum of a beginning of Γ_a − Γ_b in the
/// order of that column, which a ``PrefixTree`` keeps at log n a person. The high side is the same from the other end. Actions
/// beyond two take a pass for each pair. Thresholds lie between distinct values only.
enum DepthTwoSearch {
    /// - Parameter scores: row-major by action.
    /// - Returns: the tree and the sum of its leaves' scores.
    static func best(_ columns: TreeColumns, _ scores: [Double], actions: Int) -> (tree: FoundTree, value: Double) {
        let count = scores.count / actions
        let everybody = [Bool](repeating: true, count: count)
        let single = DepthOneSearch.best(columns, scores, actions: actions, isMember: everybody)
        let firsts = Resampling.run(columns.names.count) { column -> (rank: Int, value: Double) in
            best(first: column, columns, scores, actions: actions)
        }
        var (column, rank, value) = (-1, -1, single.value + 1e-12 * abs(single.value))
        for (index, first) in firsts.enumerated() where first.value > value {
            (column, rank, value) = (index, first.rank, first.value + 1e-12 * abs(first.value))
        }
        guard column >= 0 else { return single }
        let isLow = columns.ranks[column].map { Int($0) <= rank }
        let low = DepthOneSearch.best(columns, scores, actions: actions, isMember: isLow)
        let high = DepthOneSearch.best(columns, scores, actions: actions, isMember: isLow.map { !$0 })
        let tree = FoundTree.split(
            column: column, threshold: columns.threshold(column, rank), low: low.tree, high: high.tree)
        return (tree.pruned, low.value + high.value)
    }

    /// The best threshold of a first question, by its rank, and the sum of the tree below it.
    private static func best(
        first column: Int, _ columns: TreeColumns, _ scores: [Double], actions: Int
    ) -> (rank: Int, value: Double) {
        let steps = columns.distinct[column].count
        guard steps > 1 else { return (-1, -.infinity) }
        let low = sides(column, columns, scores, actions: actions, isDescending: false)
        let high = sides(column, columns, scores, actions: actions, isDescending: true)
        var best = (rank: -1, value: -Double.infinity)
        for rank in 0..<(steps - 1) where low[rank] + high[rank + 1] > best.value {
            best = (rank, low[rank] + high[rank + 1])
        }
        return best
    }

    /// By rank of the first column: the best sum with one question among the people up to it (from it on, descending).
    private static func sides(
        _ column: Int, _ columns: TreeColumns, _ scores: [Double], actions: Int, isDescending: Bool
    ) -> [Double] {
        var result = [Double](repeating: -.infinity, count: columns.distinct[column].count)
        let order = isDescending ? Array(columns.orders[column].reversed()) : columns.orders[column]
        let ranks = columns.ranks[column]
        for second in columns.names.indices {
            let tree = PrefixTree(places: columns.distinct[second].count)
            defer { tree.free() }
            let places = columns.ranks[second]
            for a in 0..<actions {
                for b in 0..<a {
                    tree.clear()
                    var (totalA, totalB) = (0.0, 0.0)
                    scores.withUnsafeBufferPointer { scores in
                        for (index, row) in order.enumerated() {
                            let row = Int(row)
                            let (x, y) = (scores[row * actions + a], scores[row * actions + b])
                            totalA += x
                            totalB += y
                            tree.add(x - y, at: Int(places[row]))
                            let isLast = index + 1 == order.count || ranks[Int(order[index + 1])] != ranks[row]
                            guard isLast else { continue }
                            let extremes = tree.extremes
                            // a below the threshold and b above it, and the other way round.
                            let value = max(totalB + extremes.largest, totalA - extremes.smallest)
                            let rank = Int(ranks[row])
                            if value > result[rank] { result[rank] = value }
                        }
                    }
                }
            }
        }
        return result
    }
}
