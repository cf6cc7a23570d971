import ModelLanguage

/// Times and rates with their units, converted where the scenario enters: inside, time is in days.
extension YAMLValue {
    /// `28 days`, `12 weeks`, `6 hours`: in days.
    func days() -> Double? {
        guard let (value, unit) = quantity() else { return nil }
        guard let factor = TimeUnit.days(unit) else {
            refuse("found '\(text ?? "")', allowed: a number of \(TimeUnit.names), such as '28 days'")
            return nil
        }
        guard value >= 0 else {
            refuse("found '\(text ?? "")', allowed: a time of at least 0")
            return nil
        }
        return value * factor
    }

    /// `0.2 per year`, `20 per month`: per day.
    func perDay() -> Double? {
        guard let text else { return nil }
        let words = text.split(separator: " ")
        guard words.count == 3, words[1] == "per", let value = Double(words[0]), value >= 0, value.isFinite,
            let factor = TimeUnit.days(String(words[2]))
        else {
            refuse("found '\(text)', allowed: a rate such as '0.2 per year' (per \(TimeUnit.names))")
            return nil
        }
        return value / factor
    }

    /// A number that may carry a unit, which must then be the one given.
    func number(unit: String) -> Double? {
        guard let (value, found) = quantity() else { return nil }
        guard found.isEmpty || found == unit else {
            refuse("found '\(text ?? "")', allowed: a number of \(unit)")
            return nil
        }
        return value
    }

    private func quantity() -> (Double, String)? {
        guard let text else { return nil }
        let words = text.split(separator: " ", maxSplits: 1)
        guard let first = words.first, let value = Double(first), value.isFinite else {
            refuse("found '\(text)', allowed: a number with its unit, such as '28 days'")
            return nil
        }
        return (value, words.count > 1 ? String(words[1]) : "")
    }
}

/// Units of time, as scenarios and models name them.
package enum TimeUnit {
    /// How many days one unit is; nil for a name that is none.
    package static func days(_ name: String) -> Double? {
        switch name.lowercased() {
        case "min", "minute", "minutes": 1.0 / 1440
        case "h", "hr", "hour", "hours": 1.0 / 24
        case "d", "day", "days": 1
        case "wk", "week", "weeks": 7
        case "month", "months": 365.25 / 12
        case "y", "yr", "year", "years": 365.25
        default: nil
        }
    }

    package static let names = "minutes, hours, days, weeks, months, years"
}
