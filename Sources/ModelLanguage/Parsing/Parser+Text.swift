/// The texts behind tokens: names, strings, and the words by which messages call a token.
extension Parser {
    func spelling(_ token: Token) -> String {
        String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
    }

    /// The name that a name or a quoted name stands for.
    mutating func name(_ token: Token) -> String {
        token.kind == .quotedName ? unquoted(token) : spelling(token)
    }

    /// The text between a token's quotes, with its escapes resolved.
    mutating func unquoted(_ token: Token) -> String {
        let inner = bytes[Int(token.start) + 1..<Int(token.end) - 1]
        guard token.hasEscapes else { return String(decoding: inner, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(inner.count)
        var position = inner.startIndex
        while position < inner.endIndex {
            if inner[position] == UInt8(ascii: "\\") {
                position = resolveEscape(at: position + 1, in: inner, of: token, into: &text)
            } else {
                text.append(inner[position])
                position += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends what the escape means and answers the position after it.
    private mutating func resolveEscape(
        at position: Int, in inner: ArraySlice<UInt8>, of token: Token, into text: inout [UInt8]
    ) -> Int {
        guard position < inner.endIndex else { return position }
        switch inner[position] {
        case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "\n"):
            text.append(inner[position])
        case UInt8(ascii: "x"): return appendScalar(after: position, 2, inner, token, &text)
        case UInt8(ascii: "u"): return appendScalar(after: position, 4, inner, token, &text)
        case UInt8(ascii: "U"): return appendScalar(after: position, 8, inner, token, &text)
        default:
            let letter = String(decoding: inner[position...], as: UTF8.self).first.map(String.init) ?? ""
            report(
                "'\\\(letter)' is no escape; allowed are \\n, \\t, \\r, \\\\, \\\", \\', \\`, \\x41 and \\u00e9",
                at: token.place)
        }
        return position + 1
    }

    /// `\x41`, `\u00e9`, `\u{e9}`: up to so many hexadecimal digits.
    private mutating func appendScalar(
        after position: Int, _ most: Int, _ inner: ArraySlice<UInt8>, _ token: Token, _ text: inout [UInt8]
    ) -> Int {
        var next = position + 1
        let isBraced = most > 2 && next < inner.endIndex && inner[next] == UInt8(ascii: "{")
        if isBraced { next += 1 }
        let first = next
        while next < inner.endIndex, next - first < most, Self.isHexadecimal(inner[next]) { next += 1 }
        let value = UInt32(String(decoding: inner[first..<next], as: UTF8.self), radix: 16)
        if isBraced, next < inner.endIndex, inner[next] == UInt8(ascii: "}") { next += 1 }
        if let scalar = value.flatMap(Unicode.Scalar.init), scalar.value != 0 {
            text.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            report("the string holds an escape that names no character", at: token.place)
        }
        return next
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte.isDigit || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
    }
}
