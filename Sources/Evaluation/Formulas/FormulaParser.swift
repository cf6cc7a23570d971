/// Reads a ``Formula`` from left to right.
struct FormulaParser {
    private let text: String
    private var tokens: [String] = []
    private var position = 0

    init(_ text: String) {
        self.text = text
        tokens = Self.tokens(text)
    }

    /// Names, numbers, quoted names, and single signs; `==` is one sign.
    private static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first.isLetter || first.isNumber || first == "_" || first == "." {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            } else if first == "`" || first == "\"" || first == "'" {
                let inner = rest.dropFirst().prefix { $0 != first }
                tokens.append((first == "`" ? "`" : "\"") + inner)
                rest = rest.dropFirst(inner.count + 2)
            } else if rest.hasPrefix("==") {
                tokens.append("==")
                rest = rest.dropFirst(2)
            } else {
                tokens.append(String(first))
                rest.removeFirst()
            }
        }
        return tokens
    }

    mutating func formula() throws -> Formula {
        let response = try response()
        try expect("~")
        var terms: [[Formula.Factor]] = []
        var strata: [String] = []
        var cluster: String?
        repeat {
            if peek == "1" || peek == "0" {
                guard next() == "1" else { throw refused("0", "a column, or 1 for none") }
                continue
            }
            if let names = try call("strata") {
                strata += names
            } else if let names = try call("cluster") {
                guard names.count == 1 else { throw refused("\(names.count) columns", "one column in cluster()") }
                cluster = names[0]
            } else {
                try product().forEach { term in if !terms.contains(term) { terms.append(term) } }
            }
        } while take("+")
        if let rest = peek { throw refused("'\(rest)'", "+ and another term, or the end") }
        return Formula(text: text, response: response, terms: terms, strata: strata, cluster: cluster)
    }

    private mutating func response() throws -> Formula.Response {
        guard peek == "Surv", tokens.dropFirst().first == "(" else { return .column(try name()) }
        position += 2
        var arguments: [Formula.Event] = []
        repeat {
            let column = try name()
            let code = take("==") ? try literal() : nil
            arguments.append(Formula.Event(column: column, code: code))
        } while take(",")
        try expect(")")
        let isPlain = arguments.dropLast().allSatisfy { $0.code == nil }
        guard arguments.count == 2 || arguments.count == 3, isPlain, let event = arguments.last else {
            throw refused("\(arguments.count) arguments of Surv()", "Surv(time, event) or Surv(start, stop, event)")
        }
        let start = arguments.count == 3 ? arguments[0].column : nil
        return .survival(start: start, time: arguments[arguments.count - 2].column, event: event)
    }

    /// The terms of `a`, `a:b` and `a*b`, lower ones first.
    private mutating func product() throws -> [[Formula.Factor]] {
        var terms = [[try factor()]]
        while let sign = peek, sign == ":" || sign == "*" {
            position += 1
            let other = try factor()
            terms = sign == ":" ? terms.map { $0 + [other] } : terms + [[other]] + terms.map { $0 + [other] }
        }
        return terms.sorted { $0.count < $1.count }
    }

    private mutating func factor() throws -> Formula.Factor {
        for transform in Formula.Factor.Transform.allCases {
            guard let names = try call(transform.rawValue) else { continue }
            guard names.count == 1 else {
                throw refused("\(names.count) columns", "one column in \(transform.rawValue)()")
            }
            return Formula.Factor(column: names[0], transform: transform)
        }
        return Formula.Factor(column: try name(), transform: nil)
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

    private mutating func name() throws -> String {
        guard let token = peek, let first = token.first else { throw refused("the end", "a column") }
        if first == "`" {
            position += 1
            return String(token.dropFirst())
        }
        guard first.isLetter || first == "_" || first == "." else { throw refused("'\(token)'", "a column") }
        position += 1
        if peek == "(" {
            throw refused("'\(token)('", "a column, factor(), log(), sqrt(), exp(), strata() or cluster()")
        }
        return token
    }

    private mutating func literal() throws -> String {
        guard let token = next() else { throw refused("the end", "a code after ==") }
        return token.first == "\"" ? String(token.dropFirst()) : token
    }

    private var peek: String? { position < tokens.count ? tokens[position] : nil }

    private mutating func next() -> String? {
        defer { position += 1 }
        return peek
    }

    private mutating func take(_ sign: String) -> Bool {
        guard peek == sign else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ sign: String) throws {
        guard take(sign) else { throw refused(peek.map { "'\($0)'" } ?? "the end", "'\(sign)'") }
    }

    private func refused(_ found: String, _ allowed: String) -> EvaluationErrors {
        EvaluationErrors("found \(found), allowed: \(allowed)", at: "formula '\(text)'")
    }
}
