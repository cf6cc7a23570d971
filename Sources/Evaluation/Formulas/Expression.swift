/// Arithmetic on columns inside a formula: `time / 365.25`, `log(x + 1)`, `I(age > 65)`, `status %in% c(2, 3)`.
package indirect enum Expression: Sendable, Hashable {
    /// A number as it was written.
    case number(Double, String)
    case text(String)
    case column(String)
    case parenthesis(Expression)
    case negative(Expression)
    case operation(Operator, Expression, Expression)
    /// Whether the first is one of the others.
    case oneOf(Expression, [Expression])
    case call(Function, Expression)

    package enum Operator: String, Sendable, Hashable, CaseIterable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case power = "^"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="

        var isComparison: Bool {
            switch self {
            case .equal, .unequal, .less, .atMost, .greater, .atLeast: true
            case .plus, .minus, .times, .over, .power: false
            }
        }
    }

    package enum Function: String, Sendable, Hashable, CaseIterable {
        case log, log2, log10, log1p, sqrt, exp, abs
        case number = "as.numeric"
        case asIs = "I"
    }

    /// The columns it names, in order.
    var columns: [String] {
        switch self {
        case .number, .text: []
        case .column(let name): [name]
        case .parenthesis(let inner), .negative(let inner), .oneOf(let inner, _), .call(_, let inner): inner.columns
        case .operation(_, let left, let right): left.columns + right.columns
        }
    }

    /// Whether it is true or false for each row.
    var isLogical: Bool {
        switch self {
        case .operation(let sign, _, _): sign.isComparison
        case .oneOf: true
        case .parenthesis(let inner), .call(.asIs, let inner): inner.isLogical
        case .number, .text, .column, .negative, .call: false
        }
    }

    /// A number or a text, not a column.
    var isLiteral: Bool {
        switch self {
        case .number, .text, .negative(.number): true
        default: false
        }
    }

    /// As R writes it.
    package var name: String {
        switch self {
        case .number(_, let written): written
        case .text(let text): ["TRUE", "FALSE"].contains(text) ? text : "\"\(text)\""
        case .column(let name): name
        case .parenthesis(let inner): "(\(inner.name))"
        case .negative(let inner): "-\(inner.name)"
        case .operation(let sign, let left, let right):
            switch sign {
            case .over, .power: "\(left.name)\(sign.rawValue)\(right.name)"
            default: "\(left.name) \(sign.rawValue) \(right.name)"
            }
        case .oneOf(let inner, let values): "\(inner.name) %in% c(\(values.map(\.name).joined(separator: ", ")))"
        case .call(let function, let inner): "\(function.rawValue)(\(inner.name))"
        }
    }
}

extension Expression: ExpressibleByStringLiteral {
    /// The column of that name.
    package init(stringLiteral name: String) { self = .column(name) }
}
