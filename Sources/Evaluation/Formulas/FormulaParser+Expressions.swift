extension FormulaParser {
    /// A comparison, or arithmetic.
    mutating func condition() throws -> Expression { try compared(arithmetic()) }

    /// What follows the left side of a comparison, where one follows.
    mutating func compared(_ left: Expression) throws -> Expression {
        if take("%in%") {
            guard peek == "c" else { return .oneOf(left, [try arithmetic()]) }
            position += 1
            try expect("(")
            var values: [Expression] = []
            repeat { values.append(try arithmetic()) } while take(",")
            try expect(")")
            return .oneOf(left, values)
        }
        guard let sign = peek.flatMap(Expression.Operator.init), sign.isComparison else { return left }
        position += 1
        return .operation(sign, left, try arithmetic())
    }

    private mutating func arithmetic() throws -> Expression {
        var result = try product()
        while let sign = peek, sign == "+" || sign == "-" {
            position += 1
            result = .operation(sign == "+" ? .plus : .minus, result, try product())
        }
        return result
    }

    private mutating func product() throws -> Expression {
        var result = try signed()
        while let sign = peek, sign == "*" || sign == "/" {
            position += 1
            result = .operation(sign == "*" ? .times : .over, result, try signed())
        }
        return result
    }

    private mutating func signed() throws -> Expression {
        guard take("-") else { return try power() }
        try descend()
        defer { depth -= 1 }
        return .negative(try signed())
    }

    /// From the right: a^b^c is a^(b^c).
    private mutating func power() throws -> Expression {
        let base = try primary()
        guard take("^") else { return base }
        try descend()
        defer { depth -= 1 }
        return .operation(.power, base, try signed())
    }

    /// A number, a text, a column, a function of an expression, or one in parentheses.
    mutating func primary() throws -> Expression {
        guard let token = peek, let first = token.first else { throw refused("the end", "a column") }
        if first == "\"" {
            position += 1
            return .text(String(token.dropFirst()))
        }
        if first.isNumber || first == "." && token.count > 1 && token.dropFirst().first?.isNumber == true {
            guard let value = Double(token), value.isFinite else { throw refused("'\(token)'", "a number or a column") }
            position += 1
            return .number(value, token)
        }
        if token == "(" {
            position += 1
            return .parenthesis(try enclosed())
        }
        if token == "TRUE" || token == "FALSE" {
            position += 1
            return .text(token)
        }
        if position + 1 < tokens.count, tokens[position + 1] == "(",
            let function = Expression.Function(rawValue: token)
        {
            position += 2
            return .call(function, try enclosed())
        }
        return .column(try name())
    }

    /// What stands up to the closing parenthesis.
    private mutating func enclosed() throws -> Expression {
        try descend()
        let inner = try condition()
        try expect(")")
        depth -= 1
        return inner
    }

    /// One level deeper, where there is no end of levels for a reader that calls itself.
    mutating func descend() throws {
        depth += 1
        guard depth <= Self.deepest else {
            throw refused("more than \(Self.deepest) parentheses or signs inside each other", "fewer")
        }
    }

    mutating func name() throws -> String {
        guard let token = peek, let first = token.first else { throw refused("the end", "a column") }
        if first == "`" {
            position += 1
            return String(token.dropFirst())
        }
        guard first.isLetter || first == "_" || first == "." else { throw refused("'\(token)'", "a column") }
        position += 1
        if peek == "(" { throw refused("'\(token)('", Self.instead[token] ?? Self.functions) }
        return token
    }

    private static let functions =
        "a column, factor(), log(), log2(), log10(), log1p(), sqrt(), exp(), abs(), I(), strata() or cluster()"

    /// What to do where R has a function that is not here.
    private static let instead = [
        "offset": "no offset; there is none in these models",
        "tt": "no time transform; cut the follow-up into rows and write Surv(start, stop, event)",
        "frailty": "cluster() for robust errors, or strata()",
        "ridge": "no penalty; the library has one, `PenalizedCox`",
        "pspline": "columns of a basis made beforehand",
        "ns": "columns of a basis made beforehand",
        "bs": "columns of a basis made beforehand",
        "poly": "powers such as x + I(x^2)",
        "cut": "a column of bands made beforehand, or I(x > 65)",
        "relevel": "factor(); the first level in alphabetical order is the reference",
        "interaction": "a*b for the product, or strata(a, b)",
        "weights": "--weights, which names their column",
    ]

    // MARK: Tokens

    var peek: String? { position < tokens.count ? tokens[position] : nil }

    mutating func next() -> String? {
        defer { position += 1 }
        return peek
    }

    mutating func take(_ sign: String) -> Bool {
        guard peek == sign else { return false }
        position += 1
        return true
    }

    mutating func expect(_ sign: String) throws {
        guard take(sign) else { throw refused(peek.map { "'\($0)'" } ?? "the end", "'\(sign)'") }
    }

    func refused(_ found: String, _ allowed: String) -> EvaluationErrors {
        EvaluationErrors("found \(found), allowed: \(allowed)", at: "formula '\(text)'")
    }
}
