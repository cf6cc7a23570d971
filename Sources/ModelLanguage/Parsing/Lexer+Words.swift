extension Lexer {
    // MARK: - Names

    mutating func scanName() {
        let start = position
        while bytes[position].isNamePart { position += 1 }
        if skipPackage(from: start) { return }
        append(wordKind(bytes[start..<position]), from: start)
    }

    /// Steps over `::` after the name of a package whose functions the language has: `rxode2::expit(x)` is `expit(x)`.
    private mutating func skipPackage(from start: Int) -> Bool {
        let colon = UInt8(ascii: ":")
        guard bytes[position] == colon, bytes[position + 1] == colon,
            Self.packages.contains(String(decoding: bytes[start..<position], as: UTF8.self))
        else { return false }
        let end = position + (bytes[position + 2] == colon ? 3 : 2)
        guard bytes[end].isLetter else { return false }
        position = end
        return true
    }

    private static let packages: Set<String> = [
        "base", "lotri", "nlmixr2", "nlmixr2est", "nlmixr2lib", "rxode2", "rxode2ll", "stats",
    ]

    private func wordKind(_ word: ArraySlice<UInt8>) -> Token.Kind {
        guard word.count >= 2, word.count <= 8 else { return .name }
        for (text, kind) in Self.reservedWords
        where text.utf8CodeUnitCount == word.count
            && word.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: word.count))
        {
            return kind
        }
        return .name
    }

    private static let reservedWords: [(StaticString, Token.Kind)] = [
        ("if", .ifWord), ("else", .elseWord), ("function", .functionWord), ("for", .foreign), ("while", .foreign),
        ("repeat", .foreign), ("break", .foreign), ("next", .foreign),
    ]

    // MARK: - Numbers

    /// `1`, `1.0`, `1.`, `.5`, `1e-3`, `5L`. A letter right after a number is part of a word that is no number.
    mutating func scanNumber() {
        let start = position
        var digits: UInt64 = 0
        var significant = 0
        var scale = 0
        func accept(_ byte: UInt8) {
            if digits != 0 || byte != UInt8(ascii: "0") { significant += 1 }
            if significant <= 18 { digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0")) }
        }
        while bytes[position].isDigit {
            accept(bytes[position])
            position += 1
        }
        if bytes[position] == UInt8(ascii: ".") {
            position += 1
            while bytes[position].isDigit {
                accept(bytes[position])
                scale -= 1
                position += 1
            }
        }
        let exponent = scanExponent()
        if bytes[position] == UInt8(ascii: "L"), !bytes[position + 1].isNamePart { position += 1 }
        guard !bytes[position].isNamePart else { return refuseNumber(from: start) }

        // Both factors are exact doubles here, so that one rounding gives the nearest double (Clinger 1990).
        if significant <= 15, let exponent, abs(exponent + scale) <= 22 {
            let power = Self.powersOfTen[abs(exponent + scale)]
            let value = exponent + scale < 0 ? Double(digits) / power : Double(digits) * power
            return append(.number, from: start, value: value)
        }
        scanLongNumber(from: start, isZero: digits == 0)
    }

    /// Reads `e-3`. Answers nil for an exponent of more than four digits.
    private mutating func scanExponent() -> Int? {
        guard bytes[position] | 0x20 == UInt8(ascii: "e") else { return 0 }
        var next = position + 1
        let sign = bytes[next]
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { next += 1 }
        guard bytes[next].isDigit else { return 0 }
        let first = next
        var exponent = 0
        while bytes[next].isDigit {
            if next - first < 5 { exponent = exponent * 10 + Int(bytes[next] - UInt8(ascii: "0")) }
            next += 1
        }
        position = next
        guard next - first <= 4 else { return nil }
        return sign == UInt8(ascii: "-") ? -exponent : exponent
    }

    private mutating func scanLongNumber(from start: Int, isZero: Bool) {
        var end = position
        if bytes[end - 1] == UInt8(ascii: "L") { end -= 1 }
        if bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        // `1.e5` is fine here and in R, but not for the standard library's reader.
        let text = String(decoding: bytes[start..<end], as: UTF8.self).replacing(".e", with: ".0e").replacing(
            ".E", with: ".0e")
        let value = Double(text.first == "." ? "0" + text : text) ?? .infinity
        if !value.isFinite {
            return refuse("the number is too large: at most about 1.8e308 is allowed", from: start)
        }
        if value == 0 && !isZero {
            return refuse("the number is too small: other than 0, at least about 5e-324 is allowed", from: start)
        }
        append(.number, from: start, value: value)
    }

    private mutating func refuseNumber(from start: Int) {
        while bytes[position].isNamePart { position += 1 }
        let text = String(decoding: bytes[start..<position].prefix(40), as: UTF8.self)
        refuse(
            "'\(text)' is neither a number nor a name: numbers are written 1, 1.5, .5, 1e-3 or 5L, and a name starts "
                + "with a letter", from: start)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    // MARK: - Strings and quoted names

    mutating func scanQuoted() {
        let start = position
        let quote = bytes[start]
        var next = start + 1
        var hasEscapes = false
        var hasWideCharacters = false
        var firstLineEnd: Int?
        while next < count, bytes[next] != quote {
            let byte = bytes[next]
            if byte == UInt8(ascii: "\n") {
                if stringsEndOnTheirLine || quote == UInt8(ascii: "`") { break }
                firstLineEnd = firstLineEnd ?? next
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                if bytes[next + 1] != UInt8(ascii: "\n") { next += 1 }
            }
            if byte >= 0x80 { hasWideCharacters = true }
            next += 1
        }
        next = min(next, count)
        if hasWideCharacters, columnAnchor == nil { columnAnchor = (start, column(of: start)) }
        guard next < count, bytes[next] == quote else { return refuseQuoted(from: start) }

        let kind: Token.Kind = quote == UInt8(ascii: "`") ? .quotedName : .string
        position = firstLineEnd ?? next + 1
        append(kind, from: start)
        let length = hasWideCharacters ? characters(in: start..<position) : position - start
        tokens[tokens.count - 1].length = Int32(length)
        tokens[tokens.count - 1].hasEscapes = hasEscapes
        tokens[tokens.count - 1].end = Int32(next + 1)
        position = next + 1
        if let firstLineEnd { countLines(from: firstLineEnd, to: position) }
        if kind == .quotedName, next == start + 1 { report("a name between back-quotes cannot be empty", from: start) }
    }

    private mutating func refuseQuoted(from start: Int) {
        var end = start
        while end < count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        if columnAnchor == nil, bytes[start..<end].contains(where: { $0 >= 0x80 }) {
            columnAnchor = (start, column(of: start))
        }
        position = start + 1
        let quote = String(decoding: bytes[start...start], as: UTF8.self)
        refuse(
            quote == "`"
                ? "the name that starts here has no closing \(quote) on its line"
                : "the string that starts here has no closing \(quote)", from: start)
        position = end
        if quote != "`" { stringsEndOnTheirLine = true }
    }

    private mutating func countLines(from first: Int, to end: Int) {
        for offset in first..<end where bytes[offset] == UInt8(ascii: "\n") { beginLine(after: offset) }
        if bytes[lineStart..<end].contains(where: { $0 >= 0x80 }) { columnAnchor = (lineStart, 1) }
    }
}
