/// Who is simulated: one entry for each subject, in the order of the output.
struct SubjectList: Sendable {
    /// The subjects' identifiers; nil where they are 1, 2, 3, ….
    private(set) var identifiers: [String]?
    private(set) var count = 0
    /// Whether each subject has the history of its own number, or all have the first.
    private(set) var hasOwnHistory = false

    /// - Parameter problems: subjects that two tables do not agree on are noted.
    init(_ inputs: SimulationInputs, _ problems: inout InputProblemList) {
        var tables = [inputs.parameters].compactMap(\.self)
        if case .table(let table) = inputs.etas { tables.append(table) }
        if let events = inputs.events, events.hasSubjects {
            hasOwnHistory = true
            identifiers = events.histories.map(\.identifier)
            count = events.histories.count
        } else if let table = tables.first(where: { $0.identifiers != nil }) ?? tables.max(by: { $0.count < $1.count }),
            table.count > 1 || table.identifiers != nil
        {
            identifiers = table.identifiers
            count = table.count
        } else {
            count = 1
        }
        if let subjects = inputs.subjects { replicate(subjects, inputs, &problems) }
        for table in tables { check(table, inputs, &problems) }
    }

    func identifier(_ index: Int) -> String { identifiers?[index] ?? "\(index + 1)" }

    /// The row of a table that a subject's values stand in.
    func row(of index: Int, in table: ParameterTable) -> Int {
        if table.count == 1, table.identifiers == nil { return 0 }
        guard table.identifiers != nil, let identifiers else { return min(index, table.count - 1) }
        return table.row(of: identifiers[index]) ?? 0
    }

    /// One history and at most one row of values, given to many.
    private mutating func replicate(
        _ subjects: Int, _ inputs: SimulationInputs, _ problems: inout InputProblemList
    ) {
        guard count == 1 || (identifiers == nil && count == subjects) else {
            return problems.note(
                "found \(subjects), but the tables name \(count) subjects; allowed: tables without ID column, with the "
                    + "history and the values of all", at: "--subjects")
        }
        count = subjects
        identifiers = nil
        hasOwnHistory = false
    }

    private func check(_ table: ParameterTable, _ inputs: SimulationInputs, _ problems: inout InputProblemList) {
        if table.identifiers != nil {
            guard let identifiers else { return }
            let lacking = identifiers.filter { table.row(of: $0) == nil }
            guard !lacking.isEmpty else { return }
            let shown = lacking.prefix(10).joined(separator: ", ") + (lacking.count > 10 ? ", …" : "")
            var message =
                "the table has no row of \(lacking.count == 1 ? "subject" : "\(lacking.count) subjects:") \(shown)"
            if let events = inputs.events, events.hasSubjects, events.histories.count == 1 {
                message += "; without its ID column, '\(events.file)' is the history of every subject"
            }
            problems.note(message, at: table.file)
        } else if table.count > 1, table.count != count || identifiers != nil {
            problems.note(
                "the table has \(table.count) rows without an ID column, and there are \(count) subjects; allowed: one "
                    + "row for all, or an ID column", at: table.file)
        }
    }
}
