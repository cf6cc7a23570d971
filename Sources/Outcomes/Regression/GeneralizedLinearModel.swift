import NumericsCore

/// Generalised linear regression by maximum likelihood: iteratively reweighted least squares with step halving.
///
/// ```
/// g(E[y]) = β₀ + β·x + offset          Var[y] = φ·V(E[y])/weight
/// ```
///
/// The numbers are those of R's `glm`: standard errors from the expected information; φ, where the family has one, is
/// Pearson's χ² over n − p − 1, and tests are then Student's.
/// Source: McCullagh and Nelder 1989, Generalized Linear Models, 2nd edition, section 2.5.
public struct GeneralizedLinearModel: RegressionModel {
    /// The distribution of the response.
    public let family: Family
    /// The function of the mean that is linear in the covariates.
    public let link: Link
    /// `(Intercept)` and one row for each covariate, in the order given.
    public let coefficients: [CoefficientRow]
    /// In the order of ``coefficients``.
    public let covariance: [[Double]]
    /// φ; 1 in the binomial and Poisson families.
    public let dispersion: Double
    /// Twice the gain in log likelihood that a parameter for each patient would bring, in units of φ.
    public let deviance: Double
    /// The deviance of the model without covariates, with the offset.
    public let nullDeviance: Double
    /// The log likelihood as R's `logLik`; undefined where a normal or gamma model fits without residual.
    public let logLikelihood: Estimated<Double>
    /// The mean of each patient.
    public let fittedValues: [Double]
    /// The number of patients n.
    public let count: Int
    /// Steps taken by the model with covariates.
    public let iterations: Int

    /// n − p − 1.
    public var degreesOfFreedom: Int { count - coefficients.count }

    /// The gain in deviance over φ as χ² on p degrees of freedom; undefined without covariates or without φ.
    public var likelihoodRatioTest: Estimated<ChiSquareTest> {
        guard coefficients.count > 1 else { return .undefined(.noCovariates) }
        guard dispersion > 0 else { return .undefined(.noSpread) }
        return .value(
            ChiSquareTest(
                statistic: max(0, nullDeviance - deviance) / dispersion, degreesOfFreedom: coefficients.count - 1))
    }

    /// Fits the model, O(iterations·n·p²).
    ///
    /// - Parameters:
    ///   - responses: n values inside the family's range: shares of successes for the binomial family.
    ///   - covariates: columns of n values; may be empty.
    ///   - family: the distribution.
    ///   - link: nil for the family's own.
    ///   - offset: n finite numbers added to the predictor, such as log person-time; nil for none.
    ///   - weights: n positive numbers, such as the trials behind each share; nil for 1.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``FitError`` where there is no finite estimate.
    public init(
        _ responses: [Double], covariates: [CovariateColumn] = [], family: Family, link: Link? = nil,
        offset: [Double]? = nil, weights: [Double]? = nil
    ) throws {
        let link = link ?? family.canonicalLink
        let words = Self.words(family, link)
        try Self.check(responses, family, offset, weights)
        let parameterCount = covariates.count + 1
        let needed = parameterCount + (family.hasDispersion ? 1 : 0)
        guard responses.count >= needed else {
            throw FitError(words, .tooFewPatients(found: responses.count, needed: needed))
        }
        let design = try InterceptDesign(covariates, rows: responses.count, model: words)
        let empty = try InterceptDesign([], rows: responses.count, model: words)
        // In units of its size, so that neither the end of the search nor a ridge depends on the response's own unit.
        let unit = Self.unit(responses, family, link)
        let scaledResponses = responses.map { $0 / unit.response }
        let scaledOffset = offset?.map { $0 / unit.predictor }
        let start = try Self.start(scaledResponses, family, link, scaledOffset, weights, words)
        func likelihood(_ design: InterceptDesign) -> GLMLikelihood {
            GLMLikelihood(
                family: family, link: link, design: design, responses: scaledResponses, weights: weights,
                offset: scaledOffset, precision: start.precision)
        }
        let names = ["(Intercept)"] + covariates.map(\.name)
        let null: LikelihoodSearch
        let fit: LikelihoodSearch
        do {
            null = try LikelihoodSearch(likelihood(empty), from: [start.intercept])
            let first = null.parameters + [Double](repeating: 0, count: covariates.count)
            fit = covariates.isEmpty ? null : try LikelihoodSearch(likelihood(design), from: first)
        } catch { throw Self.error(error, family, words, names) }
        let full = likelihood(design)
        let means = responses.indices.map { full.mean($0, fit.parameters) }
        let square = family == .gaussian ? unit.response * unit.response : 1
        deviance = -2 * fit.value.logLikelihood / start.precision * square
        nullDeviance = -2 * null.value.logLikelihood / start.precision * square
        let scaledDispersion = Self.dispersion(
            family, scaledResponses, means, weights, freedom: responses.count - parameterCount)
        dispersion = scaledDispersion * square
        // The search's information is that at φ = 1/precision.
        let factor = scaledDispersion * start.precision * unit.predictor * unit.predictor
        let information = full.value(at: fit.parameters, isExpected: true).matrix
        let inverse: [[Double]]
        do { inverse = try SmallCholesky(information).inverse } catch {
            throw Self.error(.unbounded(parameter: error.column), family, words, names)
        }
        let scaled = inverse.map { $0.map { factor * $0 } }
        let mapped = MappedEstimates(fit.parameters.map { unit.predictor * $0 }, scaled, by: design.back())
        let freedom = family.hasDispersion ? Double(responses.count - parameterCount) : .infinity
        coefficients = mapped.rows(names, degreesOfFreedom: freedom)
        covariance = mapped.covariance
        // A density per unit of the response.
        let perUnit = responses.indices.reduce(0) { sum, row in
            sum + (family == .gamma ? weights?[row] ?? 1 : 1) * Elementary.log(unit.response)
        }
        logLikelihood = Self.logLikelihood(
            family, scaledResponses, means, weights, deviance: deviance / square
        ).map { family.hasDispersion ? $0 - perUnit : $0 }
        fittedValues = means.map { unit.response * $0.value }
        self.family = family
        self.link = link
        count = responses.count
        iterations = fit.iterations
    }

    /// Logistic regression of a yes/no outcome; exp of a coefficient is an odds ratio.
    ///
    /// - Throws: as ``init(_:covariates:family:link:offset:weights:)``; ``FitError/Cause/separated(covariate:)`` where
    ///   covariates tell the outcomes apart.
    public static func logistic(_ outcomes: [Bool], covariates: [CovariateColumn] = []) throws -> Self {
        try Self(outcomes.map { $0 ? 1 : 0 }, covariates: covariates, family: .binomial)
    }

    /// Poisson regression of counts; exp of a coefficient is a rate ratio.
    ///
    /// - Parameters:
    ///   - counts: n counts ≥ 0.
    ///   - personTime: the positive time over which each count was made, whose logarithm is the offset; nil for 1.
    /// - Throws: as ``init(_:covariates:family:link:offset:weights:)``.
    public static func poisson(
        _ counts: [Int], covariates: [CovariateColumn] = [], personTime: [Double]? = nil
    ) throws -> Self {
        if let personTime {
            let bad = personTime.indices.filter { !(personTime[$0] > 0 && personTime[$0].isFinite) }
            guard bad.isEmpty else {
                throw InvalidInput(
                    bad.map {
                        .init(
                            row: $0 + 1, column: "person time", found: "\(personTime[$0])",
                            allowed: "a finite number > 0")
                    })
            }
        }
        return try Self(
            counts.map(Double.init), covariates: covariates, family: .poisson,
            offset: personTime?.map { Elementary.log($0) })
    }

    /// The coefficients with their tests.
    public var table: RegressionTable {
        RegressionTable(
            model: Self.words(family, link), rows: coefficients, count: count, logLikelihood: logLikelihood.value)
    }

    /// The mean of a patient with such covariates; the interval is made for the predictor and carried over.
    ///
    /// - Parameters:
    ///   - covariates: in the order of ``coefficients`` after the intercept.
    ///   - offset: added to the predictor.
    /// - Returns: undefined for another number of covariates, and where the predictor has no mean in the family's range.
    public func mean(
        _ covariates: [Double], offset: Double = 0, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        guard covariates.count == coefficients.count - 1 else {
            return .undefined(.covariateCount(covariates.count, model: coefficients.count - 1))
        }
        let along = [1] + covariates
        let predictor = zip(coefficients, along).reduce(offset) { $0 + $1.0.estimate * $1.1 }
        let mean = link.mean(predictor)
        guard family.allows(mean) else {
            return .undefined(.init(code: "mean", reason: "predictor \(predictor) has no mean in the family's range"))
        }
        let error = variance(along: along, covariance).squareRoot()
        let quantile = level.quantile(degreesOfFreedom: coefficients[0].degreesOfFreedom)
        let ends = [link.mean(predictor - quantile * error).value, link.mean(predictor + quantile * error).value]
        let isOrdered = link != .inverse || predictor - quantile * error > 0
        return .value(
            Estimate(
                value: mean.value, standardError: .value(abs(mean.slope) * error),
                interval: isOrdered
                    ? .value(.init(lower: min(ends[0], ends[1]), upper: max(ends[0], ends[1]), level: level))
                    : .undefined(.init(code: "mean", reason: "the interval of the predictor reaches 0"))))
    }
}

extension GeneralizedLinearModel {
    static func words(_ family: Family, _ link: Link) -> String {
        switch (family, link) {
        case (.binomial, .logit): "logistic regression"
        case (.poisson, .log): "Poisson regression"
        default: "\(family.rawValue) regression, \(link.rawValue) link"
        }
    }

    private static func check(
        _ responses: [Double], _ family: Family, _ offset: [Double]?, _ weights: [Double]?
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if responses.isEmpty { problems.append(.init(column: "response", found: "no rows", allowed: "at least one")) }
        problems += responses.indices.filter { !family.allows(responses[$0]) }.map {
            .init(row: $0 + 1, column: "response", found: "\(responses[$0])", allowed: family.allowed)
        }
        if let offset { problems += InvalidInput.Problem.inColumn("offset", offset, rows: responses.count) }
        if let weights {
            if weights.count != responses.count {
                problems.append(.length("weight", found: weights.count, rows: responses.count))
            }
            problems += weights.indices.filter { !(weights[$0] > 0 && weights[$0].isFinite) }.map {
                .init(row: $0 + 1, column: "weight", found: "\(weights[$0])", allowed: "a finite number > 0")
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    /// The units in which a response with a dimension and its predictor are searched.
    private static func unit(
        _ responses: [Double], _ family: Family, _ link: Link
    ) -> (response: Double, predictor: Double) {
        guard family.hasDispersion, link == .identity || link == .inverse else { return (1, 1) }
        let size = responses.reduce(0) { $0 + abs($1) / Double(responses.count) }
        guard size > 0, size.isFinite else { return (1, 1) }
        return (size, link == .identity ? size : 1 / size)
    }

    /// The intercept from which the model without covariates is sought, and the inverse of its variance.
    private static func start(
        _ responses: [Double], _ family: Family, _ link: Link, _ offset: [Double]?, _ weights: [Double]?,
        _ words: String
    ) throws(FitError) -> (intercept: Double, precision: Double) {
        func weight(_ row: Int) -> Double { weights?[row] ?? 1 }
        let total = responses.indices.reduce(0) { $0 + weight($1) }
        let mean = responses.indices.reduce(0) { $0 + weight($1) * (responses[$1] / total) }
        if family == .binomial || family == .poisson {
            guard mean > 0 else { throw FitError(words, .oneOutcome("0")) }
            guard family == .poisson || mean < 1 else { throw FitError(words, .oneOutcome("1")) }
        }
        var precision = 1.0
        if family == .gaussian {
            let squares = responses.indices.reduce(0) {
                $0 + weight($1) * (responses[$1] - mean) * (responses[$1] - mean)
            }
            precision = squares > 0 ? Double(responses.count) / squares : 1
        }
        let canBePredicted = link == .identity || mean > 0
        let predictor = canBePredicted ? link.predictor(mean) : 0
        let shift: Double
        if let offset {
            let largest = offset.max() ?? 0
            // The exact intercept of a Poisson model with a log link; near enough for the others.
            shift =
                link == .log
                ? largest
                    + Elementary.log(
                        offset.indices.reduce(0) { $0 + weight($1) * Elementary.exp(offset[$1] - largest) } / total)
                : offset.indices.reduce(0) { $0 + weight($1) * offset[$1] } / total
        } else {
            shift = 0
        }
        return (predictor - shift, precision)
    }

    private static func error(
        _ failure: LikelihoodSearch.Failure, _ family: Family, _ words: String, _ names: [String]
    ) -> FitError {
        if case .unbounded(let parameter) = failure, family == .binomial {
            return FitError(words, .separated(covariate: names[parameter]))
        }
        return failure.named(words, names)
    }

    /// Pearson's χ² over its degrees of freedom.
    private static func dispersion(
        _ family: Family, _ responses: [Double], _ means: [Link.Mean], _ weights: [Double]?, freedom: Int
    ) -> Double {
        guard family.hasDispersion else { return 1 }
        var sum = 0.0
        for row in responses.indices {
            let residual = responses[row] - means[row].value
            sum += (weights?[row] ?? 1) * residual * residual / family.variance(means[row])
        }
        return sum / Double(freedom)
    }

    private static func logLikelihood(
        _ family: Family, _ responses: [Double], _ means: [Link.Mean], _ weights: [Double]?, deviance: Double
    ) -> Estimated<Double> {
        let n = Double(responses.count)
        guard !family.hasDispersion || deviance > 0 else { return .undefined(.noSpread) }
        let total = weights?.reduce(0, +) ?? n
        let spread = deviance / total
        var sum = 0.0
        for row in responses.indices {
            let weight = weights?[row] ?? 1
            let y = responses[row]
            let mean = means[row].value
            switch family {
            case .gaussian: sum += 0.5 * Elementary.log(weight)
            case .binomial:
                let successes = weight * y
                let failures = weight * (1 - y)
                if y > 0 { sum += successes * Elementary.log(mean) }
                if y < 1 { sum += failures * Elementary.log(means[row].complement) }
                sum +=
                    Elementary.lgamma(weight + 1) - Elementary.lgamma(successes + 1) - Elementary.lgamma(failures + 1)
            case .poisson:
                sum += weight * ((y > 0 ? y * Elementary.log(mean) : 0) - mean - Elementary.lgamma(y + 1))
            case .gamma:
                let shape = 1 / spread
                sum +=
                    weight
                    * (shape * Elementary.log(shape * y / mean) - shape * y / mean - Elementary.log(y)
                        - Elementary.lgamma(shape))
            }
        }
        if family == .gaussian { sum -= 0.5 * n * (Elementary.log(2 * .pi * deviance / n) + 1) }
        return .value(sum)
    }
}
