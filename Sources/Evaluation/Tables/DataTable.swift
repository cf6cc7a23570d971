import Cohorts

/// A table of patients from a file that Trialist did not make: named columns of numbers or of text.
///
/// A column is one of numbers when every cell that is not missing (empty, `.` or `NA`) holds one.
package struct DataTable: Sendable {
    /// What a column holds, one element for each row; nil where it is missing.
    package enum Column: Sendable, Equatable {
        case numbers([Double?])
        case texts([String?])
    }

    /// The file as the user named it, for messages.
    package let file: String
    package let names: [String]
    package let rowCount: Int
    private let columns: [Column]

    /// Reads comma-separated text.
    ///
    /// - Throws: ``EvaluationErrors`` for what is no table, with the place.
    package init(csv bytes: [UInt8], file: String) throws(EvaluationErrors) {
        let cells: Cells
        do { cells = try Cells(bytes, file: file) } catch { throw EvaluationErrors(error.message, at: error.place) }
        guard cells.rowCount > 0 else {
            throw EvaluationErrors("found a header and no rows; at least one is needed", at: file)
        }
        self.file = file
        names = cells.names
        rowCount = cells.rowCount
        columns = cells.names.indices.map {
            cells.isNumeric[$0] ? .numbers(cells.numbers[$0]) : .texts(cells.texts[$0])
        }
        labels = cells.texts
        values = cells.numbers
    }

    /// The cells of every column as they are written.
    private let labels: [[String?]]
    /// The numbers among them.
    private let values: [[Double?]]

    /// The number of a column; all names that a request uses are looked up before anything is computed.
    package func index(_ name: String) -> Int? { names.firstIndex(of: name) }

    package func column(_ name: String) throws -> Column { columns[try require(name)] }

    /// Whether a column is one of numbers but for cells such as `NaN` and `Inf`, which stand for none.
    func isSpoiltByNonFinite(_ name: String) throws -> Bool {
        let index = try require(name)
        guard case .texts(let cells) = columns[index], values[index].contains(where: { $0 != nil }) else {
            return false
        }
        return cells.indices.allSatisfy { row in
            cells[row].map { values[index][row] != nil || Double($0).map { !$0.isFinite } == true } ?? true
        }
    }

    /// The cells of a column as they are written: the names of groups.
    package func labels(_ name: String) throws -> [String?] { labels[try require(name)] }

    /// The numbers of a column.
    ///
    /// - Throws: ``EvaluationErrors`` with the row of the first cells that are none.
    package func numbers(_ name: String) throws -> [Double?] {
        let index = try require(name)
        guard case .texts = columns[index] else {
            guard case .numbers(let values) = columns[index] else { return [] }
            return values
        }
        let wrong = labels[index].indices.filter { labels[index][$0] != nil && values[index][$0] == nil }
        throw EvaluationErrors(
            wrong.prefix(EvaluationErrors.shown).map {
                .init("\(name): found '\(labels[index][$0] ?? "")', allowed: a number", at: "\(file), row \($0 + 1)")
            }, total: wrong.count)
    }

    private func require(_ name: String) throws -> Int {
        if let index = index(name) { return index }
        throw EvaluationErrors(
            "found no column '\(name)'; columns: \(names.prefix(30).joined(separator: ", "))", at: file)
    }
}

/// Every cell of a table, as text and where it is one as a number.
private struct Cells {
    let names: [String]
    private(set) var rowCount = 0
    private(set) var texts: [[String?]]
    private(set) var numbers: [[Double?]]
    private(set) var isNumeric: [Bool]

    init(_ bytes: [UInt8], file: String) throws(CSVError) {
        var reader = try CSVReader(bytes, file: file)
        names = reader.header
        texts = Array(repeating: [], count: names.count)
        numbers = Array(repeating: [], count: names.count)
        isNumeric = Array(repeating: true, count: names.count)
        while try reader.next() {
            rowCount += 1
            for column in names.indices { append(reader, column) }
        }
    }

    private mutating func append(_ reader: CSVReader, _ column: Int) {
        switch reader.number(column) {
        case .missing:
            texts[column].append(nil)
            numbers[column].append(nil)
        case .number(let value):
            texts[column].append(reader.trimmedText(column))
            numbers[column].append(value)
        case .otherText:
            texts[column].append(reader.trimmedText(column))
            numbers[column].append(nil)
            isNumeric[column] = false
        }
    }
}

extension CSVError {
    fileprivate var place: String { "\(file):\(line):\(column)" }
}
