/// Numbers as scenarios write them: `-12`, `3.0`, `.5`, `1e3`.
///
/// Hexadecimal and octal forms, sixties (`12:30`), underscores, infinity and not-a-number are no numbers here, whatever
/// a YAML reader makes of them.
enum DecimalText {
    enum Reading: Equatable {
        case number(Double)
        /// Digits that other readers take for octal: `010`.
        case leadingZero
        case none
    }

    static func read(_ text: some StringProtocol) -> Reading {
        var rest = Substring(text)
        if let sign = rest.first, sign == "-" || sign == "+" { rest = rest.dropFirst() }
        let whole = takeDigits(&rest)
        var fraction: Substring = ""
        if rest.first == "." {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return .none }
        if let letter = rest.first, letter == "e" || letter == "E" {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == "-" || sign == "+" { rest = rest.dropFirst() }
            guard !takeDigits(&rest).isEmpty else { return .none }
        }
        guard rest.isEmpty, let value = Double(text), value.isFinite else { return .none }
        return whole.count > 1 && whole.first == "0" ? .leadingZero : .number(value)
    }

    static func number(_ text: some StringProtocol) -> Double? {
        guard case .number(let value) = read(text) else { return nil }
        return value
    }

    private static func takeDigits(_ rest: inout Substring) -> Substring {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}
