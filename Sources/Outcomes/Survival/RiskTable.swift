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
        var position = 0
        var entered = data.sortedEntries.isEmpty ? data.count : 0
        while position < data.count {
            let time = data.times[data.order[position]]
            while entered < data.sortedEntries.count, data.sortedEntries[entered] < time { entered += 1 }
            let first = position
            var eventsHere = 0
            while position < data.count, data.times[data.order[position]] == time {
                if data.events[data.order[position]] { eventsHere += 1 }
                position += 1
            }
            times.append(time)
            atRisk.append(entered - first)
            events.append(eventsHere)
            censored.append(position - first - eventsHere)
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
