import NumericsCore

/// Risks recalibrated within each group by an intercept and a slope.
///
/// Yes/no outcomes: logit of the new risk = a + b·logit of the old one, by logistic regression (Cox 1958, Biometrika 45:562);
/// the mean new risk of a group is then its observed share. By a horizon: log(−log(1 − new risk)) = a + b·log(−log(1 − old
/// risk)), with b a Cox coefficient and a the group's log cumulative baseline hazard at the horizon (van Houwelingen 2000,
/// Stat Med 19:3401). Ranks within a group stay where b > 0; ranks between groups change. A group without a finite
/// estimate keeps its risks, and its coefficients say why.
public struct GroupRecalibration: Sendable {
    /// The intercept a and the slope b of one group; a = 0, b = 1 leave a risk as it is.
    public struct Line: Hashable, Sendable {
        /// a, on the logit scale or on that of the log cumulative hazard; without an error where there is a horizon.
        public let intercept: Estimate
        /// b; below 1 where the risks were too extreme.
        public let slope: Estimate
    }

    /// The labels of the groups, in the order of ``lines``.
    public let labels: [String]
    /// One for each group.
    public let lines: [Estimated<Line>]
    /// The risks before and after.
    public let risks: ScoreChange
    /// Observed over expected in each group before.
    public let before: GroupObservedExpected
    /// Observed over expected in each group after.
    public let after: GroupObservedExpected

    /// For yes/no outcomes.
    ///
    /// - Parameters:
    ///   - outcomes: n indicators.
    ///   - predicted: n risks strictly between 0 and 1.
    ///   - grouping: the group of each patient.
    /// - Throws: ``InvalidInput`` for columns of another length and risks that are none.
    public init(
        outcomes: [Bool], predicted: [Double], grouping: Grouping, level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try Self.check(predicted, grouping, rows: outcomes.count)
        let logits = predicted.map { Elementary.log($0) - Elementary.log1p(-$0) }
        var risks = predicted
        var lines: [Estimated<Line>] = []
        for rows in grouping.rows {
            do {
                let column = CovariateColumn("logit risk", rows.map { logits[$0] })
                let fit = try WeightedLogistic(
                    rows.map { outcomes[$0] }, [column], weights: rows.map { _ in 1 })
                for (index, row) in rows.enumerated() { risks[row] = fit.risks[index] }
                lines.append(
                    .value(
                        Line(
                            intercept: Estimate(
                                normal: fit.coefficients[0], standardError: fit.standardErrors[0], level: level),
                            slope: Estimate(
                                normal: fit.coefficients[1], standardError: fit.standardErrors[1], level: level))))
            } catch {
                lines.append(.undefined(.init(code: "no-line", reason: error.description)))
            }
        }
        labels = grouping.labels
        self.lines = lines
        self.risks = ScoreChange(before: predicted, after: risks)
        before = try GroupObservedExpected(outcomes: outcomes, predicted: predicted, grouping: grouping, level: level)
        after = try GroupObservedExpected(outcomes: outcomes, predicted: risks, grouping: grouping, level: level)
    }

    /// For the event by a horizon, with censoring.
    ///
    /// - Parameters:
    ///   - data: follow-up of n patients.
    ///   - horizon: t, in the unit of the data.
    ///   - predicted: n risks of the event by the horizon, strictly between 0 and 1.
    /// - Throws: as ``init(outcomes:predicted:grouping:level:)``.
    public init(
        _ data: SurvivalData, horizon: Double, predicted: [Double], grouping: Grouping,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        try Self.check(predicted, grouping, rows: data.count)
        let hazards = predicted.map { Elementary.log(-Elementary.log1p(-$0)) }
        var risks = predicted
        var lines: [Estimated<Line>] = []
        for rows in grouping.rows {
            let fitted = try Self.hazardLine(data, rows, hazards, horizon, level)
            lines.append(fitted)
            guard let line = fitted.value else { continue }
            for row in rows {
                let log = line.intercept.value + line.slope.value * hazards[row]
                risks[row] = -Elementary.expm1(-Elementary.exp(log))
            }
        }
        labels = grouping.labels
        self.lines = lines
        self.risks = ScoreChange(before: predicted, after: risks)
        before = try GroupObservedExpected(
            data, predicted: predicted, horizon: horizon, grouping: grouping, level: level)
        after = try GroupObservedExpected(data, predicted: risks, horizon: horizon, grouping: grouping, level: level)
    }

    /// |O − E| by group before and after: 0 is calibration in the large.
    public func report() throws(InvalidInput) -> MitigationReport {
        func distance(_ comparison: GroupObservedExpected.Comparison) -> Estimated<Estimate> {
            let none = Undefined(code: "absolute", reason: "an absolute difference has no normal error near 0")
            return .value(
                Estimate(
                    value: abs(comparison.difference.value), standardError: .undefined(none),
                    interval: .undefined(none)))
        }
        return try MitigationReport(
            "|observed − expected|", better: .lowerIsBetter, before: before.byGroup.compared(by: distance),
            after: after.byGroup.compared(by: distance))
    }

    private static func check(_ predicted: [Double], _ grouping: Grouping, rows: Int) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if predicted.count != rows {
            problems.append(.length("predicted risk", found: predicted.count, rows: rows))
        }
        for (row, risk) in predicted.enumerated() where !(risk > 0 && risk < 1) {
            problems.append(
                .init(
                    row: row + 1, column: "predicted risk", found: "\(risk)",
                    allowed: "a number strictly between 0 and 1"))
        }
        if grouping.count != rows { problems.append(.length("group", found: grouping.count, rows: rows)) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    private static func hazardLine(
        _ data: SurvivalData, _ rows: [Int], _ hazards: [Double], _ horizon: Double, _ level: ConfidenceLevel
    ) throws -> Estimated<Line> {
        guard !rows.isEmpty else { return .undefined(.init(code: "empty-group", reason: "the group has no patient")) }
        let column = CovariateColumn("log cumulative hazard", rows.map { hazards[$0] })
        let model: CoxModel
        do { model = try CoxModel(data.subset(rows), covariates: [column]) } catch let error as CoxError {
            return .undefined(.init(code: "no-line", reason: error.description))
        }
        guard let slope = model.coefficients.first, let baseline = model.baselines.first else {
            return .undefined(.init(code: "no-line", reason: "the model has no coefficient"))
        }
        return baseline.cumulativeHazard(at: horizon, covariates: [0]).flatMap { hazard in
            guard hazard > 0 else { return .undefined(.noEventYet(by: horizon)) }
            let none = Undefined(code: "baseline", reason: "the baseline hazard's error is not in the intercept")
            return .value(
                Line(
                    intercept: Estimate(
                        value: Elementary.log(hazard), standardError: .undefined(none), interval: .undefined(none)),
                    slope: slope.linear(level: level)))
        }
    }
}
