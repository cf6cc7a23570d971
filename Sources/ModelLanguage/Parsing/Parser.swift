/// Reads tokens one after the other, by recursive descent. Problems are collected: a statement that cannot be read is
/// reported and left out, and reading goes on with the next one.
struct Parser {
    let source: SourceText
    let bytes: [UInt8]
    let tokens: [Token]
    var index = 0
    private var problems: [SyntaxFailure]
    /// Brackets, blocks and signs open around the current token.
    private var nesting = 0
    /// In `ini` and metadata, R's constants (`TRUE`, `NA`, `NULL`, `Inf`) stay symbols for the evaluation to judge.
    var readsData = false
    /// At the top of a model, where declarations may stand.
    var takesDeclarations = false
    /// What the model declares of its covariates.
    var courses: [CovariateCourse] = []
    /// In regimes and models alike a problem is told once; beyond this many only their number is.
    private static let mostProblems = 50

    init(_ source: SourceText) throws(SourceErrors) {
        let size = source.text.utf8.count
        guard size <= ModelParser.largestSource else {
            let message =
                "the text has \(size) bytes; a model or rule may have at most \(ModelParser.largestSource)"
            throw SourceErrors([Diagnostic(message, at: SourcePlace(line: 1, column: 1), in: source)])
        }
        var lexer = Lexer(source.text)
        lexer.run()
        self.source = source
        bytes = lexer.bytes
        tokens = lexer.tokens
        problems = lexer.problems
    }

    // MARK: - Tokens

    var token: Token { tokens[index] }
    var kind: Token.Kind { tokens[index].kind }

    /// The kind of a token further on.
    func kind(ahead offset: Int) -> Token.Kind {
        index + offset < tokens.count ? tokens[index + offset].kind : .endOfText
    }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    /// Steps over the current token if it is of this kind.
    mutating func accept(_ kind: Token.Kind) -> Bool {
        guard self.kind == kind else { return false }
        advance()
        return true
    }

    mutating func skipTerminators() {
        while kind == .newline || kind == .semicolon { advance() }
    }

    mutating func skipNewlines() {
        while kind == .newline { advance() }
    }

    /// The token is this very word.
    func isWord(_ word: StaticString, ahead offset: Int = 0) -> Bool {
        guard index + offset < tokens.count, tokens[index + offset].kind == .name else { return false }
        let token = tokens[index + offset]
        guard Int(token.end - token.start) == word.utf8CodeUnitCount else { return false }
        for i in 0..<word.utf8CodeUnitCount where bytes[Int(token.start) + i] != word.utf8Start[i] { return false }
        return true
    }

    // MARK: - Problems

    /// Everything that was found, if anything was.
    consuming func finish() throws(SourceErrors) {
        guard !problems.isEmpty else { return }
        let sorted = problems.enumerated().sorted {
            ($0.element.place.line, $0.element.place.column, $0.offset)
                < ($1.element.place.line, $1.element.place.column, $1.offset)
        }.map(\.element)
        var shown = sorted.prefix(Self.mostProblems).map { Diagnostic($0.message, at: $0.place, in: source) }
        if let next = sorted.dropFirst(Self.mostProblems).first {
            let message =
                "\(next.message) (and \(sorted.count - Self.mostProblems - 1) further problems after this one)"
            shown.append(Diagnostic(message, at: next.place, in: source))
        }
        throw SourceErrors(shown)
    }

    mutating func report(_ failure: SyntaxFailure) {
        if !failure.isReported { problems.append(failure) }
    }

    mutating func report(_ message: String, at place: SourcePlace) {
        problems.append(SyntaxFailure(message: message, place: place))
    }

    var hasProblems: Bool { !problems.isEmpty }

    /// The line of the file, for a message that points to a second place.
    func fileLine(_ place: SourcePlace) -> Int { place.line + source.firstLine - 1 }

    // MARK: - Limits

    /// Goes one bracket, block or sign deeper.
    mutating func enter() throws(SyntaxFailure) {
        guard nesting < ModelParser.deepestNesting else {
            throw SyntaxFailure(
                message: "brackets, blocks and signs nest more than \(ModelParser.deepestNesting) deep here; "
                    + "give inner parts a name of their own", place: token.place)
        }
        nesting += 1
    }

    mutating func leave() { nesting -= 1 }

    // MARK: - Recovery

    /// Goes to the end of a statement that could not be read: past inner blocks, up to a line end, `;`, or the `}`
    /// around it.
    mutating func skipStatement() {
        var braces = 0
        while true {
            switch kind {
            case .endOfText: return
            case .newline, .semicolon: if braces == 0 { return }
            case .leftBrace: braces += 1
            case .rightBrace:
                if braces == 0 { return }
                braces -= 1
            default: break
            }
            advance()
        }
    }
}

extension SourcePlace {
    /// From the start of one place to the end of another; to its own end where they lie on different lines.
    func through(_ end: SourcePlace) -> SourcePlace {
        guard end.line == line else { return self }
        return SourcePlace(line: line, column: column, length: max(length, end.column + end.length - column))
    }
}
