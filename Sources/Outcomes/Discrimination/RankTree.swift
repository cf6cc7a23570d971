/// Running sums over ranks with O(log n) insertion and lookup (Fenwick 1994, Softw Pract Exp 24:327).
struct RankTree<Amount: AdditiveArithmetic & Sendable> {
    private var nodes: [Amount]

    /// - Parameter ranks: the number of different ranks, 0 ..< ranks.
    init(ranks: Int) { nodes = [Amount](repeating: .zero, count: ranks + 1) }

    /// Adds an amount at a rank.
    @inline(__always)
    mutating func add(_ amount: Amount, at rank: Int32) {
        nodes.withUnsafeMutableBufferPointer { nodes in
            var node = Int(rank) + 1
            while node < nodes.count {
                nodes[node] += amount
                node += node & -node
            }
        }
    }

    /// The sum of what was added below a rank.
    @inline(__always)
    func sum(below rank: Int32) -> Amount {
        nodes.withUnsafeBufferPointer { nodes in
            var sum = Amount.zero
            var node = Int(rank)
            while node > 0 {
                sum += nodes[node]
                node &= node - 1
            }
            return sum
        }
    }
}
