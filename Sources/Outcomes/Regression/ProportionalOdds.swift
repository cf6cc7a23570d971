import NumericsCore

/// Ordinal regression: the proportional odds model by maximum likelihood.
///
/// ```
/// logit P(Y ≤ k | x) = ζₖ − β·x           k = 1, …, K − 1
/// ```
///
/// exp(β) is the odds ratio of a higher level per unit of the covariate, the same at every threshold. The numbers are those
/// of `polr` in R's MASS, with Newton's method on analytic derivatives.
/// Source: McCullagh 1980, J R Stat Soc B 42:109.
public struct ProportionalOdds: RegressionModel {
    /// One row for each covariate, in the order given.
    public let coefficients: [CoefficientRow]
    /// ζₖ between neighbouring levels, ascending, named `low|high`.
    public let thresholds: [CoefficientRow]
    /// The inverse observed information, in the order of ``coefficients`` and then ``thresholds``.
    public let covariance: [[Double]]
    /// The log likelihood of the model without covariates.
    public let nullLogLikelihood: Double
    /// The log likelihood at the estimates.
    public let logLikelihood: Double
    /// Twice the gain in log likelihood; undefined without covariates.
    public let likelihoodRatioTest: Estimated<ChiSquareTest>
    /// The levels in ascending order.
    public let levels: [String]
    /// The number of patients n.
    public let count: Int
    /// Newton steps taken.
    public let iterations: Int

    /// Fits the model, O(iterations·n·(p + K)²).
    ///
    /// - Parameters:
    ///   - outcome: the level of each patient; labels in ascending order, each with at least one patient.
    ///   - covariates: columns of n values; may be empty.
    /// - Throws: ``InvalidInput`` for fewer than two levels, empty levels and columns that do not fit, ``FitError`` where
    ///   there is no finite estimate.
    public init(_ outcome: Grouping, covariates: [CovariateColumn] = []) throws {
        let model = "proportional odds model"
        let counts = outcome.rows.map(\.count)
        var problems: [InvalidInput.Problem] = []
        if outcome.labels.count < 2 {
            problems.append(.init(column: "levels", found: "\(outcome.labels.count)", allowed: "two or more"))
        }
        for (label, count) in zip(outcome.labels, counts) where count == 0 {
            problems.append(
                .init(column: "levels", found: "no patient in \"\(label)\"", allowed: "at least one in each level"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let design = try InterceptDesign(covariates, rows: outcome.count, model: model)
        let labels = outcome.labels
        let names = zip(labels, labels.dropFirst()).map { "\($0.0)|\($0.1)" }
        let likelihood = ProportionalOddsLikelihood(levels: outcome.codes, thresholds: names.count, design: design)
        var below = 0
        let starts = counts.dropLast().map { count in
            below += count
            return Elementary.log(Double(below)) - Elementary.log(Double(outcome.count - below))
        }
        let fit: LikelihoodSearch
        do {
            fit = try LikelihoodSearch(likelihood, from: [Double](repeating: 0, count: design.width) + starts)
        } catch {
            if case .unbounded(let parameter) = error, parameter < design.width {
                throw FitError(model, .separated(covariate: covariates[parameter].name))
            }
            throw error.named(model, covariates.map(\.name) + names)
        }
        let mapped = MappedEstimates(fit.parameters, fit.covariance, by: Self.back(design, names.count))
        let rows = mapped.rows(covariates.map(\.name) + names)
        coefficients = Array(rows[..<design.width])
        thresholds = Array(rows[design.width...])
        covariance = mapped.covariance
        // Without covariates the fit is the observed shares.
        nullLogLikelihood = counts.reduce(0) {
            $0 + Double($1) * (Elementary.log(Double($1)) - Elementary.log(Double(outcome.count)))
        }
        logLikelihood = fit.value.logLikelihood
        likelihoodRatioTest =
            covariates.isEmpty
            ? .undefined(.noCovariates)
            : .value(
                ChiSquareTest(
                    statistic: max(0, 2 * (fit.value.logLikelihood - nullLogLikelihood)),
                    degreesOfFreedom: covariates.count))
        levels = labels
        count = outcome.count
        iterations = fit.iterations
    }

    /// Coefficients and thresholds.
    public var table: RegressionTable {
        RegressionTable(
            model: "proportional odds model", rows: coefficients + thresholds, count: count,
            logLikelihood: logLikelihood)
    }

    /// The probability of each level for such covariates; they add up to 1.
    ///
    /// - Returns: undefined for another number of covariates than ``coefficients``.
    public func probabilities(_ covariates: [Double]) -> Estimated<[Double]> {
        guard covariates.count == coefficients.count else {
            return .undefined(.covariateCount(covariates.count, model: coefficients.count))
        }
        let predictor = zip(coefficients, covariates).reduce(0) { $0 + $1.0.estimate * $1.1 }
        let law = ErrorLaw.logistic
        let above = [1] + thresholds.map { law.survival($0.estimate - predictor) } + [0]
        return .value(zip(above, above.dropFirst()).map { $0.0 - $0.1 })
    }

    /// From centred covariates to those given: slopes over their scales, thresholds by the covariates' means.
    private static func back(_ design: InterceptDesign, _ thresholds: Int) -> Matrix {
        let p = design.width
        return Matrix(rows: p + thresholds, columns: p + thresholds) { i, j in
            if i >= p, j < p { return design.columns.means[j] / design.columns.scales[j] }
            guard i == j else { return 0 }
            return i < p ? 1 / design.columns.scales[i] : 1
        }
    }
}

/// Slopes and then thresholds.
private struct ProportionalOddsLikelihood: SmoothLikelihood {
    let levels: [Int]
    let thresholds: Int
    let design: InterceptDesign

    var reaches: [Double] { design.columns.ranges + [Double](repeating: 1, count: thresholds) }

    /// With a = ζₖ − η, b = ζₖ₋₁ − η: log(F(a) − F(b)) = −log(1 + e⁻ᵃ) − log(1 + eᵇ) + log(1 − eᵇ⁻ᵃ), each part without
    /// cancellation; the first level has no b and the last no a.
    func value(at parameters: [Double]) -> LikelihoodValue {
        let p = design.width
        let q = p + thresholds
        var sum = LikelihoodValue(parameters: q)
        var along = [Double](repeating: 0, count: q)
        for row in levels.indices {
            let level = levels[row]
            var predictor = 0.0
            for j in 0..<p {
                along[j] = -design.columns.rows[row * p + j]
                predictor -= along[j] * parameters[j]
            }
            if level < thresholds {
                // log F(a) is the log survival of the logistic law at −a.
                let curve = ErrorLaw.logistic.logSurvival(predictor - parameters[p + level])
                sum.logLikelihood += curve.value
                along[p + level] = 1
                sum.add(slope: -curve.first, curvature: -curve.second, along: along)
                along[p + level] = 0
            }
            if level > 0 {
                let curve = ErrorLaw.logistic.logSurvival(parameters[p + level - 1] - predictor)
                sum.logLikelihood += curve.value
                along[p + level - 1] = 1
                sum.add(slope: curve.first, curvature: -curve.second, along: along)
                along[p + level - 1] = 0
            }
            if level > 0, level < thresholds {
                let gap = parameters[p + level] - parameters[p + level - 1]
                guard gap > 0 else { return .outside(q) }
                // d = 1/(e^gap − 1); its derivative by the gap is −d(1 + d).
                let d = 1 / Elementary.expm1(gap)
                sum.logLikelihood += Elementary.log(-Elementary.expm1(-gap))
                let high = p + level
                sum.score[high] += d
                sum.score[high - 1] -= d
                let bend = d * (1 + d)
                sum.information[high * q + high] += bend
                sum.information[(high - 1) * q + high - 1] += bend
                sum.information[high * q + high - 1] -= bend
            }
            guard sum.logLikelihood.isFinite else { return .outside(q) }
        }
        return sum
    }
}
