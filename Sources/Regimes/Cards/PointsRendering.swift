/// A policy as a points score: whole points for bands of a few variables, and either thresholds of one sum or a sum for each
/// level, whichever agrees with the policy more often.
package struct PointsRendering: CardRendering {
    package let name = "points"

    package init() {}

    /// A points score is shown as it is.
    package func render(_ policy: any Policy, _ visited: VisitedStates, limits: CardLimits) throws(CardProblem)
        -> any ReadablePolicy
    {
        if let points = policy as? PointsPolicy { return points }
        try needLevels(visited)
        let all = BandedVisits(visited, most: limits.pointBands)
        var best: (system: PointSystem, visits: BandedVisits)?
        // Of one sum and of sums for levels, the first is simpler and wins where both agree as often. Two levels need one sum.
        for isOrdered in all.levels.count > 2 ? [true, false] : [true] {
            let selected = all.selected(most: limits.pointItems, isOrdered: isOrdered)
            let system = PointSystem.fitted(to: selected, isOrdered: isOrdered)
            if best.map({ system.agreed > $0.system.agreed }) ?? true { best = (system, selected) }
        }
        guard let best else { throw .noVisits }
        return best.system.policy(best.visits, visited.actions)
    }
}

/// Visits by the bands that they fall in: all that a points score sees of them.
struct BandedVisits {
    let bands: [Bands]
    /// The levels that were chosen at all, ascending.
    let levels: [Int]
    /// `cells[cell][item]`: the band of each item.
    private(set) var cells: [[UInt8]]
    /// `counts[cell][place in levels]`
    private(set) var counts: [[Double]]

    init(_ visited: VisitedStates, most: Int) {
        let response = VisitResponse(visited)
        let own = (0..<visited.observed).map { (variable: $0, bands: visited.bands(of: $0, most: most, response)) }
            .filter { !$0.bands.cuts.isEmpty || visited.values[$0.variable].contains { $0.isNaN } }
        let chosen = Set(visited.levels).map { Int($0) }.sorted()
        var places = [Int](repeating: 0, count: visited.actions.levels.count)
        for (place, level) in chosen.enumerated() { places[level] = place }
        (bands, levels, cells, counts) = (own.map(\.bands), chosen, [], [])
        var found: [[UInt8]: Int] = [:]
        for visit in 0..<visited.count {
            let cell = own.map { UInt8($0.bands.band(of: visited.values[$0.variable][visit])) }
            add(cell, &found) { $0[places[Int(visited.levels[visit])]] += 1 }
        }
    }

    private init(bands: [Bands], levels: [Int]) {
        (self.bands, self.levels, cells, counts) = (bands, levels, [], [])
    }

    private mutating func add(_ cell: [UInt8], _ found: inout [[UInt8]: Int], _ count: (inout [Double]) -> Void) {
        let place = found[cell] ?? cells.count
        if place == cells.count {
            found[cell] = place
            cells.append(cell)
            counts.append([Double](repeating: 0, count: levels.count))
        }
        count(&counts[place])
    }

    /// The same visits by some of the items.
    func keeping(_ items: [Int]) -> BandedVisits {
        var kept = BandedVisits(bands: items.map { bands[$0] }, levels: levels)
        var found: [[UInt8]: Int] = [:]
        for (cell, own) in zip(cells, counts) {
            kept.add(items.map { cell[$0] }, &found) { counts in
                for level in own.indices { counts[level] += own[level] }
            }
        }
        return kept
    }

    /// The items that say most together, one after the other, as long as each makes the score agree at a thousandth more of the
    /// visits.
    func selected(most: Int, isOrdered: Bool) -> BandedVisits {
        var (chosen, agreed) = ([Int](), 0.0)
        let least = 1e-3 * counts.reduce(0) { $0 + $1.reduce(0, +) }
        while chosen.count < most {
            var best: (item: Int, agreed: Double)?
            for item in bands.indices where !chosen.contains(item) {
                let visits = keeping(chosen + [item])
                let own = PointSystem.rounded(visits, isOrdered: isOrdered).agreed
                if own > best?.agreed ?? -1 { best = (item, own) }
            }
            guard let best, chosen.isEmpty || best.agreed > agreed + least else { break }
            chosen.append(best.item)
            agreed = best.agreed
        }
        return keeping(chosen.sorted())
    }
}
