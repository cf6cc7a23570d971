/// Concordance of patients of one group, who have the event first, with patients of another, for every pair of groups.
///
/// ```
/// C(a, b) = Σ w·(1{rᵢ > rⱼ} + ½·1{rᵢ = rⱼ}) / Σ w      i in a with an event at tᵢ, j in b under observation after it
/// ```
///
/// w = 1 for Harrell's index and 1/(G_a(t−)·G_b(t−)) for Uno's, with G of each group. The diagonal is ``Concordance`` of
/// each group, and Harrell's C of everyone is the average of all cells weighted by their pairs. Standard errors are the
/// infinitesimal jackknife with the weights taken as known, as there. O(g·n log n) for g groups.
/// Sources: Kallus and Zhou 2019 (the cross-group comparison); Zhang and Weiss 2022, AAAI 36:12235 (imparity).
public struct CrossGroupConcordance: Sendable {
    /// Patients of one group, who have the event first, against patients of one group.
    public struct Cell: Hashable, Sendable {
        /// The label of the group with the earlier event.
        public let earlierGroup: String
        /// The label of the group that is still under observation.
        public let laterGroup: String
        /// Weighted pairs that can be compared.
        public let pairs: Double
        /// C(a, b) with standard error and normal interval, cut to [0, 1]. Undefined without a pair.
        public let concordance: Estimated<Estimate>
    }

    /// The labels of the groups, in the order of the rows and columns of ``cells``.
    public let labels: [String]
    /// How the pairs were weighted.
    public let weighting: Concordance.Weighting
    /// A row for each group with the earlier event, with a column for each group that is still under observation.
    public let cells: [[Cell]]
    /// The concordance fraction of each group: of the comparable pairs of its patients with anybody, whichever of the two
    /// has the event first, the share that the scores order rightly. ``Stratified/gap`` of it is Zhang and Weiss's
    /// concordance imparity, the largest difference between two groups; a pair within a group counts for both patients.
    public let fractions: Stratified<Estimate>

    /// The largest difference between the concordance fractions of two groups. Undefined with fewer than two that have one.
    public var imparity: Estimated<Gap> { fractions.gap }

    /// Counts the pairs of each two groups.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores.
    ///   - grouping: the group of each patient.
    ///   - direction: what a larger score predicts.
    ///   - horizon: only events up to and at this time count as the earlier of a pair; nil for all.
    /// - Throws: ``InvalidInput`` for columns of another length, scores that are not finite, and for delayed entry.
    public init(
        _ data: SurvivalData, scores: [Double], grouping: Grouping, direction: ScoreDirection = .higherIsEarlier,
        weighting: Concordance.Weighting = .harrell, horizon: Double? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the cross-group concordance")
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count)
        if grouping.count != data.count {
            problems.append(.length("group", found: grouping.count, rows: data.count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var censoring: [CensoringDistribution?] = []
        for rows in grouping.rows {
            censoring.append(weighting == .uno && !rows.isEmpty ? CensoringDistribution(try data.subset(rows)) : nil)
        }
        var sweep = GroupPairSweep(
            data, risk: direction.risk(scores), grouping: grouping, censoring: censoring, horizon: horizon ?? .infinity)
        let labels = grouping.labels
        var cells = labels.map { _ in [Cell?](repeating: nil, count: labels.count) }
        var fractions = FractionSums(groups: labels.count, patients: data.count)
        for a in labels.indices {
            for b in labels.indices.dropFirst(a) {
                let one = sweep.credits(earlier: a, later: b)
                cells[a][b] = Self.cell(one, labels[a], labels[b], level)
                if a == b {
                    fractions.addWithin(one, group: a)
                } else {
                    let other = sweep.credits(earlier: b, later: a)
                    cells[b][a] = Self.cell(other, labels[b], labels[a], level)
                    fractions.addBetween(one, other, a, b, codes: grouping.codes)
                }
            }
        }
        self.labels = labels
        self.weighting = weighting
        self.cells = cells.map { $0.compactMap(\.self) }
        let overall = try Concordance(
            data, scores: scores, direction: direction, weighting: weighting, horizon: horizon, level: level)
        self.fractions = fractions.stratified(grouping, data.events, overall.estimate, level)
    }

    /// The cell of two groups; nil for a label that the grouping does not have.
    public func cell(earlier: String, later: String) -> Cell? {
        guard let a = labels.firstIndex(of: earlier), let b = labels.firstIndex(of: later) else { return nil }
        return cells[a][b]
    }

    private static func cell(
        _ credits: GroupPairCredits, _ earlier: String, _ later: String, _ level: ConfidenceLevel
    ) -> Cell {
        Cell(
            earlierGroup: earlier, laterGroup: later, pairs: credits.pairs,
            concordance: credits.pairs > 0
                ? .value(
                    Estimate(
                        probability: credits.value,
                        standardError: credits.isOneSided
                            ? .undefined(.noVariation) : .value(credits.variance.squareRoot()), level: level))
                : .undefined(.noComparablePairs))
    }
}
