import NumericsCore
import Outcomes

/// Every metric of a score on some patients. Each has its reason where it does not exist.
package struct ScoreMetrics: Sendable, Encodable {
    package var n: Int
    package var events: Int
    /// S(t), with competing events that of being free of all of them.
    package var kaplanMeier: [TimedEstimate]
    package var median: ShownEstimate
    /// With competing events: the share with the event by t (Aalen and Johansen).
    package var cumulativeIncidence: [TimedEstimate]?
    package var harrellC: ShownEstimate
    package var unoC: ShownEstimate
    package var auc: [TimedEstimate]
    package var integratedAuc: ShownEstimate
    /// Of the score itself where it is a probability, else of the risks that a Cox model of the score alone gives.
    package var brier: [TimedEstimate]
    package var integratedBrier: ShownEstimate
    /// 1 − B(t)/B₀(t).
    package var indexOfPredictionAccuracy: [TimedEstimate]

    /// - Parameter times: growing.
    init(_ patients: ScoredPatients, _ request: ScoreRequest, times: [Double]) throws(InvalidInput) {
        let data = patients.data
        n = data.count
        events = patients.events.count { $0 }
        let curve = KaplanMeier(data)
        kaplanMeier = times.map { TimedEstimate(time: $0, value: ShownEstimate(curve.estimate(at: $0))) }
        median = ShownEstimate(curve.median())
        cumulativeIncidence = try Self.incidence(patients, times)
        func shown(_ estimate: Estimated<Estimate>) -> ShownEstimate {
            ShownEstimate(request.intervals == .plain ? estimate : estimate.map { $0.withInterval(request.intervals) })
        }
        let specific = try patients.causeSpecific()
        let censoring = try patients.weights(data)
        harrellC = shown(try Concordance(specific, scores: patients.scores, horizon: request.horizon).estimate)
        unoC = shown(
            try Self.uno(patients, specific, request, patients.causes == nil ? censoring : patients.weights(specific)))
        let discrimination = try Self.discrimination(patients, request, times, censoring)
        auc = zip(times, discrimination.points).map { TimedEstimate(time: $0, value: shown($1)) }
        integratedAuc = shown(discrimination.mean)
        (brier, integratedBrier, indexOfPredictionAccuracy) =
            try PredictionError(patients, request, times, censoring: censoring).shown
    }

    /// scikit-survival weights by 1/G(T)² and takes events before the horizon, R by 1/G(T−)² those up to it.
    private static func uno(
        _ patients: ScoredPatients, _ data: SurvivalData, _ request: ScoreRequest,
        _ censoring: Estimated<CensoringWeights?>
    ) throws(InvalidInput) -> Estimated<Estimate> {
        switch censoring {
        case .undefined(let reason): return .undefined(reason)
        case .value(let weights):
            let horizon = request.convention == .scikitSurvival ? request.horizon?.nextDown : request.horizon
            return try Concordance(
                data, scores: patients.scores, weighting: .uno, weights: request.convention.caseWeight,
                horizon: horizon, censoring: weights
            ).estimate
        }
    }

    private static func incidence(
        _ patients: ScoredPatients, _ times: [Double]
    ) throws(InvalidInput) -> [TimedEstimate]? {
        guard let causes = patients.causes else { return nil }
        let incidence = CumulativeIncidence(try CompetingRisksData(times: patients.data.times, causes: causes))
        return times.map {
            TimedEstimate(time: $0, value: ShownEstimate(incidence.estimate(at: $0, cause: patients.cause)))
        }
    }

    private static func discrimination(
        _ patients: ScoredPatients, _ request: ScoreRequest, _ times: [Double],
        _ censoring: Estimated<CensoringWeights?>
    ) throws(InvalidInput) -> (points: [Estimated<Estimate>], mean: Estimated<Estimate>) {
        let weights: CensoringWeights?
        switch censoring {
        case .undefined(let reason): return (times.map { _ in .undefined(reason) }, .undefined(reason))
        case .value(let value): weights = value
        }
        if let causes = patients.causes {
            let auc = try CompetingRiskAUC(
                times: patients.data.times, causes: causes, cause: patients.cause, scores: patients.scores,
                evaluationTimes: times, convention: request.convention, censoring: weights)
            return (auc.points.map(\.auc), auc.mean())
        }
        let auc = try TimeDependentAUC(
            patients.data, scores: patients.scores, times: times, convention: request.convention, censoring: weights)
        return (auc.points.map(\.auc), auc.mean())
    }
}

extension ShownEstimate {
    /// A quantile has an interval and no standard error; a bound that the curve's band never reaches has its reason.
    init(_ quantile: SurvivalQuantile) {
        let noError = Undefined(
            code: "no-error", reason: "a quantile has an interval, from the curve's band, and no standard error")
        self.init(
            quantile.time, lower: quantile.lower.value, upper: quantile.upper.value,
            missing: quantile.upper.undefined ?? quantile.lower.undefined ?? noError)
    }

    /// - Parameter missing: why there is no error where there is an estimate.
    init(_ estimate: Estimated<Double>, lower: Double? = nil, upper: Double? = nil, missing: Undefined) {
        self.estimate = estimate.value
        self.lower = lower
        self.upper = upper
        reason = Reason(estimate.undefined ?? missing)
    }
}
