/// Any metric by any grouping: a value for each group beside its size, the value overall, gaps and a test that the groups
/// agree.
///
/// The metric knows nothing of groups: it is a closure from rows to a result.
///
/// ```swift
/// let byRace = try Stratified(race, events: data.events) { rows in
///     try Concordance(data.subset(rows), scores: rows.map { scores[$0] }).estimate
/// }
/// ```
///
/// A group below the threshold for small groups is reported with its size and the reason, never dropped.
public struct Stratified<Result: Sendable>: Sendable {
    /// One group, or everyone.
    public struct Group: Sendable {
        /// The group's label; `all` for everyone.
        public let label: String
        /// Its patients; may be 0.
        public let count: Int
        /// The events among them; nil when none were given.
        public let events: Int?
        /// What the metric answered, or why it was not asked.
        public let result: Estimated<Result>
        /// The number in the result that groups are compared by.
        public let estimate: Estimated<Estimate>
    }

    /// Every label of the grouping in its order, also groups without patients.
    public let groups: [Group]
    /// Everyone, whatever the group.
    public let overall: Group
    /// The smallest group whose result is shown.
    public let threshold: SmallGroupThreshold

    /// Asks the metric for everyone and for each group that is large enough.
    ///
    /// - Parameters:
    ///   - grouping: the group of each of n patients.
    ///   - events: n indicators, to be counted beside each number; nil where there are none.
    ///   - threshold: the smallest group whose result is shown.
    ///   - metric: the result of the patients in the given rows (ascending, at least one).
    ///   - estimate: the number in a result that groups are compared by.
    /// - Throws: ``InvalidInput`` when `events` has another length than the grouping or there is no patient; what the
    ///   metric throws.
    public init(
        _ grouping: Grouping, events: [Bool]? = nil, threshold: SmallGroupThreshold = .none,
        metric: ([Int]) throws -> Estimated<Result>, estimate: (Result) -> Estimated<Estimate>
    ) throws {
        guard grouping.count > 0 else {
            throw InvalidInput(.init(column: "group", found: "no rows", allowed: "at least one patient"))
        }
        if let events, events.count != grouping.count {
            throw InvalidInput(.length("event", found: events.count, rows: grouping.count))
        }
        func group(_ label: String, _ rows: [Int], _ threshold: SmallGroupThreshold) throws -> Group {
            let eventCount = events.map { events in rows.reduce(0) { $0 + (events[$1] ? 1 : 0) } }
            let result =
                if let reason = threshold.reason(count: rows.count, events: eventCount) {
                    Estimated<Result>.undefined(reason)
                } else {
                    try metric(rows)
                }
            return Group(
                label: label, count: rows.count, events: eventCount, result: result,
                estimate: result.flatMap(estimate))
        }
        self.threshold = threshold
        overall = try group("all", Array(grouping.codes.indices), .none)
        groups = try zip(grouping.labels, grouping.rows).map { try group($0, $1, threshold) }
    }
}

extension Stratified {
    /// Results that were found together, for estimators that need all groups at once.
    init(groups: [Group], overall: Group, threshold: SmallGroupThreshold = .none) {
        self.groups = groups
        self.overall = overall
        self.threshold = threshold
    }

    /// The same groups and results, compared by another number in each result.
    public func compared(by estimate: (Result) -> Estimated<Estimate>) -> Stratified {
        func other(_ group: Group) -> Group {
            Group(
                label: group.label, count: group.count, events: group.events, result: group.result,
                estimate: group.result.flatMap(estimate))
        }
        return Stratified(groups: groups.map(other), overall: other(overall), threshold: threshold)
    }
}

extension Stratified where Result == Estimate {
    /// Groups compared by a metric that is an estimate itself.
    ///
    /// - Throws: as ``init(_:events:threshold:metric:estimate:)``.
    public init(
        _ grouping: Grouping, events: [Bool]? = nil, threshold: SmallGroupThreshold = .none,
        metric: ([Int]) throws -> Estimated<Estimate>
    ) throws {
        try self.init(grouping, events: events, threshold: threshold, metric: metric) { .value($0) }
    }
}

/// The smallest group whose result is shown.
public struct SmallGroupThreshold: Hashable, Sendable {
    /// The fewest patients a group may have; a group without patients is never shown.
    public let minimumCount: Int
    /// Applies where events are given.
    public let minimumEvents: Int

    /// A threshold; without arguments every group with a patient is shown.
    ///
    /// - Parameters:
    ///   - minimumCount: the fewest patients.
    ///   - minimumEvents: the fewest events; ignored where no events are given.
    public init(minimumCount: Int = 1, minimumEvents: Int = 0) {
        self.minimumCount = minimumCount
        self.minimumEvents = minimumEvents
    }

    /// Every group with a patient is shown.
    public static let none = SmallGroupThreshold()

    func reason(count: Int, events: Int?) -> Undefined? {
        if count == 0 { return Undefined(code: "empty-group", reason: "the group has no patient") }
        if count < minimumCount {
            return Undefined(
                code: "small-group", reason: "the group has \(count) patients, below the minimum of \(minimumCount)")
        }
        if let events, events < minimumEvents {
            return Undefined(
                code: "few-events", reason: "the group has \(events) events, below the minimum of \(minimumEvents)")
        }
        return nil
    }
}
