/// The weighted pairs of an event and somebody followed for longer, by two passes in time order.
struct ConcordancePairs {
    /// Pairs in which the earlier event had the higher score, the lower one, and equal scores.
    private(set) var concordant = 0.0
    private(set) var discordant = 0.0
    private(set) var tied = 0.0
    /// The weight of right pairs that the patient at each position of the time order is in, ties for half; as the
    /// earlier or the later of the pair. Empty unless asked for.
    private(set) var credit: [Double] = []
    /// The weight of all pairs that each patient is in.
    private(set) var membership: [Double] = []

    private let ranking: ScoreRanking
    /// By position of the time order: where the patients of its time and those censored at it begin and end.
    private let steps: [TimeOrder.Step]

    /// - Parameter weights: by position, the weight of an event as the earlier of a pair; 0 for whom it is not.
    init(_ order: TimeOrder, _ ranking: ScoreRanking, weights: [Double], allAlike: Bool, byPatient: Bool) {
        self.ranking = ranking
        steps = order.steps
        if byPatient {
            credit = [Double](repeating: 0, count: weights.count)
            membership = credit
        }
        if allAlike {
            countAlike(weights, byPatient)
        } else {
            countLater(weights, byPatient)
            if byPatient { countEarlier(weights) }
        }
    }

    /// Weights of 1: both sides of every pair in one pass backwards in time. The tree holds the events in the high half of
    /// its numbers and all patients in the low half; earlier events are all events less those that are not earlier.
    private mutating func countAlike(_ weights: [Double], _ byPatient: Bool) {
        let one: UInt64 = 1
        func amount(_ position: Int) -> UInt64 { weights[position] > 0 ? one << 32 | one : one }
        var tree = RankTree<UInt64>(ranks: ranking.rankCount)
        var here = [UInt64](repeating: 0, count: ranking.hasTies ? ranking.rankCount : 0)
        let (below, at, total) = eventsByRank(weights)
        var inTree: UInt64 = 0
        func split(_ position: Int) -> (below: UInt64, at: UInt64) {
            let rank = ranking.ranks[position]
            return (tree.sum(below: rank), here.isEmpty ? 0 : here[Int(rank)])
        }
        func insert(_ position: Int) {
            let rank = ranking.ranks[position]
            tree.add(amount(position), at: rank)
            if !here.isEmpty { here[Int(rank)] += amount(position) }
            inTree += amount(position)
        }
        for step in steps.reversed() {
            for position in step.firstCensored..<step.end {
                let split = split(position)
                if byPatient { addEarlier(position, split, below, at, total, inTree) }
                insert(position)
            }
            for position in step.first..<step.firstCensored where weights[position] > 0 {
                let split = split(position)
                let lower = Double(UInt32(truncatingIfNeeded: split.below))
                let equal = Double(UInt32(truncatingIfNeeded: split.at))
                addEvent(position, 1, lower, equal, Double(UInt32(truncatingIfNeeded: inTree)), byPatient)
            }
            for position in step.first..<step.firstCensored { insert(position) }
            guard byPatient else { continue }
            for position in step.first..<step.firstCensored {
                var split = split(position)
                // Without ties the patient is the only one of its rank, and its own event is not an earlier one.
                if here.isEmpty { split.at = amount(position) }
                addEarlier(position, split, below, at, total, inTree)
            }
        }
    }

    /// Adds the pairs in which the patient is the later: all events less those in the tree.
    private mutating func addEarlier(
        _ position: Int, _ split: (below: UInt64, at: UInt64), _ below: [Int32], _ at: [Int32], _ total: Int,
        _ inTree: UInt64
    ) {
        let rank = Int(ranking.ranks[position])
        let lower = Int(below[rank]) - Int(split.below >> 32)
        let equal = Int(at[rank]) - Int(split.at >> 32)
        let earlier = total - Int(inTree >> 32)
        credit[position] += Double(earlier - lower - equal) + Double(equal) / 2
        membership[position] += Double(earlier)
    }

    /// The events below and at each rank, and all.
    private func eventsByRank(_ weights: [Double]) -> (below: [Int32], at: [Int32], total: Int) {
        var at = [Int32](repeating: 0, count: ranking.rankCount)
        for position in weights.indices where weights[position] > 0 { at[Int(ranking.ranks[position])] += 1 }
        var sum: Int32 = 0
        let below = at.map { count in
            sum += count
            return sum - count
        }
        return (below, at, Int(sum))
    }

    /// Each event with those followed for longer.
    private mutating func countLater(_ weights: [Double], _ byPatient: Bool) {
        var tree = RankTree<Int32>(ranks: ranking.rankCount)
        var here = [Int32](repeating: 0, count: ranking.hasTies ? ranking.rankCount : 0)
        for step in steps.reversed() {
            func insert(_ position: Int) {
                tree.add(1, at: ranking.ranks[position])
                if !here.isEmpty { here[Int(ranking.ranks[position])] += 1 }
            }
            for position in step.firstCensored..<step.end { insert(position) }
            let later = Double(weights.count - step.firstCensored)
            for position in step.first..<step.firstCensored where weights[position] > 0 {
                let rank = ranking.ranks[position]
                let equal = here.isEmpty ? 0 : Double(here[Int(rank)])
                addEvent(position, weights[position], Double(tree.sum(below: rank)), equal, later, byPatient)
            }
            for position in step.first..<step.firstCensored { insert(position) }
        }
    }

    private mutating func addEvent(
        _ position: Int, _ weight: Double, _ lower: Double, _ equal: Double, _ later: Double, _ byPatient: Bool
    ) {
        concordant += weight * lower
        tied += weight * equal
        discordant += weight * (later - lower - equal)
        guard byPatient else { return }
        credit[position] += weight * (lower + equal / 2)
        membership[position] += weight * later
    }

    /// Each patient with the weights of earlier events.
    private mutating func countEarlier(_ weights: [Double]) {
        var tree = RankTree<Double>(ranks: ranking.rankCount)
        var here = [Double](repeating: 0, count: ranking.hasTies ? ranking.rankCount : 0)
        var sum = 0.0
        func add(_ position: Int) {
            let rank = ranking.ranks[position]
            let equal = here.isEmpty ? 0 : here[Int(rank)]
            credit[position] += sum - tree.sum(below: rank) - equal / 2
            membership[position] += sum
        }
        for step in steps {
            for position in step.first..<step.firstCensored { add(position) }
            for position in step.first..<step.firstCensored where weights[position] > 0 {
                tree.add(weights[position], at: ranking.ranks[position])
                if !here.isEmpty { here[Int(ranking.ranks[position])] += weights[position] }
                sum += weights[position]
            }
            for position in step.firstCensored..<step.end { add(position) }
        }
    }
}
