/// The difference of means, treated minus control, adjusted for covariates by linear regression (analysis of covariance).
///
/// ```
/// y = a + D·treated + b·x + c_stratum + error
/// ```
///
/// D by ordinary least squares. In a randomised trial D estimates the average effect whether or not the model holds;
/// the robust errors then hold too (Lin 2013, Ann Appl Stat 7:295).
public struct AdjustedMeanDifference: Sendable {
    /// How the standard error is found.
    public enum ErrorModel: String, CaseIterable, Sendable {
        /// One residual variance for everyone, as R's `lm`.
        case equalVariance
        /// Squared residuals over (1 − leverage)²: HC3 (MacKinnon and White 1985).
        case robust
    }

    /// How the standard error was found.
    public let errorModel: ErrorModel
    /// The number of patients n, both arms together.
    public let count: Int
    /// D with the t interval, in the unit of the values.
    public let estimate: Estimate
    /// The test of D = 0; undefined when the model fits without residual.
    public let test: Estimated<StudentTest>

    /// Fits the regression on all patients.
    ///
    /// - Parameters:
    ///   - values: n finite outcomes.
    ///   - treated: n indicators with both arms present.
    ///   - covariates: columns of n values; may be empty.
    ///   - strata: a level of its own for each stratum; nil for one.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``RegressionError`` where the columns do not determine D.
    public init(
        _ values: [Double], treated: [Bool], covariates: [CovariateColumn] = [], strata: Grouping? = nil,
        errors errorModel: ErrorModel = .equalVariance, level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        var problems = InvalidInput.Problem.notFinite("value", values)
        if treated.count != values.count {
            problems.append(.length("treated", found: treated.count, rows: values.count))
        } else if Set(treated).count < 2 {
            let found = treated.isEmpty ? "no rows" : "only \(treated[0])"
            problems.append(.init(column: "treated", found: found, allowed: "both arms"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        if !covariates.isEmpty { try CovariateColumn.check(covariates, rows: values.count) }
        try strata?.require(rows: values.count, column: "stratum")
        // The treatment comes last, so that its name is the one in an error only if the others determine it.
        let columns =
            covariates + Self.indicators(strata) + [CovariateColumn("treated", treated.map { $0 ? 1 : 0 })]
        let fit = try LeastSquares(values, columns)
        let last = columns.count - 1
        let difference = fit.coefficients[last]
        let variance: Estimated<Double> =
            errorModel == .equalVariance ? .value(fit.variance(of: last)) : fit.robustVariance(of: last)
        let freedom = Double(fit.degreesOfFreedom)
        self.errorModel = errorModel
        count = values.count
        let known = variance.flatMap { $0 > 0 ? .value($0.squareRoot()) : Estimated<Double>.undefined(.noSpread) }
        estimate = Estimate(
            value: difference, standardError: known,
            interval: known.map { .around(difference, standardError: $0, degreesOfFreedom: freedom, level: level) })
        test = known.map { StudentTest(statistic: difference / $0, degreesOfFreedom: freedom) }
    }

    /// An indicator column for each stratum with patients but the first.
    private static func indicators(_ strata: Grouping?) -> [CovariateColumn] {
        guard let strata else { return [] }
        let present = strata.labels.indices.filter { strata.codes.contains($0) }
        return present.dropFirst().map { code in
            CovariateColumn("stratum \(strata.labels[code])", strata.codes.map { $0 == code ? 1 : 0 })
        }
    }
}

/// Why a linear regression has no unique solution.
public enum RegressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A column has the same value in everyone.
    case constant(covariate: String)
    /// A column is a linear combination of those before it.
    case collinear(covariate: String)
    /// No residual is left to estimate the error from.
    case tooFewPatients(found: Int, needed: Int)

    /// What is wrong, with the column's name and what to do about it.
    public var description: String {
        switch self {
        case .constant(let covariate):
            "regression: column \"\(covariate)\" has the same value in all patients; leave it out"
        case .collinear(let covariate):
            "regression: column \"\(covariate)\" is a linear combination of the columns before it; leave one out"
        case .tooFewPatients(let found, let needed):
            "regression: found \(found) patients, allowed are at least \(needed): one more than the coefficients"
        }
    }
}
