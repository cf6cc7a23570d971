/// The risk set at one event time of a stratum, by group: what tests of equal hazards sum over.
struct RiskSetCounts {
    /// The event time.
    var time = 0.0
    /// The patients at risk and the events, of each group.
    var atRisk: [Int]
    var died: [Int]
    /// Their sums over groups.
    var total = 0
    var deaths = 0
    /// The pooled Kaplan–Meier curve of the stratum just before the event time.
    var survivalBefore = 1.0

    /// d(n − d)/(n − 1), the hypergeometric variance of a group's events over share·(1 − share).
    var spread: Double {
        guard total > 1 else { return 0 }
        let (n, d) = (Double(total), Double(deaths))
        return d * (n - d) / (n - 1)
    }
}

extension SurvivalData {
    /// Visits the event times of each stratum in ascending order; the strata come in the order of their labels.
    ///
    /// - Parameter visit: gets the number of the stratum, and the counts at one event time.
    func sweepRiskSets(
        groups: Grouping, strata: Grouping?, _ visit: (Int, borrowing RiskSetCounts) -> Void
    ) {
        let codes = order.map { groups.codes[$0] }
        guard let strata else {
            return sweep(Array(0..<count), codes, groups.labels.count) { visit(0, $0) }
        }
        var positions = [[Int]](repeating: [], count: strata.labels.count)
        for (position, row) in order.enumerated() { positions[strata.codes[row]].append(position) }
        for (stratum, positions) in positions.enumerated() where !positions.isEmpty {
            sweep(positions, codes, groups.labels.count) { visit(stratum, $0) }
        }
    }

    /// - Parameters:
    ///   - positions: the stratum's places in ``order``, ascending.
    ///   - codes: the group of each place in ``order``.
    private func sweep(
        _ positions: [Int], _ codes: [Int], _ groupCount: Int, _ visit: (borrowing RiskSetCounts) -> Void
    ) {
        let none = [Int](repeating: 0, count: groupCount)
        var counts = RiskSetCounts(atRisk: none, died: none)
        let waiting = positionsByEntry(positions)
        if waiting.isEmpty {
            for position in positions { counts.atRisk[codes[position]] += 1 }
            counts.total = positions.count
        }
        var entered = 0
        var next = 0
        while next < positions.count {
            let time = sortedTimes[positions[next]]
            while entered < waiting.count, waiting[entered].entry < time {
                counts.atRisk[codes[waiting[entered].position]] += 1
                counts.total += 1
                entered += 1
            }
            let first = next
            while next < positions.count, sortedTimes[positions[next]] == time, sortedEvents[positions[next]] {
                counts.died[codes[positions[next]]] += 1
                next += 1
            }
            if next > first {
                counts.time = time
                counts.deaths = next - first
                visit(counts)
                counts.survivalBefore *= Double(counts.total - counts.deaths) / Double(counts.total)
                for group in 0..<groupCount {
                    counts.atRisk[group] -= counts.died[group]
                    counts.died[group] = 0
                }
                counts.total -= counts.deaths
            }
            while next < positions.count, sortedTimes[positions[next]] == time {
                counts.atRisk[codes[positions[next]]] -= 1
                counts.total -= 1
                next += 1
            }
        }
    }

    /// The places by ascending entry time; none without delayed entry.
    private func positionsByEntry(_ positions: [Int]) -> [(position: Int, entry: Double)] {
        guard let entries else { return [] }
        let entry = positions.map { entries[order[$0]] }
        return RadixSort.rows(ascending: entry).map { (positions[$0], entry[$0]) }
    }
}
