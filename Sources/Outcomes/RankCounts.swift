/// Running sums over ranked scores with O(log n) insertion and lookup (a Fenwick tree).
struct RankCounts {
    private var tree: [Double]
    private(set) var total = 0.0

    /// - Parameter ranks: the number of different ranks, 0 ..< ranks.
    init(ranks: Int) { tree = [Double](repeating: 0, count: ranks + 1) }

    mutating func add(_ amount: Double, at rank: Int) {
        total += amount
        var node = rank + 1
        while node < tree.count {
            tree[node] += amount
            node += node & -node
        }
    }

    /// The sum over ranks below the given one.
    func sum(below rank: Int) -> Double {
        var sum = 0.0
        var node = rank
        while node > 0 {
            sum += tree[node]
            node -= node & -node
        }
        return sum
    }

    /// Sums below, at and above a rank.
    func split(at rank: Int) -> (below: Double, at: Double, above: Double) {
        let below = sum(below: rank)
        let through = sum(below: rank + 1)
        return (below, through - below, total - through)
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
