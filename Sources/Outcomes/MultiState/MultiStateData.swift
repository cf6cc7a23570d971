/// Time spent in states, one row for each stay of a subject, checked once and sorted once.
///
/// A row says that a subject was under observation in the state `from` from `entry` to `exit` and then went to the state
/// `to`, or was censored there (nil). A subject may have any number of rows, with gaps in which it was not observed. A
/// row is at risk of leaving its state at time *t* when `entry < t ≤ exit`.
public struct MultiStateData: Sendable {
    /// The names of the states, each different.
    public let states: [String]
    /// The number of different subjects, at least one.
    public let subjectCount: Int
    /// The state of each row as an index into ``states``.
    public let from: [Int]
    /// The state that each row ends in, or nil for censoring.
    public let to: [Int?]
    /// The start of each row.
    public let entries: [Double]
    /// The end of each row.
    public let exits: [Double]

    /// The subject of each row, from 0 in ascending order of the identifiers given.
    package let subjects: [Int]
    /// Rows by ascending entry, ties by row.
    package let byEntry: [Int]
    /// Rows by ascending exit, ties by row.
    package let byExit: [Int]

    /// Checks and sorts, O(n log n).
    ///
    /// - Parameters:
    ///   - subjects: an identifier for each of n rows.
    ///   - from: n indices into `states`.
    ///   - to: n indices into `states`, each another one than `from`; nil where the row ends without a transition.
    ///   - entries: n finite times.
    ///   - exits: n finite times, each after its entry.
    ///   - states: the names, each different.
    /// - Throws: ``InvalidInput`` that names every row that is not allowed, rows of a subject that overlap or that go on at
    ///   the same time in another state than the one before led to, and no rows at all.
    public init(
        subjects: [Int], from: [Int], to: [Int?], entries: [Double], exits: [Double], states: [String]
    ) throws(InvalidInput) {
        let rows = subjects.count
        var problems: [InvalidInput.Problem] = []
        if subjects.isEmpty { problems.append(.init(column: "subject", found: "no rows", allowed: "at least one row")) }
        for (column, found) in [
            ("from", from.count), ("to", to.count), ("entry", entries.count), ("exit", exits.count),
        ] where found != rows {
            problems.append(
                .init(column: column, found: "\(found) rows", allowed: "\(rows) rows, as many as subjects"))
        }
        if states.isEmpty { problems.append(.init(column: "states", found: "none", allowed: "at least one")) }
        for (index, state) in states.enumerated() where states[..<index].contains(state) {
            problems.append(.init(column: "states", found: "\"\(state)\" twice", allowed: "each name once"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        for row in 0..<rows {
            problems += Self.problems(row, from[row], to[row], entries[row], exits[row], states: states.count)
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let bySubject = subjects.indices.sorted { a, b in
            if subjects[a] != subjects[b] { return subjects[a] < subjects[b] }
            return entries[a] != entries[b] ? entries[a] < entries[b] : a < b
        }
        var codes = [Int](repeating: 0, count: rows)
        var last = 0
        for (previous, row) in zip(bySubject, bySubject.dropFirst()) {
            guard subjects[previous] == subjects[row] else {
                last += 1
                codes[row] = last
                continue
            }
            codes[row] = last
            if entries[row] < exits[previous] {
                problems.append(
                    .init(
                        row: row + 1, column: "entry", found: "\(entries[row])",
                        allowed: "a time ≥ \(exits[previous]), the exit of row \(previous + 1) of the same subject"))
            } else if entries[row] == exits[previous], from[row] != to[previous] ?? from[previous] {
                problems.append(
                    .init(
                        row: row + 1, column: "from", found: "\"\(states[from[row]])\"",
                        allowed: "\"\(states[to[previous] ?? from[previous]])\", where row \(previous + 1) of the same "
                            + "subject ends at this time"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.states = states
        self.subjects = codes
        self.from = from
        self.to = to
        self.entries = entries
        self.exits = exits
        subjectCount = last + 1
        byEntry = entries.indices.sorted { entries[$0] != entries[$1] ? entries[$0] < entries[$1] : $0 < $1 }
        byExit = exits.indices.sorted { exits[$0] != exits[$1] ? exits[$0] < exits[$1] : $0 < $1 }
    }

    private static func problems(
        _ row: Int, _ from: Int, _ to: Int?, _ entry: Double, _ exit: Double, states: Int
    ) -> [InvalidInput.Problem] {
        var problems: [InvalidInput.Problem] = []
        if !(0..<states).contains(from) {
            problems.append(.init(row: row + 1, column: "from", found: "\(from)", allowed: "0 to \(states - 1)"))
        }
        if let to, !(0..<states).contains(to) || to == from {
            problems.append(
                .init(row: row + 1, column: "to", found: "\(to)", allowed: "0 to \(states - 1) and not \(from)"))
        }
        if !entry.isFinite {
            problems.append(.init(row: row + 1, column: "entry", found: "\(entry)", allowed: "a finite number"))
        }
        if !(exit.isFinite && exit > entry) {
            problems.append(
                .init(row: row + 1, column: "exit", found: "\(exit)", allowed: "a finite number > entry \(entry)"))
        }
        return problems
    }

    /// The number of rows, at least one.
    public var count: Int { from.count }

    /// The earliest entry.
    public var firstTime: Double { byEntry.first.map { entries[$0] } ?? 0 }

    /// The latest exit.
    public var lastTime: Double { byExit.last.map { exits[$0] } ?? 0 }

    /// The number of transitions from one state to another.
    public func transitionCount(from first: Int, to second: Int) -> Int {
        from.indices.reduce(0) { $0 + (from[$1] == first && to[$1] == second ? 1 : 0) }
    }
}

extension MultiStateData {
    /// The illness–death model of patients who start healthy at time 0: states `healthy`, `ill`, `dead`.
    ///
    /// ```swift
    /// // Ill at 2 and dead at 5; never ill and censored at 4; dead at 3 without illness.
    /// let data = try MultiStateData.illnessDeath(illness: [2, nil, nil], times: [5, 4, 3], died: [true, false, true])
    /// let occupancy = try StateOccupancy(data)
    /// for estimate in occupancy.estimates(at: 3) { print(estimate) }          // healthy, ill, dead with errors
    /// print(occupancy.expectedTimes(to: 4))                                   // mean time in each state up to 4
    /// ```
    ///
    /// - Parameters:
    ///   - illness: when each patient fell ill, nil for never while under observation.
    ///   - times: when each patient was last observed, > 0.
    ///   - died: whether death was the end.
    /// - Throws: ``InvalidInput`` for columns of unequal length, and where an illness does not lie strictly between 0 and
    ///   the last time.
    public static func illnessDeath(
        illness: [Double?], times: [Double], died: [Bool]
    ) throws(InvalidInput) -> MultiStateData {
        var problems: [InvalidInput.Problem] = []
        if illness.count != times.count {
            problems.append(.length("illness", found: illness.count, rows: times.count))
        }
        if died.count != times.count { problems.append(.length("died", found: died.count, rows: times.count)) }
        for (row, pair) in zip(times, illness).enumerated() {
            if !(pair.0.isFinite && pair.0 > 0) {
                problems.append(.init(row: row + 1, column: "time", found: "\(pair.0)", allowed: "a finite number > 0"))
            } else if let illness = pair.1, !(illness > 0 && illness < pair.0) {
                problems.append(
                    .init(
                        row: row + 1, column: "illness", found: "\(illness)",
                        allowed: "a time between 0 and time \(pair.0), or none"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var (subjects, from, to, entries, exits): ([Int], [Int], [Int?], [Double], [Double]) = ([], [], [], [], [])
        for (row, time) in times.enumerated() {
            let end: Int? = died[row] ? 2 : nil
            subjects.append(row)
            from.append(0)
            to.append(illness[row] == nil ? end : 1)
            entries.append(0)
            exits.append(illness[row] ?? time)
            guard let ill = illness[row] else { continue }
            subjects.append(row)
            from.append(1)
            to.append(end)
            entries.append(ill)
            exits.append(time)
        }
        return try MultiStateData(
            subjects: subjects, from: from, to: to, entries: entries, exits: exits, states: ["healthy", "ill", "dead"])
    }

    /// Competing risks as states: `initial`, then a state for each cause.
    ///
    /// - Parameter names: of the causes; nil for `cause 1`, `cause 2`, …
    /// - Throws: ``InvalidInput`` for another number of names than causes, and for a patient without any time at risk.
    public init(_ data: CompetingRisksData, names: [String]? = nil) throws(InvalidInput) {
        let names = names ?? (1...data.causeCount).map { "cause \($0)" }
        guard names.count == data.causeCount else {
            throw InvalidInput(
                .init(column: "names", found: "\(names.count)", allowed: "\(data.causeCount), one for each cause"))
        }
        try self.init(
            subjects: Array(0..<data.count), from: [Int](repeating: 0, count: data.count),
            to: data.causes.map { $0 == 0 ? nil : $0 }, entries: data.entries ?? data.times.map { _ in 0 },
            exits: data.times, states: ["initial"] + names)
    }
}
