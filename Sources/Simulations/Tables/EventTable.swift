import Cohorts
import ModelLanguage
import Pharmacology

/// A table of doses, observations and covariates, as NONMEM, mrgsolve and rxode2 users write it.
///
/// | column | holds |
/// |---|---|
/// | ID | the subject; without it the table is the history of every subject |
/// | TIME | in the model's unit |
/// | EVID | 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, 5 or 8 replace, 6 multiply |
/// | AMT, CMT | the amount, and the compartment by name or by number from 1; the first one where CMT is missing |
/// | RATE, DUR | rate or duration of an infusion; RATE -1 and -2 leave them to the model's `rate()` and `dur()` |
/// | II, ADDL, SS | time between doses, doses that follow, steady state (1 replaces the state, 2 adds to it) |
/// | DV, MDV, DVID | the observed value, whether it does not count, which endpoint it is of |
/// | others | the inputs of the model by their names: covariates, which may change from row to row; texts where the model compares with texts |
///
/// Letter case of these names does not matter. An empty cell, `.` and `NA` are missing values. Without EVID a row with an
/// amount is a dose, any other an observation (with MDV 1 an other event). Outputs are reported at the times of EVID 0 and
/// 2; EVID 2 with a negative CMT turns that compartment off instead.
package struct EventTable: Sendable {
    /// The subjects in the order in which they first occur.
    package let histories: [EventHistory]
    /// Whether the table has an ID column; without it there is one history, for every subject.
    package let hasSubjects: Bool
    /// The inputs of the model that the table gives.
    package let inputs: [String]
    /// The columns that nothing reads.
    package let ignored: [String]
    /// What a reader should know though nothing is wrong: rows that were put into order.
    package let notes: [String]
    package let file: String

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - csv: the bytes of the file, UTF-8, RFC 4180.
    ///   - file: the file's name as messages shall show it.
    ///   - interpolation: what a covariate is between two rows.
    /// - Throws: ``InputErrors`` with every problem, each at its cell.
    package init(
        csv: [UInt8], file: String, model: Model, interpolation: CovariateInterpolation = .lastCarriedForward
    ) throws(InputErrors) {
        var problems = InputProblemList()
        var rows = EventRows()
        var columns: EventColumns?
        do {
            var reader = try CSVReader(csv, file: file)
            let found = EventColumns(reader, model, &problems)
            columns = found
            try rows.read(&reader, found, model, &problems)
        } catch { problems.note(error) }
        let inputs = columns?.inputs.map(\.name) ?? []
        let histories = rows.histories(
            file: file, inputs: inputs.map { CovariateSlots($0, in: model, interpolation) }, &problems)
        if problems.total == 0, histories.isEmpty { problems.note("the table has no row below its header", at: file) }
        try problems.throwIfAny()
        self.histories = histories
        self.inputs = inputs
        self.file = file
        hasSubjects = columns?[.subject] != nil
        ignored = columns?.ignored ?? []
        notes = rows.notes(file: file)
    }
}

/// The rows of an event table as they were read.
private struct EventRows {
    private var rows: [EventRow] = []
    /// The inputs of each row, row by row; NaN for a missing cell.
    private var values: [Double] = []
    private var identifiers: [String] = []
    private var numbers: [String: Int] = [:]
    private var lastSubject: (cell: [UInt8], number: Int)?
    private var width = 0
    private var reordered: (subject: String, line: Int)?

    mutating func read(
        _ reader: inout CSVReader, _ columns: EventColumns, _ model: Model, _ problems: inout InputProblemList
    ) throws(CSVError) {
        width = columns.inputs.count
        let rowReader = EventRowReader(columns: columns, model: model)
        guard columns[.time] != nil else { return }
        let isText = Set(columns.inputs.filter { model.textLevels[$0.name] != nil }.map(\.column))
        while try problems.nextRow(of: &reader) {
            let told = problems.shown.count
            defer { problems.sortRow(from: told) }
            let subject = self.subject(reader, columns, &problems)
            let row = rowReader.read(reader, &problems)
            let before = values.count
            for (column, name) in columns.inputs {
                values.append(
                    isText.contains(column)
                        ? text(reader, column, name, model) : input(reader, column, columns, &problems))
            }
            guard var row, let subject else {
                values.removeSubrange(before...)
                continue
            }
            row.subject = subject
            rows.append(row)
        }
    }

    private mutating func subject(
        _ reader: CSVReader, _ columns: EventColumns, _ problems: inout InputProblemList
    ) -> Int? {
        guard let column = columns[.subject] else {
            if identifiers.isEmpty { identifiers = [""] }
            return 0
        }
        // Rows of a subject mostly stand together.
        if let last = lastSubject, reader.holds(last.cell, column) { return last.number }
        let name = subjectIdentifier(reader, column)
        guard !name.isEmpty else {
            problems.refuse(reader, column, allowed: "the number or name of a subject")
            return nil
        }
        let number = numbers[name] ?? identifiers.count
        if number == identifiers.count {
            numbers[name] = number
            identifiers.append(name)
        }
        lastSubject = (Array(reader.text(column).utf8), number)
        return number
    }

    /// The code of a text that the model compares with others; NaN for a missing cell.
    private func text(_ reader: CSVReader, _ column: Int, _ name: String, _ model: Model) -> Double {
        guard reader.number(column) != .missing else { return .nan }
        return model.code(ofText: reader.trimmedText(column), for: name) ?? .nan
    }

    private func input(
        _ reader: CSVReader, _ column: Int, _ columns: EventColumns, _ problems: inout InputProblemList
    ) -> Double {
        switch reader.number(column) {
        case .number(let value): return value
        case .missing: return .nan
        case .otherText:
            // A column with a meaning of its own (CMT by name, say) has been judged already.
            if EventColumn(header: reader.header[column]) == nil {
                problems.refuse(reader, column, allowed: "a number, '.' or an empty cell")
            }
            return .nan
        }
    }

    /// The rows subject by subject, in the order of time.
    mutating func histories(
        file: String, inputs: [CovariateSlots], _ problems: inout InputProblemList
    ) -> [EventHistory] {
        var ofSubject = [[Int]](repeating: [], count: identifiers.count)
        for (index, row) in rows.enumerated() { ofSubject[row.subject].append(index) }
        return ofSubject.enumerated().map { subject, indices in
            let sorted = inOrder(indices, subject, file, &problems)
            return EventHistory(
                identifier: identifiers[subject], rows: sorted.map { rows[$0] }, inputs: inputs,
                values: { row, input in values[sorted[row] * width + input] })
        }
    }

    private mutating func inOrder(
        _ indices: [Int], _ subject: Int, _ file: String, _ problems: inout InputProblemList
    ) -> [Int] {
        var isSorted = true
        for (earlier, later) in zip(indices, indices.dropFirst()) where rows[later].time < rows[earlier].time {
            isSorted = false
            reordered = reordered ?? (identifiers[subject], rows[later].line)
            if rows[later].startsAnew {
                problems.note(
                    "TIME goes back from \(rows[earlier].time) to \(rows[later].time) at a reset, allowed: times of one "
                        + "clock; here a reset does not start a new one", at: "\(file):\(rows[later].line):1")
            }
        }
        guard !isSorted else { return indices }
        return indices.enumerated().sorted { (rows[$0.element].time, $0.offset) < (rows[$1.element].time, $1.offset) }
            .map(\.element)
    }

    func notes(file: String) -> [String] {
        guard let reordered else { return [] }
        let subject = reordered.subject.isEmpty ? "" : " of subject \(reordered.subject)"
        return ["\(file): rows were put into the order of time, first those\(subject) (line \(reordered.line))"]
    }
}

/// A subject's identifier; a whole number is itself however it is written (`1`, `1.0`).
func subjectIdentifier(_ reader: CSVReader, _ column: Int) -> String {
    switch reader.number(column) {
    case .missing: ""
    case .number(let value):
        Int(exactly: value).map { "\($0)" } ?? reader.trimmedText(column)
    case .otherText: reader.trimmedText(column)
    }
}
