/// Running sums below, at and above a rank, from a ``RankTree`` at either end: where nothing was added a sum is exactly 0.
struct RankSplits {
    private var ascending: RankTree<Double>
    private var descending: RankTree<Double>
    private var amounts: [Double]

    /// - Parameter ranks: the number of different ranks, 0 ..< ranks.
    init(ranks: Int) {
        ascending = RankTree(ranks: ranks)
        descending = RankTree(ranks: ranks)
        amounts = [Double](repeating: 0, count: ranks)
    }

    /// Adds an amount that is not negative.
    mutating func add(_ amount: Double, at rank: Int) {
        amounts[rank] += amount
        ascending.add(amount, at: Int32(rank))
        descending.add(amount, at: Int32(amounts.count - 1 - rank))
    }

    func split(at rank: Int) -> (below: Double, at: Double, above: Double) {
        let above = descending.sum(below: Int32(amounts.count - 1 - rank))
        return (ascending.sum(below: Int32(rank)), amounts[rank], above)
    }
}
