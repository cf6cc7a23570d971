/// Running sums over ranked scores with O(log n) insertion and lookup (two Fenwick trees, one from either end).
///
/// Only additions of amounts that are not negative: where nothing was added, a sum is exactly 0.
struct RankCounts {
    private var ascending: [Double]
    private var descending: [Double]
    private var amounts: [Double]

    /// - Parameter ranks: the number of different ranks, 0 ..< ranks.
    init(ranks: Int) {
        ascending = [Double](repeating: 0, count: ranks + 1)
        descending = ascending
        amounts = [Double](repeating: 0, count: ranks)
    }

    mutating func add(_ amount: Double, at rank: Int) {
        amounts[rank] += amount
        Self.add(amount, at: rank, to: &ascending)
        Self.add(amount, at: amounts.count - 1 - rank, to: &descending)
    }

    /// Sums below, at and above a rank.
    func split(at rank: Int) -> (below: Double, at: Double, above: Double) {
        let below = Self.sum(below: rank, of: ascending)
        let above = Self.sum(below: amounts.count - 1 - rank, of: descending)
        return (below, amounts[rank], above)
    }

    private static func add(_ amount: Double, at index: Int, to tree: inout [Double]) {
        var node = index + 1
        while node < tree.count {
            tree[node] += amount
            node += node & -node
        }
    }

    private static func sum(below index: Int, of tree: [Double]) -> Double {
        var sum = 0.0
        var node = index
        while node > 0 {
            sum += tree[node]
            node -= node & -node
        }
        return sum
    }
}

/// The rank of each score among the different scores, ascending from 0; equal scores share a rank.
func denseRanks(_ scores: [Double]) -> (ranks: [Int], count: Int) {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var ranks = [Int](repeating: 0, count: scores.count)
    var rank = -1
    var last: Double?
    for row in order {
        if scores[row] != last { rank += 1 }
        last = scores[row]
        ranks[row] = rank
    }
    return (ranks, rank + 1)
}

/// What a larger score predicts.
public enum ScoreDirection: String, CaseIterable, Sendable {
    /// A larger score means a higher hazard and an earlier event, as a Cox model's linear predictor.
    case higherIsEarlier
    /// A larger score means a later event, as a predicted survival time.
    case higherIsLater

    /// Scores of which the larger always predict the earlier event.
    func risk(_ scores: [Double]) -> [Double] { self == .higherIsEarlier ? scores : scores.map { -$0 } }
}
