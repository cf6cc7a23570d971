/// Rows of outcomes to draw from, packed for the loop that draws: what a place and the one it shares with lead to stand in the
/// same 16 bytes, so that a draw touches one line of the cache for the row's bounds, one for the place, and one for the reward.
final class OutcomeTable: @unchecked Sendable {
    struct Row {
        var first: Int32
        var count: Int32
    }

    /// An outcome and the one that it shares its place with.
    struct Pair {
        var own: Double
        var here: Int32
        var there: Int32
    }

    /// What the two outcomes of a place pay.
    struct Rewards {
        var here: Double
        var there: Double
    }

    /// The table's memory, for loops that must not count references; valid while the table lives.
    struct View {
        let rows: UnsafeMutablePointer<Row>
        let pairs: UnsafeMutablePointer<Pair>
        let rewards: UnsafeMutablePointer<Rewards>
    }

    let view: View

    /// - Parameters:
    ///   - alias: the places of all rows.
    ///   - outcomes: what each place leads to.
    ///   - pays: what each place pays; nothing by default.
    init(_ alias: AliasTable, outcomes: [Int32], rewards pays: [Double]? = nil) {
        let count = max(0, alias.rowStart.count - 1)
        let rows = UnsafeMutablePointer<Row>.allocate(capacity: max(1, count))
        let pairs = UnsafeMutablePointer<Pair>.allocate(capacity: max(1, alias.places.count))
        let rewards = UnsafeMutablePointer<Rewards>.allocate(capacity: max(1, pays == nil ? 0 : alias.places.count))
        for row in 0..<count {
            let (first, end) = (alias.rowStart[row], alias.rowStart[row + 1])
            (rows + row).initialize(to: Row(first: first, count: end - first))
            for index in Int(first)..<Int(end) {
                let other = Int(first) + Int(alias.places[index].other)
                (pairs + index).initialize(
                    to: Pair(own: alias.places[index].own, here: outcomes[index], there: outcomes[other]))
                if let pays { (rewards + index).initialize(to: Rewards(here: pays[index], there: pays[other])) }
            }
        }
        view = View(rows: rows, pairs: pairs, rewards: rewards)
    }

    deinit {
        view.rows.deallocate()
        view.pairs.deallocate()
        view.rewards.deallocate()
    }
}

extension OutcomeTable.View {
    /// The outcome of a row that a uniform number picks, as ``AliasTable/place(inRow:_:)`` does.
    @inline(__always)
    func outcome(inRow row: Int, _ uniform: Double) -> Int {
        let bounds = rows[row]
        let scaled = uniform * Double(bounds.count)
        let index = Int32(scaled)
        let pair = pairs[Int(bounds.first &+ index)]
        return Int(scaled - Double(index) < pair.own ? pair.here : pair.there)
    }

    /// The outcome, and what it pays.
    @inline(__always)
    func payingOutcome(inRow row: Int, _ uniform: Double) -> (outcome: Int, reward: Double) {
        let bounds = rows[row]
        let scaled = uniform * Double(bounds.count)
        let index = Int32(scaled)
        let place = Int(bounds.first &+ index)
        let (pair, pays) = (pairs[place], rewards[place])
        let isHere = scaled - Double(index) < pair.own
        return (Int(isHere ? pair.here : pair.there), isHere ? pays.here : pays.there)
    }
}
