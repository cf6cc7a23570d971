/// A word of the language with its place: a range of bytes of the source, and its line and column in characters.
struct Token {
    enum Kind: UInt8 {
        case endOfText, newline, semicolon
        case number, string, name, quotedName
        case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace, comma
        case leftArrow, equals, tilde
        case plus, minus, star, slash, caret, remainder, quotient
        case equalEqual, notEqual, less, lessEqual, greater, greaterEqual
        case and, or, bar, not
        case ifWord, elseWord, functionWord
        /// A word or an operator of R that this language does not take; the parser refuses it by name.
        case foreign
        /// Something that the lexer has already reported.
        case invalid
    }

    var kind: Kind
    /// The string or quoted name holds a backslash, so its text must be decoded.
    var hasEscapes = false
    var line: Int32
    var column: Int32
    /// In characters, up to the end of the line on which the token starts.
    var length: Int32
    var start: Int32
    var end: Int32
    var value = 0.0

    var place: SourcePlace { SourcePlace(line: Int(line), column: Int(column), length: Int(length)) }
}

extension Token.Kind {
    /// The token can be the last one of an operand, so that an operand right after it means that something is missing.
    var endsOperand: Bool {
        switch self {
        case .number, .string, .name, .quotedName, .rightParen, .rightBracket, .rightBrace: true
        default: false
        }
    }

    var startsOperand: Bool {
        switch self {
        case .number, .string, .name, .quotedName, .ifWord: true
        default: false
        }
    }

    /// After this token a line cannot end: the statement goes on with the next line.
    var continuesLine: Bool {
        switch self {
        case .leftArrow, .equals, .tilde, .plus, .minus, .star, .slash, .caret, .remainder, .quotient, .equalEqual,
            .notEqual, .less, .lessEqual, .greater, .greaterEqual, .and, .or, .bar, .not, .comma:
            true
        default: false
        }
    }

    var endsStatement: Bool { self == .newline || self == .semicolon || self == .endOfText }
}

/// A problem found while reading, before it is joined with the text of its line.
struct SyntaxFailure: Error {
    var message: String
    var place: SourcePlace
    /// The lexer has told of it already.
    var isReported = false
}
