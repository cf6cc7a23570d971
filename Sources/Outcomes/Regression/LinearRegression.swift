import NumericsCore

/// Linear regression by ordinary least squares with classical and heteroscedasticity-consistent errors.
///
/// ```
/// y = β₀ + β·x + error
/// ```
///
/// Householder QR on centred and scaled columns. Classical errors are those of R's `lm`; HC0 to HC3 those of `sandwich`.
/// Source: White 1980, Econometrica 48:817; MacKinnon and White 1985, J Econometrics 29:305.
public struct LinearRegression: RegressionModel {
    /// How the standard errors are found.
    public enum Errors: String, CaseIterable, Sendable {
        /// One residual variance for everyone.
        case equalVariance
        /// Squared residuals.
        case hc0
        /// HC0 · n/(n − p − 1).
        case hc1
        /// Squared residuals over 1 − leverage.
        case hc2
        /// Squared residuals over (1 − leverage)²: close to the jackknife, the safest in small samples.
        case hc3
    }

    /// How the standard errors were found.
    public let errors: Errors
    /// `(Intercept)` and one row for each covariate; t on ``degreesOfFreedom``.
    public let coefficients: [CoefficientRow]
    /// In the order of ``coefficients``; undefined where HC2 or HC3 meets a leverage of 1.
    public let covariance: Estimated<[[Double]]>
    /// y − fit for each patient.
    public let residuals: [Double]
    /// The diagonal of the hat matrix.
    public let leverages: [Double]
    /// √(Σ residual² / df), in the unit of the outcome.
    public let residualStandardError: Double
    /// The share of the variance about the mean that the model explains; undefined when all outcomes are equal.
    public let rSquared: Estimated<Double>
    /// n − p − 1.
    public let degreesOfFreedom: Int
    /// The number of patients n.
    public let count: Int

    /// Fits the model, O(n·p²).
    ///
    /// - Parameters:
    ///   - values: n finite outcomes.
    ///   - covariates: columns of n values; may be empty.
    ///   - errors: classical unless told otherwise.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``FitError`` where the columns do not determine the
    ///   coefficients.
    public init(_ values: [Double], covariates: [CovariateColumn] = [], errors: Errors = .equalVariance) throws {
        let model = "linear regression"
        let problems = InvalidInput.Problem.notFinite("value", values)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        guard values.count > covariates.count + 1 else {
            throw FitError(model, .tooFewPatients(found: values.count, needed: covariates.count + 2))
        }
        let design = try InterceptDesign(covariates, rows: values.count, model: model)
        let width = design.width + 1
        let n = values.count
        let matrix = Matrix(rows: n, columns: width) { row, column in
            column == 0 ? 1 : design.columns.rows[row * (width - 1) + column - 1]
        }
        let factors: QRFactorization
        do { factors = try QRFactorization(of: matrix) } catch {
            guard case .rankDeficient(let column, _) = error, column > 1 else {
                throw FitError(model, .tooFewPatients(found: n, needed: width + 1))
            }
            throw FitError(model, .collinear(covariate: covariates[column - 2].name))
        }
        // About the mean, which loses no digits of outcomes far from 0.
        let moments = SampleMoments(values)
        var scaled = factors.solve(values.map { $0 - moments.mean })
        let inverse = factors.inverseGram()
        let residuals = (0..<n).map { values[$0] - moments.mean - design.predictor($0, scaled) }
        scaled[0] += moments.mean
        let sandwich = Sandwich(design: design, inverse: inverse, residuals: residuals)
        let back = design.back()
        let covariance = sandwich.covariance(errors).map { MappedEstimates(scaled, $0, by: back).covariance }
        let squares = residuals.reduce(0) { $0 + $1 * $1 }
        let names = ["(Intercept)"] + covariates.map(\.name)
        self.errors = errors
        self.covariance = covariance
        self.residuals = residuals
        let estimates = back * scaled
        coefficients = names.indices.map { index in
            CoefficientRow(
                name: names[index], estimate: estimates[index],
                standardError: covariance.flatMap {
                    $0[index][index] > 0
                        ? .value($0[index][index].squareRoot()) : Estimated<Double>.undefined(.noSpread)
                },
                degreesOfFreedom: Double(n - width))
        }
        leverages = sandwich.leverages
        degreesOfFreedom = n - width
        residualStandardError = (squares / Double(n - width)).squareRoot()
        rSquared =
            moments.squares > 0 ? .value(1 - squares / moments.squares) : .undefined(.noSpread)
        count = n
    }

    /// The log likelihood of normal errors, with σ² at its maximum Σ residual²/n; undefined without a residual.
    public var logLikelihood: Estimated<Double> {
        let squares = residuals.reduce(0) { $0 + $1 * $1 }
        guard squares > 0 else { return .undefined(.noSpread) }
        let n = Double(count)
        return .value(-0.5 * n * (Elementary.log(2 * .pi * squares / n) + 1))
    }

    /// The coefficients with t tests.
    public var table: RegressionTable {
        RegressionTable(
            model: "linear regression", rows: coefficients, count: count, logLikelihood: logLikelihood.value)
    }

    /// β₀ + β·x with its error: the mean outcome of such patients.
    ///
    /// - Parameter covariates: in the order of ``coefficients`` after the intercept.
    /// - Returns: undefined for another number of covariates.
    public func mean(_ covariates: [Double], level: ConfidenceLevel = .ninetyFivePercent) -> Estimated<Estimate> {
        guard covariates.count == coefficients.count - 1 else {
            return .undefined(.covariateCount(covariates.count, model: coefficients.count - 1))
        }
        let along = [1] + covariates
        let value = zip(coefficients, along).reduce(0) { $0 + $1.0.estimate * $1.1 }
        let error = covariance.map { variance(along: along, $0).squareRoot() }
        let freedom = Double(degreesOfFreedom)
        return .value(
            Estimate(
                value: value, standardError: error,
                interval: error.map { .around(value, standardError: $0, degreesOfFreedom: freedom, level: level) }))
    }
}

/// The covariance of least-squares coefficients from residuals and leverages.
private struct Sandwich {
    let leverages: [Double]
    private let design: InterceptDesign
    private let inverse: Matrix
    private let residuals: [Double]

    init(design: InterceptDesign, inverse: Matrix, residuals: [Double]) {
        self.design = design
        self.inverse = inverse
        self.residuals = residuals
        var along = [Double](repeating: 0, count: design.width + 1)
        leverages = residuals.indices.map { row in
            design.fill(&along, row: row)
            return min(1, zip(along, inverse * along).reduce(0) { $0 + $1.0 * $1.1 })
        }
    }

    func covariance(_ errors: LinearRegression.Errors) -> Estimated<[[Double]]> {
        let n = residuals.count
        let width = design.width + 1
        let freedom = Double(n - width)
        if errors == .equalVariance {
            let variance = residuals.reduce(0) { $0 + $1 * $1 } / freedom
            return .value((0..<width).map { i in (0..<width).map { variance * inverse[i, $0] } })
        }
        var meat = LikelihoodValue(parameters: width)
        var along = [Double](repeating: 0, count: width)
        for row in 0..<n {
            let rest = 1 - leverages[row]
            if errors == .hc2 || errors == .hc3, rest <= LeastSquares.leastFreedom {
                return .undefined(.fullLeverage(row: row + 1))
            }
            let square = residuals[row] * residuals[row]
            let weight =
                switch errors {
                case .equalVariance, .hc0: square
                case .hc1: square * Double(n) / freedom
                case .hc2: square / rest
                case .hc3: square / (rest * rest)
                }
            design.fill(&along, row: row)
            meat.add(slope: 0, curvature: weight, along: along)
        }
        let covariance = MappedEstimates(meat.score, meat.matrix, by: inverse).covariance
        return .value(covariance)
    }
}
