import NumericsCore

/// Cox's proportional hazards regression.
///
/// ```
/// h(t | x) = h₀(t)·exp(β·x)
/// ```
///
/// β maximises the partial likelihood (Cox 1972, 1975), found by Newton's method with step halving from β = 0.
/// Coefficients, tests and hazards refer to the covariates as given, although the search runs on centred and scaled ones.
///
/// **Covariates that change with time** come as several rows of one patient, each with the entry and the end of a span during
/// which the covariates stay the same, and with the event in the last at most: `entry < t ≤ time` puts one of them into each risk
/// set. **Recurrent events** (Andersen and Gill 1982) are rows from one event to the next; their errors need the patients as
/// `cluster`.
public struct CoxModel: Sendable {
    /// How events at the same time share a risk set.
    public enum Ties: String, CaseIterable, Sendable {
        /// Efron 1977: close to the exact likelihood; the default of R.
        case efron
        /// Breslow 1974: the whole risk set for each event; the default of SAS and scikit-survival.
        case breslow
        /// Cox 1972: the discrete conditional likelihood, R's `exact`; for time that is counted in few units. A pass takes
        /// d·m·p² products for d events among m at risk.
        case exact
    }

    /// How events at one time were treated.
    public let ties: Ties
    /// The log hazard ratios, one for each covariate in the order given; errors are roots of the diagonal of ``covariance``.
    public let coefficients: [CoefficientRow]
    /// The covariance of the coefficients, in their order: the inverse information at β, or the sandwich when a robust one was
    /// asked for.
    public let covariance: [[Double]]
    /// The inverse information at β, whichever covariance was asked for.
    public let modelCovariance: [[Double]]
    /// The log partial likelihood at β = 0.
    public let nullLogLikelihood: Double
    /// The log partial likelihood at β.
    public let logLikelihood: Double
    /// βᵀ V⁻¹ β with the covariance V of ``covariance``.
    public let waldTest: ChiSquareTest
    /// uᵀ I⁻¹ u at β = 0, with the information also when the covariance is robust: without ties and with one group indicator, the log-rank test.
    public let scoreTest: ChiSquareTest
    /// Twice the gain in log likelihood.
    public let likelihoodRatioTest: ChiSquareTest
    /// The number of rows n: patients, or their spans of time.
    public let count: Int
    /// The number of rows with an event.
    public let eventCount: Int
    /// Newton steps taken until the likelihood stopped rising.
    public let iterations: Int
    /// The cumulative baseline hazard of each stratum, in the order of the strata's labels; one without strata.
    public let baselines: [BaselineHazard]

    let fit: CoxFit

    /// Fits the model, O(n log n + iterations·n·p²).
    ///
    /// - Parameters:
    ///   - data: follow-up with at least one event; delayed entry is taken into account.
    ///   - covariates: p ≥ 1 columns of n values.
    ///   - strata: each stratum has a baseline hazard of its own; nil for one.
    ///   - weights: n case weights > 0, as R's: a row of weight 2 counts as two rows in the likelihood (Breslow), and in the
    ///     information; with weights that are not counts, take the robust covariance. Nil for 1.
    ///   - robust: the covariance is that of Lin and Wei 1989, which holds when the model does not.
    ///   - cluster: rows of one group, such as the spans of one patient, are dependent: their influences are summed before they
    ///     are squared. Implies `robust`.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data and for weights or a robust covariance with exact ties,
    ///   ``CoxError`` where there is no finite estimate.
    public init(
        _ data: SurvivalData, covariates: [CovariateColumn], strata: Grouping? = nil, weights: [Double]? = nil,
        ties: Ties = .efron, robust: Bool = false, cluster: Grouping? = nil
    ) throws {
        try CovariateColumn.check(covariates, rows: data.count)
        try strata?.require(rows: data.count, column: "stratum")
        try cluster?.require(rows: data.count, column: "cluster")
        try Self.check(weights: weights, rows: data.count, ties: ties, robust: robust || cluster != nil)
        guard data.events.contains(true) else { throw CoxError.noEvents }
        let rows: CoxRows
        do { rows = try CoxRows(data, covariates, strata: strata, weights: weights) } catch {
            throw CoxError.constant(covariate: error.name)
        }
        if ties == .exact, let refusal = ExactTies(rows).refusal { throw refusal }
        let work = CoxWorkspace(rows)
        let search = try CoxSearch(CoxLikelihood(rows: rows, ties: ties), work)
        // Hazards after exact ties are Breslow's.
        if ties == .exact { _ = CoxLikelihood(rows: rows, ties: .breslow).value(at: search.beta, work) }
        fit = CoxFit(data: data, rows: rows, beta: search.beta, covariance: search.covariance, ties: ties)

        let beta = search.beta.indices.map { search.beta[$0] / rows.scales[$0] }
        modelCovariance = rows.unscaled(search.covariance)
        let isRobust = robust || cluster != nil
        let scaled = isRobust ? fit.robustCovariance(cluster, work) : search.covariance
        covariance = rows.unscaled(scaled)
        coefficients = beta.indices.map { [covariance] in
            CoefficientRow(covariates[$0].name, beta[$0], variance: covariance[$0][$0])
        }
        self.ties = ties
        nullLogLikelihood = search.null.logLikelihood
        logLikelihood = search.final.logLikelihood
        waldTest = ChiSquareTest(
            statistic: isRobust ? try Self.wald(search.beta, scaled) : search.wald, degreesOfFreedom: beta.count)
        scoreTest = ChiSquareTest(statistic: search.score, degreesOfFreedom: beta.count)
        likelihoodRatioTest = ChiSquareTest(
            statistic: max(0, 2 * (search.final.logLikelihood - search.null.logLikelihood)),
            degreesOfFreedom: beta.count)
        count = data.count
        eventCount = rows.eventCount
        iterations = search.iterations
        baselines = rows.strata.indices.map { BaselineHazard($0, rows, work, beta: beta) }
    }

    private static func check(weights: [Double]?, rows: Int, ties: Ties, robust: Bool) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if let weights {
            problems += InvalidInput.Problem.inColumn("weight", weights, rows: rows)
            for (row, weight) in weights.enumerated() where weight.isFinite && !(weight > 0) {
                problems.append(.init(row: row + 1, column: "weight", found: "\(weight)", allowed: "a number > 0"))
            }
            if ties == .exact {
                problems.append(.init(column: "weight", found: "weights", allowed: "none with exact ties"))
            }
        }
        if robust, ties == .exact {
            problems.append(
                .init(column: "ties", found: "exact", allowed: "efron or breslow for a robust covariance"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    private static func wald(_ beta: [Double], _ covariance: [[Double]]) throws(CoxError) -> Double {
        let factor: SmallCholesky
        do { factor = try SmallCholesky(covariance) } catch { throw .fewClusters(covariates: beta.count) }
        return zip(beta, factor.solve(beta)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// β·x, not centred, for one patient's covariates in the order of ``coefficients``.
    ///
    /// - Throws: ``InvalidInput`` for another number of values than coefficients.
    public func linearPredictor(_ covariates: [Double]) throws(InvalidInput) -> Double {
        try coefficients.linearPredictor(covariates)
    }

    /// β·x, not centred, for each row of a set of columns in the order of ``coefficients``: the risk score of a patient.
    ///
    /// - Throws: ``InvalidInput`` for columns of other names or another order, of unequal length or with values that
    ///   are not finite.
    public func linearPredictors(_ columns: [CovariateColumn]) throws(InvalidInput) -> [Double] {
        guard columns.map(\.name) == coefficients.map(\.name) else {
            throw InvalidInput(
                .init(
                    column: "covariates", found: columns.map(\.name).joined(separator: ", "),
                    allowed: coefficients.map(\.name).joined(separator: ", ")))
        }
        let rows = columns.first?.values.count ?? 0
        try CovariateColumn.check(columns, rows: rows)
        return (0..<rows).map { row in
            zip(coefficients, columns).reduce(0) { $0 + $1.0.estimate * $1.1.values[row] }
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
    /// Exact ties would take more products than is sensible; the time is the one that takes most.
    case tooManyTies(time: Double, events: Int, atRisk: Int)
    /// A robust covariance is singular: there are not more clusters than covariates.
    case fewClusters(covariates: Int)

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
        case .tooManyTies(let time, let events, let atRisk):
            "Cox model: exact ties need too many products (\(events) events among \(atRisk) at risk at time \(time), for "
                + "one); take Efron's"
        case .fewClusters(let covariates):
            "Cox model: the robust covariance of \(covariates) coefficients is singular; more clusters are needed"
        }
    }
}
