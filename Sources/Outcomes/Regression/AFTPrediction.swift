import NumericsCore

extension AFTModel {
    /// β₀ + β·x for a patient's covariates in the order of ``coefficients`` after the intercept.
    public func linearPredictor(_ covariates: [Double]) -> Estimated<Double> {
        guard covariates.count == coefficients.count - 1 else {
            return .undefined(.covariateCount(covariates.count, model: coefficients.count - 1))
        }
        return .value(
            zip(coefficients.dropFirst(), covariates).reduce(coefficients[0].estimate) { $0 + $1.0.estimate * $1.1 })
    }

    /// The time by which a share `probability` of such patients has had the event.
    ///
    /// Errors by the delta method from the covariance of β and log σ; on the log scale in a model of log time.
    ///
    /// - Parameters:
    ///   - probability: strictly between 0 and 1; ½ for the median.
    ///   - covariates: in the order of ``coefficients`` after the intercept.
    ///   - stratum: index into ``scales``.
    /// - Returns: undefined for a probability, number of covariates or stratum that is not allowed.
    public func quantile(
        _ probability: Double, covariates: [Double] = [], stratum: Int = 0,
        level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        guard probability > 0, probability < 1 else {
            return .undefined(
                .init(code: "probability", reason: "probability \(probability) is not between 0 and 1"))
        }
        let law = family.law
        return at(covariates, stratum).map { place in
            let z = law.quantile(probability)
            let value = place.predictor + place.scale * z
            let error = variance(along: gradient(covariates, stratum, scale: place.scale * z), covariance).squareRoot()
            return family.isLogTime
                ? Estimate(normal: Elementary.exp(value), standardError: error, scale: .log, level: level)
                : Estimate(normal: value, standardError: error, level: level)
        }
    }

    /// S(t | x): the share of such patients who are free of the event at `time`.
    ///
    /// The error by the delta method; the interval is made for z = (log t − β₀ − β·x)/σ and carried over, so that it stays
    /// between 0 and 1.
    ///
    /// - Parameter time: at least 0; S is 1 with error 0 at time 0 in a model of log time.
    /// - Returns: undefined for a time, number of covariates or stratum that is not allowed.
    public func survival(
        at time: Double, covariates: [Double] = [], stratum: Int = 0, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        guard time >= 0, time.isFinite else { return .undefined(.notATime(time)) }
        let law = family.law
        return at(covariates, stratum).map { place in
            guard !family.isLogTime || time > 0 else { return Estimate(normal: 1, standardError: 0, level: level) }
            let z = ((family.isLogTime ? Elementary.log(time) : time) - place.predictor) / place.scale
            let along = gradient(covariates, stratum, scale: z * place.scale)
            let error = variance(along: along, covariance).squareRoot() / place.scale
            return law.survivalEstimate(z, error: error, level: level)
        }
    }

    private func at(_ covariates: [Double], _ stratum: Int) -> Estimated<(predictor: Double, scale: Double)> {
        guard scales.indices.contains(stratum) else {
            return .undefined(.init(code: "stratum", reason: "stratum \(stratum) of a model with \(scales.count)"))
        }
        return linearPredictor(covariates).map { ($0, scales[stratum]) }
    }

    /// Derivatives of β₀ + β·x + σ·z by β and log σ, where `scale` is σ·z.
    private func gradient(_ covariates: [Double], _ stratum: Int, scale: Double) -> [Double] {
        [1] + covariates + logScales.indices.map { $0 == stratum ? scale : 0 }
    }
}

extension ErrorLaw {
    /// S(z) from z and the error of z.
    func survivalEstimate(_ z: Double, error: Double, level: ConfidenceLevel) -> Estimate {
        let reach = level.normalQuantile * error
        return Estimate(
            value: survival(z), standardError: .value(density(z) * error),
            interval: .value(
                ConfidenceInterval(lower: survival(z + reach), upper: survival(z - reach), level: level)))
    }
}

extension Undefined {
    static func notATime(_ time: Double) -> Undefined {
        .init(code: "time", reason: "time \(time) is not a finite number ≥ 0")
    }
}
