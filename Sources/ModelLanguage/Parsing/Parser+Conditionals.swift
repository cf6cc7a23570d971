/// `if (c) … else if (c) … else …`, with or without braces.
extension Parser {
    mutating func conditional() throws(SyntaxFailure) -> Statement {
        let place = token.place
        try enter()
        defer { leave() }
        var branches: [Statement.Branch] = []
        var otherwise: [Statement] = []
        // A chain of `else if` is a list, not a tree: however long, it goes no deeper.
        repeat {
            advance()
            let condition = try condition()
            branches.append(Statement.Branch(condition: condition, body: try body()))
            guard acceptElse() else { return Statement(.conditional(branches, otherwise: []), at: place) }
        } while kind == .ifWord
        otherwise = try body()
        return Statement(.conditional(branches, otherwise: otherwise), at: place)
    }

    private mutating func condition() throws(SyntaxFailure) -> Expression {
        let open = token
        guard accept(.leftParen) else { throw unexpected("a condition in brackets is needed after 'if'") }
        let condition = try expression()
        guard kind == .rightParen else { throw unclosed(open, "an operator or ')'") }
        advance()
        skipNewlines()
        return condition
    }

    /// `else` may stand on the line after the block before it.
    private mutating func acceptElse() -> Bool {
        let start = index
        skipNewlines()
        if accept(.elseWord) {
            skipNewlines()
            return true
        }
        index = start
        return false
    }

    /// A block in braces, or the one statement that stands for it.
    private mutating func body() throws(SyntaxFailure) -> [Statement] {
        if kind == .leftBrace { return try block("if") }
        if kind.endsStatement || kind == .rightBrace {
            throw unexpected("a statement or a block in braces is needed here")
        }
        return [try statement()]
    }

    /// `{ statements }`.
    mutating func block(_ owner: String) throws(SyntaxFailure) -> [Statement] {
        let open = token
        guard accept(.leftBrace) else { throw unexpected("'{' is needed here") }
        let isTop = takesDeclarations
        takesDeclarations = false
        let statements = statements(until: .rightBrace)
        takesDeclarations = isTop
        guard accept(.rightBrace) else {
            throw SyntaxFailure(message: "the '{' of '\(owner)' is never closed: '}' is missing", place: open.place)
        }
        return statements
    }
}
