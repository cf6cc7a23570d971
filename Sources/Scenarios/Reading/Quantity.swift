import ModelLanguage

/// Times and rates with their units, converted where the scenario enters: inside, time is in days.
extension YAMLValue {
    /// `28 days`, `12 weeks`, `6 hours`: in days, at most a hundred years.
    ///
    /// - Parameter least: the shortest time that is allowed, in days, and how a message calls it.
    func days(above least: (days: Double, words: String)? = nil) -> Double? {
        let allowed = "a time such as '28 days' (\(TimeUnit.names))"
        guard let scalar = scalar(allowed: allowed) else { return nil }
        let words = scalar.string.split(separator: " ")
        guard words.count == 2, let value = DecimalText.number(words[0]), let factor = TimeUnit.days(String(words[1]))
        else {
            refuse("found '\(scalar.string)', allowed: \(allowed)")
            return nil
        }
        let days = value * factor
        guard days >= 0, days <= TimeUnit.longest, least.map({ days >= $0.days }) ?? true else {
            let from = least?.words ?? "0 days"
            refuse("found '\(scalar.string)', allowed: a time from \(from) to \(plain(TimeUnit.longest)) days")
            return nil
        }
        return days
    }

    /// `0.2 per year`, `20 per month`: per day.
    func perDay() -> Double? {
        let allowed = "a rate such as '0.2 per year' (per \(TimeUnit.names))"
        guard let scalar = scalar(allowed: allowed) else { return nil }
        let words = scalar.string.split(separator: " ")
        guard words.count == 3, words[1] == "per", let value = DecimalText.number(words[0]),
            (0...1e9).contains(value), let factor = TimeUnit.days(String(words[2]))
        else {
            refuse("found '\(scalar.string)', allowed: \(allowed)")
            return nil
        }
        return value / factor
    }

    /// `75 %`: 0.75.
    ///
    /// - Parameter limit: what it must stay below; nil for a share that may be more than the whole.
    func share(below limit: Double? = nil) -> Double? {
        let allowed = "a share above 0 %\(limit.map { " and below \(plain(100 * $0)) %" } ?? ""), such as '75 %'"
        guard let scalar = scalar(allowed: allowed) else { return nil }
        let text = scalar.string.trimmingSpaces
        guard text.hasSuffix("%"), let value = DecimalText.number(String(text.dropLast()).trimmingSpaces), value > 0,
            value <= 10_000, limit.map({ value < 100 * $0 }) ?? true
        else {
            refuse("found '\(scalar.string)', allowed: \(allowed)")
            return nil
        }
        return value / 100
    }

    /// An amount of drug: `30 mg`, or a plain number in the model's own unit.
    func amount() -> (value: Double, unit: String?)? {
        let allowed = "an amount above 0, such as '30 mg'"
        guard let scalar = scalar(allowed: allowed) else { return nil }
        let words = scalar.string.split(separator: " ")
        guard (1...2).contains(words.count), let value = DecimalText.number(words[0]), value > 0 else {
            refuse("found '\(scalar.string)', allowed: \(allowed)")
            return nil
        }
        return (value, words.count == 2 ? String(words[1]) : nil)
    }
}

/// Units of time, as scenarios and models name them.
package enum TimeUnit {
    private static let units: [(names: [String], days: Double)] = [
        (["min", "minute", "minutes"], 1.0 / 1440), (["h", "hr", "hour", "hours"], 1.0 / 24),
        (["d", "day", "days"], 1), (["wk", "week", "weeks"], 7), (["month", "months"], 365.25 / 12),
        (["y", "yr", "year", "years"], 365.25),
    ]

    /// The longest time that a scenario may name, in days: a hundred years.
    static let longest = 36525.0

    /// How many days one unit is; nil for a name that is none.
    package static func days(_ name: String) -> Double? {
        units.first { $0.names.contains(name.lowercased()) }?.days
    }

    package static let names = "minutes, hours, days, weeks, months, years"

    /// The names as a regular expression.
    static let pattern = "(" + units.flatMap(\.names).joined(separator: "|") + ")"
}
