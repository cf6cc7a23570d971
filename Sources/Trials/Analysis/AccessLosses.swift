import Outcomes

/// Who is lost on the way through one arm, by group: who leaves, who misses doses, for whom no dose could be given.
package struct AccessLosses: Sendable {
    /// What is asked of a patient, in the order in which patients are lost; the last is all of it.
    package static let steps = [
        "followed to the end", "took four fifths of the doses", "always given an amount", "all",
    ]

    /// `lost[step][group]`: of those who reach the step, how many do not pass it, and their share.
    package let lost: [[EstimateCell]]
    /// `pValues[step][column]`: of the test that all groups lose the same share.
    package let pValues: [[Double]]

    package init(_ record: ArmRecord, strata: Strata) throws {
        let passed = [
            record.droppedOut.map { !$0 },
            zip(record.dosesMissed, record.dosesDue).map { 5 * $0 <= $1 },
            record.decisionsWithoutDose.map { $0 == 0 },
        ]
        let steps = zip(Self.steps, passed).map { AccessFunnel.Step($0, passed: $1) }
        func losses(_ funnel: AccessFunnel) -> [AccessFunnel.Loss] { funnel.steps + [funnel.whole] }
        func cell(_ group: Stratified<Estimate>.Group) -> EstimateCell {
            EstimateCell(count: group.count, events: group.events, group.estimate)
        }
        let everyone = try AccessFunnel(
            Grouping(codes: strata.rows[0].map { _ in 0 }, labels: ["all"]), steps: steps, reference: "all")
        var lost = losses(everyone).map { [cell($0.byGroup.overall)] }
        var pValues: [[Double]] = lost.map { _ in [] }
        for column in strata.columns {
            let funnel = try AccessFunnel(column.grouping, steps: steps, reference: column.grouping.labels[0])
            for (step, loss) in losses(funnel).enumerated() {
                lost[step] += loss.byGroup.groups.map(cell)
                pValues[step].append(loss.test.value?.pValue ?? .nan)
            }
        }
        self.lost = lost
        self.pValues = pValues
    }
}
