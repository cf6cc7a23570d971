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
    package init(csv bytes: [UInt8], file: String) throws {
        var reader: CSVReader
        do { reader = try CSVReader(bytes, file: file) } catch {
            throw EvaluationErrors(error.message, at: error.place)
        }
        var texts = [[String?]](repeating: [], count: reader.header.count)
        var numbers = [[Double?]](repeating: [], count: reader.header.count)
        var isNumeric = [Bool](repeating: true, count: reader.header.count)
        var rows = 0
        do {
            while try reader.next() {
                rows += 1
                for column in reader.header.indices {
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
        } catch let error as CSVError {
            throw EvaluationErrors(error.message, at: error.place)
        }
        guard rows > 0 else { throw EvaluationErrors("found a header and no rows; at least one is needed", at: file) }
        self.file = file
        names = reader.header
        rowCount = rows
        columns = reader.header.indices.map { isNumeric[$0] ? .numbers(numbers[$0]) : .texts(texts[$0]) }
        labels = texts
    }

    /// The cells of every column as they are written.
    private let labels: [[String?]]

    /// The number of a column; all names that a request uses are looked up before anything is computed.
    package func index(_ name: String) -> Int? { names.firstIndex(of: name) }

    package func column(_ name: String) throws -> Column { columns[try require(name)] }

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
        let wrong = labels[index].indices.filter { labels[index][$0].map { NumberText.value($0) == nil } ?? false }
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

/// Reads a number that stands alone in a cell.
enum NumberText {
    static func value(_ text: String) -> Double? { Double(text) }
}

extension CSVError {
    fileprivate var place: String { "\(file):\(line):\(column)" }
}
