import ModelLanguage

/// `visits`: when patients are seen, what is measured, how many leave.
package struct VisitsSection: Sendable {
    package var days: [Double] = []
    package var end = 0.0
    /// For each measured endpoint of the model, the days on which it is taken.
    package var measures: [(name: String, days: [Double])] = []
    package var dropoutPerDay = 0.0
    /// When and how it is judged whether a patient has responded, where arms go on by it.
    package var response: (day: Double, when: SourceText)?

    static let keys = Keys([
        .required("days", calendar, "The days of the visits, growing, the first 0."),
        .required("end", .duration, "When follow-up ends; a visit may fall on that day."),
        .optional(
            "measure", .named(.mapping(measureKeys)), "What is measured at visits: observed variables of the model."),
        .optional("dropout", .rate, "How many patients leave."),
        .optional("response", .mapping(responseKeys), "When and how it is judged whether a patient has responded."),
    ])

    private static let measureKeys = Keys([
        .optional("days", calendar, "The visits at which it is measured; all of them by default.")
    ])

    private static let responseKeys = Keys([
        .required("day", .number(dayRange), "The visit, after the first, at which it is judged."),
        .required("when", .source, "An expression that is not 0 for those who have responded."),
    ])

    private static let calendar = Shape.list(.either([.number(dayRange), .mapping(seriesKeys)]), count: 1...mostDays)

    private static let seriesKeys = Keys([
        .required("every", .number(0.001...TimeUnit.longest), "Days between two."),
        .required("from", .number(dayRange), "The first day."), .required("to", .number(dayRange), "The last day."),
    ])

    private static let dayRange = 0...TimeUnit.longest
    private static let mostDays = 10_000

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        guard let days = members["days"], let end = members["end"]?.days(above: (2.0 / 1440, "2 minutes")) else {
            return nil
        }
        self.end = end
        guard let visits = Self.calendar(days) else { return nil }
        self.days = visits
        if let problem {
            days.refuse(problem)
            return nil
        }
        for (name, measure) in members["measure"]?.entries() ?? [] {
            let parts = measure.mapping(Self.measureKeys)
            let taken = parts["days"].map(Self.calendar) ?? visits
            for day in taken ?? [] where !visits.contains(day) {
                parts["days"]?.refuse(
                    "day \(plain(day)) is no visit; visits: \(visits.map(plain).joined(separator: ", "))")
            }
            measures.append((name, taken ?? []))
        }
        dropoutPerDay = members["dropout"]?.perDay() ?? 0
        guard let judged = members["response"] else { return }
        let parts = judged.mapping(Self.responseKeys)
        guard let day = parts["day"]?.number(in: Self.dayRange), let when = parts["when"]?.source() else { return }
        if let allowed = Optional(visits.dropFirst()), !allowed.contains(day) {
            parts["day"]?.refuse(
                "found day \(plain(day)), allowed: a visit after the first: \(allowed.map(plain).joined(separator: ", "))"
            )
        }
        response = (day, when)
    }

    /// What is wrong with the days, nil where nothing is.
    private var problem: String? {
        guard let first = days.first, let last = days.last else { return "found no days, allowed: at least day 0" }
        if first != 0 { return "found day \(plain(first)) first, allowed: day 0" }
        if let (a, b) = zip(days, days.dropFirst()).first(where: { $0.1 <= $0.0 }) {
            return "visit days must grow, found \(plain(a)) before \(plain(b))"
        }
        return last > end ? "the last visit, day \(plain(last)), lies after the end, day \(plain(end))" : nil
    }

    /// Days, and `{ every: 7, from: 28, to: 84 }` for a series; nil where one of them cannot be read.
    private static func calendar(_ value: YAMLValue) -> [Double]? {
        guard value.isList else {
            value.refuse("found \(value.found), allowed: a list of days")
            return nil
        }
        var days: [Double] = []
        var isWhole = true
        for item in value.list() {
            if item.isMapping, let series = series(item) {
                days += series
            } else if !item.isMapping, let day = item.number(in: dayRange) {
                days.append(day)
            } else {
                isWhole = false
            }
        }
        guard days.count <= mostDays else {
            value.refuse("found \(days.count) days, allowed: at most \(mostDays)")
            return nil
        }
        return isWhole ? days : nil
    }

    private static func series(_ value: YAMLValue) -> [Double]? {
        let parts = value.mapping(seriesKeys)
        guard let every = parts["every"]?.number(in: 0.001...TimeUnit.longest),
            let from = parts["from"]?.number(in: dayRange), let to = parts["to"]?.number(in: from...TimeUnit.longest)
        else { return nil }
        guard (to - from) / every <= Double(mostDays) else {
            value.refuse("found more than \(mostDays) days, allowed: at most \(mostDays)")
            return nil
        }
        return Array(stride(from: from, through: to, by: every))
    }
}
