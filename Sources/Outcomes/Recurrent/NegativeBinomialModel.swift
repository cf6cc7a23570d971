import NumericsCore

/// Negative binomial regression of event counts with exposure: rates that differ between patients by more than chance.
///
/// ```
/// E y = μ = exposure·exp(α + β·x)          Var y = μ + μ²/θ
/// log L = Σ log Γ(y + θ) − log Γ(θ) − log y! + θ·log θ + y·log μ − (θ + y)·log(θ + μ)
/// ```
///
/// α, β and θ maximise the likelihood; errors of α and β are by the expected information at θ, the error of θ by the
/// observed one, as in R's `MASS::glm.nb` (which takes the latter a step before the maximum, so that its error of θ may
/// differ in the fourth digit). 1/θ is the dispersion: the variance of the patients' own rates, a share of the mean.
/// Source: Lawless 1987, Can J Stat 15:209.
public struct NegativeBinomialModel: Sendable {
    /// The log rate as `(Intercept)`, then a log rate ratio for each covariate in the order given; errors are roots of the
    /// diagonal of ``covariance``.
    public let coefficients: [CoefficientRow]
    /// In the order of ``coefficients``.
    public let covariance: [[Double]]
    /// θ, with its standard error and normal interval.
    public let theta: Estimate
    /// With all constants, at the maximum.
    public let logLikelihood: Double
    /// The number of patients n.
    public let count: Int
    /// Steps of the search.
    public let iterations: Int

    /// The largest count of one patient that is allowed.
    public static let largestCount = 1_000_000

    /// Fits the model, O(iterations·(n·p² + largest count)).
    ///
    /// - Parameters:
    ///   - counts: n numbers of events.
    ///   - exposures: n times under observation, finite and > 0, in the unit of the rate; nil for 1.
    ///   - covariates: any number of columns of n values; none for one rate.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``NegativeBinomialError`` where there is no finite estimate.
    public init(counts: [Int], exposures: [Double]? = nil, covariates: [CovariateColumn] = []) throws {
        try Self.check(counts, exposures, covariates)
        let design: CenteredColumns
        do { design = try CenteredColumns(covariates) } catch {
            throw NegativeBinomialError.constant(covariate: error.name)
        }
        guard counts.contains(where: { $0 > 0 }) else { throw NegativeBinomialError.noEvents }
        let likelihood = NegativeBinomialLikelihood(counts: counts, exposures: exposures, design: design)
        let search = try NegativeBinomialSearch(likelihood)
        // From the centred and scaled columns back to those given: α = a − Σ b·mean/scale.
        let width = design.width
        var back = [[Double]](repeating: [Double](repeating: 0, count: width + 1), count: width + 1)
        back[0][0] = 1
        for j in 0..<width {
            back[0][j + 1] = -design.means[j] / design.scales[j]
            back[j + 1][j + 1] = 1 / design.scales[j]
        }
        let names = ["(Intercept)"] + covariates.map(\.name)
        let half = back.map { row in
            (0...width).map { c in (0...width).reduce(0) { $0 + row[$1] * search.covariance[$1][c] } }
        }
        let covariance = half.map { row in back.map { other in zip(row, other).reduce(0) { $0 + $1.0 * $1.1 } } }
        coefficients = (0...width).map { i in
            CoefficientRow(
                names[i], zip(back[i], search.beta).reduce(0) { $0 + $1.0 * $1.1 }, variance: covariance[i][i])
        }
        self.covariance = covariance
        theta = Estimate(normal: search.theta, standardError: search.thetaError)
        logLikelihood = likelihood.logLikelihood(beta: search.beta, theta: search.theta)
        count = counts.count
        iterations = search.iterations
    }

    private static func check(
        _ counts: [Int], _ exposures: [Double]?, _ covariates: [CovariateColumn]
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if counts.isEmpty { problems.append(.init(column: "count", found: "no rows", allowed: "at least one patient")) }
        for (row, count) in counts.enumerated() where !(0...largestCount).contains(count) {
            problems.append(.init(row: row + 1, column: "count", found: "\(count)", allowed: "0 to \(largestCount)"))
        }
        if let exposures {
            if exposures.count != counts.count {
                problems.append(.length("exposure", found: exposures.count, rows: counts.count))
            }
            for (row, exposure) in exposures.enumerated() where !(exposure.isFinite && exposure > 0) {
                problems.append(
                    .init(row: row + 1, column: "exposure", found: "\(exposure)", allowed: "a finite number > 0"))
            }
        }
        if !covariates.isEmpty {
            do { try CovariateColumn.check(covariates, rows: counts.count) } catch { problems += error.problems }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }
}

/// Why a negative binomial regression has no finite estimate.
public enum NegativeBinomialError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody has an event: the rate is 0 and its logarithm has no value.
    case noEvents
    /// The covariate has the same value in all patients.
    case constant(covariate: String)
    /// The covariate is a linear combination of those before it.
    case collinear(covariate: String)
    /// The counts vary no more than those of a Poisson distribution with the fitted means.
    case noOverdispersion
    /// The search ran out of iterations, most likely as some group has no event at all.
    case notConverged(iterations: Int)

    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .noEvents:
            "negative binomial model: there is no event; at least one is needed"
        case .constant(let covariate):
            "negative binomial model: covariate \"\(covariate)\" has the same value in all patients; leave it out"
        case .collinear(let covariate):
            "negative binomial model: covariate \"\(covariate)\" is a linear combination of the covariates before it; "
                + "leave it out"
        case .noOverdispersion:
            "negative binomial model: the counts vary no more than Poisson counts, theta has no finite estimate; use a "
                + "Poisson rate"
        case .notConverged(let iterations):
            "negative binomial model: no convergence in \(iterations) iterations; a group without any event has no finite "
                + "rate ratio"
        }
    }
}
