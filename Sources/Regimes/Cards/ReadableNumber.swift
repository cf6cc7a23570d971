/// Numbers as people read them.
package enum ReadableNumber {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// The shortest decimal t with `lower ≤ t < upper`, near the middle: a cut between two values that were seen, with no more
    /// digits than it takes to part them. `lower` where there is none.
    package static func between(_ lower: Double, _ upper: Double) -> Double {
        let middle = lower + (upper - lower) / 2
        guard middle.isFinite else { return lower.isFinite ? lower : -Double.greatestFiniteMagnitude }
        for digits in -6...15 {
            let scale = powers[abs(digits)]
            let units = digits >= 0 ? middle * scale : middle / scale
            for whole in [units.rounded(), units.rounded(.down)] {
                let value = digits >= 0 ? whole / scale : whole * scale
                // Adding 0 makes 0 of −0.
                if value >= lower, value < upper { return value + 0 }
            }
        }
        return lower
    }

    /// All digits of a number, without those that say nothing: `2`, `0.5`, `missing`.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "missing" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    /// A number to so many significant digits.
    package static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, value != 0 else { return value }
        var (size, places) = (abs(value), digits - 1)
        while size >= 10, places > 0 { (size, places) = (size / 10, places - 1) }
        while size < 1, places < 15 { (size, places) = (size * 10, places + 1) }
        return (value * powers[places]).rounded() / powers[places] + 0
    }

    /// A number to four significant digits, in words.
    package static func short(_ value: Double) -> String { text(rounded(value, digits: 4)) }
}
