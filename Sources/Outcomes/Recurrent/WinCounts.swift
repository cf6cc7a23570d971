/// How many patients of the other group each patient wins and loses against.
struct WinCounts {
    /// By row of the data.
    private(set) var wins: [Int]
    private(set) var losses: [Int]
    /// By outcome, of the treated group.
    private(set) var levelWins: [Int]
    private(set) var levelLosses: [Int]

    private init(rows: Int, levels: Int) {
        wins = [Int](repeating: 0, count: rows)
        losses = wins
        levelWins = [Int](repeating: 0, count: levels)
        levelLosses = levelWins
    }

    /// One or two outcomes by sorting, O(n log n). Pairs won on the second outcome are all those that it decides less those
    /// of them that the first one decides, either way; both are counts of points below and left of a point.
    init(sorting ranks: [WinRanks], treated: [Int], control: [Int]) {
        self.init(rows: treated.count + control.count, levels: ranks.count)
        for (own, other, isTreated) in [(treated, control, true), (control, treated, false)] {
            for level in ranks.indices {
                let won = Self.won(ranks, level: level, own: own, by: other)
                let lost = Self.lost(ranks, level: level, own: own, to: other)
                for (index, row) in own.enumerated() {
                    wins[row] += won[index]
                    losses[row] += lost[index]
                }
                guard isTreated else { continue }
                levelWins[level] = won.reduce(0, +)
                levelLosses[level] = lost.reduce(0, +)
            }
        }
    }

    /// Any number of outcomes, pair by pair.
    init(pairing ranks: [WinRanks], treated: [Int], control: [Int]) {
        self.init(rows: treated.count + control.count, levels: ranks.count)
        for i in treated {
            for j in control {
                for level in ranks.indices {
                    let outcome = ranks[level]
                    if outcome.losing[j] < outcome.winning[i] {
                        wins[i] += 1
                        losses[j] += 1
                        levelWins[level] += 1
                        break
                    }
                    if outcome.losing[i] < outcome.winning[j] {
                        losses[i] += 1
                        wins[j] += 1
                        levelLosses[level] += 1
                        break
                    }
                }
            }
        }
    }

    private static func won(_ ranks: [WinRanks], level: Int, own: [Int], by other: [Int]) -> [Int] {
        let outcome = ranks[level]
        return undecided(
            ranks, level, own, other, points: other.map { outcome.losing[$0] }, queries: own.map { outcome.winning[$0] }
        )
    }

    /// A loss is the other's win; by negation it is a count from below again.
    private static func lost(_ ranks: [WinRanks], level: Int, own: [Int], to other: [Int]) -> [Int] {
        let outcome = ranks[level]
        return undecided(
            ranks, level, own, other, points: other.map { -outcome.winning[$0] },
            queries: own.map { -outcome.losing[$0] })
    }

    /// For each patient the others with a point below the own query, but those with whom the first outcome has decided.
    private static func undecided(
        _ ranks: [WinRanks], _ level: Int, _ own: [Int], _ other: [Int], points: [Int], queries: [Int]
    ) -> [Int] {
        let all = DominanceCounts.below(points, queries)
        guard level > 0 else { return all }
        let first = ranks[0]
        let alsoWon = DominanceCounts.below(
            other.map { first.losing[$0] }, points, own.map { first.winning[$0] }, queries)
        let alsoLost = DominanceCounts.below(
            other.map { -first.winning[$0] }, points, own.map { -first.losing[$0] }, queries)
        return all.indices.map { all[$0] - alsoWon[$0] - alsoLost[$0] }
    }
}

/// Counts of points that are smaller than a query in every coordinate.
enum DominanceCounts {
    /// For each query the number of points below it, O((m + n) log m).
    static func below(_ points: [Int], _ queries: [Int]) -> [Int] {
        let sorted = points.sorted()
        return queries.map { query in sorted.partitioningIndex { $0 >= query } }
    }

    /// For each query (x, y) the number of points with smaller x and smaller y, by a Fenwick tree over the ranks of y while
    /// x ascends, O((m + n) log m).
    static func below(_ x: [Int], _ y: [Int], _ queryX: [Int], _ queryY: [Int]) -> [Int] {
        let byX = x.indices.sorted { x[$0] != x[$1] ? x[$0] < x[$1] : $0 < $1 }
        let queries = queryX.indices.sorted { queryX[$0] != queryX[$1] ? queryX[$0] < queryX[$1] : $0 < $1 }
        let sortedY = y.sorted()
        var tree = [Int](repeating: 0, count: y.count + 1)
        var counts = [Int](repeating: 0, count: queryX.count)
        var position = 0
        for query in queries {
            while position < byX.count, x[byX[position]] < queryX[query] {
                let value = y[byX[position]]
                var cell = sortedY.partitioningIndex { $0 >= value } + 1
                while cell < tree.count {
                    tree[cell] += 1
                    cell += cell & -cell
                }
                position += 1
            }
            var cell = sortedY.partitioningIndex { $0 >= queryY[query] }
            while cell > 0 {
                counts[query] += tree[cell]
                cell -= cell & -cell
            }
        }
        return counts
    }
}
