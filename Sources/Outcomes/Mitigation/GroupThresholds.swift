/// A threshold for each group at which its true positive rate reaches a target: equal opportunity after the fact.
///
/// The threshold of a group is the largest of its scores s such that the patients with a score ≥ s hold at least the target
/// share of its cases; with a horizon cases are weighted against censoring as in ``DecisionRates``. It reaches the target or
/// exceeds it by less than one case's weight (or that of cases with equal scores); Hardt's random mixture of two thresholds,
/// which would meet it exactly, would treat equal patients unequally and is not done. A group without a case keeps the
/// common threshold. O(n log n). Source: Hardt, Price and Srebro 2016, NeurIPS 29, section 4.
public struct GroupThresholds: Sendable {
    /// The threshold of every group before.
    public let common: Double
    /// The labels of the groups, in the order of ``thresholds``.
    public let labels: [String]
    /// The threshold of each group after. Undefined for a group without a case.
    public let thresholds: [Estimated<Double>]
    /// Who is selected before: scores at or above the common threshold.
    public let selectedBefore: [Bool]
    /// Who is selected after: scores at or above the group's threshold.
    public let selectedAfter: [Bool]
    /// The rates of each group before.
    public let before: Stratified<DecisionRates>
    /// The rates of each group after.
    public let after: Stratified<DecisionRates>

    /// For yes/no outcomes.
    ///
    /// - Parameters:
    ///   - outcomes: n indicators; true is a case.
    ///   - scores: n finite scores, larger for a likelier outcome.
    ///   - grouping: the group of each patient.
    ///   - common: the threshold in use.
    ///   - truePositiveRate: the target, above 0 and at most 1.
    /// - Throws: ``InvalidInput`` for columns of another length, scores that are not finite, and another target.
    public init(
        outcomes: [Bool], scores: [Double], grouping: Grouping, common: Double, truePositiveRate target: Double,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try self.init(scores, grouping, common, target, rows: outcomes.count) { rows in
            let sample = WeightedDecisions(
                outcomes: rows.map { outcomes[$0] }, selected: [Bool](repeating: true, count: rows.count))
            return Self.caseWeights(sample)
        } frame: {
            try Stratified(decisions: $0, outcomes: outcomes, grouping: grouping, level: level)
        }
    }

    /// For the event by a horizon, with censoring.
    ///
    /// - Parameters:
    ///   - data: follow-up of n patients without delayed entry.
    ///   - horizon: t, finite, in the unit of the data.
    /// - Throws: as ``init(outcomes:scores:grouping:common:truePositiveRate:level:)``, and for delayed entry.
    public init(
        _ data: SurvivalData, horizon: Double, scores: [Double], grouping: Grouping, common: Double,
        truePositiveRate target: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try data.requireNoDelayedEntry(for: "group thresholds")
        try self.init(scores, grouping, common, target, rows: data.count) { rows in
            guard !rows.isEmpty else { return [] }
            let sample = WeightedDecisions(
                try data.subset(rows), selected: [Bool](repeating: true, count: rows.count), horizon: horizon)
            return Self.caseWeights(sample)
        } frame: {
            try Stratified(decisions: $0, data: data, horizon: horizon, grouping: grouping, level: level)
        }
    }

    private static func caseWeights(_ sample: WeightedDecisions) -> [Double] {
        sample.roles.indices.map { sample.roles[$0] == .case ? sample.weight($0) : 0 }
    }

    private init(
        _ scores: [Double], _ grouping: Grouping, _ common: Double, _ target: Double, rows: Int,
        caseWeights: ([Int]) throws -> [Double], frame: ([Bool]) throws -> Stratified<DecisionRates>
    ) throws {
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: rows)
        if grouping.count != rows { problems.append(.length("group", found: grouping.count, rows: rows)) }
        if !common.isFinite {
            problems.append(.init(column: "common threshold", found: "\(common)", allowed: "a finite number"))
        }
        if !(target > 0 && target <= 1) {
            problems.append(
                .init(column: "true positive rate", found: "\(target)", allowed: "a number above 0 and at most 1"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.common = common
        labels = grouping.labels
        var thresholds: [Estimated<Double>] = []
        for rows in grouping.rows {
            thresholds.append(Self.threshold(rows.map { scores[$0] }, try caseWeights(rows), target))
        }
        self.thresholds = thresholds
        selectedBefore = scores.map { $0 >= common }
        selectedAfter = scores.indices.map { scores[$0] >= thresholds[grouping.codes[$0]].value ?? common }
        before = try frame(selectedBefore)
        after = try frame(selectedAfter)
    }

    /// The largest score whose patients and those above hold the target share of the weight of cases.
    private static func threshold(_ scores: [Double], _ weights: [Double], _ target: Double) -> Estimated<Double> {
        let falling = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
        var total = 0.0
        var lastCase: Double?
        for index in falling where weights[index] > 0 {
            total += weights[index]
            lastCase = scores[index]
        }
        guard let lastCase else { return .undefined(.init(code: "no-cases", reason: "the group has no case")) }
        var reached = 0.0
        for (place, index) in falling.enumerated() {
            reached += weights[index]
            let isLastOfScore = place + 1 == falling.count || scores[falling[place + 1]] != scores[index]
            if isLastOfScore, weights[index] > 0 || reached > 0, reached / total >= target {
                return .value(scores[index])
            }
        }
        return .value(lastCase)
    }

    /// What the thresholds changed: true and false positive rates, shares selected and positive predictive values.
    public func reports() throws(InvalidInput) -> [MitigationReport] {
        [
            try MitigationReport(
                "true positive rate", better: .higherIsBetter, before: before.equalOpportunity,
                after: after.equalOpportunity),
            try MitigationReport(
                "false positive rate", better: .lowerIsBetter, before: before.falsePositives,
                after: after.falsePositives),
            try MitigationReport(
                "share selected", better: .higherIsBetter, before: before.demographicParity,
                after: after.demographicParity),
            try MitigationReport(
                "positive predictive value", better: .higherIsBetter, before: before.predictiveParity,
                after: after.predictiveParity),
        ]
    }

    /// The net benefit by group before and after, at the threshold probability that prices a false positive.
    ///
    /// - Parameter probability: strictly between 0 and 1; see ``DecisionRates/netBenefit(atThreshold:)``.
    public func netBenefitReport(atThreshold probability: Double) throws(InvalidInput) -> MitigationReport {
        try MitigationReport(
            "net benefit", better: .higherIsBetter,
            before: before.compared { $0.netBenefit(atThreshold: probability) },
            after: after.compared { $0.netBenefit(atThreshold: probability) })
    }
}
