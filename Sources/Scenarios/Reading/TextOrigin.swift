import ModelLanguage
import Yams

/// Where in the scenario file the characters of one scalar come from.
///
/// YAML takes a text out of its file by dropping indentation, joining folded lines and resolving escapes; what it never
/// changes is the order of the characters that are not white space. The place of a character is therefore that of the
/// equally numbered one in the file.
struct TextOrigin: Sendable {
    /// The path of the scalar in the document.
    let path: String
    /// The text of the scalar.
    private let text: String
    /// The line of the scenario on which the source says that its text starts.
    private let firstLine: Int
    private let raw: RawScalar

    init(path: String, source: SourceText, scalar: Node.Scalar, lines: ScenarioLines) {
        self.path = path
        text = source.text
        firstLine = source.firstLine
        raw = RawScalar(scalar, lines)
    }

    /// The place in the file of a place in the source, and the file's line; nil where it cannot be told.
    func place(of place: SourcePlace) -> (line: Int, column: Int, lineText: String)? {
        let total = text.split(separator: "\n").reduce(0) { $0 + Self.visible($1) }
        return raw.place(ofVisible: visibleCharacters(before: place), of: total)
    }

    /// How many characters of the text other than white space stand before a place.
    private func visibleCharacters(before place: SourcePlace) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let number = place.line - firstLine
        let earlier = lines.prefix(max(0, number)).reduce(0) { $0 + Self.visible($1) }
        guard lines.indices.contains(number) else { return earlier }
        return earlier + Self.visible(lines[number].prefix(max(0, place.column - 1)))
    }

    private static func visible(_ text: Substring) -> Int {
        text.unicodeScalars.count { !$0.properties.isWhitespace }
    }
}

/// The lines of the scenario file.
struct ScenarioLines: Sendable {
    let lines: [[Unicode.Scalar]]

    init(_ text: String) {
        // By scalar: a character index would not part `\r\n`.
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == "\r" ? Array(line.dropLast()) : Array(line)
        }
    }
}

/// A scalar as it stands in the file.
private struct RawScalar: Sendable {
    enum Style: Sendable {
        case plain
        /// After `|` or `>`, from the next line on.
        case block
        case singleQuoted
        case doubleQuoted
    }

    let style: Style
    let start: ScenarioPosition?
    let lines: ScenarioLines

    init(_ scalar: Node.Scalar, _ lines: ScenarioLines) {
        style =
            switch scalar.style {
            case .literal, .folded: .block
            case .singleQuoted: .singleQuoted
            case .doubleQuoted: .doubleQuoted
            case .plain, .any: .plain
            }
        start = scalar.mark.map(ScenarioPosition.init)
        self.lines = lines
    }

    /// The place of the visible character of that number, counted from 0; of the end of the text for `total`.
    func place(ofVisible wanted: Int, of total: Int) -> (line: Int, column: Int, lineText: String)? {
        guard let start else { return nil }
        var line = style == .block ? start.line : start.line - 1
        var column = style == .block ? 0 : start.column - 1 + (style == .plain ? 0 : 1)
        var seen = 0
        var end: (line: Int, column: Int)?
        while lines.lines.indices.contains(line) {
            let text = lines.lines[line]
            while column < text.count {
                if closes(text, column) { return end.map(place) }
                let (length, isVisible) = character(text, column)
                if isVisible {
                    if seen == wanted { return place((line, column)) }
                    seen += 1
                    end = (line, column + length)
                    if seen == total { return end.map(place) }
                }
                column += length
            }
            line += 1
            column = 0
        }
        return end.map(place)
    }

    private func place(_ position: (line: Int, column: Int)) -> (line: Int, column: Int, lineText: String) {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: lines.lines[position.line])
        return (position.line + 1, position.column + 1, String(text))
    }

    private func closes(_ text: [Unicode.Scalar], _ column: Int) -> Bool {
        switch style {
        case .doubleQuoted: text[column] == "\""
        case .singleQuoted: text[column] == "'" && !(column + 1 < text.count && text[column + 1] == "'")
        case .plain, .block: false
        }
    }

    /// How many scalars of the file make the next character of the text, and whether it is visible there.
    private func character(_ text: [Unicode.Scalar], _ column: Int) -> (length: Int, isVisible: Bool) {
        let scalar = text[column]
        if style == .singleQuoted, scalar == "'" { return (2, true) }
        guard style == .doubleQuoted, scalar == "\\" else { return (1, !scalar.properties.isWhitespace) }
        guard column + 1 < text.count else { return (1, false) }
        switch text[column + 1] {
        case "x": return escape(text, column, digits: 2)
        case "u": return escape(text, column, digits: 4)
        case "U": return escape(text, column, digits: 8)
        case "n", "t", "r", "v", "f", "N", "_", "L", "P", " ", "\t": return (2, false)
        default: return (2, true)
        }
    }

    private func escape(_ text: [Unicode.Scalar], _ column: Int, digits: Int) -> (length: Int, isVisible: Bool) {
        let code = text.dropFirst(column + 2).prefix(digits).reduce(UInt32(0)) { value, digit in
            value &* 16 &+ (UInt32(String(digit), radix: 16) ?? 0)
        }
        return (2 + digits, Unicode.Scalar(code).map { !$0.properties.isWhitespace } ?? true)
    }
}
