import Foundation

/// The order of levels of text, which says which of them is the one that the others are compared with.
///
/// R sorts by the rules of the language, in any but the C locale: signs before digits before letters, `a` before `B`, and
/// `b` before `B` where nothing else differs (the root of the Unicode collation for Latin text). By the codes of the
/// characters `X-linked` would come before `autosomal`.
struct LevelOrder: Comparable {
    private let letters: [UInt32]
    private let accents: [UInt32]
    private let cases: [UInt8]
    private let text: String

    init(_ text: String) {
        var (letters, accents, cases): ([UInt32], [UInt32], [UInt8]) = ([], [], [])
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar.properties.generalCategory == .nonspacingMark {
                accents.append(UInt32(letters.count))
                accents.append(scalar.value)
                continue
            }
            let folded = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
            letters.append(Self.weight(folded))
            cases.append(folded == scalar ? 0 : 1)
        }
        (self.letters, self.accents, self.cases, self.text) = (letters, accents, cases, text)
    }

    static func < (a: LevelOrder, b: LevelOrder) -> Bool {
        if a.letters != b.letters { return a.letters.lexicographicallyPrecedes(b.letters) }
        if a.accents != b.accents { return a.accents.lexicographicallyPrecedes(b.accents) }
        if a.cases != b.cases { return a.cases.lexicographicallyPrecedes(b.cases) }
        return a.text < b.text
    }

    /// Signs by the table, then whatever else there is in the order of its code.
    private static func weight(_ scalar: Unicode.Scalar) -> UInt32 {
        guard let place = signs[scalar] else { return UInt32(signs.count) + scalar.value }
        return place
    }

    private static let signs: [Unicode.Scalar: UInt32] = Dictionary(
        uniqueKeysWithValues: "\t\n\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$".unicodeScalars.enumerated().map {
            ($1, UInt32($0))
        })
}
