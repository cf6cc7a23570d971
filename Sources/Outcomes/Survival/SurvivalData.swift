/// Follow-up times with event indicators, checked once and sorted once.
///
/// Times are in any one unit; the estimators answer in the same unit. A patient is at risk at time *t* when
/// `entry < t ≤ time`. At equal times events come before censorings.
public struct SurvivalData: Sendable {
    /// The last time each patient was observed, finite and not negative.
    public let times: [Double]
    /// True where the event happened at that time, false where the patient was censored.
    public let events: [Bool]
    /// The time from which each patient was under observation (delayed entry), or nil when all are from the start.
    public let entries: [Double]?

    /// Rows by ascending time, at equal times events first, then by row.
    package let order: [Int]
    /// The times of ``order``.
    package let sortedTimes: [Double]
    /// The events of ``order``.
    package let sortedEvents: [Bool]
    /// Entry times in ascending order; empty without delayed entry.
    package let sortedEntries: [Double]

    /// Checks and sorts, O(n).
    ///
    /// - Parameters:
    ///   - times: n follow-up times, finite and ≥ 0.
    ///   - events: n indicators.
    ///   - entries: n entry times, each finite and before its follow-up time; nil for observation from the start.
    /// - Throws: ``InvalidInput`` that names every row that is not allowed, and for no rows at all.
    public init(times: [Double], events: [Bool], entries: [Double]? = nil) throws(InvalidInput) {
        let problems = Self.problems(times: times, events: events, entries: entries)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.times = times
        self.events = events
        self.entries = entries
        sortedEntries = entries.map { entries in RadixSort.rows(ascending: entries).map { entries[$0] } } ?? []
        // Of a number that is not negative all bits but the sign order by size; the event takes the place after the last.
        let sorted = times.withUnsafeBufferPointer { times in
            events.withUnsafeBufferPointer { events in
                RadixSort.sorted(times.count) { row in
                    RadixSort.Item(key: (times[row] + 0).bitPattern << 1 | (events[row] ? 0 : 1), row: row)
                }
            }
        }
        order = sorted.map(\.row)
        sortedTimes = sorted.map { Double(bitPattern: $0.key >> 1) }
        sortedEvents = sorted.map { $0.key & 1 == 0 }
    }

    /// The number of patients, at least one.
    public var count: Int { times.count }

    /// The number of patients with an event.
    public var eventCount: Int { events.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// The time observed, summed over patients: Σ (time − entry).
    public var personTime: Double {
        let entered = entries?.reduce(0, +) ?? 0
        return times.reduce(0, +) - entered
    }

    /// The patients of the given rows, in the given order; a row may come more than once (bootstrap).
    ///
    /// - Throws: ``InvalidInput`` when `rows` is empty or names a row that does not exist.
    public func subset(_ rows: [Int]) throws(InvalidInput) -> SurvivalData {
        for row in rows where !times.indices.contains(row) {
            throw InvalidInput(.init(column: "subset", found: "row index \(row)", allowed: "0 to \(count - 1)"))
        }
        return try SurvivalData(
            times: rows.map { times[$0] }, events: rows.map { events[$0] },
            entries: entries.map { entries in rows.map { entries[$0] } })
    }

    private static func problems(times: [Double], events: [Bool], entries: [Double]?) -> [InvalidInput.Problem] {
        if times.isEmpty { return [.init(column: "time", found: "no rows", allowed: "at least one patient")] }
        var problems: [InvalidInput.Problem] = []
        if events.count != times.count {
            problems.append(.length("event", found: events.count, rows: times.count))
        }
        for (row, time) in times.enumerated() where !(time.isFinite && time >= 0) {
            problems.append(.init(row: row + 1, column: "time", found: "\(time)", allowed: "a finite number ≥ 0"))
        }
        guard let entries else { return problems }
        guard entries.count == times.count else {
            return problems + [.length("entry", found: entries.count, rows: times.count)]
        }
        for (row, entry) in entries.enumerated() where !(entry.isFinite && entry < times[row]) {
            problems.append(
                .init(row: row + 1, column: "entry", found: "\(entry)", allowed: "a finite number < time \(times[row])")
            )
        }
        return problems
    }
}

extension SurvivalData {
    /// Throws unless each patient is observed from the start: for estimators without a version for delayed entry.
    func requireNoDelayedEntry(for estimator: String) throws(InvalidInput) {
        guard entries == nil else {
            throw InvalidInput(
                .init(column: "entry", found: "delayed entry", allowed: "no entry times for \(estimator)"))
        }
    }
}
