/// Expressions and statements as text of the language. Reading the text again gives the same tree, up to places.
extension Expression: CustomStringConvertible {
    /// The expression with the fewest brackets that keep its meaning.
    public var description: String {
        var text = ""
        write(into: &text, .or)
        return text
    }

    /// Writes the expression so that it can stand where operators of at least this precedence are read.
    private func write(into text: inout String, _ minimum: Precedence) {
        switch kind {
        case .number(let value):
            // A negative number is a sign and a number; as a base of `^` it takes brackets.
            text += Self.text(of: value)
        case .string(let value): text += Self.quoted(value, by: "\"")
        case .symbol(let name): text += Self.text(ofName: name)
        case .call(let name, let arguments): writeCall(name, arguments, into: &text)
        case .unary(let operation, let operand):
            let isNot = operation == .not
            // `!` takes a whole comparison to its right, so it stands free only where none can follow.
            bracket(isNot && minimum > .not, &text) { text in
                text += operation.rawValue
                operand.writeSigned(into: &text, .sign, after: operation)
            }
        case .binary(.power, let base, let exponent):
            base.writePowerOperand(into: &text)
            text += "^"
            if case .number = exponent.kind {
                exponent.write(into: &text, .sign)
            } else {
                exponent.writePowerOperand(into: &text)
            }
        case .binary(let operation, let left, let right):
            let precedence = operation.precedence
            bracket(precedence < minimum, &text) { text in
                left.write(into: &text, precedence == .comparison ? .additive : precedence)
                text += " \(operation.rawValue) "
                // `d / dt(x)` would be read as a derivative.
                if operation == .divide, case .call("dt", _) = right.kind {
                    bracket(true, &text) { right.write(into: &$0, .or) }
                } else {
                    right.write(into: &text, precedence.next)
                }
            }
        }
    }

    private func bracket(_ isNeeded: Bool, _ text: inout String, _ write: (inout String) -> Void) {
        if isNeeded { text += "(" }
        write(&text)
        if isNeeded { text += ")" }
    }

    /// The operand of a sign. `-5` is a number and `-(5)` the opposite of one.
    private func writeSigned(into text: inout String, _ minimum: Precedence, after operation: UnaryOperator) {
        switch kind {
        case .number(let value) where operation == .minus && value.sign == .plus:
            text += "(\(Self.text(of: value)))"
        case .number, .unary(.minus, _), .unary(.plus, _):
            if operation != .not { text += " " }
            write(into: &text, minimum)
        case .unary(.not, _) where operation == .not:
            write(into: &text, .not)
        default:
            write(into: &text, minimum)
        }
    }

    /// Powers do not chain, and a sign before a base would take the power with it.
    private func writePowerOperand(into text: inout String) {
        let isPlain: Bool =
            switch kind {
            case .number(let value): value.sign == .plus
            case .string, .symbol, .call: true
            case .unary, .binary: false
            }
        bracket(!isPlain, &text) { write(into: &$0, .or) }
    }

    private func writeCall(_ name: String, _ arguments: [Argument], into text: inout String) {
        text += (name == "d/dt" ? name : Self.text(ofName: name)) + "("
        for (i, argument) in arguments.enumerated() {
            if i > 0 { text += ", " }
            if let label = argument.name { text += Self.text(ofName: label) + " = " }
            argument.value.write(into: &text, .or)
        }
        text += ")"
    }
}

extension BinaryOperator {
    var precedence: Precedence {
        switch self {
        case .or: .or
        case .and: .and
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
        case .add, .subtract: .additive
        case .multiply, .divide: .multiplicative
        case .remainder, .integerQuotient: .percent
        case .power: .sign
        }
    }
}

// MARK: - Words

extension Expression {
    /// The shortest text that is read as this number: `70`, `0.75`, `1e-08`.
    static func text(of value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "Inf" }
        if value.isNaN { return "NaN" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A name, between back-quotes where it is none by itself.
    static func text(ofName name: String) -> String {
        let isPlain =
            (name.utf8.first?.isLetter ?? false || (name.utf8.first == UInt8(ascii: ".") && !isNumber(name)))
            && name.utf8.allSatisfy(\.isNamePart)
        return isPlain && !reserved.contains(name) ? name : quoted(name, by: "`")
    }

    private static func isNumber(_ name: String) -> Bool { name.utf8.dropFirst().first?.isDigit ?? false }

    private static let reserved: Set<String> = [
        "if", "else", "function", "for", "while", "repeat", "break", "next", "TRUE", "FALSE", "NULL", "NA", "NaN",
        "Inf",
        "NA_character_", "NA_real_", "NA_integer_",
    ]

    static func quoted(_ text: String, by quote: Character) -> String {
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            case _ where Character(scalar) == quote: result += "\\\(quote)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + String(quote)
    }
}
