import Cohorts
import ModelLanguage

/// A table of values for inputs of a model: one row for each subject, or one row for all.
///
/// The column ID (letter case does not matter) names the subject; the other columns are inputs of the model by their names:
/// parameters, defaults, covariates or etas. A number that the model's `ini` gives is overridden. Columns of other names
/// are not read.
package struct ParameterTable: Sendable {
    package let file: String
    /// The inputs that the table gives, in the order of its columns.
    package let names: [String]
    /// The subjects in the order of the rows; nil without an ID column.
    package let identifiers: [String]?
    /// How many rows there are.
    package let count: Int
    /// The columns that nothing reads.
    package let ignored: [String]
    /// Row by row, `names.count` values each.
    private let values: [Double]
    private let rowOfSubject: [String: Int]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - csv: the bytes of the file, UTF-8, RFC 4180.
    ///   - file: the file's name as messages shall show it.
    ///   - allowed: the names that columns may have to be read.
    ///   - code: the code of a text in the column of an input that the model compares with texts; nil for a column of
    ///     numbers.
    /// - Throws: ``InputErrors`` with every problem, each at its cell.
    package init(
        csv: [UInt8], file: String, allowed: Set<String>,
        code: (_ text: String, _ name: String) -> Double? = { _, _ in nil }
    ) throws(InputErrors) {
        var problems = InputProblemList()
        var columns: [(column: Int, name: String)] = []
        var ignored: [String] = []
        var identifiers: [String] = []
        var rows: [String: Int] = [:]
        var values: [Double] = []
        var count = 0
        var idColumn: Int?
        do {
            var reader = try CSVReader(csv, file: file)
            for (index, name) in reader.header.enumerated() {
                if allowed.contains(name) {
                    columns.append((index, name))
                } else if name.uppercased() == "ID", idColumn == nil {
                    idColumn = index
                } else if !name.isEmpty {
                    ignored.append(name)
                }
            }
            if columns.isEmpty {
                problems.note(
                    "no column is named like an input of the model (columns: \(reader.header.joined(separator: ", ")); "
                        + "inputs: \(allowed.sorted().joined(separator: ", ")))", at: "\(file):1:1")
            }
            let isText = Set(columns.filter { code("", $0.name) != nil }.map(\.column))
            while try problems.nextRow(of: &reader) {
                if let idColumn {
                    let name = subjectIdentifier(reader, idColumn)
                    if name.isEmpty {
                        problems.refuse(reader, idColumn, allowed: "the number or name of a subject")
                    } else if rows.updateValue(count, forKey: name) != nil {
                        problems.note(
                            reader, idColumn,
                            "\(reader.header[idColumn]): found '\(name)' again, allowed: one row for each subject")
                    }
                    identifiers.append(name)
                }
                for (column, name) in columns {
                    if isText.contains(column), let code = code(reader.trimmedText(column), name) {
                        if reader.number(column) == .missing { problems.refuse(reader, column, allowed: "a text") }
                        values.append(code)
                        continue
                    }
                    guard case .number(let value) = reader.number(column) else {
                        problems.refuse(reader, column, allowed: "a number")
                        continue
                    }
                    values.append(value)
                }
                count += 1
            }
        } catch { problems.note(error) }
        if problems.total == 0, count == 0 { problems.note("the table has no row below its header", at: file) }
        try problems.throwIfAny()
        self.file = file
        names = columns.map(\.name)
        self.identifiers = idColumn == nil ? nil : identifiers
        self.count = count
        self.ignored = ignored
        self.values = values
        rowOfSubject = rows
    }

    /// The values of a row, in the order of ``names``.
    package func values(row: Int) -> ArraySlice<Double> { values[row * names.count..<(row + 1) * names.count] }

    /// The row of a subject; nil where the table has none of it.
    package func row(of identifier: String) -> Int? { rowOfSubject[identifier] }
}
