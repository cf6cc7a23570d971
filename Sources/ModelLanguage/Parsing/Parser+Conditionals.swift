/// `if (c) … else if (c) … else …`, with or without braces, and endpoints.
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
        let statements = statements(until: .rightBrace)
        guard accept(.rightBrace) else {
            throw SyntaxFailure(message: "the '{' of '\(owner)' is never closed: '}' is missing", place: open.place)
        }
        return statements
    }

    // MARK: - Endpoints

    /// `y ~ add(a) + prop(b) | cond`, from the `~` on.
    mutating func endpoint(_ observed: Expression) throws(SyntaxFailure) -> Statement {
        switch observed.kind {
        case .symbol, .call("linCmt", _): break
        case .call(let name, _):
            throw SyntaxFailure(
                message: "'\(name)()' cannot stand left of '~': an endpoint is a variable, or linCmt()",
                place: observed.place)
        default:
            throw SyntaxFailure(
                message: "an endpoint is a variable, or linCmt(): give the expression a name first",
                place: observed.place)
        }
        advance()
        var terms: [Expression] = []
        try collectTerms(try expression(.additive), into: &terms)
        return Statement(
            .endpoint(Endpoint(observed: observed, terms: terms, condition: try levelAfterBar("condition"))),
            at: observed.place)
    }

    /// Takes a sum of calls apart, in its order.
    private func collectTerms(_ sum: Expression, into terms: inout [Expression]) throws(SyntaxFailure) {
        var rest = sum
        var reversed: [Expression] = []
        while case .binary(.add, let left, let right) = rest.kind {
            reversed.append(right)
            rest = left
        }
        reversed.append(rest)
        for term in reversed.reversed() {
            guard case .call = term.kind else {
                throw SyntaxFailure(
                    message:
                        "right of '~' stand error terms, joined by '+': add(sd), prop(sd), lnorm(sd), pois(mean), …; "
                        + "found '\(term)'", place: term.place)
            }
            terms.append(term)
        }
    }

    /// `| cond` after an endpoint's or a random effect's terms, if it is there.
    mutating func levelAfterBar(_ meaning: String) throws(SyntaxFailure) -> String? {
        guard accept(.bar) else { return nil }
        guard kind == .name || kind == .quotedName else {
            throw unexpected("the \(meaning)'s name is needed after '|'")
        }
        let name = name(token)
        advance()
        return name
    }
}
