/// What each patient of two groups contributes to the comparable pairs between them.
struct GroupPairCredits {
    /// The rows of both groups in the order of time.
    let rows: [Int]
    /// For each of them the weighted pairs that the scores order rightly, ties half, and all that it is part of.
    fileprivate(set) var right: [Double]
    fileprivate(set) var own: [Double]
    fileprivate(set) var concordant = 0.0
    fileprivate(set) var discordant = 0.0
    fileprivate(set) var tied = 0.0

    init(rows: [Int]) {
        self.rows = rows
        right = [Double](repeating: 0, count: rows.count)
        own = right
    }

    var pairs: Double { concordant + discordant + tied }
    var value: Double { (concordant + tied / 2) / pairs }
    var isOneSided: Bool { [concordant, discordant, tied].filter { $0 > 0 }.count == 1 }

    /// Σ of the squared influences of the patients on ``value``.
    var variance: Double {
        let (value, pairs) = (value, pairs)
        var sum = 0.0
        for index in rows.indices {
            let influence = (right[index] - value * own[index]) / pairs
            sum += influence * influence
        }
        return sum
    }
}

/// Counts the comparable pairs of each two groups by two passes over the rows of these two alone.
struct GroupPairSweep {
    private let data: SurvivalData
    private let codes: [Int]
    private let censoring: [CensoringDistribution?]
    private let horizon: Double
    private let risk: [Double]
    private let timePlace: [Int]
    private let byTime: [[Int]]
    private let byRisk: [[Int]]
    /// The rank of a row's risk among the two groups in hand.
    private var ranks: [Int]

    /// - Parameter censoring: G of each group; nil for weights of 1.
    init(
        _ data: SurvivalData, risk: [Double], grouping: Grouping, censoring: [CensoringDistribution?], horizon: Double
    ) {
        self.data = data
        codes = grouping.codes
        self.censoring = censoring
        self.horizon = horizon
        self.risk = risk
        byTime = data.orderByStratum(grouping)
        var byRisk = [[Int]](repeating: [], count: grouping.labels.count)
        for row in risk.indices.sorted(by: { risk[$0] != risk[$1] ? risk[$0] < risk[$1] : $0 < $1 }) {
            byRisk[grouping.codes[row]].append(row)
        }
        self.byRisk = byRisk
        var place = [Int](repeating: 0, count: data.count)
        for (position, row) in data.order.enumerated() { place[row] = position }
        timePlace = place
        ranks = [Int](repeating: 0, count: data.count)
    }

    /// The pairs whose earlier event is in the first group and whose other patient is in the second.
    mutating func credits(earlier: Int, later: Int) -> GroupPairCredits {
        let isOneGroup = earlier == later
        let rows =
            isOneGroup
            ? byTime[earlier]
            : Self.merged(byTime[earlier], byTime[later]) { timePlace[$0] < timePlace[$1] }
        var credits = GroupPairCredits(rows: rows)
        let count = rank(
            isOneGroup ? byRisk[earlier] : Self.merged(byRisk[earlier], byRisk[later]) { risk[$0] < risk[$1] })
        guard count > 0 else { return credits }
        let weights = rows.map { weight($0, earlier, later) }
        backward(&credits, weights, later, count)
        forward(&credits, weights, later, count)
        return credits
    }

    /// Each earlier patient against those still under observation.
    private func backward(_ credits: inout GroupPairCredits, _ weights: [Double], _ later: Int, _ count: Int) {
        let rows = credits.rows
        var observed = RankSplits(ranks: count)
        var end = rows.count
        while end > 0 {
            let start = blockStart(rows, end)
            for index in start..<end where !data.events[rows[index]] && codes[rows[index]] == later {
                observed.add(1, at: ranks[rows[index]])
            }
            for index in start..<end where weights[index] > 0 {
                let split = observed.split(at: ranks[rows[index]])
                let weight = weights[index]
                credits.concordant += weight * split.below
                credits.tied += weight * split.at
                credits.discordant += weight * split.above
                credits.right[index] += weight * (split.below + split.at / 2)
                credits.own[index] += weight * (split.below + split.at + split.above)
            }
            for index in start..<end where data.events[rows[index]] && codes[rows[index]] == later {
                observed.add(1, at: ranks[rows[index]])
            }
            end = start
        }
    }

    /// Each later patient against the weight of those who had the event before it.
    private func forward(_ credits: inout GroupPairCredits, _ weights: [Double], _ later: Int, _ count: Int) {
        let rows = credits.rows
        var gone = RankSplits(ranks: count)
        func add(_ index: Int) {
            let split = gone.split(at: ranks[rows[index]])
            credits.right[index] += split.above + split.at / 2
            credits.own[index] += split.below + split.at + split.above
        }
        var start = 0
        while start < rows.count {
            var end = start
            while end < rows.count, data.times[rows[end]] == data.times[rows[start]] { end += 1 }
            for index in start..<end where data.events[rows[index]] && codes[rows[index]] == later { add(index) }
            for index in start..<end where weights[index] > 0 { gone.add(weights[index], at: ranks[rows[index]]) }
            for index in start..<end where !data.events[rows[index]] && codes[rows[index]] == later { add(index) }
            start = end
        }
    }

    private func blockStart(_ rows: [Int], _ end: Int) -> Int {
        var start = end - 1
        while start > 0, data.times[rows[start - 1]] == data.times[rows[end - 1]] { start -= 1 }
        return start
    }

    /// The weight of a row as the earlier of a pair, 0 where it cannot be.
    private func weight(_ row: Int, _ earlier: Int, _ later: Int) -> Double {
        guard codes[row] == earlier, data.events[row], data.times[row] <= horizon else { return 0 }
        guard let own = censoring[earlier], let other = censoring[later] else { return 1 }
        let g = own.before(data.times[row]) * other.before(data.times[row])
        return g > 0 ? 1 / g : 0
    }

    /// Dense ranks of rows given by ascending risk; the number of different ones.
    private mutating func rank(_ rows: [Int]) -> Int {
        var rank = -1
        var last: Double?
        for row in rows {
            if risk[row] != last { rank += 1 }
            last = risk[row]
            ranks[row] = rank
        }
        return rank + 1
    }

    private static func merged(_ a: [Int], _ b: [Int], _ isBefore: (Int, Int) -> Bool) -> [Int] {
        var merged: [Int] = []
        merged.reserveCapacity(a.count + b.count)
        var next = 0
        for row in a {
            while next < b.count, isBefore(b[next], row) {
                merged.append(b[next])
                next += 1
            }
            merged.append(row)
        }
        merged += b[next...]
        return merged
    }
}
