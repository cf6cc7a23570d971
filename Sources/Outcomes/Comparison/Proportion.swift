/// The share of patients with a yes/no outcome.
public struct Proportion: Hashable, Sendable {
    /// The patients with the outcome, 0 to ``count``.
    public let events: Int
    /// All patients, at least one.
    public let count: Int
    /// The share with SE √(p(1−p)/n), undefined at 0 and 1, and Wilson's score interval, which is always defined
    /// (Wilson 1927, J Am Stat Assoc 22:209).
    public let estimate: Estimate
    /// Wilson's interval.
    public let interval: ConfidenceInterval

    /// The proportion of patients counted elsewhere.
    ///
    /// - Throws: ``InvalidInput`` unless `0 ≤ events ≤ count` and `count ≥ 1`.
    public init(events: Int, of count: Int, level: ConfidenceLevel = .ninetyFivePercent) throws(InvalidInput) {
        guard count > 0 else {
            throw InvalidInput(.init(column: "count", found: "\(count) patients", allowed: "at least one"))
        }
        guard (0...count).contains(events) else {
            throw InvalidInput(.init(column: "events", found: "\(events)", allowed: "0 to \(count)"))
        }
        self.events = events
        self.count = count
        let n = Double(count)
        let share = Double(events) / n
        let z = level.normalQuantile
        let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        let reach = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        // At no event and at only events the bound is exactly 0 or 1; the formula would leave a rounding.
        interval = ConfidenceInterval(
            lower: events == 0 ? 0 : max(0, centre - reach), upper: events == count ? 1 : min(1, centre + reach),
            level: level)
        let error = (share * (1 - share) / n).squareRoot()
        estimate = Estimate(
            value: share, standardError: error > 0 ? .value(error) : .undefined(.oneOutcome(events: events, of: count)),
            interval: .value(interval))
    }

    /// The proportion of `true`.
    ///
    /// - Parameter outcomes: n ≥ 1 outcomes.
    /// - Throws: ``InvalidInput`` for no outcome.
    public init(_ outcomes: [Bool], level: ConfidenceLevel = .ninetyFivePercent) throws(InvalidInput) {
        try self.init(events: outcomes.reduce(0) { $0 + ($1 ? 1 : 0) }, of: outcomes.count, level: level)
    }
}

extension Undefined {
    static func oneOutcome(events: Int, of count: Int) -> Undefined {
        .init(code: "one-outcome", reason: "\(events) of \(count) have the event: the binomial error has no estimate")
    }
}
