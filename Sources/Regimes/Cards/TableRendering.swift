/// A policy as a table of doses: the one or two variables that say most, in bands, and for each cell the level that is chosen
/// most there, or the mean dose where the policy chooses values between the levels.
package struct TableRendering: CardRendering {
    package let name = "table"

    package init() {}

    /// A dose table is shown as it is.
    package func render(_ policy: any Policy, _ visited: VisitedStates, limits: CardLimits) throws(CardProblem)
        -> any ReadablePolicy
    {
        if let table = policy as? DoseTablePolicy { return table }
        guard visited.count > 0 else { throw .noVisits }
        let search = TableSearch(visited, most: limits.tableBands)
        guard let best = search.best() else {
            throw .cannotRender(name, reason: "nothing that is observed varies; allowed: tree, points")
        }
        return search.table(best)
    }
}

/// The table whose cells tell actions apart best.
private struct TableSearch {
    private let visited: VisitedStates
    private let response: VisitResponse
    /// The variables that have cuts at all (any, where none has), with their bands.
    private let bands: [Bands]
    /// `places[variable][visit]`: the band of each visit.
    private let places: [[UInt8]]

    init(_ visited: VisitedStates, most: Int) {
        self.visited = visited
        let response = VisitResponse(visited)
        self.response = response
        let all = (0..<visited.observed).map { ($0, visited.bands(of: $0, most: most, response)) }
        let cut = all.filter { !$0.1.cuts.isEmpty }
        let used = cut.isEmpty ? Array(all.prefix(1)) : cut
        bands = used.map(\.1)
        places = used.map { variable, bands in visited.values[variable].map { UInt8(bands.band(of: $0)) } }
    }

    /// A table by the places of its variables.
    struct Choice {
        var rows: Int
        var columns: Int?
    }

    /// The best table of one variable, or of two where that says a thousandth more; the first of equals.
    func best() -> Choice? {
        var single: (choice: Choice, merit: Double)?
        for rows in bands.indices {
            let choice = Choice(rows: rows, columns: nil)
            let merit = merit(choice)
            if single.map({ merit > $0.merit }) ?? true { single = (choice, merit) }
        }
        guard let single else { return nil }
        let toExplain =
            visited.areLevels ? Double(visited.count) : response.unexplained((0..<Int32(visited.count)).map(\.self))
        var (best, least) = (single.choice, single.merit + 1e-3 * toExplain)
        for rows in bands.indices {
            for columns in bands.indices where columns > rows {
                let choice = Choice(rows: rows, columns: columns)
                let merit = merit(choice)
                if merit > least { (best, least) = (choice, merit) }
            }
        }
        return best
    }

    private func tallies(_ choice: Choice) -> [VisitTally] {
        let width = choice.columns.map { bands[$0].count } ?? 1
        var tallies = [VisitTally](repeating: VisitTally(response), count: bands[choice.rows].count * width)
        for visit in 0..<visited.count {
            let column = choice.columns.map { Int(places[$0][visit]) } ?? 0
            tallies[Int(places[choice.rows][visit]) * width + column].add(Int32(visit), response)
        }
        return tallies
    }

    /// The visits that the commonest levels of the cells hold; for doses how alike the visits of cells are.
    private func merit(_ choice: Choice) -> Double {
        let tallies = tallies(choice)
        return visited.areLevels
            ? tallies.reduce(0) { $0 + $1.most } : tallies.reduce(0) { $0 + $1.likeness }
    }

    func table(_ choice: Choice) -> DoseTablePolicy {
        let width = choice.columns.map { bands[$0].count } ?? 1
        let tallies = tallies(choice)
        var all = VisitTally(response)
        for visit in 0..<visited.count { all.add(Int32(visit), response) }
        let cells = tallies.map { $0.count > 0 ? action($0) : nil }
        return DoseTablePolicy(
            rows: bands[choice.rows], columns: choice.columns.map { bands[$0] },
            cells: (0..<bands[choice.rows].count).map { Array(cells[($0 * width)..<(($0 + 1) * width)]) },
            otherwise: action(all))
    }

    /// The commonest level, or the mean dose back on its scale, to four digits.
    private func action(_ tally: VisitTally) -> [Double] {
        guard !visited.areLevels else { return visited.actions.levels[tally.level].values }
        return zip(tally.sums, visited.actions.components).map { sum, component in
            let width = component.high > component.low ? component.high - component.low : 1
            let mean = ReadableNumber.rounded(component.low + width * sum / tally.count, digits: 4)
            return max(component.low, min(component.high, mean))
        }
    }
}
