import Outcomes

/// Which records the eligibility rules leave out, by group: the first loss on the way into a trial.
package struct ScreeningLosses: Sendable {
    /// The rules in their order, then ``whole``; empty where nobody was screened.
    package let steps: [String]
    /// `all`, then the groups of each stratifier that is known at screening.
    package let groups: [String]
    package let stratifiers: [String]
    /// For each group the largest of its column, with which it is compared; empty for that group itself and for all.
    package let references: [String]
    /// `excluded[step][group]`: of those who reach the rule, how many do not meet it, and their share with Wilson's
    /// interval.
    package let excluded: [[EstimateCell]]
    /// `gaps[step][group]`: the share minus that of the group of reference, with Newcombe's interval.
    package let gaps: [[EstimateCell]]
    /// `pValues[step][stratifier]`: of the test that the same share of all groups is excluded.
    package let pValues: [[Double]]
    /// What the numbers cannot tell, in words.
    package var remarks: [String] = []

    /// The step of those who fail any rule.
    package static let whole = "all rules"

    /// Nobody was screened out, for a reason.
    package static func none(_ remark: String) -> ScreeningLosses { ScreeningLosses(remark: remark) }

    private init(remark: String) {
        (steps, groups, stratifiers, references) = ([], [], [], [])
        (excluded, gaps, pValues) = ([], [], [])
        remarks = remark.isEmpty ? [] : [remark]
    }

    /// - Parameter steps: one for each rule, at least one, over the rows of `strata`.
    package init(_ steps: [AccessFunnel.Step], strata: Strata) throws {
        func losses(_ grouping: Grouping, _ reference: String) throws -> [AccessFunnel.Loss] {
            let funnel = try AccessFunnel(grouping, steps: steps, reference: reference)
            return funnel.steps + [funnel.whole]
        }
        let everyone = try losses(Grouping(codes: strata.rows[0].map { _ in 0 }, labels: ["all"]), "all")
        var excluded = everyone.map { [Self.cell($0.byGroup.overall)] }
        var gaps = excluded.map { [EstimateCell(count: $0[0].count, .undefined(.referenceGroup))] }
        var pValues: [[Double]] = everyone.map { _ in [] }
        var references = [""]
        for column in strata.columns {
            let sizes = column.grouping.rows.map(\.count)
            let base = sizes.indices.max { sizes[$0] < sizes[$1] || sizes[$0] == sizes[$1] && $0 > $1 } ?? 0
            let labels = column.grouping.labels
            references += labels.indices.map { $0 == base ? "" : labels[base] }
            for (step, loss) in try losses(column.grouping, labels[base]).enumerated() {
                let found = loss.byGroup.groups
                excluded[step] += found.map(Self.cell)
                gaps[step] += try found.indices.map { group in
                    EstimateCell(
                        count: found[group].count,
                        group == base ? .undefined(.referenceGroup) : try Self.gap(found[group], found[base]))
                }
                pValues[step].append(loss.test.value?.pValue ?? .nan)
            }
        }
        self.steps = steps.map(\.name) + [Self.whole]
        groups = strata.labels
        stratifiers = strata.columns.map(\.name)
        self.references = references
        (self.excluded, self.gaps, self.pValues) = (excluded, gaps, pValues)
    }

    private static func cell(_ group: Stratified<Estimate>.Group) -> EstimateCell {
        EstimateCell(count: group.count, events: group.events, group.estimate)
    }

    private static func gap(
        _ group: Stratified<Estimate>.Group, _ reference: Stratified<Estimate>.Group
    ) throws -> Estimated<Estimate> {
        guard group.count > 0, reference.count > 0 else { return .undefined(.noValue) }
        return .value(
            RiskDifference(
                treated: try Proportion(events: group.events ?? 0, of: group.count),
                control: try Proportion(events: reference.events ?? 0, of: reference.count)
            ).estimate)
    }
}
