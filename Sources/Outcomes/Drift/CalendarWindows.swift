/// Patients in windows of calendar time of one length.
public struct CalendarWindows: Hashable, Sendable {
    /// The start of the first window.
    public let start: Double
    /// The length of each.
    public let length: Double
    /// The rows of each window in ascending order; a window may be empty.
    public let rows: [[Int]]

    /// Windows `[start + k·length, start + (k + 1)·length)` up to the one with the last patient.
    ///
    /// - Parameters:
    ///   - dates: n ≥ 1 finite numbers in any unit, such as days since a first one: when each patient was scored.
    ///   - length: over 0, in the same unit.
    ///   - start: at or before the first date; nil for the first date.
    ///   - limit: the most windows allowed, so that a wrong unit is an error and not a million windows.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(dates: [Double], length: Double, start: Double? = nil, limit: Int = 100_000) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if dates.isEmpty { problems.append(.init(column: "date", found: "no rows", allowed: "at least one patient")) }
        problems += InvalidInput.Problem.notFinite("date", dates)
        if !(length.isFinite && length > 0) {
            problems.append(.init(column: "window length", found: "\(length)", allowed: "a finite number > 0"))
        }
        guard problems.isEmpty, let first = dates.min(), let last = dates.max() else { throw InvalidInput(problems) }
        let origin = start ?? first
        guard origin <= first else {
            throw InvalidInput(.init(column: "window start", found: "\(origin)", allowed: "at or before \(first)"))
        }
        let count = ((last - origin) / length).rounded(.down) + 1
        guard count <= Double(limit) else {
            throw InvalidInput(
                .init(column: "window length", found: "\(count) windows", allowed: "at most \(limit) windows"))
        }
        var rows = [[Int]](repeating: [], count: Int(count))
        for (row, date) in dates.enumerated() {
            rows[min(rows.count - 1, Int(((date - origin) / length).rounded(.down)))].append(row)
        }
        self.start = origin
        self.length = length
        self.rows = rows
    }
}
