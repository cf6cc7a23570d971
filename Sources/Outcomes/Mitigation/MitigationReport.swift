/// A metric by group before and after a step against bias: the gap, and what the step cost the others.
public struct MitigationReport: Sendable {
    /// One group, or everyone.
    public struct Group: Hashable, Sendable {
        /// The group's label; `all` for everyone.
        public let label: String
        /// Its patients.
        public let count: Int
        /// The metric before the step.
        public let before: Estimated<Estimate>
        /// The metric after it.
        public let after: Estimated<Estimate>
        /// After minus before; undefined where one of the two is. Both are of the same patients, so that their errors do not
        /// give one for it.
        public let change: Estimated<Double>
        /// True where the change is for the worse.
        public let isWorse: Bool
    }

    /// What is measured, such as `true positive rate`.
    public let metric: String
    /// Which value is to be wished for.
    public let better: BetterDirection
    /// Every group in the grouping's order.
    public let groups: [Group]
    /// Everyone.
    public let overall: Group
    /// Largest minus smallest value before.
    public let gapBefore: Estimated<Gap>
    /// Largest minus smallest value after.
    public let gapAfter: Estimated<Gap>

    /// The gap after minus the gap before: below 0 where the step helped.
    public var gapChange: Estimated<Double> {
        gapBefore.flatMap { before in gapAfter.map { $0.difference - before.difference } }
    }

    /// The groups whose metric got worse: who pays.
    public var worsened: [Group] { groups.filter(\.isWorse) }

    /// Sets the same groups beside each other.
    ///
    /// - Parameters:
    ///   - metric: what is measured.
    ///   - better: which value is to be wished for.
    ///   - before: the metric by group before the step.
    ///   - after: the metric of the same patients in the same groups after it.
    /// - Throws: ``InvalidInput`` when the groups are not the same.
    public init<Before, After>(
        _ metric: String, better: BetterDirection, before: Stratified<Before>, after: Stratified<After>
    ) throws(InvalidInput) {
        let labels = before.groups.map { "\($0.label) (\($0.count))" }
        let others = after.groups.map { "\($0.label) (\($0.count))" }
        guard labels == others else {
            throw InvalidInput(
                .init(
                    column: "groups after", found: others.joined(separator: ", "),
                    allowed: labels.joined(separator: ", ")))
        }
        func group(_ one: Stratified<Before>.Group, _ other: Stratified<After>.Group) -> Group {
            let change = one.estimate.flatMap { before in other.estimate.map { $0.value - before.value } }
            let isWorse = change.value.map { better == .higherIsBetter ? $0 < 0 : $0 > 0 } ?? false
            return Group(
                label: one.label, count: one.count, before: one.estimate, after: other.estimate, change: change,
                isWorse: isWorse)
        }
        self.metric = metric
        self.better = better
        groups = zip(before.groups, after.groups).map(group)
        overall = group(before.overall, after.overall)
        gapBefore = before.gap
        gapAfter = after.gap
    }
}

/// A score before and after a step against bias, for every patient.
public struct ScoreChange: Hashable, Sendable {
    /// The score without the step.
    public let before: [Double]
    /// The score with it.
    public let after: [Double]

    /// Any metric of the scores by group, before and after.
    ///
    /// - Parameters:
    ///   - metric: what is measured.
    ///   - better: which value is to be wished for.
    ///   - grouping: the group of each patient.
    ///   - measure: the metric of the given scores (one for each patient) in the given rows.
    /// - Throws: ``InvalidInput`` for a grouping of other patients; what the metric throws.
    public func report(
        _ metric: String, better: BetterDirection, grouping: Grouping, threshold: SmallGroupThreshold = .none,
        measure: (_ scores: [Double], _ rows: [Int]) throws -> Estimated<Estimate>
    ) throws -> MitigationReport {
        try grouping.require(rows: before.count, column: "group")
        return try MitigationReport(
            metric, better: better,
            before: Stratified(grouping, threshold: threshold) { try measure(before, $0) },
            after: Stratified(grouping, threshold: threshold) { try measure(after, $0) })
    }
}
