/// Reads a ``Formula`` from left to right.
///
/// Signs bind as in R: `^` before `:` before `*` and `/` before `+` and `-`.
struct FormulaParser {
    let text: String
    let tokens: [String]
    var position = 0
    private var strata: [String] = []
    private var cluster: String?
    private var without: [[Formula.Factor]] = []
    /// Parentheses that are open; more than this are no formula.
    var depth = 0
    static let deepest = 50
    /// Products that stand for more terms than this are a slip.
    private static let mostTerms = 2000

    init(_ text: String) {
        self.text = text
        tokens = FormulaTokens.cut(text)
    }

    mutating func formula() throws -> Formula {
        let response = try response()
        try expect("~")
        let terms = try sum()
        if let rest = peek { throw refused("'\(rest)'", "+ and another term, or the end") }
        return Formula(
            text: text, response: response, terms: terms, without: without, strata: strata, cluster: cluster)
    }

    /// `~ terms`, or the terms alone: a formula with no response.
    mutating func rightSide() throws -> Formula {
        _ = take("~")
        let terms = try sum()
        if let rest = peek { throw refused("'\(rest)'", "+ and another term, or the end") }
        return Formula(
            text: text, response: .column(CovariateFormula.nobody), terms: terms, without: without, strata: strata,
            cluster: cluster)
    }

    private mutating func response() throws -> Formula.Response {
        guard peek == "Surv", tokens.dropFirst().first == "(" else { return .column(try name()) }
        position += 2
        var arguments: [Expression] = []
        repeat { arguments.append(try condition()) } while take(",")
        try expect(")")
        guard arguments.count == 2 || arguments.count == 3, let event = arguments.last else {
            throw refused("\(arguments.count) arguments of Surv()", "Surv(time, event) or Surv(start, stop, event)")
        }
        let start = arguments.count == 3 ? arguments[0] : nil
        let time = arguments[arguments.count - 2]
        if let wrong = [start, time].compactMap({ $0 }).first(where: { $0.isLogical || $0.isLiteral }) {
            throw refused(
                "the time '\(wrong.name)' in Surv()", "a column of times"
            )
        }
        return .survival(start: start, time: time, event: try self.event(event))
    }

    private func event(_ expression: Expression) throws -> Formula.Event {
        switch expression {
        case .column(let column): return Formula.Event(column: column)
        case .operation(.equal, .column(let column), let code) where code.isLiteral:
            if case .text(let text) = code { return Formula.Event(column: column, code: text) }
            return Formula.Event(column: column, code: code.name)
        default:
            guard !expression.columns.isEmpty else {
                throw refused("the event '\(expression.name)' in Surv()", "a column, or one compared with a code")
            }
            return Formula.Event(column: expression.name, condition: expression)
        }
    }

    // MARK: Terms

    private mutating func sum() throws -> [[Formula.Factor]] {
        var terms: [[Formula.Factor]] = []
        var isMinus = take("-")
        while true {
            let marks = (strata.count, cluster)
            if peek == "1" || peek == "0" {
                guard next() == "1", !isMinus else { throw refused(isMinus ? "- 1" : "0", "a column, or 1 for none") }
            } else if isMinus {
                let less = try product()
                terms.removeAll { term in less.contains { Set($0) == Set(term) } }
                without += less
                guard marks == (strata.count, cluster) else { throw refused("'-' before strata() or cluster()", "+") }
            } else {
                for term in try product() where !terms.contains(where: { Set($0) == Set(term) }) { terms.append(term) }
                guard terms.count <= Self.mostTerms else {
                    throw refused("more than \(Self.mostTerms) terms", "fewer")
                }
            }
            if take("+") { isMinus = false } else if take("-") { isMinus = true } else { return terms }
        }
    }

    /// The terms of `a*b` and `a/b`.
    private mutating func product() throws -> [[Formula.Factor]] {
        var terms = try interaction()
        while let sign = peek, sign == "*" || sign == "/" {
            position += 1
            let other = try interaction()
            if sign == "*" {
                terms += other
                terms += try crossed(Array(terms.dropLast(other.count)), other)
            } else {
                terms += try crossed([unique(terms.flatMap { $0 })], other)
            }
        }
        return terms
    }

    private mutating func interaction() throws -> [[Formula.Factor]] {
        var terms = try power()
        while take(":") { terms = try crossed(terms, power()) }
        return terms
    }

    /// `(a + b)^2`.
    private mutating func power() throws -> [[Formula.Factor]] {
        let terms = try atom()
        guard take("^") else { return terms }
        guard let exponent = next().flatMap({ Int($0) }), (1...6).contains(exponent) else {
            throw refused("'^'", "a whole number from 1 to 6 after it; write I(x^2) for a square")
        }
        var result = terms
        for _ in 1..<exponent {
            let higher = try crossed(result, terms)
            for term in higher where !result.contains(where: { Set($0) == Set(term) }) { result.append(term) }
        }
        return result
    }

    private func crossed(_ left: [[Formula.Factor]], _ right: [[Formula.Factor]]) throws -> [[Formula.Factor]] {
        guard !left.isEmpty, !right.isEmpty else {
            throw refused(
                "strata(), cluster() or 1 in a product", "these after +; x:factor(s) has an x for each level of s")
        }
        guard !left.contains([.others]), !right.contains([.others]) else {
            throw refused("'.' in a product", "the names of the columns")
        }
        guard left.count * right.count <= Self.mostTerms else {
            throw refused("a product of more than \(Self.mostTerms) terms", "fewer")
        }
        return left.flatMap { one in right.map { unique(one + $0) } }
    }

    private func unique(_ factors: [Formula.Factor]) -> [Formula.Factor] {
        var seen: Set<Formula.Factor> = []
        return factors.filter { seen.insert($0).inserted }
    }

    private mutating func atom() throws -> [[Formula.Factor]] {
        if peek == "(" {
            position += 1
            try descend()
            let terms = try sum()
            try expect(")")
            depth -= 1
            return terms
        }
        if peek == "." {
            position += 1
            return [[.others]]
        }
        if let names = try call("strata") {
            strata += names
            return []
        }
        if let names = try call("cluster") {
            guard names.count == 1, cluster == nil else {
                throw refused("\(names.count + (cluster == nil ? 0 : 1)) columns", "one column in cluster()")
            }
            cluster = names[0]
            return []
        }
        return [[try factor()]]
    }

    private mutating func factor() throws -> Formula.Factor {
        for levels in ["factor", "as.factor"] {
            guard let names = try call(levels) else { continue }
            guard names.count == 1 else { throw refused("\(names.count) columns", "one column in \(levels)()") }
            return Formula.Factor(expression: .column(names[0]), levels: levels)
        }
        // As in R, a comparison takes all that stands on its sides.
        let isFirst = position > 0 && ["~", "("].contains(tokens[position - 1])
        let isCall = position + 1 < tokens.count && tokens[position + 1] == "("
        let expression = try isCall ? primary() : .column(name())
        guard let sign = peek, ["==", "!=", "<", "<=", ">", ">=", "%in%"].contains(sign) else {
            return Formula.Factor(expression: expression)
        }
        let comparison = try compared(expression)
        guard isFirst, peek == nil || peek == ")" else {
            throw refused("'\(comparison.name)' among other terms", "I(\(comparison.name))")
        }
        return Formula.Factor(expression: comparison)
    }

    /// The columns in `function(a, b)` where that comes next.
    private mutating func call(_ function: String) throws -> [String]? {
        guard peek == function, position + 1 < tokens.count, tokens[position + 1] == "(" else { return nil }
        position += 2
        var names = [try name()]
        while take(",") { names.append(try name()) }
        try expect(")")
        return names
    }
}
