/// A formula cut into names, numbers, quoted names and texts, and signs.
enum FormulaTokens {
    /// A name in backticks begins with one, a text with a double quote.
    static func cut(_ text: String) -> [String] {
        var tokens: [String] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first.isNumber || first == "." && rest.dropFirst().first?.isNumber == true {
                tokens.append(number(&rest))
            } else if first.isLetter || first == "_" || first == "." {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            } else if first == "`" || first == "\"" || first == "'" {
                let inner = rest.dropFirst().prefix { $0 != first }
                tokens.append((first == "`" ? "`" : "\"") + inner)
                rest = rest.dropFirst(inner.count + 2)
            } else if let sign = ["==", "!=", "<=", ">=", "%in%"].first(where: { rest.hasPrefix($0) }) {
                tokens.append(sign)
                rest = rest.dropFirst(sign.count)
            } else {
                tokens.append(String(first))
                rest.removeFirst()
            }
        }
        return tokens
    }

    /// Digits, a point and an exponent; letters that follow stay with it, so that `2x` is one wrong word and not a product.
    private static func number(_ rest: inout Substring) -> String {
        var token = rest.prefix { $0.isNumber || $0.isLetter || $0 == "." || $0 == "_" }
        rest = rest.dropFirst(token.count)
        let isPower = token.last == "e" || token.last == "E"
        if isPower, let sign = rest.first, sign == "-" || sign == "+", rest.dropFirst().first?.isNumber == true {
            let exponent = rest.dropFirst().prefix { $0.isNumber }
            token = token + String(sign) + exponent
            rest = rest.dropFirst(exponent.count + 1)
        }
        return String(token)
    }
}
