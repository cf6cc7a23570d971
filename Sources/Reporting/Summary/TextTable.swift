/// A table of aligned text: the first column to the left, the others to the right, and split below each other where it
/// is wider than a terminal.
struct TextTable {
    /// The widest line.
    static let lineWidth = 110

    /// Lines of column heads, each with one cell for each column.
    var head: [[String]] = []
    var rows: [[String]] = []
    var indent = "  "
    /// Whether a row of one cell is a heading that runs over all columns, and widens none.
    var hasHeadings = false

    /// The lines, without trailing spaces. A table too wide is given in parts, each with the first column.
    var lines: [String] {
        let all = head + rows
        guard let columns = all.map(\.count).max(), columns > 0 else { return [] }
        let widths = (0..<columns).map { column in
            all.map { row in
                row.indices.contains(column) && !(hasHeadings && row.count == 1) ? row[column].count : 0
            }.max() ?? 0
        }
        var parts: [[Int]] = []
        var part: [Int] = []
        var used = indent.count + widths[0]
        for column in 1..<max(1, columns) {
            if !part.isEmpty, used + 2 + widths[column] > Self.lineWidth {
                parts.append(part)
                part = []
                used = indent.count + widths[0]
            }
            part.append(column)
            used += 2 + widths[column]
        }
        parts.append(part)
        var lines: [String] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { lines.append("") }
            for row in all { lines.append(line(row, part, widths)) }
        }
        return lines
    }

    private func line(_ row: [String], _ columns: [Int], _ widths: [Int]) -> String {
        var line = indent + Self.padded(row.first ?? "", to: widths[0], right: false)
        for column in columns {
            line += "  " + Self.padded(row.indices.contains(column) ? row[column] : "", to: widths[column], right: true)
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private static func padded(_ text: String, to width: Int, right: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }
}
