/// The covariates of a tree search: values, their ranks among the distinct ones, and the order of the rows by them.
struct TreeColumns: Sendable {
    let names: [String]
    let values: [[Double]]
    /// Ascending distinct values of each column.
    let distinct: [[Double]]
    /// The place of each row's value among the distinct ones.
    let ranks: [[Int32]]
    /// Rows by ascending value.
    let orders: [[Int32]]

    init(_ design: Design) {
        names = design.names
        values = design.names.indices.map { design.column($0) }
        var (distinct, ranks, orders): ([[Double]], [[Int32]], [[Int32]]) = ([], [], [])
        for column in values {
            let order = column.indices.sorted { (column[$0], $0) < (column[$1], $1) }
            var levels: [Double] = []
            var rank = [Int32](repeating: 0, count: column.count)
            for row in order {
                if levels.last != column[row] { levels.append(column[row]) }
                rank[row] = Int32(levels.count - 1)
            }
            distinct.append(levels)
            ranks.append(rank)
            orders.append(order.map(Int32.init))
        }
        (self.distinct, self.ranks, self.orders) = (distinct, ranks, orders)
    }

    /// Half way between a value and the next.
    func threshold(_ column: Int, _ rank: Int) -> Double {
        let (low, high) = (distinct[column][rank], distinct[column][rank + 1])
        let middle = low + (high - low) / 2
        return middle < high ? middle : low
    }
}

/// A tree by codes of columns and actions.
indirect enum FoundTree: Sendable, Equatable {
    case leaf(Int)
    case split(column: Int, threshold: Double, low: FoundTree, high: FoundTree)

    func action(_ row: Int, _ columns: TreeColumns) -> Int {
        switch self {
        case .leaf(let action): action
        case .split(let column, let threshold, let low, let high):
            columns.values[column][row] <= threshold ? low.action(row, columns) : high.action(row, columns)
        }
    }

    /// The same tree without questions whose answers do not matter.
    var pruned: FoundTree {
        guard case .split(let column, let threshold, let low, let high) = self else { return self }
        let (a, b) = (low.pruned, high.pruned)
        return a == b ? a : .split(column: column, threshold: threshold, low: a, high: b)
    }
}

/// The best tree with one question, by one sweep over the sorted rows of each column: O(p·n·actions).
enum DepthOneSearch {
    /// - Parameters:
    ///   - scores: row-major by action; the tree maximises the sum over the rows of the score of their leaf's action.
    ///   - isMember: which rows count.
    /// - Returns: the tree and its sum; of equal trees the one with fewer questions, then the first column and threshold.
    static func best(
        _ columns: TreeColumns, _ scores: [Double], actions: Int, isMember: [Bool]
    ) -> (tree: FoundTree, value: Double) {
        var totals = [Double](repeating: 0, count: actions)
        for row in isMember.indices where isMember[row] {
            for action in 0..<actions { totals[action] += scores[row * actions + action] }
        }
        let constant = largest(totals)
        var best: (tree: FoundTree, value: Double) = (.leaf(constant), totals[constant])
        for column in columns.names.indices {
            var low = [Double](repeating: 0, count: actions)
            let order = columns.orders[column]
            var place = 0
            while place < order.count {
                let rank = columns.ranks[column][Int(order[place])]
                while place < order.count, columns.ranks[column][Int(order[place])] == rank {
                    let row = Int(order[place])
                    if isMember[row] { for action in 0..<actions { low[action] += scores[row * actions + action] } }
                    place += 1
                }
                guard place < order.count else { break }
                let high = zip(totals, low).map { $0 - $1 }
                let (a, b) = (largest(low), largest(high))
                let value = low[a] + high[b]
                if value > best.value + 1e-12 * abs(best.value) {
                    best = (
                        .split(
                            column: column, threshold: columns.threshold(column, Int(rank)), low: .leaf(a),
                            high: .leaf(b)), value
                    )
                }
            }
        }
        return best
    }

    static func largest(_ values: [Double]) -> Int {
        var best = 0
        for index in values.indices where values[index] > values[best] { best = index }
        return best
    }
}
