/// A model file: the function around it, metadata, `ini({ })` and `model({ })`, or bare statements.
extension Parser {
    mutating func document() -> ModelDocument {
        var document = ModelDocument(source: source)
        takesDeclarations = true
        skipTerminators()
        skipPackageLines()
        if kind == .endOfText {
            if !hasProblems { report("the model is empty", at: token.place) }
            return document
        }
        do throws(SyntaxFailure) {
            if let name = try functionHead() {
                document.name = name.isEmpty ? nil : name
                try wrapped(into: &document)
                trailingCode()
            } else if rxode2Head(into: &document) {
                try braced("rxode2") { document.statements = $0.statements(until: .rightBrace) }
                trailingCode()
            } else if hasBlocks {
                try blocks(into: &document, until: .endOfText)
            } else {
                document.statements = statements(until: .endOfText)
            }
        } catch {
            report(error)
        }
        document.courses = courses
        return document
    }

    /// Reads over `library(rxode2)` and the like at the top: they say nothing about the model.
    private mutating func skipPackageLines() {
        while isWord("library") || isWord("require"), kind(ahead: 1) == .leftParen,
            kind(ahead: 2) == .name || kind(ahead: 2) == .string, kind(ahead: 3) == .rightParen,
            kind(ahead: 4).endsStatement
        {
            for _ in 0..<4 { advance() }
            skipTerminators()
        }
    }

    // MARK: - The function

    /// Reads `name <- function()` up to its brace. Answers the name, empty for a function without one, and nil where
    /// no function stands.
    private mutating func functionHead() throws(SyntaxFailure) -> String? {
        var name = ""
        if kind == .functionWord {
            // A function without a name.
        } else if kind == .name || kind == .quotedName, kind(ahead: 1) == .leftArrow || kind(ahead: 1) == .equals,
            kind(ahead: 2) == .functionWord
        {
            name = self.name(token)
            advance()
            advance()
        } else {
            return nil
        }
        advance()
        guard accept(.leftParen) else { throw unexpected("'()' is needed after 'function'") }
        if !accept(.rightParen) {
            report(unexpected("a model function takes no arguments: ')' is needed here"))
            while kind != .leftBrace, kind != .endOfText { advance() }
        }
        skipNewlines()
        return name
    }

    /// Steps up to `rxode2({`, which holds bare statements, and answers whether it is there. `name <- ` may stand before
    /// it; `RxODE` and `rxode` are its older names.
    private mutating func rxode2Head(into document: inout ModelDocument) -> Bool {
        let hasName =
            (kind == .name || kind == .quotedName) && (kind(ahead: 1) == .leftArrow || kind(ahead: 1) == .equals)
        let word = hasName ? 2 : 0
        guard isWord("rxode2", ahead: word) || isWord("RxODE", ahead: word) || isWord("rxode", ahead: word),
            kind(ahead: word + 1) == .leftParen, kind(ahead: word + 2) == .leftBrace
        else { return false }
        if hasName {
            document.name = name(token)
            advance()
            advance()
        }
        return true
    }

    /// `{ metadata; ini({…}); model({…}) }`.
    private mutating func wrapped(into document: inout ModelDocument) throws(SyntaxFailure) {
        let open = token
        guard accept(.leftBrace) else { throw unexpected("'{' is needed after 'function()'") }
        guard hasBlocks else {
            throw SyntaxFailure(message: "the function has no model({ }) block", place: open.place)
        }
        try blocks(into: &document, until: .rightBrace)
        guard accept(.rightBrace) else {
            throw SyntaxFailure(message: "the '{' of the function is never closed: '}' is missing", place: open.place)
        }
    }

    /// From here on, `ini({` or `model({` opens a statement.
    private var hasBlocks: Bool {
        var position = index
        while position + 2 < tokens.count {
            if tokens[position].kind == .name, tokens[position + 1].kind == .leftParen,
                tokens[position + 2].kind == .leftBrace,
                isWord("model", ahead: position - index) || isWord("ini", ahead: position - index)
            {
                return true
            }
            position += 1
        }
        return false
    }

    // MARK: - The blocks

    private mutating func blocks(into document: inout ModelDocument, until end: Token.Kind) throws(SyntaxFailure) {
        var initial = Initial()
        var iniPlace: SourcePlace?
        var modelPlace: SourcePlace?
        let place = token.place
        while true {
            skipTerminators()
            if kind == end || kind == .endOfText { break }
            let start = index
            do throws(SyntaxFailure) {
                let first = token
                if isWord("ini"), kind(ahead: 1) == .leftParen {
                    try claim(first, "ini", &iniPlace)
                    try braced("ini") { $0.initialValues(into: &initial) }
                } else if isWord("model"), kind(ahead: 1) == .leftParen {
                    try claim(first, "model", &modelPlace)
                    var statements: [Statement] = []
                    try braced("model") { statements = $0.statements(until: .rightBrace) }
                    document.statements = statements
                } else {
                    try metadata(into: &document)
                }
                if !isBlockHead { try endStatement() }
            } catch {
                report(error)
                skipStatement()
                if index == start || (kind == .rightBrace && end != .rightBrace) { advance() }
            }
        }
        document.parameters = initial.parameters
        document.randomEffects = initial.randomEffects
        if modelPlace == nil, !hasProblems {
            throw SyntaxFailure(message: "there is no model({ }) block", place: place)
        }
    }

    private func claim(_ word: Token, _ name: String, _ place: inout SourcePlace?) throws(SyntaxFailure) {
        if let first = place {
            throw SyntaxFailure(
                message: "there is a second \(name)({ }) block; the first is at line \(fileLine(first))",
                place: word.place)
        }
        place = word.place
    }

    /// `({ … })` after `ini` or `model`.
    private mutating func braced(_ name: String, _ read: (inout Parser) -> Void) throws(SyntaxFailure) {
        advance()
        advance()
        let open = token
        guard accept(.leftBrace) else { throw unexpected("\(name) takes a block: \(name)({ ... })") }
        read(&self)
        let unclosed = SyntaxFailure(
            message: "the '{' of '\(name)' is never closed: '})' is missing", place: open.place)
        let end = index
        guard accept(.rightBrace) else {
            report(unclosed)
            return
        }
        if accept(.rightParen) { return }
        let failure = unexpected("')' is needed after the '}' of '\(name)'")
        skipTerminators()
        guard kind == .endOfText else { throw failure }
        // The last `}` of the text is the function's.
        index = end
        throw unclosed
    }

    /// `ini({` or `model({` stands here: whatever block is open was never closed.
    var isBlockHead: Bool {
        kind == .name && kind(ahead: 1) == .leftParen && kind(ahead: 2) == .leftBrace
            && (isWord("ini") || isWord("model"))
    }

    // MARK: - Metadata and trailing code

    /// `name <- value` before the blocks.
    private mutating func metadata(into document: inout ModelDocument) throws(SyntaxFailure) {
        readsData = true
        defer { readsData = false }
        let first = token
        if first.kind == .name, kind(ahead: 1) == .leftParen, kind(ahead: 2) == .leftBrace {
            throw SyntaxFailure(
                message: "'\(spelling(first))({ })' is no block; allowed are ini({ }) and model({ })",
                place: first.place)
        }
        if kind(ahead: 1) == .leftParen, let reason = Self.foreignStatements[spelling(first)] {
            throw SyntaxFailure(message: "'\(spelling(first))()' is not taken: \(reason)", place: first.place)
        }
        guard first.kind == .name || first.kind == .quotedName,
            kind(ahead: 1) == .leftArrow || kind(ahead: 1) == .equals
        else {
            throw unexpected("metadata (name <- value), ini({ ... }) or model({ ... }) is needed here")
        }
        let name = name(first)
        advance()
        advance()
        let value = try expression()
        if let earlier = document.metadata.first(where: { $0.name == name }) {
            throw SyntaxFailure(message: "'\(earlier.name ?? "")' is given twice in the metadata", place: first.place)
        }
        document.metadata.append(MetadataEntry(name: name, value: try MetadataValue(evaluating: value)))
    }

    /// A bare name and `attr(name, "message") <- "…"` after the function say nothing about the model.
    private mutating func trailingCode() {
        readsData = true
        defer { readsData = false }
        while true {
            skipTerminators()
            if kind == .endOfText { return }
            do throws(SyntaxFailure) {
                let left = try expression()
                switch left.kind {
                case .symbol where kind.endsStatement: break
                case .call("attr", _) where kind == .leftArrow || kind == .equals:
                    advance()
                    _ = try expression()
                    if !kind.endsStatement { throw afterExpression() }
                default:
                    throw SyntaxFailure(
                        message:
                            "after the function only its bare name and attr(name, \"message\") <- \"...\" may stand",
                        place: left.place)
                }
            } catch {
                report(error)
                skipStatement()
                if kind == .rightBrace { advance() }
            }
        }
    }
}
