/// Cuts a source into tokens. It works on the UTF-8 bytes; columns become characters only on lines with other than ASCII.
///
/// Line ends are tokens of their own where they end a statement: not inside `(` or `[`, and not after an operator, an
/// arrow or a comma. Inside `{` they count again, so `model({ … })` is read statement by statement.
struct Lexer {
    /// The source's bytes and a closing zero, so that looking one byte ahead needs no test.
    let bytes: [UInt8]
    let count: Int
    var position = 0
    var line = 1
    var lineStart = 0
    /// On a line with characters of several bytes: a byte offset whose column is known.
    var columnAnchor: (offset: Int, column: Int)?
    var openBrackets: [Token.Kind] = []
    private var openBraces = 0
    /// A quote without its partner was met: from here on a string ends on its line, else each would be sought to the end.
    var stringsEndOnTheirLine = false
    var tokens: [Token] = []
    var problems: [SyntaxFailure] = []

    init(_ text: String) {
        var bytes = Array(text.utf8)
        count = bytes.count
        bytes.append(0)
        self.bytes = bytes
        tokens.reserveCapacity(count / 3 + 8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {  // a byte order mark
            position = 3
            columnAnchor = (0, 1)
        }
    }

    /// Reads the whole source.
    mutating func run() {
        while position < count { scanOne() }
        append(.endOfText, from: count)
    }

    private mutating func scanOne() {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\u{0C}"):
            position += 1
        case UInt8(ascii: "\n"):
            endLine()
        case UInt8(ascii: "#"):
            while position < count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            scanName()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            scanNumber()
        case UInt8(ascii: "."):
            if bytes[position + 1].isDigit { scanNumber() } else { scanName() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
            scanQuoted()
        default:
            scanOperator(byte)
        }
    }

    // MARK: - Places

    /// The column of a byte of the current line, in characters counted from 1.
    mutating func column(of offset: Int) -> Int {
        guard let anchor = columnAnchor else { return offset - lineStart + 1 }
        guard offset >= anchor.offset else { return characters(in: min(lineStart, offset)..<offset) + 1 }
        // The anchor moves along, so that a long line is counted once and not once a token.
        let column = anchor.column + characters(in: anchor.offset..<offset)
        columnAnchor = (offset, column)
        return column
    }

    func characters(in range: Range<Int>) -> Int {
        String(decoding: bytes[range], as: UTF8.self).count
    }

    /// Notes a line end inside the text at `offset`.
    mutating func beginLine(after offset: Int) {
        line += 1
        lineStart = offset + 1
        columnAnchor = nil
    }

    // MARK: - Tokens

    /// Adds a token of ASCII bytes that ends at the current position.
    mutating func append(_ kind: Token.Kind, from start: Int, value: Double = 0) {
        repairBrackets(before: kind)
        tokens.append(
            Token(
                kind: kind, line: Int32(line), column: Int32(column(of: start)),
                length: Int32(max(1, position - start)), start: Int32(start), end: Int32(position), value: value))
    }

    /// Adds an operator or a bracket of `length` bytes at the current position.
    mutating func take(_ kind: Token.Kind, _ length: Int = 1) {
        let start = position
        position += length
        append(kind, from: start)
        switch kind {
        case .leftParen, .leftBracket:
            openBrackets.append(kind)
        case .leftBrace:
            openBrackets.append(kind)
            openBraces += 1
        case .rightParen:
            if openBrackets.last == .leftParen { openBrackets.removeLast() }
        case .rightBracket:
            if openBrackets.last == .leftBracket { openBrackets.removeLast() }
        case .rightBrace:
            if openBrackets.last == .leftBrace {
                openBrackets.removeLast()
                openBraces -= 1
            }
        default: break
        }
    }

    private mutating func endLine() {
        let offset = position
        if openBrackets.last ?? .leftBrace == .leftBrace, let last = tokens.last?.kind, !last.continuesLine,
            last != .newline
        {
            append(.newline, from: offset)
        }
        position += 1
        beginLine(after: offset)
    }

    /// A bracket that was never closed would swallow every line end to the end of the text, and with them all other
    /// problems. Two operands side by side over a line end, or a `}` inside `(`, show that it happened: the brackets up
    /// to the brace around them are given up and the line end is put back, for the parser to report.
    private mutating func repairBrackets(before kind: Token.Kind) {
        guard let innermost = openBrackets.last, innermost != .leftBrace, let last = tokens.last else { return }
        let isNewLine = last.line < Int32(line)
        let isRepair =
            kind == .rightBrace || kind == .endOfText
            || (isNewLine && last.kind.endsOperand && kind.startsOperand)
        guard isRepair, kind != .rightBrace || openBraces > 0 else { return }
        while let open = openBrackets.last, open != .leftBrace { openBrackets.removeLast() }
        if !last.kind.continuesLine || kind == .rightBrace || kind == .endOfText {
            tokens.append(
                Token(
                    kind: .newline, line: last.line, column: last.column + last.length, length: 1, start: last.end,
                    end: last.end))
        }
    }

    /// Notes a problem with the bytes from `start` to the current position of the current line.
    mutating func report(_ message: String, from start: Int) {
        let column = column(of: start)
        let length = self.column(of: position) - column
        problems.append(
            SyntaxFailure(message: message, place: SourcePlace(line: line, column: column, length: max(1, length))))
    }

    /// Adds a token that stands for something already reported, and reports it.
    mutating func refuse(_ message: String, from start: Int) {
        append(.invalid, from: start)
        report(message, from: start)
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var isLetter: Bool {
        let lower = self | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    /// May stand inside a name.
    var isNamePart: Bool { isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: ".") }

    var isLineBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
