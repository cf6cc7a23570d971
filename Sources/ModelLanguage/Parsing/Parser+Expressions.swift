/// Expressions, by precedence climbing. From the tightest: `^`, the signs, `%%` and `%/%`, `*` and `/`, `+` and `-`,
/// comparisons, `!`, `&&`, `||`. All run from left to right but `^` and the comparisons, which do not chain.
extension Parser {
    /// An expression and how many operations lie between it and its innermost operand.
    typealias Node = (expression: Expression, height: Int)

    /// The whole text as one expression. After a problem the answer is a stand-in that nobody gets to see.
    mutating func soleExpression() -> Expression {
        do throws(SyntaxFailure) {
            skipTerminators()
            if kind == .endOfText { throw SyntaxFailure(message: "the expression is empty", place: token.place) }
            let expression = try expression()
            skipTerminators()
            if kind != .endOfText { throw afterExpression(missing: "an operator") }
            return expression
        } catch {
            report(error)
            return Expression(.number(0), at: error.place)
        }
    }

    mutating func expression(_ minimum: Precedence = .or) throws(SyntaxFailure) -> Expression {
        try node(minimum).expression
    }

    mutating func node(_ minimum: Precedence) throws(SyntaxFailure) -> Node {
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
}
