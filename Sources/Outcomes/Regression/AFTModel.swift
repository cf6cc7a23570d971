import NumericsCore

/// Accelerated failure time regression by maximum likelihood.
///
/// ```
/// log T = β₀ + β·x + σ·error            T itself in place of log T for `.gaussian`, `.logistic`, `.extremeValue`
/// ```
///
/// exp(β) is a time ratio: with an event it takes exp(β) times as long per unit of the covariate. Newton's method on
/// analytic derivatives in β and log σ, with step halving. The numbers are those of R's `survreg`; delayed entry, which
/// `survreg` does not know, conditions on survival to the entry.
/// Source: Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data, section 3.3 and chapter 7.
public struct AFTModel: RegressionModel {
    /// The distribution of the time.
    public enum Family: String, CaseIterable, Sendable {
        /// Constant hazard: Weibull with scale 1.
        case exponential
        /// Extreme-value error; shape 1/σ and log hazard ratio −β/σ.
        case weibull
        /// Normal error in log time.
        case logNormal
        /// Logistic error in log time; log odds ratio of survival β/σ.
        case logLogistic
        /// Normal error in time.
        case gaussian
        /// Logistic error in time.
        case logistic
        /// Extreme-value (minimum) error in time.
        case extremeValue

        var law: ErrorLaw {
            switch self {
            case .exponential, .weibull, .extremeValue: .extremeValue
            case .logNormal, .gaussian: .normal
            case .logLogistic, .logistic: .logistic
            }
        }

        /// Whether the model is one of log time.
        public var isLogTime: Bool {
            switch self {
            case .exponential, .weibull, .logNormal, .logLogistic: true
            case .gaussian, .logistic, .extremeValue: false
            }
        }

        var words: String {
            switch self {
            case .exponential: "exponential regression"
            case .weibull: "Weibull regression"
            case .logNormal: "log-normal regression"
            case .logLogistic: "log-logistic regression"
            case .gaussian: "Gaussian regression of time"
            case .logistic: "logistic regression of time"
            case .extremeValue: "extreme-value regression of time"
            }
        }
    }

    /// The distribution of the time.
    public let family: Family
    /// `(Intercept)` and one row for each covariate, in the order given.
    public let coefficients: [CoefficientRow]
    /// log σ of each stratum in the order of their labels; empty where the scale is fixed.
    public let logScales: [CoefficientRow]
    /// σ of each stratum; one without strata.
    public let scales: [Double]
    /// The inverse observed information, in the order of ``coefficients`` and then ``logScales``.
    public let covariance: [[Double]]
    /// The log likelihood of the model without covariates, of the times themselves.
    public let nullLogLikelihood: Double
    /// The log likelihood at the estimates, of the times themselves.
    public let logLikelihood: Double
    /// Twice the gain in log likelihood; undefined without covariates.
    public let likelihoodRatioTest: Estimated<ChiSquareTest>
    /// The number of patients n.
    public let count: Int
    /// The number of patients with an event.
    public let eventCount: Int
    /// Newton steps of the model with covariates.
    public let iterations: Int
    /// The labels of the strata of the scale; empty without strata.
    public let strataLabels: [String]

    /// Fits the model, O(iterations·n·p²).
    ///
    /// - Parameters:
    ///   - data: follow-up with at least one event; in a model of log time events need times above 0.
    ///   - covariates: columns of n values; may be empty.
    ///   - family: the distribution.
    ///   - fixedScale: σ where it shall not be estimated, positive: 1 for an exponential model, ½ for Rayleigh's.
    ///   - strata: each stratum has a scale of its own; nil for one.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data, ``FitError`` where there is no finite estimate.
    public init(
        _ data: SurvivalData, covariates: [CovariateColumn] = [], family: Family = .weibull,
        fixedScale: Double? = nil, strata: Grouping? = nil
    ) throws {
        try Self.check(data, family, fixedScale, strata)
        guard data.eventCount > 0 else { throw FitError(family.words, .noEvents) }
        let design = try InterceptDesign(covariates, rows: data.count, model: family.words)
        let unit = TimeUnit(data, isLogTime: family.isLogTime)
        let fixed = family == .exponential ? 1 : fixedScale
        guard fixed != nil || unit.hasSpread else { throw FitError(family.words, .oneOutcome("time \(data.times[0])")) }
        let scaleNames =
            fixed != nil ? [] : strata.map { $0.labels.map { "log(scale) \($0)" } } ?? ["log(scale)"]
        func likelihood(_ design: InterceptDesign) -> AFTLikelihood {
            AFTLikelihood(
                law: family.law, design: design, times: unit.times, events: data.events, entries: unit.entries,
                strata: strata?.codes ?? [Int](repeating: 0, count: data.count),
                scaleCount: strata?.labels.count ?? 1, fixedScale: fixed.map { $0 / unit.spread })
        }
        let names = ["(Intercept)"] + covariates.map(\.name)
        let empty = try InterceptDesign([], rows: data.count, model: family.words)
        let null: LikelihoodSearch
        let fit: LikelihoodSearch
        do {
            null = try LikelihoodSearch(
                likelihood(empty), from: [0] + scaleNames.map { _ in 0 })
            let start =
                [null.parameters[0]] + [Double](repeating: 0, count: design.width) + null.parameters.dropFirst()
            fit = covariates.isEmpty ? null : try LikelihoodSearch(likelihood(design), from: start)
        } catch { throw error.named(family.words, names + scaleNames) }
        self.init(
            family: family, names: names, scaleNames: scaleNames, fit: fit, null: null, design: design, unit: unit,
            fixedScale: fixed, labels: strata?.labels ?? [], data: data)
    }

    private init(
        family: Family, names: [String], scaleNames: [String], fit: LikelihoodSearch, null: LikelihoodSearch,
        design: InterceptDesign, unit: TimeUnit, fixedScale: Double?, labels: [String], data: SurvivalData
    ) {
        let slopes = names.count
        var map = design.back(more: scaleNames.count)
        for i in 0..<slopes { for j in 0..<slopes { map[i, j] *= unit.spread } }
        let mapped = MappedEstimates(fit.parameters, fit.covariance, by: map)
        var values = mapped.values
        values[0] += unit.origin
        for k in scaleNames.indices { values[slopes + k] += Elementary.log(unit.spread) }
        let rows = (names + scaleNames).enumerated().map { index, name in
            CoefficientRow(name, values[index], variance: mapped.covariance[index][index])
        }
        self.family = family
        coefficients = Array(rows[..<slopes])
        logScales = Array(rows[slopes...])
        scales = fixedScale.map { [$0] } ?? values[slopes...].map { Elementary.exp($0) }
        covariance = mapped.covariance
        // The density of the time is that of the standardised one over the unit, and over t in log time.
        let jacobian = unit.logJacobian(data)
        nullLogLikelihood = null.value.logLikelihood - jacobian
        logLikelihood = fit.value.logLikelihood - jacobian
        let gain = max(0, 2 * (fit.value.logLikelihood - null.value.logLikelihood))
        likelihoodRatioTest =
            slopes > 1
            ? .value(ChiSquareTest(statistic: gain, degreesOfFreedom: slopes - 1)) : .undefined(.noCovariates)
        count = data.count
        eventCount = data.eventCount
        iterations = fit.iterations
        strataLabels = labels
    }

    /// Coefficients and log scales.
    public var table: RegressionTable {
        RegressionTable(
            model: family.words, rows: coefficients + logScales, count: count, eventCount: eventCount,
            logLikelihood: logLikelihood)
    }

    private static func check(
        _ data: SurvivalData, _ family: Family, _ fixedScale: Double?, _ strata: Grouping?
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if family.isLogTime { problems += .eventsAtZero(data) }
        if let fixedScale {
            if !(fixedScale > 0 && fixedScale.isFinite) {
                problems.append(.init(column: "scale", found: "\(fixedScale)", allowed: "a positive finite number"))
            } else if family == .exponential, fixedScale != 1 {
                problems.append(
                    .init(column: "scale", found: "\(fixedScale)", allowed: "1, that of an exponential model"))
            }
        }
        if let strata {
            if fixedScale != nil || family == .exponential {
                problems.append(
                    .init(column: "strata", found: "strata of a fixed scale", allowed: "strata of an estimated scale"))
            }
            if strata.count != data.count {
                problems.append(.length("stratum", found: strata.count, rows: data.count))
            } else {
                problems += strata.rows.indices.filter { strata.rows[$0].isEmpty }.map {
                    .init(column: "stratum", found: "no patient in \"\(strata.labels[$0])\"", allowed: "at least one")
                }
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }
}

/// Times, or their logarithms, about their mean in units of their standard deviation.
struct TimeUnit {
    let origin: Double
    let spread: Double
    /// Whether there are two different times.
    let hasSpread: Bool
    let isLogTime: Bool
    /// −∞ for the logarithm of 0.
    let times: [Double]
    /// −∞ where there is no delay; nil without delayed entry.
    let entries: [Double]?

    init(_ data: SurvivalData, isLogTime: Bool) {
        func transformed(_ time: Double) -> Double {
            isLogTime ? (time > 0 ? Elementary.log(time) : -.infinity) : time
        }
        let values = data.times.map(transformed)
        let finite = values.filter { $0 > -.infinity }
        let moments = SampleMoments(finite)
        let deviation = moments.variance.value?.squareRoot() ?? 0
        let spread = deviation > 0 ? deviation : 1
        hasSpread = finite.contains { $0 != finite[0] }
        origin = moments.mean
        self.spread = spread
        self.isLogTime = isLogTime
        times = values.map { ($0 - moments.mean) / spread }
        entries = data.entries?.map { (transformed($0) - moments.mean) / spread }
    }

    /// Σ over events of the logarithm of d time / d unit.
    func logJacobian(_ data: SurvivalData) -> Double {
        var sum = Double(data.eventCount) * Elementary.log(spread)
        guard isLogTime else { return sum }
        for row in data.times.indices where data.events[row] { sum += Elementary.log(data.times[row]) }
        return sum
    }
}

extension [InvalidInput.Problem] {
    /// Events at time 0, which a model of log time cannot hold.
    static func eventsAtZero(_ data: SurvivalData) -> Self {
        data.times.indices.filter { data.events[$0] && data.times[$0] == 0 }.map {
            .init(row: $0 + 1, column: "time", found: "an event at 0", allowed: "an event at a time > 0")
        }
    }
}

extension Undefined {
    static let noCovariates = Undefined(
        code: "no-covariates", reason: "the model has no covariate: there is no gain to test")
}
