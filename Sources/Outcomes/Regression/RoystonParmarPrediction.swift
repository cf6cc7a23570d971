import NumericsCore

extension RoystonParmar {
    /// The predictor at a time with what errors need.
    private struct Place {
        let u: Double
        /// s(u) + β·x.
        let predictor: Double
        /// s′(u).
        let slope: Double
        /// The derivatives of the predictor and of the slope by all coefficients.
        let along: [Double]
        let rise: [Double]
    }

    private var values: [Double] { (splineCoefficients + coefficients).map(\.estimate) }

    /// A time at which the fitted curve rises, which it does at the events but need not do everywhere.
    private func place(_ time: Double, _ covariates: [Double], _ values: [Double]) -> Place {
        let u = Elementary.log(time)
        let along = [1] + basis.values(u) + covariates
        let rise = [0] + basis.slopes(u) + covariates.map { _ in 0 }
        return Place(
            u: u, predictor: zip(values, along).reduce(0) { $0 + $1.0 * $1.1 },
            slope: zip(values, rise).reduce(0) { $0 + $1.0 * $1.1 }, along: along, rise: rise)
    }

    private func require(_ covariates: [Double], _ time: Double) -> Undefined? {
        guard covariates.count == coefficients.count else {
            return .covariateCount(covariates.count, model: coefficients.count)
        }
        return time >= 0 && time.isFinite ? nil : .notATime(time)
    }

    /// S(t | x) with the delta-method error; the interval is made on the model's scale and carried over.
    ///
    /// - Parameters:
    ///   - time: at least 0, also after the last follow-up, where the spline goes on as a straight line in log time.
    ///   - covariates: in the order of ``coefficients``.
    /// - Returns: 1 with error 0 at time 0; undefined for a time or number of covariates that is not allowed.
    public func survival(
        at time: Double, covariates: [Double] = [], level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        if let reason = require(covariates, time) { return .undefined(reason) }
        guard time > 0 else { return .value(Estimate(normal: 1, standardError: 0, level: level)) }
        let place = place(time, covariates, values)
        let error = variance(along: place.along, covariance).squareRoot()
        return .value(scale.law.survivalEstimate(place.predictor, error: error, level: level))
    }

    /// The hazard at a time, per unit of time, with the delta-method error of its logarithm.
    ///
    /// - Parameter time: above 0.
    /// - Returns: undefined also where the fitted curve does not fall, and a hazard would be 0 or negative.
    public func hazard(
        at time: Double, covariates: [Double] = [], level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        if let reason = require(covariates, time) { return .undefined(reason) }
        guard time > 0 else { return .undefined(.init(code: "time", reason: "time 0 has no hazard in log time")) }
        let place = place(time, covariates, values)
        guard place.slope > 0 else {
            return .undefined(
                .init(
                    code: "rising-survival",
                    reason: "the fitted survival curve does not fall at time \(time): ask for fewer knots"))
        }
        let density = scale.law.logDensity(place.predictor)
        let survival = scale.law.logSurvival(place.predictor)
        let log = density.value - survival.value + Elementary.log(place.slope) - place.u
        let first = density.first - survival.first
        let along = zip(place.along, place.rise).map { first * $0.0 + $0.1 / place.slope }
        return .value(
            Estimate(
                normal: Elementary.exp(log), standardError: variance(along: along, covariance).squareRoot(),
                scale: .log, level: level))
    }

    /// ∫₀^τ S(t | x) dt, the restricted mean survival time, with the delta-method error.
    ///
    /// Gauss–Legendre panels in log time between the knots; the part before τ·e⁻³⁷ is lost in rounding.
    ///
    /// - Parameter horizon: τ, above 0.
    public func restrictedMean(
        to horizon: Double, covariates: [Double] = [], level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<RestrictedMean> {
        if let reason = require(covariates, horizon) { return .undefined(reason) }
        guard horizon > 0 else {
            return .undefined(.init(code: "horizon", reason: "horizon \(horizon) is not a positive finite time"))
        }
        let values = values
        let rule = GaussLegendre(order: 20)
        let end = Elementary.log(horizon)
        let begin = end - 37
        var borders = [begin] + basis.knots.filter { $0 > begin && $0 < end } + [end]
        // Panels of at most one unit of log time.
        borders =
            zip(borders, borders.dropFirst()).flatMap { low, high in
                let parts = max(1, Int((high - low).rounded(.up)))
                return (0..<parts).map { low + (high - low) * Double($0) / Double(parts) }
            } + [end]
        var mean = 0.0
        var gradient = [Double](repeating: 0, count: covariance.count)
        for (low, high) in zip(borders, borders.dropFirst()) {
            let half = 0.5 * (high - low)
            for (node, weight) in zip(rule.nodes, rule.weights) {
                let time = Elementary.exp(0.5 * (low + high) + half * node)
                let place = place(time, covariates, values)
                mean += half * weight * time * scale.law.survival(place.predictor)
                let density = -half * weight * time * scale.law.density(place.predictor)
                for j in gradient.indices { gradient[j] += density * place.along[j] }
            }
        }
        let error = variance(along: gradient, covariance).squareRoot()
        return .value(
            RestrictedMean(horizon: horizon, estimate: Estimate(normal: mean, standardError: error, level: level)))
    }
}
