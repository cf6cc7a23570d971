/// Weights under which group and outcome are independent: the first step against bias, before any model is fitted.
///
/// ```
/// w(g, y) = P(g)·P(y) / P(g, y)
/// ```
///
/// A cell of a group and an outcome that has fewer patients than independence expects weighs more than 1, one with more
/// weighs less; the weights sum to n, groups and outcomes keep their shares, and the weighted outcome is as frequent in
/// every group that has both outcomes. Source: Kamiran and Calders 2012, Knowl Inf Syst 33:1, section 4.2.
public struct Reweighing: Sendable {
    /// The patients of one group with one outcome.
    public struct Cell: Hashable, Sendable {
        /// The group's label.
        public let label: String
        /// The outcome.
        public let outcome: Bool
        /// Patients in the cell; may be 0.
        public let count: Int
        /// The weight of each of them. Undefined where there is none to be weighted.
        public let weight: Estimated<Double>
    }

    /// Two for each group in the grouping's order: without the outcome, with it.
    public let cells: [Cell]
    /// The weight of each patient.
    public let weights: [Double]
    /// The outcome's frequency by group, unweighted and weighted.
    public let outcomeReport: MitigationReport

    private let outcomes: [Bool]
    private let grouping: Grouping

    /// Counts the cells, O(n).
    ///
    /// - Parameters:
    ///   - outcomes: n ≥ 1 indicators.
    ///   - grouping: the group of each patient; cross several columns for intersectional groups.
    /// - Throws: ``InvalidInput`` for a grouping of other patients and for no patient.
    public init(outcomes: [Bool], grouping: Grouping) throws {
        try grouping.require(rows: outcomes.count, column: "group")
        var counts = [[Int]](repeating: [0, 0], count: grouping.labels.count)
        for (row, code) in grouping.codes.enumerated() { counts[code][outcomes[row] ? 1 : 0] += 1 }
        let n = Double(outcomes.count)
        let totals = [0, 1].map { y in counts.reduce(0) { $0 + $1[y] } }
        func weight(_ code: Int, _ y: Int) -> Double {
            Double(counts[code][0] + counts[code][1]) * Double(totals[y]) / (n * Double(counts[code][y]))
        }
        let weights = outcomes.indices.map { weight(grouping.codes[$0], outcomes[$0] ? 1 : 0) }
        self.weights = weights
        self.outcomes = outcomes
        self.grouping = grouping
        cells = counts.indices.flatMap { code in
            [0, 1].map { y in
                Cell(
                    label: grouping.labels[code], outcome: y == 1, count: counts[code][y],
                    weight: counts[code][y] > 0
                        ? .value(weight(code, y))
                        : .undefined(.init(code: "empty-cell", reason: "no patient of the group has this outcome")))
            }
        }
        let none = Undefined(code: "weighted", reason: "a weighted share by design has no sampling error")
        outcomeReport = try MitigationReport(
            "outcome", better: .higherIsBetter,
            before: Stratified(grouping) { rows in
                .value(try Proportion(rows.map { outcomes[$0] }).estimate)
            },
            after: Stratified(grouping) { rows in
                let total = rows.reduce(0) { $0 + weights[$1] }
                let share = rows.reduce(0) { $0 + (outcomes[$1] ? weights[$1] : 0) } / total
                return .value(Estimate(value: share, standardError: .undefined(none), interval: .undefined(none)))
            })
    }

    /// A logistic score of the outcome fitted without and with the weights, on the same patients.
    ///
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``ScoreFitError`` where there is no finite estimate.
    public func retrained(_ covariates: [CovariateColumn]) throws -> ScoreChange {
        try .retrained(outcomes, covariates, weights: weights)
    }
}

extension ScoreChange {
    /// Logistic scores of all patients, fitted to them as they are and with weights.
    static func retrained(
        _ outcomes: [Bool], _ covariates: [CovariateColumn], weights: [Double]
    ) throws -> ScoreChange {
        try CovariateColumn.check(covariates, rows: outcomes.count)
        let plain = try WeightedLogistic(outcomes, covariates, weights: weights.map { _ in 1 })
        let weighted = try WeightedLogistic(outcomes, covariates, weights: weights)
        return ScoreChange(before: plain.risks, after: weighted.risks)
    }
}
