/// Criteria of group fairness for a decision, each from the rates of every group (Hardt et al. 2016, NeurIPS 29; Chouldechova
/// 2017, Big Data 5:153). Gaps are largest minus smallest; 0 is parity.
extension Stratified where Result == DecisionRates {
    /// Decisions against yes/no outcomes, by group.
    ///
    /// - Parameters:
    ///   - outcomes: n indicators; true is a case.
    ///   - selected: n decisions, such as `scores.map { $0 >= threshold }`.
    ///   - grouping: the group of each patient.
    /// - Throws: ``InvalidInput`` for columns of different length and for no patient.
    public init(
        decisions selected: [Bool], outcomes: [Bool], grouping: Grouping, threshold: SmallGroupThreshold = .none,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try Self.check(selected, grouping, rows: outcomes.count)
        try self.init(grouping, events: outcomes, threshold: threshold) { rows in
            .value(
                try DecisionRates(
                    outcomes: rows.map { outcomes[$0] }, selected: rows.map { selected[$0] }, level: level))
        } estimate: {
            $0.truePositiveRate
        }
    }

    /// Decisions against the event by a horizon, by group; each group is weighted by its own censoring.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - horizon: t, finite, in the unit of the data.
    /// - Throws: ``InvalidInput`` for columns of different length, a horizon that is not finite, and delayed entry.
    public init(
        decisions selected: [Bool], data: SurvivalData, horizon: Double, grouping: Grouping,
        threshold: SmallGroupThreshold = .none, level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try Self.check(selected, grouping, rows: data.count)
        try self.init(grouping, events: data.events, threshold: threshold) { rows in
            .value(
                try DecisionRates(
                    data.subset(rows), selected: rows.map { selected[$0] }, horizon: horizon, level: level))
        } estimate: {
            $0.truePositiveRate
        }
    }

    private static func check(_ selected: [Bool], _ grouping: Grouping, rows: Int) throws {
        var problems: [InvalidInput.Problem] = []
        if selected.count != rows { problems.append(.length("selected", found: selected.count, rows: rows)) }
        if grouping.count != rows { problems.append(.length("group", found: grouping.count, rows: rows)) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    /// Equal opportunity: the groups compared by their true positive rate.
    public var equalOpportunity: Stratified { compared(by: \.truePositiveRate) }
    /// The groups compared by their false positive rate, the other half of equalised odds.
    public var falsePositives: Stratified { compared(by: \.falsePositiveRate) }
    /// Demographic parity: the groups compared by the share selected.
    public var demographicParity: Stratified { compared(by: \.selectionRate) }
    /// Predictive parity: the groups compared by their positive predictive value.
    public var predictiveParity: Stratified { compared(by: \.positivePredictiveValue) }
    /// The groups compared by their negative predictive value.
    public var negativePredictiveParity: Stratified { compared(by: \.negativePredictiveValue) }

    /// Equalised odds: the larger of the gaps of true and of false positive rates, as fairlearn's
    /// `equalized_odds_difference`. Undefined where one of the two is.
    public var equalizedOddsDifference: Estimated<Double> {
        equalOpportunity.gap.flatMap { first in
            falsePositives.gap.map { max(first.difference, $0.difference) }
        }
    }

    /// The smaller of the ratios smallest over largest of true and of false positive rates, as fairlearn's
    /// `equalized_odds_ratio`: 1 is parity. Undefined where one of the two is, as where nobody is selected.
    public var equalizedOddsRatio: Estimated<Double> {
        equalOpportunity.ratio(.higherIsBetter).flatMap { first in
            falsePositives.ratio(.higherIsBetter).map { min(first.ratio, $0.ratio) }
        }
    }
}
