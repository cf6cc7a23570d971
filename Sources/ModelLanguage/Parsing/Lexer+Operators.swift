extension Lexer {
    /// Reads an operator, a bracket, or a character that has no place in the language.
    mutating func scanOperator(_ byte: UInt8) {
        let next = bytes[position + 1]
        switch byte {
        case UInt8(ascii: "("): take(.leftParen)
        case UInt8(ascii: ")"): take(.rightParen)
        case UInt8(ascii: "["): take(.leftBracket)
        case UInt8(ascii: "]"): take(.rightBracket)
        case UInt8(ascii: "{"): take(.leftBrace)
        case UInt8(ascii: "}"): take(.rightBrace)
        case UInt8(ascii: ","): take(.comma)
        case UInt8(ascii: ";"): take(.semicolon)
        case UInt8(ascii: "~"): take(.tilde)
        case UInt8(ascii: "+"): take(.plus)
        case UInt8(ascii: "/"): take(.slash)
        case UInt8(ascii: "^"): take(.caret)
        case UInt8(ascii: "*"): next == byte ? take(.caret, 2) : take(.star)
        case UInt8(ascii: "="): next == byte ? take(.equalEqual, 2) : take(.equals)
        case UInt8(ascii: "!"): next == UInt8(ascii: "=") ? take(.notEqual, 2) : take(.not)
        case UInt8(ascii: "&"): take(.and, next == byte ? 2 : 1)
        case UInt8(ascii: "|"): scanBar(next)
        case UInt8(ascii: "-"): scanMinus(next)
        case UInt8(ascii: "<"): scanLess(next)
        case UInt8(ascii: ">"): next == UInt8(ascii: "=") ? take(.greaterEqual, 2) : take(.greater)
        case UInt8(ascii: "%"): scanPercent()
        case UInt8(ascii: ":"):
            take(.foreign, next == UInt8(ascii: "=") || next == byte ? (bytes[position + 2] == byte ? 3 : 2) : 1)
        case UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "?"), UInt8(ascii: "\\"): take(.foreign)
        default: refuseCharacters()
        }
    }

    private mutating func scanBar(_ next: UInt8) {
        switch next {
        case UInt8(ascii: "|"): take(.or, 2)
        case UInt8(ascii: ">"): take(.foreign, 2)
        default: take(.bar)
        }
    }

    /// `-`, and the arrows to the right, which the parser refuses by name.
    private mutating func scanMinus(_ next: UInt8) {
        guard next == UInt8(ascii: ">") else { return take(.minus) }
        take(.foreign, bytes[position + 2] == UInt8(ascii: ">") ? 3 : 2)
    }

    private mutating func scanLess(_ next: UInt8) {
        switch next {
        case UInt8(ascii: "-"): take(.leftArrow, 2)
        case UInt8(ascii: "="): take(.lessEqual, 2)
        case UInt8(ascii: "<") where bytes[position + 2] == UInt8(ascii: "-"): take(.foreign, 3)
        default: take(.less)
        }
    }

    /// `%%`, `%/%`, and R's other operators between percent signs, which the parser refuses by name.
    private mutating func scanPercent() {
        let second = bytes[position + 1]
        if second == UInt8(ascii: "%") { return take(.remainder, 2) }
        if second == UInt8(ascii: "/"), bytes[position + 2] == UInt8(ascii: "%") { return take(.quotient, 3) }
        var end = position + 1
        while bytes[end].isLetter || bytes[end] == UInt8(ascii: "*") || bytes[end] == UInt8(ascii: ">") { end += 1 }
        take(.foreign, bytes[end] == UInt8(ascii: "%") ? end - position + 1 : 1)
    }

    /// Reports a run of characters that no token can hold: letters outside ASCII, control characters, curly quotes.
    private mutating func refuseCharacters() {
        let start = position
        if bytes[position] < 0x80 {
            position += 1
        } else {
            if columnAnchor == nil { columnAnchor = (start, column(of: start)) }
            while bytes[position] >= 0x80 { position += 1 }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        refuse(Self.characterMessage(text), from: start)
    }

    private static func characterMessage(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "a character that has no meaning here" }
        let code = "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal(first).count)) + hexadecimal(first)
        switch first.value {
        case 0x2018...0x201F: return "a curly quote (\(code)) stands here: strings take the plain quotes \" and '"
        case 0xA0, 0x2000...0x200B, 0x202F, 0x3000, 0xFEFF:
            return "an invisible character (\(code)) stands here: use plain blanks"
        case 0x2010...0x2015, 0x2212: return "'\(first)' (\(code)) is not the minus sign '-'"
        case 0xD7: return "'\(first)' (\(code)) is not the multiplication sign '*'"
        case ..<0x20, 0x7F: return "a control character (\(code)) has no meaning here"
        default:
            return
                "'\(String(text.prefix(12)))' has no meaning outside strings and comments: names hold the letters a-z "
                + "and A-Z, digits, '_' and '.'"
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        String(scalar.value, radix: 16, uppercase: true)
    }
}
