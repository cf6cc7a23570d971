/// What operators work on: numbers, names, calls, brackets.
extension Parser {
    mutating func primary() throws(SyntaxFailure) -> Node {
        let first = token
        switch first.kind {
        case .number:
            advance()
            return (Expression(.number(first.value), at: first.place), 1)
        case .string:
            advance()
            return (Expression(.string(unquoted(first)), at: first.place), 1)
        case .name, .quotedName:
            return try nameOrCall(first)
        case .leftParen:
            return try bracketed(first)
        case .ifWord:
            throw SyntaxFailure(
                message: "'if' is a statement and has no value: write ifelse(condition, a, b)", place: first.place)
        case .functionWord:
            throw SyntaxFailure(message: "functions cannot be defined here", place: first.place)
        default:
            throw unexpected("a number, a name, a call or a bracket is needed here")
        }
    }

    private mutating func bracketed(_ open: Token) throws(SyntaxFailure) -> Node {
        advance()
        try enter()
        defer { leave() }
        var inner = try node(.or)
        guard kind == .rightParen else { throw unclosed(open, "an operator or ')'") }
        inner.expression.place = open.place.through(token.place)
        advance()
        return inner
    }

    private mutating func nameOrCall(_ first: Token) throws(SyntaxFailure) -> Node {
        if kind(ahead: 1) == .slash, isWord("d"), isWord("dt", ahead: 2), kind(ahead: 3) == .leftParen {
            return try rate(first)
        }
        let name = name(first)
        advance()
        switch kind {
        case .leftParen: return try call(name, first)
        case .leftBracket:
            throw SyntaxFailure(
                message: "'[' is not taken: a name stands for a single number, not for a vector", place: token.place)
        default:
            if first.kind == .name, let constant = try constant(name, first.place) { return (constant, 1) }
            return (Expression(.symbol(name), at: first.place), 1)
        }
    }

    /// `d/dt(x)` in an expression: the rate of change that was assigned above.
    private mutating func rate(_ first: Token) throws(SyntaxFailure) -> Node {
        for _ in 0..<4 { advance() }
        guard kind == .name || kind == .quotedName else { throw unexpected("d/dt() takes the name of a compartment") }
        let state = Expression(.symbol(name(token)), at: token.place)
        advance()
        guard kind == .rightParen else { throw unexpected("d/dt() takes one name and ')'") }
        let place = first.place.through(token.place)
        advance()
        return (Expression(.call("d/dt", [Expression.Argument(value: state)]), at: place), 1)
    }

    private mutating func call(_ name: String, _ first: Token) throws(SyntaxFailure) -> Node {
        let open = token
        advance()
        try enter()
        defer { leave() }
        var arguments: [Expression.Argument] = []
        var height = 0
        if kind != .rightParen {
            repeat {
                if kind == .comma || kind == .rightParen { throw unexpected("an argument is missing here") }
                let argument = try argument()
                arguments.append(argument.0)
                height = max(height, argument.height)
            } while accept(.comma)
        }
        guard kind == .rightParen else { throw unclosed(open, "an operator, ',' or ')'") }
        let place = first.place.through(token.place)
        advance()
        return (Expression(.call(name, arguments), at: place), height + 1)
    }

    private mutating func argument() throws(SyntaxFailure) -> (Expression.Argument, height: Int) {
        var label: String?
        if kind(ahead: 1) == .equals {
            switch kind {
            case .name, .quotedName: label = name(token)
            case .string: label = unquoted(token)
            default: throw unexpected("an argument's name is needed left of '='")
            }
            advance()
            advance()
        }
        let value = try node(.or)
        return (Expression.Argument(name: label, value: value.expression), value.height)
    }

    /// `TRUE` is 1 and `FALSE` is 0 in a computation; the rest of R's constants have no place in one.
    private func constant(_ name: String, _ place: SourcePlace) throws(SyntaxFailure) -> Expression? {
        guard !readsData, let first = name.utf8.first,
            first == UInt8(ascii: "T") || first == UInt8(ascii: "F") || first == UInt8(ascii: "N")
                || first == UInt8(ascii: "I")
        else { return nil }
        switch name {
        case "TRUE": return Expression(.number(1), at: place)
        case "FALSE": return Expression(.number(0), at: place)
        case "NA", "NULL", "NaN", "Inf", "NA_real_", "NA_integer_", "NA_character_":
            throw SyntaxFailure(
                message: "'\(name)' is not taken: expressions compute with finite numbers", place: place)
        default: return nil
        }
    }

    /// Why a token stands where the bracket should close.
    func unclosed(_ open: Token, _ allowed: String) -> SyntaxFailure {
        let isOperand = kind.startsOperand && kind != .ifWord
        if isOperand || kind == .equals || kind == .leftArrow || kind == .rightBracket {
            return afterExpression(missing: allowed)
        }
        let line = open.line == token.line ? "" : "line \(fileLine(open.place)), "
        return unexpected("\(allowed) is needed here, for the '(' at \(line)column \(open.column)")
    }
}
