/// Expressions, by precedence climbing. From the tightest: `^`, the signs, `%%` and `%/%`, `*` and `/`, `+` and `-`,
/// comparisons, `!`, `&&`, `||`. All run from left to right but `^` and the comparisons, which do not chain.
extension Parser {
    /// An expression and how many operations lie between it and its innermost operand.
    typealias Node = (expression: Expression, height: Int)

    /// The whole text as one expression. After a problem the answer is a stand-in that nobody gets to see.
    mutating func soleExpression() -> Expression {
        do throws(SyntaxFailure) {
            skipTerminators()
            let expression = try expression()
            skipTerminators()
            if kind != .endOfText { throw afterExpression() }
            return expression
        } catch {
            report(error)
            return Expression(.number(0), at: error.place)
        }
    }

    mutating func expression(_ minimum: Precedence = .or) throws(SyntaxFailure) -> Expression {
        try node(minimum).expression
    }

    private mutating func node(_ minimum: Precedence) throws(SyntaxFailure) -> Node {
        var left = try prefix()
        while let (operation, precedence) = Self.binaryOperator(kind), precedence >= minimum {
            let sign = token
            advance()
            let right = try node(precedence.next)
            left = try combine(left, operation, right, at: sign)
            if precedence == .comparison, let (_, next) = Self.binaryOperator(kind), next == .comparison {
                throw SyntaxFailure(
                    message: "comparisons do not chain: found \(wording(token)) after \(wording(sign)); "
                        + "write a < b && b < c", place: token.place)
            }
        }
        return left
    }

    private func combine(
        _ left: Node, _ operation: BinaryOperator, _ right: Node, at sign: Token
    ) throws(SyntaxFailure) -> Node {
        let height = max(left.height, right.height) + 1
        guard height <= ModelParser.deepestExpression else {
            throw SyntaxFailure(
                message: "the expression is more than \(ModelParser.deepestExpression) operations deep; "
                    + "split it over several assignments", place: sign.place)
        }
        let place = left.expression.place.through(right.expression.place)
        return (Expression(.binary(operation, left.expression, right.expression), at: place), height)
    }

    // MARK: - Signs and powers

    private mutating func prefix() throws(SyntaxFailure) -> Node {
        switch kind {
        case .minus:
            if kind(ahead: 1) == .number, kind(ahead: 2) != .caret { return negativeNumber() }
            return try signed(.minus)
        case .plus: return try signed(.plus)
        case .not: return try signed(.not)
        default: return try power()
        }
    }

    private mutating func negativeNumber() -> Node {
        let place = token.place
        advance()
        defer { advance() }
        return (Expression(.number(-token.value), at: place.through(token.place)), 1)
    }

    private mutating func signed(_ operation: UnaryOperator) throws(SyntaxFailure) -> Node {
        let place = token.place
        advance()
        try enter()
        defer { leave() }
        // `!` takes a whole comparison, wherever it stands: R reads `!a == b` as `!(a == b)`.
        let operand = operation == .not ? try node(.comparison) : try prefix()
        let whole = place.through(operand.expression.place)
        return (Expression(.unary(operation, operand.expression), at: whole), operand.height + 1)
    }

    private mutating func power() throws(SyntaxFailure) -> Node {
        let base = try primary()
        guard kind == .caret else { return base }
        let sign = token
        advance()
        let exponent = try exponent()
        guard kind != .caret else {
            throw SyntaxFailure(
                message: "powers do not chain: add brackets, (a^b)^c or a^(b^c)", place: token.place)
        }
        return try combine(base, .power, exponent, at: sign)
    }

    private mutating func exponent() throws(SyntaxFailure) -> Node {
        switch kind {
        case .minus where kind(ahead: 1) == .number: return negativeNumber()
        case .minus, .plus:
            let operation: UnaryOperator = kind == .minus ? .minus : .plus
            let place = token.place
            advance()
            try enter()
            defer { leave() }
            let operand = try exponent()
            let whole = place.through(operand.expression.place)
            return (Expression(.unary(operation, operand.expression), at: whole), operand.height + 1)
        case .not: return try signed(.not)
        default: return try primary()
        }
    }

    // MARK: - Operands

    private mutating func primary() throws(SyntaxFailure) -> Node {
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
            throw SyntaxFailure(
                message: "d/dt() cannot be read, only assigned: give the rate a name, and use it in both places",
                place: first.place.through(tokens[index + 2].place))
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

    // MARK: - Failures

    private func unclosed(_ open: Token, _ allowed: String) -> SyntaxFailure {
        if kind == .equals || kind == .leftArrow || kind == .rightBracket { return afterExpression() }
        let line = open.line == token.line ? "" : "line \(fileLine(open.place)), "
        return unexpected("\(allowed) is needed here, for the '(' of \(line)column \(open.column)")
    }

    /// Why a token cannot follow an expression.
    func afterExpression() -> SyntaxFailure {
        let message: String
        switch kind {
        case .leftArrow:
            message =
                "'<-' assigns, and cannot stand inside an expression; 'less than minus' is written with a blank, a < -b"
        case .equals: message = "'=' assigns, and cannot stand inside an expression; equality is written '=='"
        case .tilde: message = "'~' cannot stand inside an expression"
        case .rightParen: message = "')' has no '(' in this statement"
        case .rightBracket: message = "']' has no '[' in this statement"
        case .number, .string, .name, .quotedName:
            message = "found \(wording(token)) right after an expression; an operator is missing before it"
        default: return unexpected("an operator, or the end of the line, is needed here")
        }
        return SyntaxFailure(message: message, place: token.place)
    }
}

/// How tightly an operator binds.
enum Precedence: Int, Comparable {
    case or, and, not, comparison, additive, multiplicative, percent, sign

    /// One step tighter: what the right operand of a left-to-right operator needs.
    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .sign }

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

extension Parser {
    /// The operator that a token stands for between two operands. `^` is read with its operand.
    static func binaryOperator(_ kind: Token.Kind) -> (BinaryOperator, Precedence)? {
        switch kind {
        case .or, .bar: (.or, .or)
        case .and: (.and, .and)
        case .equalEqual: (.equal, .comparison)
        case .notEqual: (.notEqual, .comparison)
        case .less: (.less, .comparison)
        case .lessEqual: (.lessOrEqual, .comparison)
        case .greater: (.greater, .comparison)
        case .greaterEqual: (.greaterOrEqual, .comparison)
        case .plus: (.add, .additive)
        case .minus: (.subtract, .additive)
        case .star: (.multiply, .multiplicative)
        case .slash: (.divide, .multiplicative)
        case .remainder: (.remainder, .percent)
        case .quotient: (.integerQuotient, .percent)
        default: nil
        }
    }
}
