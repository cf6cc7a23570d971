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
