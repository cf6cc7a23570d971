import NumericsCore

/// Cox's proportional hazards regression.
///
/// ```
/// h(t | x) = h₀(t)·exp(β·x)
/// ```
///
/// β maximises the partial likelihood (Cox 1972, 1975), found by Newton's method with step halving from β = 0.
/// Coefficients, tests and hazards refer to the covariates as given, although the search runs on centred and scaled ones.
public struct CoxModel: Sendable {
    /// How events at the same time share a risk set.
    public enum Ties: String, CaseIterable, Sendable {
        /// Efron 1977: close to the exact likelihood; the default of R.
        case efron
        /// Breslow 1974: the whole risk set for each event; the default of SAS and scikit-survival.
        case breslow
    }

    /// One row of the table of coefficients.
    public struct Coefficient: Hashable, Sendable {
        /// The name of the column.
        public let covariate: String
        /// β, the log hazard ratio for one unit of the covariate.
        public let value: Double
        /// The square root of its diagonal element of ``CoxModel/covariance``.
        public let standardError: Double
        /// Wald's statistic β/SE, standard normal under β = 0.
        public var z: Double { value / standardError }
        /// Two-sided, of Wald's test of β = 0.
        public var pValue: Double { 2 * Normal.survival(abs(z)) }

        /// exp(β) with SE on the log scale and Wald's interval.
        public func hazardRatio(level: ConfidenceLevel = .ninetyFivePercent) -> Estimate {
            Estimate(normal: Elementary.exp(value), standardError: standardError, scale: .log, level: level)
        }
    }

    /// How events at one time were treated.
    public let ties: Ties
    /// One for each covariate, in the order given.
    public let coefficients: [Coefficient]
    /// The inverse information at β, in the order of ``coefficients``.
    public let covariance: [[Double]]
    /// The log partial likelihood at β = 0.
    public let nullLogLikelihood: Double
    /// The log partial likelihood at β.
    public let logLikelihood: Double
    /// βᵀ V⁻¹ β.
    public let waldTest: ChiSquareTest
    /// uᵀ I⁻¹ u at β = 0: without ties and with one group indicator, the log-rank test.
    public let scoreTest: ChiSquareTest
    /// Twice the gain in log likelihood.
    public let likelihoodRatioTest: ChiSquareTest
    /// The number of patients n.
    public let count: Int
    /// The number of patients with an event.
    public let eventCount: Int
    /// Newton steps taken until the likelihood stopped rising.
    public let iterations: Int
    /// The cumulative baseline hazard of each stratum, in the order of the strata's labels; one without strata.
    public let baselines: [BaselineHazard]

    /// Fits the model, O(n log n + iterations·n·p²).
    ///
    /// - Parameters:
    ///   - data: follow-up with at least one event; delayed entry is taken into account.
    ///   - covariates: p ≥ 1 columns of n values.
    ///   - strata: each stratum has a baseline hazard of its own; nil for one.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data, ``CoxError`` where there is no finite estimate.
    public init(
        _ data: SurvivalData, covariates: [CovariateColumn], strata: Grouping? = nil, ties: Ties = .efron
    ) throws {
        try CovariateColumn.check(covariates, rows: data.count)
        try strata?.require(rows: data.count, column: "stratum")
        guard data.eventCount > 0 else { throw CoxError.noEvents }
        let design: CenteredColumns
        do { design = try CenteredColumns(covariates) } catch { throw CoxError.constant(covariate: error.name) }
        let sweeps = data.orderByStratum(strata).map { StratumSweep(data, rows: $0) }
        let search = try CoxSearch(CoxLikelihood(design: design, sweeps: sweeps, ties: ties))

        let beta = search.beta.indices.map { search.beta[$0] / design.scales[$0] }
        covariance = beta.indices.map { i in
            beta.indices.map { search.covariance[i][$0] / (design.scales[i] * design.scales[$0]) }
        }
        coefficients = beta.indices.map { [covariance] in
            Coefficient(covariate: covariates[$0].name, value: beta[$0], standardError: covariance[$0][$0].squareRoot())
        }
        self.ties = ties
        nullLogLikelihood = search.null.logLikelihood
        logLikelihood = search.final.logLikelihood
        waldTest = ChiSquareTest(statistic: search.wald, degreesOfFreedom: beta.count)
        scoreTest = ChiSquareTest(statistic: search.score, degreesOfFreedom: beta.count)
        likelihoodRatioTest = ChiSquareTest(
            statistic: max(0, 2 * (search.final.logLikelihood - search.null.logLikelihood)),
            degreesOfFreedom: beta.count)
        count = data.count
        eventCount = data.eventCount
        iterations = search.iterations
        baselines = sweeps.indices.map { index in
            BaselineHazard(
                stratum: strata?.labels[index], sweep: sweeps[index], design: design, scaledBeta: search.beta,
                beta: beta, ties: ties)
        }
    }

    /// β·x, not centred, for one patient's covariates in the order of ``coefficients``.
    ///
    /// - Throws: ``InvalidInput`` for another number of values than coefficients.
    public func linearPredictor(_ covariates: [Double]) throws(InvalidInput) -> Double {
        guard covariates.count == coefficients.count else {
            throw InvalidInput(
                .init(
                    column: "covariates", found: "\(covariates.count) values",
                    allowed: "\(coefficients.count), one for each coefficient"))
        }
        return zip(coefficients, covariates).reduce(0) { $0 + $1.0.value * $1.1 }
    }

    /// β·x, not centred, for each row of a set of columns in the order of ``coefficients``: the risk score of a patient.
    ///
    /// - Throws: ``InvalidInput`` for columns of other names or another order, of unequal length or with values that
    ///   are not finite.
    public func linearPredictors(_ columns: [CovariateColumn]) throws(InvalidInput) -> [Double] {
        guard columns.map(\.name) == coefficients.map(\.covariate) else {
            throw InvalidInput(
                .init(
                    column: "covariates", found: columns.map(\.name).joined(separator: ", "),
                    allowed: coefficients.map(\.covariate).joined(separator: ", ")))
        }
        let rows = columns.first?.values.count ?? 0
        try CovariateColumn.check(columns, rows: rows)
        return (0..<rows).map { row in
            zip(coefficients, columns).reduce(0) { $0 + $1.0.value * $1.1.values[row] }
        }
    }
}

/// Why a Cox model has no finite estimate.
public enum CoxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody has the event: the partial likelihood is empty.
    case noEvents
    /// The covariate has the same value in everyone who is compared.
    case constant(covariate: String)
    /// The covariate is a linear combination of those before it.
    case collinear(covariate: String)
    /// The likelihood rises for ever as the coefficient grows.
    case monotone(covariate: String, events: Int)
    /// The search ran out of iterations; the covariate is the one that still moved most.
    case notConverged(covariate: String, iterations: Int)

    /// What is wrong, with the covariate's name and what to do about it.
    public var description: String {
        switch self {
        case .noEvents:
            "Cox model: there is no event; at least one is needed"
        case .constant(let covariate):
            "Cox model: covariate \"\(covariate)\" has the same value in all patients compared; leave it out"
        case .collinear(let covariate):
            "Cox model: covariate \"\(covariate)\" is a linear combination of the covariates before it; leave it out"
        case .monotone(let covariate, let events):
            "Cox model: the coefficient of \"\(covariate)\" has no finite estimate: the likelihood keeps rising as it "
                + "grows (\(events) events; one value of it may have none); merge categories or leave it out"
        case .notConverged(let covariate, let iterations):
            "Cox model: no convergence in \(iterations) iterations; the coefficient of \"\(covariate)\" still moves most"
        }
    }
}
