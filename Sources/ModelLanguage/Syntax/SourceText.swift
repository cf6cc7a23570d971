/// A named piece of source: a model file, or a block of text inside a scenario.
public struct SourceText: Sendable, Hashable {
    /// The file, or the place in a scenario (`arms[1].regime`), as it appears in messages.
    public let name: String
    /// The whole text.
    public let text: String
    /// The line of the file on which `text` starts, counted from 1, so that a block inside a scenario reports the
    /// scenario's own line numbers.
    public let firstLine: Int

    /// A source whose lines count from `firstLine` in messages.
    ///
    /// - Parameters:
    ///   - name: what messages call it; no file is read.
    ///   - text: the whole text; lines end in `\n` or `\r\n`.
    ///   - firstLine: the line of the file on which `text` starts.
    public init(name: String, text: String, firstLine: Int = 1) {
        self.name = name
        self.text = text
        self.firstLine = firstLine
    }

    /// A line of `text`, counted from 1, without its line end (`\n` or `\r\n`); empty for a line that does not exist.
    func line(_ number: Int) -> String {
        var start = text.utf8.startIndex
        for _ in 1..<max(1, number) {
            guard let end = text.utf8[start...].firstIndex(of: UInt8(ascii: "\n")) else { return "" }
            start = text.utf8.index(after: end)
        }
        let end = text.utf8[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.utf8.endIndex
        let line = Substring(text.utf8[start..<end])
        // A character index would not part `\r\n`, the bytes do.
        return line.utf8.last == UInt8(ascii: "\r")
            ? String(decoding: line.utf8.dropLast(), as: UTF8.self) : String(line)
    }
}

/// A place in a source: line and column counted from 1 (columns in characters), and a length in characters.
public struct SourcePlace: Sendable, Hashable {
    /// The line within the source's text, from 1.
    public var line: Int
    /// The column of the first character, from 1.
    public var column: Int
    /// How many characters the caret underlines.
    public var length: Int

    /// A place of the given length; one character unless told otherwise.
    public init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }
}

/// One problem in a source: what was found, what is allowed, where.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// The name of the source.
    public var source: String
    /// The place by the file's own lines, ``SourceText/firstLine`` taken into account.
    public var place: SourcePlace
    /// What was found and what is allowed, without the place.
    public var message: String
    /// The line itself, for the caret.
    public var lineText: String

    /// A problem at a place of a source, with the line copied so that the source need not be kept.
    ///
    /// - Parameters:
    ///   - message: what was found and what is allowed.
    ///   - place: by the lines of `source.text`; it is moved to the lines of the file.
    ///   - source: where it was found.
    public init(_ message: String, at place: SourcePlace, in source: SourceText) {
        self.source = source.name
        self.message = message
        self.lineText = source.line(place.line)
        self.place = place
        self.place.line += source.firstLine - 1
    }

    /// `file:line:column: error: message`, the line, and a caret under the place. Of a very long line only the part
    /// around the place is shown, between dots.
    public var description: String {
        let (shown, before) = excerpt
        // A tab keeps its width in the caret line, so the caret stands under its place.
        let lead = shown.prefix(before).map { $0 == "\t" ? "\t" : " " }
        let carets = String(repeating: "^", count: max(1, min(place.length, shown.count - before)))
        return """
            \(source):\(place.line):\(place.column): error: \(message)
            \(shown)
            \(lead.joined())\(carets)
            """
    }

    /// The part of the line to show, and how many of its characters stand before the place.
    private var excerpt: (shown: String, before: Int) {
        let before = max(0, place.column - 1)
        guard lineText.utf8.count > Self.longestLine else { return (lineText, before) }
        let dropped = max(0, before - Self.longestLine / 2)
        let rest = lineText.dropFirst(dropped)
        let part = rest.prefix(Self.longestLine)
        let isWhole = part.endIndex == rest.endIndex
        return ((dropped > 0 ? "…" : "") + part + (isWhole ? "" : "…"), before - dropped + (dropped > 0 ? 1 : 0))
    }

    private static let longestLine = 240
}

/// All problems found in one source, reported together.
public struct SourceErrors: Error, Sendable, CustomStringConvertible {
    /// The problems, at least one, in the order in which they were found.
    public var diagnostics: [Diagnostic]

    /// The problems of one source, in the order in which they shall be shown.
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// Every problem with its line and caret, one below the other.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
