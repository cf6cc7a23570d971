import NumericsCore

/// Fine and Gray's proportional hazards regression of the subdistribution of one cause.
///
/// ```
/// F₁(t | x) = 1 − exp(−Λ₀(t)·exp(β·x))
/// ```
///
/// A patient with another cause at T stays at risk with weight G(t−)/G(T−), G the probability of not being censored. β
/// maximises the weighted partial likelihood by Newton's method from β = 0. The standard errors are those of the sandwich
/// that counts the estimation of G (equations 7 and 8 of the source). Because the risk set is patients free of the event
/// of interest, exp(β) says how a covariate moves the probability of the event, but it is not a rate ratio.
/// Source: Fine and Gray 1999, J Am Stat Assoc 94:496.
public struct FineGrayModel: Sendable {
    /// The details in which software differs where times are tied. Without ties both give the same.
    public enum Convention: String, CaseIterable, Sendable {
        /// Breslow's likelihood; a patient with an event at t is at risk of censoring at t. R's `cmprsk::crr`.
        case cmprsk
        /// Efron's likelihood; events come before censorings at the same time, as everywhere else in this target.
        /// R's `survival::finegray` followed by `coxph`.
        case survival
    }

    /// The cause of interest, from 1.
    public let cause: Int
    /// How ties were treated.
    public let convention: Convention
    /// The log subdistribution hazard ratios, one for each covariate in the order given; errors are roots of the diagonal of
    /// ``covariance``.
    public let coefficients: [CoefficientRow]
    /// The robust covariance of β, in the order of ``coefficients``. It takes Breslow's increments of Λ₀ in both conventions.
    public let covariance: [[Double]]
    /// The inverse information at β, which takes the weights as known.
    public let modelCovariance: [[Double]]
    /// The log partial likelihood at β = 0.
    public let nullLogLikelihood: Double
    /// The log partial likelihood at β.
    public let logLikelihood: Double
    /// The number of patients n.
    public let count: Int
    /// The number of patients with an event of the cause of interest.
    public let eventCount: Int
    /// The number of patients with an event of another cause.
    public let competingCount: Int
    /// Newton steps taken until the likelihood stopped rising.
    public let iterations: Int
    /// The times with an event of the cause, ascending.
    public let times: [Double]
    /// Λ₀ at each of ``times`` for a patient whose covariates are all at the mean of the data, by Breslow's increments.
    public let cumulativeHazardAtMeans: [Double]

    private let means: [Double]
    private let lastTime: Double

    /// Fits the model, O(n log n + iterations·n·p²).
    ///
    /// - Parameters:
    ///   - data: follow-up from the start with at least one event of the cause.
    ///   - cause: the cause of interest, from 1.
    ///   - covariates: p ≥ 1 columns of n values.
    ///   - censoringStrata: G is estimated in each of these groups by itself, for censoring that depends on the group.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data, a cause that does not exist and delayed entry,
    ///   ``FineGrayError`` where there is no finite estimate.
    public init(
        _ data: CompetingRisksData, cause: Int = 1, covariates: [CovariateColumn], censoringStrata: Grouping? = nil,
        convention: Convention = .cmprsk
    ) throws {
        try data.require(cause: cause)
        try CovariateColumn.check(covariates, rows: data.count)
        try censoringStrata?.require(rows: data.count, column: "censoring stratum")
        try data.anyCause.requireNoDelayedEntry(for: "Fine and Gray's model")
        let design: CenteredColumns
        do { design = try CenteredColumns(covariates) } catch { throw FineGrayError.constant(covariate: error.name) }
        let weights = SubdistributionWeights(
            data, cause: cause, strata: censoringStrata, eventsAtRisk: convention == .cmprsk)
        guard !weights.eventTimes.isEmpty else { throw FineGrayError.noEvents }
        let likelihood = FineGrayLikelihood(
            design: design, weights: weights, ties: convention == .cmprsk ? .breslow : .efron)
        let search = try FineGraySearch(likelihood)
        let sandwich = FineGraySandwich(likelihood, beta: search.beta)
        let robust = sandwich.covariance(inverse: search.covariance)
        func unscaled(_ matrix: [[Double]]) -> [[Double]] {
            matrix.indices.map { i in matrix.indices.map { matrix[i][$0] / (design.scales[i] * design.scales[$0]) } }
        }
        let covariance = unscaled(robust)
        let modelCovariance = unscaled(search.covariance)
        coefficients = covariates.indices.map { j in
            CoefficientRow(covariates[j].name, search.beta[j] / design.scales[j], variance: covariance[j][j])
        }
        self.covariance = covariance
        self.modelCovariance = modelCovariance
        self.cause = cause
        self.convention = convention
        nullLogLikelihood = search.null.logLikelihood
        logLikelihood = search.final.logLikelihood
        count = data.count
        eventCount = data.eventCount(of: cause)
        competingCount = data.anyCause.eventCount - eventCount
        iterations = search.iterations
        times = weights.eventTimes.map { weights.steps[$0].time }
        cumulativeHazardAtMeans = sandwich.cumulativeHazard
        means = design.means
        lastTime = data.times.max() ?? 0
    }

    /// 2·(logLikelihood − nullLogLikelihood). A weighted likelihood: its p-value is approximate.
    public var likelihoodRatioTest: ChiSquareTest {
        ChiSquareTest(
            statistic: max(0, 2 * (logLikelihood - nullLogLikelihood)), degreesOfFreedom: coefficients.count)
    }

    /// F₁(t | x), the probability of an event of the cause by `time`.
    ///
    /// - Parameter covariates: in the order of ``coefficients``.
    /// - Returns: 0 before the first event; undefined after the last observed time and for a wrong number of covariates.
    public func incidence(at time: Double, covariates: [Double]) -> Estimated<Double> {
        guard covariates.count == coefficients.count else {
            return .undefined(
                .init(
                    code: "covariates",
                    reason: "\(covariates.count) covariates given to a model of \(coefficients.count)"))
        }
        guard time <= lastTime else {
            return .undefined(
                .init(code: "beyond-follow-up", reason: "time \(time) is after the last observed time \(lastTime)"))
        }
        let after = times.partitioningIndex { $0 > time }
        guard after > 0 else { return .value(0) }
        let shift = covariates.indices.reduce(0) { $0 + coefficients[$1].estimate * (covariates[$1] - means[$1]) }
        return .value(-Elementary.expm1(-cumulativeHazardAtMeans[after - 1] * Elementary.exp(shift)))
    }

    /// β·x, not centred, for one patient's covariates in the order of ``coefficients``.
    ///
    /// - Throws: ``InvalidInput`` for another number of values than coefficients.
    public func linearPredictor(_ covariates: [Double]) throws(InvalidInput) -> Double {
        try coefficients.linearPredictor(covariates)
    }
}

/// Why a Fine–Gray model has no finite estimate.
public enum FineGrayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody has the event of interest: the partial likelihood is empty.
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
            "Fine-Gray model: there is no event of the cause of interest; at least one is needed"
        case .constant(let covariate):
            "Fine-Gray model: covariate \"\(covariate)\" has the same value in all patients compared; leave it out"
        case .collinear(let covariate):
            "Fine-Gray model: covariate \"\(covariate)\" is a linear combination of the covariates before it; leave it out"
        case .monotone(let covariate, let events):
            "Fine-Gray model: the coefficient of \"\(covariate)\" has no finite estimate: the likelihood keeps rising as "
                + "it grows (\(events) events; one value of it may have none); merge categories or leave it out"
        case .notConverged(let covariate, let iterations):
            "Fine-Gray model: no convergence in \(iterations) iterations; the coefficient of \"\(covariate)\" still moves "
                + "most"
        }
    }
}
