import NumericsCore

/// A row of a regression's table: a coefficient with its error, test and interval.
public struct CoefficientRow: Hashable, Sendable {
    /// What the coefficient belongs to: a covariate, `(Intercept)`, `log(scale)`, a threshold.
    public let name: String
    /// The coefficient on the scale of the model's linear predictor, for one unit of the covariate.
    public let estimate: Double
    /// On the scale of ``estimate``; undefined where the data leave no error to estimate.
    public let standardError: Estimated<Double>
    /// Of Student's t for the test and the interval; infinite for the normal distribution.
    public let degreesOfFreedom: Double

    /// A row of a model of your own.
    ///
    /// - Parameters:
    ///   - standardError: a positive number where it is defined.
    ///   - degreesOfFreedom: positive; infinite for a statistic that is normal.
    public init(
        name: String, estimate: Double, standardError: Estimated<Double>, degreesOfFreedom: Double = .infinity
    ) {
        self.name = name
        self.estimate = estimate
        self.standardError = standardError
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// A row from a variance, which rounding may have left at 0 or below.
    init(_ name: String, _ estimate: Double, variance: Double, degreesOfFreedom: Double = .infinity) {
        self.init(
            name: name, estimate: estimate,
            standardError: variance > 0 ? .value(variance.squareRoot()) : .undefined(.noSpread),
            degreesOfFreedom: degreesOfFreedom)
    }

    /// Wald's statistic, estimate over error: z, or t with finite ``degreesOfFreedom``.
    public var statistic: Estimated<Double> { standardError.map { estimate / $0 } }

    /// Two-sided, of the test that the coefficient is 0.
    public var pValue: Estimated<Double> {
        statistic.map { StudentT.twoSidedPValue($0, degreesOfFreedom: degreesOfFreedom) }
    }

    /// `estimate ± q·SE` with the quantile q of the normal or of Student's distribution.
    public func interval(level: ConfidenceLevel = .ninetyFivePercent) -> Estimated<ConfidenceInterval> {
        standardError.map {
            let reach = level.quantile(degreesOfFreedom: degreesOfFreedom) * $0
            return ConfidenceInterval(lower: estimate - reach, upper: estimate + reach, level: level)
        }
    }

    /// exp of the coefficient with SE on the log scale: a hazard, odds, rate or time ratio, as the model has it.
    public func ratio(level: ConfidenceLevel = .ninetyFivePercent) -> Estimate {
        let value = Elementary.exp(estimate)
        let interval = standardError.map {
            let reach = level.quantile(degreesOfFreedom: degreesOfFreedom) * $0
            return ConfidenceInterval(
                lower: value * Elementary.exp(-reach), upper: value * Elementary.exp(reach), level: level)
        }
        return Estimate(value: value, standardError: standardError, interval: interval, scale: .log)
    }

    /// The coefficient itself with ``interval(level:)``: a log ratio, or a slope.
    public func linear(level: ConfidenceLevel = .ninetyFivePercent) -> Estimate {
        Estimate(value: estimate, standardError: standardError, interval: interval(level: level))
    }
}

extension [CoefficientRow] {
    /// Σ β·x without an intercept.
    func linearPredictor(_ covariates: [Double]) throws(InvalidInput) -> Double {
        guard covariates.count == count else {
            throw InvalidInput(
                .init(
                    column: "covariates", found: "\(covariates.count) values",
                    allowed: "\(count), one for each coefficient"))
        }
        return zip(self, covariates).reduce(0) { $0 + $1.0.estimate * $1.1 }
    }
}

extension ConfidenceLevel {
    /// The reach of an interval in standard errors; infinite degrees of freedom mean the normal distribution.
    func quantile(degreesOfFreedom: Double) -> Double {
        degreesOfFreedom == .infinity
            ? normalQuantile : StudentT.twoSidedQuantile(self, degreesOfFreedom: degreesOfFreedom)
    }
}

/// A fitted regression as a table, alike for every model: what a command line prints.
public struct RegressionTable: Hashable, Sendable {
    /// The model in words, such as `Weibull regression`.
    public let model: String
    /// The coefficients in the model's order.
    public let rows: [CoefficientRow]
    /// The number of patients n.
    public let count: Int
    /// The number of patients with an event; nil where the outcome is no event.
    public let eventCount: Int?
    /// The log likelihood at the estimates (the partial one in Cox's model).
    public let logLikelihood: Double?

    /// A table of a model of your own.
    public init(model: String, rows: [CoefficientRow], count: Int, eventCount: Int? = nil, logLikelihood: Double? = nil)
    {
        self.model = model
        self.rows = rows
        self.count = count
        self.eventCount = eventCount
        self.logLikelihood = logLikelihood
    }

    /// The row of a name, or nil.
    public subscript(name: String) -> CoefficientRow? { rows.first { $0.name == name } }
}

/// A regression that can be shown as a table of coefficients.
public protocol RegressionModel: Sendable {
    /// The coefficients with their errors and tests.
    var table: RegressionTable { get }
}

extension CoxModel: RegressionModel {
    /// The log hazard ratios.
    public var table: RegressionTable {
        RegressionTable(
            model: "Cox model", rows: coefficients, count: count, eventCount: eventCount, logLikelihood: logLikelihood)
    }
}

extension FineGrayModel: RegressionModel {
    /// The log subdistribution hazard ratios.
    public var table: RegressionTable {
        RegressionTable(
            model: "Fine-Gray model", rows: coefficients, count: count, eventCount: eventCount,
            logLikelihood: logLikelihood)
    }
}

extension NegativeBinomialModel: RegressionModel {
    /// The log rate, then the log rate ratios.
    public var table: RegressionTable {
        RegressionTable(
            model: "negative binomial regression", rows: coefficients, count: count, logLikelihood: logLikelihood)
    }
}
