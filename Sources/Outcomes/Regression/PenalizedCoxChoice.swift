/// The choice of a penalty by cross-validation.
///
/// Each fold's deviance is that of all patients at the coefficients found without the fold, less that of the patients without the
/// fold: folds too small for a likelihood of their own do no harm (Verweij and van Houwelingen 1993, Stat Med 12:2305). It is divided
/// by the fold's events and averaged over folds with weights of their events, as glmnet's `cv.glmnet`.
public struct PenalizedCoxChoice: Sendable {
    /// The path of all patients.
    public let model: PenalizedCox
    /// The deviance for each event at each penalty.
    public let deviance: [Double]
    /// Its standard error over folds.
    public let standardErrors: [Double]
    /// The index of the penalty with the least deviance, the largest of several.
    public let best: Int
    /// The index of the largest penalty whose deviance is within one standard error of the least.
    public let withinOneError: Int

    /// Fits the path on all patients and without each fold.
    ///
    /// - Parameters:
    ///   - folds: the fold of each patient; each of at least 2 needs an event, and events outside it.
    /// - Throws: as ``PenalizedCox``; ``InvalidInput`` for folds that are too few or without events.
    public init(
        _ data: SurvivalData, covariates: [CovariateColumn], strata: Grouping? = nil, alpha: Double = 1,
        penalties: PenalizedCox.Penalties = .path(), folds: Grouping
    ) throws {
        try folds.require(rows: data.count, column: "fold")
        let members = folds.rows
        let events = members.map { rows in rows.reduce(0) { $0 + (data.events[$1] ? 1 : 0) } }
        try Self.check(folds, events)
        model = try PenalizedCox(data, covariates: covariates, strata: strata, alpha: alpha, penalties: penalties)
        let lambdas = model.fits.map(\.penalty)
        let whole = try PenalizedCoxDeviance(data, covariates, strata)
        let parts = try members.indices.map { fold in
            let kept = data.times.indices.filter { folds.codes[$0] != fold }
            let columns = covariates.map { column in CovariateColumn(column.name, kept.map { column.values[$0] }) }
            let part = try data.subset(kept)
            let inner = try strata.map { strata in
                try Grouping(codes: kept.map { strata.codes[$0] }, labels: strata.labels)
            }
            let path = try PenalizedCox(
                part, covariates: columns, strata: inner, alpha: alpha, penalties: .given(lambdas))
            let rest = try PenalizedCoxDeviance(part, columns, inner)
            return path.fits.map { (whole.at($0.coefficients) - rest.at($0.coefficients)) / Double(events[fold]) }
        }
        let total = Double(events.reduce(0, +))
        let means = lambdas.indices.map { index in
            members.indices.reduce(0) { $0 + Double(events[$1]) * parts[$1][index] } / total
        }
        let errors = lambdas.indices.map { index in
            let spread = members.indices.reduce(0) { sum, fold in
                let distance = parts[fold][index] - means[index]
                return sum + Double(events[fold]) * distance * distance
            }
            return (spread / total / Double(members.count - 1)).squareRoot()
        }
        let best = means.indices.reduce(0) { means[$1] < means[$0] ? $1 : $0 }
        deviance = means
        standardErrors = errors
        self.best = best
        let bound = means[best] + errors[best]
        withinOneError = means.indices.filter { means[$0] <= bound }.max { lambdas[$0] < lambdas[$1] } ?? best
    }

    private static func check(_ folds: Grouping, _ events: [Int]) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if events.count < 2 {
            problems.append(.init(column: "folds", found: "\(events.count)", allowed: "at least 2"))
        }
        let total = events.reduce(0, +)
        for (fold, count) in events.enumerated() where count == 0 || count == total {
            problems.append(
                .init(
                    column: "fold \(folds.labels[fold])", found: "\(count) of \(total) events",
                    allowed: "at least one event in it and one outside"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }
}

/// 2·(log L of the saturated model − log L(β)) of a set of patients, with Breslow's ties.
private struct PenalizedCoxDeviance {
    private let likelihood: CoxLikelihood
    private let work: CoxWorkspace
    private let columns: [CovariateColumn]

    init(_ data: SurvivalData, _ columns: [CovariateColumn], _ strata: Grouping?) throws(CoxError) {
        self.columns = columns
        let rows: CoxRows
        do { rows = try CoxRows(data, [], strata: strata, weights: nil) } catch {
            throw .constant(covariate: error.name)
        }
        likelihood = CoxLikelihood(rows: rows, ties: .breslow)
        work = CoxWorkspace(rows)
    }

    func at(_ beta: [Double]) -> Double {
        let predictors = likelihood.rows.order.map { row in
            columns.indices.reduce(0) { beta[$1] == 0 ? $0 : $0 + beta[$1] * columns[$1].values[row] }
        }
        return 2 * (likelihood.rows.saturatedLogLikelihood - likelihood.logLikelihood(predictors, work))
    }
}
