/// `visits`: when patients are seen, what is measured, how many leave.
package struct VisitsSection: Sendable {
    package var days: [Double] = []
    package var end = 0.0
    /// For each measured endpoint of the model, the days on which it is taken.
    package var measures: [(name: String, days: [Double], line: Int?)] = []
    package var dropoutPerDay = 0.0

    static let keys = ["days", "end", "measure", "dropout"]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        guard let days = members.required("days", of: value), let end = members.required("end", of: value)?.days()
        else {
            return nil
        }
        self.days = Self.calendar(days)
        self.end = end
        check(days)
        for (name, measure) in members["measure"]?.entries() ?? [] {
            let parts = measure.mapping(["days"])
            let taken = parts["days"].map(Self.calendar) ?? self.days
            for day in taken where !self.days.contains(day) {
                parts["days"]?.refuse(
                    "day \(plain(day)) is no visit; visits: \(self.days.map(plain).joined(separator: ", "))")
            }
            measures.append((name, taken, measure.node.mark?.line))
        }
        dropoutPerDay = members["dropout"]?.perDay() ?? 0
    }

    private func check(_ value: YAMLValue) {
        guard days.first == 0 else { return value.refuse("the first visit must be on day 0") }
        for (a, b) in zip(days, days.dropFirst()) where b <= a {
            return value.refuse("visit days must grow, found \(plain(a)) before \(plain(b))")
        }
        if let last = days.last, last > end {
            value.refuse("the last visit, day \(plain(last)), lies after the end, day \(plain(end))")
        }
    }

    /// Days, and `{ every: 7, from: 28, to: 84 }` for a series.
    private static func calendar(_ value: YAMLValue) -> [Double] {
        value.list().flatMap { item -> [Double] in
            guard case .mapping = item.node else { return item.number(in: 0...36525).map { [$0] } ?? [] }
            let parts = item.mapping(["every", "from", "to"])
            guard let every = parts.required("every", of: item)?.number(in: 0.001...36525),
                let from = parts.required("from", of: item)?.number(in: 0...36525),
                let to = parts.required("to", of: item)?.number(in: from...36525)
            else { return [] }
            return Array(stride(from: from, through: to, by: every))
        }
    }
}
