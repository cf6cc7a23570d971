import Foundation

/// How numbers are written for people: as many decimals as their error deserves.
enum Rounding {
    /// Decimals, 1 to 4, that show the first digit of the smallest half-width of an interval.
    static func decimals(for halfWidths: [Double]) -> Int {
        guard let smallest = halfWidths.filter({ $0.isFinite && $0 > 0 }).min() else { return 1 }
        if smallest >= 0.1 { return 1 }
        if smallest >= 0.01 { return 2 }
        return smallest >= 0.001 ? 3 : 4
    }

    /// A number with a number of decimals, never "-0.0"; `-` where there is none.
    static func text(_ number: Double?, decimals: Int) -> String {
        guard let number, !number.isNaN else { return "-" }
        guard number.isFinite else { return number > 0 ? "inf" : "-inf" }
        // Beyond what a column can hold, such as a hazard ratio of an arm with almost no event.
        if abs(number) >= 1e6 { return scientific(number) }
        let text = String(format: "%.*f", decimals, number)
        return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
    }

    /// Two digits and a power of ten: `1.2e-05`.
    static func scientific(_ number: Double) -> String { String(format: "%.1e", number) }

    /// A p-value: three decimals, or that it is below 0.001.
    static func p(_ value: Double?) -> String {
        guard let value, !value.isNaN else { return "-" }
        return value < 0.001 ? "<0.001" : text(value, decimals: 3)
    }

    /// A whole number or one with its decimals, as a person would write it: `28`, `0.05`.
    static func plain(_ number: Double) -> String {
        if let whole = Int(exactly: number) { return "\(whole)" }
        return "\(number)"
    }
}

extension EstimateFindings {
    /// Half the width of the interval.
    var halfWidth: Double? {
        guard let lower, let upper else { return nil }
        return (upper - lower) / 2
    }

    /// Whether the interval lies as far to both sides.
    var isSymmetric: Bool {
        guard let value, let lower, let upper else { return false }
        return abs((upper - value) - (value - lower)) <= 1e-6 * max(abs(upper - lower), 1e-300)
    }

    /// `58.1 ± 0.6`, or `0.50 (0.21 to 1.17)` where the interval is no equal reach to both sides; the number alone where
    /// it has no interval; `-` where there is no number.
    func text(decimals: Int) -> String {
        let number = Rounding.text(value, decimals: decimals)
        guard value != nil, let lower, let upper else { return number }
        if isSymmetric { return "\(number) ± \(Rounding.text(halfWidth, decimals: decimals))" }
        return "\(number) (\(Rounding.text(lower, decimals: decimals)) to \(Rounding.text(upper, decimals: decimals)))"
    }

    /// `-8.3 (-15.0 to -2.0)`
    func intervalText(decimals: Int) -> String {
        let number = Rounding.text(value, decimals: decimals)
        guard let lower, let upper else { return number }
        return "\(number) (\(Rounding.text(lower, decimals: decimals)) to \(Rounding.text(upper, decimals: decimals)))"
    }

    /// `0.85 (0.08)`: the number and its standard error.
    func errorText(decimals: Int) -> String {
        let number = Rounding.text(value, decimals: decimals)
        guard value != nil, let standardError else { return number }
        return "\(number) (\(Rounding.text(standardError, decimals: decimals)))"
    }
}
