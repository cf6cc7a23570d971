import ModelLanguage

/// Short forms for tests: texts of rules, expressions and models, read or refused.
enum Read {
    static func expression(_ text: String) throws -> Expression {
        try ModelParser.parse(expression: SourceText(name: "e.R", text: text))
    }

    static func rule(_ text: String) throws -> [Statement] {
        try ModelParser.parse(rule: SourceText(name: "r.R", text: text))
    }

    static func model(_ text: String) throws -> ModelDocument {
        try ModelParser.parse(model: SourceText(name: "m.R", text: text))
    }

    /// A model whose `ini` block is this text.
    static func ini(_ text: String) throws -> ModelDocument {
        try model("ini({\n\(text)\n})\nmodel({ y <- 1 })")
    }
}

/// All messages with their places, lines and carets; empty when the text is taken.
enum Refused {
    static func expression(_ text: String) -> String { messages { _ = try Read.expression(text) } }
    static func rule(_ text: String) -> String { messages { _ = try Read.rule(text) } }
    static func model(_ text: String) -> String { messages { _ = try Read.model(text) } }
    static func ini(_ text: String) -> String { messages { _ = try Read.ini(text) } }

    private static func messages(_ read: () throws -> Void) -> String {
        do {
            try read()
            return ""
        } catch {
            return "\(error)"
        }
    }
}

extension Expression {
    /// The tree in prefix form with every operation in brackets, as R prints its own tree: `(+ a (* b c))`. A negative
    /// number is the sign and the number.
    var prefixForm: String {
        switch kind {
        case .number(let value):
            value.sign == .minus ? "(- \(Self.shortest(-value)))" : Self.shortest(value)
        case .string(let text): "\"\(text)\""
        case .symbol(let name): name
        case .unary(let operation, let operand): "(\(operation.rawValue) \(operand.prefixForm))"
        case .binary(let operation, let left, let right):
            "(\(operation.rawValue) \(left.prefixForm) \(right.prefixForm))"
        case .call(let name, let arguments):
            "("
                + ([name] + arguments.map { ($0.name.map { "\($0)=" } ?? "") + $0.value.prefixForm })
                .joined(separator: " ") + ")"
        }
    }

    private static func shortest(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// The same tree with every place the same, to compare trees of different texts.
    var withoutPlaces: Expression {
        let nowhere = SourcePlace(line: 1, column: 1)
        let kind: Expression.Kind =
            switch self.kind {
            case .number, .string, .symbol: self.kind
            case .unary(let operation, let operand): .unary(operation, operand.withoutPlaces)
            case .binary(let operation, let left, let right):
                .binary(operation, left.withoutPlaces, right.withoutPlaces)
            case .call(let name, let arguments):
                .call(name, arguments.map { Argument(name: $0.name, value: $0.value.withoutPlaces) })
            }
        return Expression(kind, at: nowhere)
    }
}

extension Statement {
    var withoutPlaces: Statement {
        let kind: Statement.Kind =
            switch self.kind {
            case .assign(let target, let value): .assign(target, value.withoutPlaces)
            case .conditional(let branches, let otherwise):
                .conditional(
                    branches.map {
                        Branch(condition: $0.condition.withoutPlaces, body: $0.body.map(\.withoutPlaces))
                    }, otherwise: otherwise.map(\.withoutPlaces))
            case .endpoint(let endpoint):
                .endpoint(
                    Endpoint(
                        observed: endpoint.observed.withoutPlaces, terms: endpoint.terms.map(\.withoutPlaces),
                        condition: endpoint.condition))
            case .compartment: self.kind
            case .expression(let expression): .expression(expression.withoutPlaces)
            }
        return Statement(kind, at: SourcePlace(line: 1, column: 1))
    }
}

/// A small generator of equally likely choices (splitmix64), so that a failing case can be made again from its seed.
struct Choices {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
