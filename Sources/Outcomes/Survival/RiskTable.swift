/// Who was at risk, had the event and was censored at each distinct time: the common ground of the nonparametric
/// estimators. One pass over the sorted rows.
package struct RiskTable: Sendable {
    /// Distinct follow-up times, ascending; both event and censoring times.
    package private(set) var times: [Double] = []
    /// Patients with `entry < t ≤ time`.
    package private(set) var atRisk: [Int] = []
    package private(set) var events: [Int] = []
    package private(set) var censored: [Int] = []

    package init(_ data: SurvivalData) {
        let (sorted, isEvent, entries) = (data.sortedTimes, data.sortedEvents, data.sortedEntries)
        var distinct = 1
        for position in 1..<max(1, sorted.count) where sorted[position] != sorted[position - 1] { distinct += 1 }
        times.reserveCapacity(distinct)
        atRisk.reserveCapacity(distinct)
        events.reserveCapacity(distinct)
        censored.reserveCapacity(distinct)
        var position = 0
        var entered = entries.isEmpty ? sorted.count : 0
        while position < sorted.count {
            let time = sorted[position]
            while entered < entries.count, entries[entered] < time { entered += 1 }
            let first = position
            while position < sorted.count, sorted[position] == time, isEvent[position] { position += 1 }
            let firstCensored = position
            while position < sorted.count, sorted[position] == time { position += 1 }
            times.append(time)
            atRisk.append(entered - first)
            events.append(firstCensored - first)
            censored.append(position - firstCensored)
        }
    }

    /// The index of the last time ≤ `time`, or nil when `time` lies before the first.
    package func index(atOrBefore time: Double) -> Int? {
        let after = times.partitioningIndex { $0 > time }
        return after == 0 ? nil : after - 1
    }
}

extension Array {
    /// The first index whose element satisfies a predicate that is false before it and true from it on.
    package func partitioningIndex(where belongsInSecondHalf: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if belongsInSecondHalf(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
