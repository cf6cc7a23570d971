/// Observed risk over predicted risk in each group: calibration in the large.
///
/// With a horizon t the observed risk is 1 − S(t) of the group's Kaplan–Meier curve; without, the share with the outcome.
/// The predictions are taken as they are: the errors are those of the observed risk, on the log scale for the ratio.
/// O(n log n). Source: Debray et al. 2017, BMJ 356:i6460 (the ratio O:E and its error).
public struct GroupObservedExpected: Sendable {
    /// One group, or everyone.
    public struct Comparison: Hashable, Sendable {
        /// O, the observed risk.
        public let observed: Estimate
        /// E, the mean predicted risk.
        public let expected: Double
        /// O/E. Undefined where E is 0.
        public let ratio: Estimated<Estimate>
        /// O − E.
        public let difference: Estimate
    }

    /// The groups compared by O/E; `compared(by: { .value($0.difference) })` compares them by O − E.
    public let byGroup: Stratified<Comparison>

    /// The risk of the event by a horizon.
    ///
    /// - Parameters:
    ///   - data: follow-up; delayed entry is taken into account.
    ///   - predicted: n risks from 0 to 1 of the event by the horizon.
    ///   - horizon: t, in the unit of the data.
    ///   - grouping: the group of each patient.
    /// - Throws: ``InvalidInput`` for columns of another length and risks that are none.
    public init(
        _ data: SurvivalData, predicted: [Double], horizon: Double, grouping: Grouping,
        threshold: SmallGroupThreshold = .none, level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try Self.check(predicted, grouping, rows: data.count)
        byGroup = try Stratified(grouping, events: data.events, threshold: threshold) { rows in
            let curve = KaplanMeier(try data.subset(rows))
            return curve.estimate(at: horizon, .plain, level: level).map { survival in
                let risk = Estimate(
                    probability: 1 - survival.value,
                    standardError: survival.standardError.flatMap {
                        $0 > 0 ? .value($0) : .undefined(.noEventYet(by: horizon))
                    }, level: level)
                return Self.comparison(risk, rows.map { predicted[$0] }, level)
            }
        } estimate: {
            $0.ratio
        }
    }

    /// The risk of a yes/no outcome.
    ///
    /// - Throws: as ``init(_:predicted:horizon:grouping:threshold:level:)``.
    public init(
        outcomes: [Bool], predicted: [Double], grouping: Grouping, threshold: SmallGroupThreshold = .none,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try Self.check(predicted, grouping, rows: outcomes.count)
        byGroup = try Stratified(grouping, events: outcomes, threshold: threshold) { rows in
            let observed = try Proportion(rows.map { outcomes[$0] }, level: level).estimate
            return .value(Self.comparison(observed, rows.map { predicted[$0] }, level))
        } estimate: {
            $0.ratio
        }
    }

    private static func check(_ predicted: [Double], _ grouping: Grouping, rows: Int) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if predicted.count != rows {
            problems.append(.length("predicted risk", found: predicted.count, rows: rows))
        }
        for (row, risk) in predicted.enumerated() where !(risk >= 0 && risk <= 1) {
            problems.append(
                .init(row: row + 1, column: "predicted risk", found: "\(risk)", allowed: "a number from 0 to 1"))
        }
        if grouping.count != rows { problems.append(.length("group", found: grouping.count, rows: rows)) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    private static func comparison(_ observed: Estimate, _ predicted: [Double], _ level: ConfidenceLevel) -> Comparison
    {
        let expected = SampleMoments(predicted).mean
        let error: Estimated<Double> =
            observed.value > 0
            ? observed.standardError.map { $0 / observed.value }
            : .undefined(.init(code: "no-events", reason: "no event was observed: log 0 has no error"))
        return Comparison(
            observed: observed, expected: expected,
            ratio: expected > 0
                ? .value(Estimate(value: observed.value / expected, standardError: error, scale: .log, level: level))
                : .undefined(.init(code: "no-expected", reason: "the predicted risk is 0: no ratio to it")),
            difference: Estimate(
                value: observed.value - expected, standardError: observed.standardError, scale: .identity, level: level)
        )
    }
}
