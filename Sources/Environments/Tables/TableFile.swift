import Foundation

/// A CSV file with a header, read for a problem's tables. Cells may stand in double quotes.
struct TableFile {
    let name: String
    let columns: [String]
    /// The cells of each line that is not empty, with the line's number.
    let rows: [(line: Int, cells: [String])]

    /// - Parameters:
    ///   - required: columns that must be there.
    ///   - optional: columns that may be there.
    ///   - problems: takes what is wrong; lines with something wrong are left out.
    /// - Returns: Nil where the header does not fit.
    init?(
        _ text: String, name: String, required: [String], optional: [String] = [],
        problems: inout [TablesError.Problem]
    ) {
        self.name = name
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.enumerated()
            .map { (line: $0 + 1, text: String($1)) }
            .filter { !$0.text.trimmingCharacters(in: .whitespaces).isEmpty }
        guard let header = lines.first else {
            problems.append(.init(name, "empty; its first line names the columns \(required.joined(separator: ","))"))
            return nil
        }
        let columns = Self.cells(header.text)
        self.columns = columns
        let missing = required.filter { !columns.contains($0) }
        let unknown = columns.filter { !(required + optional).contains($0) }
        if !missing.isEmpty || !unknown.isEmpty {
            let allowed = required.joined(separator: ",") + optional.map { "[,\($0)]" }.joined()
            problems.append(.init(name, line: header.line, "columns: found '\(header.text)', allowed: \(allowed)"))
            return nil
        }
        var rows: [(line: Int, cells: [String])] = []
        for line in lines.dropFirst() {
            let cells = Self.cells(line.text)
            if cells.count == columns.count {
                rows.append((line.line, cells))
            } else {
                problems.append(
                    .init(name, line: line.line, "\(cells.count) cells for \(columns.count) columns"))
            }
        }
        self.rows = rows
    }

    /// The place of a column; nil where the file does not have it.
    func place(_ column: String) -> Int? { columns.firstIndex(of: column) }

    private static func cells(_ line: String) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
