/// Rows of outcomes to draw from, packed for the loop that draws: what a place and the one it shares with lead to stand in the
/// same 16 bytes, so that a draw touches one line of the cache for the row's bounds and one for the place.
///
/// What is paid mostly follows from where one arrives. Then it is kept once for each outcome, in a table small enough to stay
/// in the nearest cache; else for both outcomes of each place.
final class OutcomeTable: @unchecked Sendable {
    struct Row {
        var first: Int32
        var count: Int32
    }

    /// The share of a place that is its own, its outcome, and the one that has the rest.
    struct Place {
        var own: Double
        var here: Int32
        var there: Int32
    }

    /// The table's memory, for loops that must not count references; valid while the table lives.
    struct View {
        let rows: UnsafeMutablePointer<Row>
        let places: UnsafeMutablePointer<Place>
        /// By outcome, or two for each place.
        let rewards: UnsafeMutablePointer<Double>
        let isPaidByOutcome: Bool
    }

    let view: View

    /// - Parameters:
    ///   - alias: the places of all rows.
    ///   - outcomes: what each place leads to, at least 0.
    ///   - pays: what each place pays; nothing by default.
    init(_ alias: AliasTable, outcomes: [Int32], rewards pays: [Double]? = nil) {
        let count = max(0, alias.rowStart.count - 1)
        let rows = UnsafeMutablePointer<Row>.allocate(capacity: max(1, count))
        let places = UnsafeMutablePointer<Place>.allocate(capacity: max(1, alias.places.count))
        var others = [Int](repeating: 0, count: alias.places.count)
        for row in 0..<count {
            let (first, end) = (alias.rowStart[row], alias.rowStart[row + 1])
            (rows + row).initialize(to: Row(first: first, count: end - first))
            for index in Int(first)..<Int(end) {
                others[index] = Int(first) + Int(alias.places[index].other)
                (places + index).initialize(
                    to: Place(own: alias.places[index].own, here: outcomes[index], there: outcomes[others[index]]))
            }
        }
        let pays = pays ?? [Double](repeating: 0, count: outcomes.count)
        let byOutcome = Self.rewardsByOutcome(outcomes, pays)
        let kept = byOutcome ?? zip(pays, others).flatMap { [$0, pays[$1]] }
        let rewards = UnsafeMutablePointer<Double>.allocate(capacity: max(1, kept.count))
        rewards.initialize(from: kept, count: kept.count)
        view = View(rows: rows, places: places, rewards: rewards, isPaidByOutcome: byOutcome != nil)
    }

    deinit {
        view.rows.deallocate()
        view.places.deallocate()
        view.rewards.deallocate()
    }

    /// What each outcome pays wherever it stands; nil where that differs.
    private static func rewardsByOutcome(_ outcomes: [Int32], _ pays: [Double]) -> [Double]? {
        var found = [Double?](repeating: nil, count: Int(outcomes.max() ?? -1) + 1)
        for (outcome, reward) in zip(outcomes, pays) {
            // By their bits: a loss of nothing is no gain of nothing.
            if let known = found[Int(outcome)], known.bitPattern != reward.bitPattern { return nil }
            found[Int(outcome)] = reward
        }
        return found.map { $0 ?? 0 }
    }
}

extension OutcomeTable.View {
    /// The outcome of a row that a uniform number u picks: its place ⌊n u⌋, or by the fraction the one that shares it.
    @inline(__always)
    func outcome(inRow row: Int, _ uniform: Double) -> Int {
        let (place, isOther) = draw(row, uniform)
        return outcome(place, isOther)
    }

    /// The outcome, and what it pays.
    @inline(__always)
    func payingOutcome(inRow row: Int, _ uniform: Double) -> (outcome: Int, reward: Double) {
        let (place, isOther) = draw(row, uniform)
        let outcome = outcome(place, isOther)
        return (outcome, rewards[isPaidByOutcome ? outcome : 2 &* place &+ isOther])
    }

    /// A place, and 1 where the one it shares with is meant, else 0: a number, since nobody can foresee such a branch.
    @inline(__always)
    private func draw(_ row: Int, _ uniform: Double) -> (place: Int, isOther: Int) {
        let bounds = rows[row]
        let scaled = uniform * Double(bounds.count)
        let index = Int32(scaled)
        let place = Int(bounds.first &+ index)
        return (place, scaled - Double(index) < places[place].own ? 0 : 1)
    }

    @inline(__always)
    private func outcome(_ place: Int, _ isOther: Int) -> Int {
        let pair = UnsafeRawPointer(places + place) + MemoryLayout<Double>.size
        return Int(pair.assumingMemoryBound(to: Int32.self)[isOther])
    }
}
