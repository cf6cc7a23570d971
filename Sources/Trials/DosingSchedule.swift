import Pharmacology

/// When the doses of an arm are given and how, where that is not the same interval for ever.
///
/// How much is given is decided by the arm's regime: each entry is a multiple of the action at the latest visit.
package struct DosingSchedule: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var day: Double
        /// How many times the action's amount is given.
        package var multiple: Double
        /// What is done, but for the time and the amount.
        package var record: DosingRecord

        package init(day: Double, multiple: Double, record: DosingRecord) {
            (self.day, self.multiple, self.record) = (day, multiple, record)
        }
    }

    /// In the order of the days.
    package let entries: [Entry]

    /// - Parameters:
    ///   - records: doses whose amounts are multiples of the action, in the order of time; repeats are followed until
    ///     `end`.
    ///   - end: the day on which follow-up ends.
    package init(_ records: [DosingRecord], modelTimePerDay: Double, end: Double) {
        var entries: [Entry] = []
        for record in records {
            for repeated in 0...record.additional {
                let day = (record.time + Double(repeated) * record.interval) / modelTimePerDay
                guard day < end else { break }
                var single = record
                (single.additional, single.amount) = (0, 0)
                if repeated > 0 { single.steadyState = .none }
                if single.steadyState == .none { single.interval = 0 }
                entries.append(Entry(day: day, multiple: record.amount, record: single))
            }
        }
        self.entries = entries.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }
            .map(\.element)
    }

    /// The numbers of the entries from one day on and before another.
    func entries(from first: Double, before next: Double) -> Range<Int> {
        let start = entries.firstIndex { $0.day >= first } ?? entries.count
        let end = entries[start...].firstIndex { $0.day >= next } ?? entries.count
        return start..<end
    }
}
