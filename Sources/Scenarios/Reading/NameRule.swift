/// The names that expressions, results files and the command line share.
enum NameRule {
    /// What a name looks like, as a regular expression.
    static let pattern = "[A-Za-z][A-Za-z0-9_.]*"

    static let inWords = "a name of letters, digits, '_' and '.' that begins with a letter"

    static func allows(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
