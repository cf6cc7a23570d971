/// The number that a text writes in decimal notation: `-12`, `3.50`, `.5`, `1e-3`; nil for anything else.
///
/// The nearest double to the decimal, ties to even. Infinity, `nan`, hexadecimal, thousands separators and spaces are
/// no numbers here.
func decimalNumber(_ bytes: ArraySlice<UInt8>) -> Double? {
    var index = bytes.startIndex
    func digit(_ index: Int) -> UInt64? {
        guard index < bytes.endIndex else { return nil }
        let value = bytes[index] &- UInt8(ascii: "0")
        return value < 10 ? UInt64(value) : nil
    }
    var isNegative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        isNegative = sign == UInt8(ascii: "-")
        index += 1
    }
    var significand: UInt64 = 0
    var digits = 0
    var exponent = 0
    while let value = digit(index) {
        significand = significand &* 10 &+ value
        digits += 1
        index += 1
    }
    if index < bytes.endIndex, bytes[index] == UInt8(ascii: ".") {
        index += 1
        while let value = digit(index) {
            significand = significand &* 10 &+ value
            digits += 1
            exponent -= 1
            index += 1
        }
    }
    guard digits > 0 else { return nil }
    if index < bytes.endIndex, bytes[index] | 0x20 == UInt8(ascii: "e") {
        index += 1
        var sign = 1
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
            index += 1
        }
        guard digit(index) != nil else { return nil }
        var written = 0
        while let value = digit(index) {
            written = min(written * 10 + Int(value), 100_000)
            index += 1
        }
        exponent += sign * written
    }
    guard index == bytes.endIndex else { return nil }
    // A significand below 2^53 and a power of ten up to 10^22 are both exact doubles, so that one multiplication or
    // division rounds once and rightly (Clinger 1990). Everything else goes to the library's exact conversion.
    if digits <= 15, abs(exponent) <= 22 {
        let magnitude =
            exponent < 0
            ? Double(significand) / exactPowersOfTen[-exponent] : Double(significand) * exactPowersOfTen[exponent]
        return isNegative ? -magnitude : magnitude
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
    return value
}

private let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

/// A number as a person writes it: `100` for 100.0, `2.5` for 2.5.
func plainText(_ value: Double) -> String {
    guard let whole = Int(exactly: value), abs(whole) < 1_000_000_000_000_000 else { return "\(value)" }
    return "\(whole)"
}
