/// Events that a patient may have again and again, with the time under observation, checked once and sorted once.
///
/// A patient is under observation at time *t* when `entry < t ≤ followUp`.
public struct RecurrentEventData: Sendable {
    /// The times of each patient's events, in any order; empty for none. Equal times are events of their own.
    public let eventTimes: [[Double]]
    /// The end of each patient's observation.
    public let followUp: [Double]
    /// The start of each patient's observation, or nil when it is 0 for all.
    public let entries: [Double]?

    /// Patients by ascending end of observation, ties by row.
    let byFollowUp: [Int]
    /// Patients by ascending entry, ties by row.
    let byEntry: [Int]

    /// Checks and sorts, O(n log n) in patients and events together.
    ///
    /// - Parameters:
    ///   - eventTimes: for each of n patients any number of times, after entry and not after the end of observation.
    ///   - followUp: n ends of observation, finite and ≥ 0.
    ///   - entries: n starts, finite and before the end; nil for 0.
    /// - Throws: ``InvalidInput`` that names every row that is not allowed, and for no rows at all.
    public init(eventTimes: [[Double]], followUp: [Double], entries: [Double]? = nil) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if followUp.isEmpty {
            problems.append(.init(column: "follow-up", found: "no rows", allowed: "at least one patient"))
        }
        if eventTimes.count != followUp.count {
            problems.append(.length("event times", found: eventTimes.count, rows: followUp.count))
        }
        if let entries, entries.count != followUp.count {
            problems.append(.length("entry", found: entries.count, rows: followUp.count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        for (row, end) in followUp.enumerated() {
            if !(end.isFinite && end >= 0) {
                problems.append(
                    .init(row: row + 1, column: "follow-up", found: "\(end)", allowed: "a finite number ≥ 0"))
            }
            let entry = entries?[row]
            if let entry, !(entry.isFinite && entry < end) {
                problems.append(
                    .init(
                        row: row + 1, column: "entry", found: "\(entry)",
                        allowed: "a finite number < follow-up \(end)"))
            }
            // Without entry times an event at time 0 is after the start of observation.
            for time in eventTimes[row]
            where !(time.isFinite && time <= end && (entry.map { $0 < time } ?? (time >= 0))) {
                problems.append(
                    .init(
                        row: row + 1, column: "event times", found: "\(time)",
                        allowed: entry.map { "a time after entry \($0), up to follow-up \(end)" }
                            ?? "a time from 0 to follow-up \(end)"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.eventTimes = eventTimes
        self.followUp = followUp
        self.entries = entries
        byFollowUp = followUp.indices.sorted { followUp[$0] != followUp[$1] ? followUp[$0] < followUp[$1] : $0 < $1 }
        byEntry =
            entries.map { entries in
                entries.indices.sorted { entries[$0] != entries[$1] ? entries[$0] < entries[$1] : $0 < $1 }
            } ?? Array(followUp.indices)
    }

    /// The number of patients, at least one.
    public var count: Int { followUp.count }

    /// The number of events of each patient, as ``NegativeBinomialModel`` takes it.
    public var eventCounts: [Int] { eventTimes.map(\.count) }

    /// The time under observation of each patient, as ``NegativeBinomialModel`` takes it.
    public var exposures: [Double] {
        followUp.indices.map { followUp[$0] - (entries?[$0] ?? 0) }
    }

    /// The patients of the given rows, in the given order; a row may come more than once (bootstrap).
    ///
    /// - Throws: ``InvalidInput`` when `rows` is empty or names a row that does not exist.
    public func subset(_ rows: [Int]) throws(InvalidInput) -> RecurrentEventData {
        for row in rows where !followUp.indices.contains(row) {
            throw InvalidInput(.init(column: "subset", found: "row index \(row)", allowed: "0 to \(count - 1)"))
        }
        return try RecurrentEventData(
            eventTimes: rows.map { eventTimes[$0] }, followUp: rows.map { followUp[$0] },
            entries: entries.map { entries in rows.map { entries[$0] } })
    }
}
