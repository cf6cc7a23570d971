import Outcomes

/// Whether groups gain differently from treatment: what one randomised trial says of it, and the truth from the twins.
///
/// In each stratum column the largest group of the twins is the reference, and the effect in each other group is
/// compared with its. Groups of fewer than ten patients are reported as too small. P-values are Holm's: those of the
/// groups over the groups of their column, those of interaction over the columns.
package struct BenefitGaps: Sendable {
    /// One of ``Strata/labels``.
    package struct Group: Sendable {
        /// The trial's effect in the group.
        package let effect: EstimateCell
        /// The mean individual effect of the twins of the group.
        package let trueEffect: EstimateCell
        /// The group that it is compared with; empty for all patients and for the reference itself.
        package var reference = ""
        /// Effect minus that in the reference, as the trial estimates it and in truth.
        package var gap = EstimateCell(count: 0, .undefined(.referenceGroup))
        package var trueGap = EstimateCell(count: 0, .undefined(.referenceGroup))
        package var adjustedP = Double.nan
    }

    package let groups: [Group]
    /// For each stratum column, the test that all its groups have one effect, and its p-value adjusted for the columns.
    package let tests: [HeterogeneityCell]
    package let adjustedP: [Double]
    /// For each column, the group with the largest distance from its reference, as the trial has it.
    package let furthest: [String]

    /// - Parameters:
    ///   - replicate: one run of the trial, with the groups of its own cohort.
    ///   - twins: the records of the treated and the control arm, with the groups of the twins.
    package init(
        _ replicate: Replicate, _ strata: Strata, twins: (treated: ArmRecord, control: ArmRecord),
        _ twinStrata: Strata, endpoint: Int, scale: EndpointScale
    ) throws {
        let place = TrialEstimate.places(replicate)
        let individual = TwinEffect.individual(
            treated: twins.treated, control: twins.control, endpoint: endpoint, scale: scale)
        func estimated(_ rows: [Int]) throws -> Estimated<Estimate> {
            try TrialEstimate.compare(replicate, rows, place, endpoint, scale).0.estimate
        }
        func truth(_ rows: [Int]) throws -> Estimated<Estimate> {
            guard scale == .continuous else { return .undefined(.otherScale) }
            let known = rows.map { individual[$0] }.filter { $0.isFinite }
            return known.isEmpty ? .undefined(.noValue) : .value(try SampleMean(known, column: "effect").estimate)
        }
        let everyone = try (estimated(strata.rows[0]), truth(twinStrata.rows[0]))
        var groups = [
            Group(
                effect: EstimateCell(count: strata.rows[0].count, everyone.0),
                trueEffect: EstimateCell(count: twinStrata.rows[0].count, everyone.1))
        ]
        var tests: [HeterogeneityCell] = []
        var furthest: [String] = []
        for (column, twinColumn) in zip(strata.columns, twinStrata.columns) {
            let found = try Stratified(
                column.grouping, threshold: StratifiedCells.threshold, metric: estimated)
            let known = try Stratified(twinColumn.grouping, threshold: StratifiedCells.threshold, metric: truth)
            let (members, most) = try Self.compared(found, known)
            groups += members
            tests.append(HeterogeneityCell(found))
            furthest.append(most)
        }
        self.groups = groups
        self.tests = tests
        self.furthest = furthest
        adjustedP = try Self.holm(tests.map(\.pValue))
    }

    /// The groups of one column, and the label of that furthest from the reference.
    private static func compared(
        _ found: Stratified<Estimate>, _ known: Stratified<Estimate>
    ) throws -> ([Group], String) {
        let largest = known.groups.map(\.count).max() ?? 0
        let reference = known.groups.first { $0.count == largest }?.label ?? ""
        let gaps = try found.comparisons(to: reference, adjustment: .holm)
        let truths = try known.contrasts(to: reference)
        var most = (label: "", distance: 0.0)
        let groups = zip(found.groups, known.groups).map { found, known in
            var group = Group(
                effect: EstimateCell(count: found.count, found.estimate),
                trueEffect: EstimateCell(count: known.count, known.estimate))
            guard let gap = gaps.first(where: { $0.contrast.label == found.label }),
                let truth = truths.first(where: { $0.label == found.label })
            else { return group }
            group.reference = reference
            group.gap = EstimateCell(count: found.count, gap.contrast.estimate)
            group.trueGap = EstimateCell(count: known.count, truth.estimate)
            group.adjustedP = gap.adjustedPValue.value ?? .nan
            if abs(group.gap.value) > most.distance { most = (found.label, abs(group.gap.value)) }
            return group
        }
        return (groups, most.label)
    }

    /// Holm's p-values of those that exist.
    private static func holm(_ pValues: [Double]) throws -> [Double] {
        let known = pValues.indices.filter { !pValues[$0].isNaN }
        var adjusted = pValues
        for (index, p) in zip(known, try MultiplicityAdjustment.holm.adjusted(known.map { pValues[$0] })) {
            adjusted[index] = p
        }
        return adjusted
    }
}

extension Undefined {
    static let referenceGroup = Undefined(code: "reference-group", reason: "nothing is compared with itself")
    static let otherScale = Undefined(
        code: "other-scale", reason: "the trial estimates a log hazard ratio, and twins give a difference of shares")
}
