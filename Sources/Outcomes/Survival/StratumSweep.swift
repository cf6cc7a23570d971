/// One stratum seen as time passes: who comes under observation, has the event and is censored at each distinct time.
struct StratumSweep {
    struct Step {
        let time: Double
        /// Rows at risk from this time on: `entry < time`, after the step before.
        let entered: ArraySlice<Int>
        let events: ArraySlice<Int>
        let censored: ArraySlice<Int>
    }

    let steps: [Step]

    /// - Parameter rows: the stratum's rows in the data's sorted order.
    init(_ data: SurvivalData, rows: [Int]) {
        let byEntry = data.rowsByEntry(rows)
        var steps: [Step] = []
        var position = 0
        var entered = 0
        while position < rows.count {
            let time = data.times[rows[position]]
            let firstEntered = entered
            if let entries = data.entries {
                while entered < byEntry.count, entries[byEntry[entered]] < time { entered += 1 }
            } else {
                entered = byEntry.count
            }
            let first = position
            while position < rows.count, data.times[rows[position]] == time, data.events[rows[position]] {
                position += 1
            }
            let firstCensored = position
            while position < rows.count, data.times[rows[position]] == time { position += 1 }
            steps.append(
                Step(
                    time: time, entered: byEntry[firstEntered..<entered], events: rows[first..<firstCensored],
                    censored: rows[firstCensored..<position]))
        }
        self.steps = steps
    }
}

extension SurvivalData {
    /// The rows of each stratum in sorted order.
    func orderByStratum(_ strata: Grouping?) -> [[Int]] {
        guard let strata else { return [order] }
        var rows = [[Int]](repeating: [], count: strata.labels.count)
        for row in order { rows[strata.codes[row]].append(row) }
        return rows
    }

    /// The given rows by ascending entry time, ties by row; in the given order without delayed entry.
    func rowsByEntry(_ rows: [Int]) -> [Int] {
        guard let entries else { return rows }
        return rows.sorted { entries[$0] != entries[$1] ? entries[$0] < entries[$1] : $0 < $1 }
    }
}
