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
        let specific = try patients.causeSpecific()
        harrellC = ShownEstimate(
            try Concordance(specific, scores: patients.scores, horizon: request.horizon).estimate)
        unoC = ShownEstimate(
            try Concordance(specific, scores: patients.scores, weighting: .uno, horizon: request.horizon).estimate)
        let discrimination = try Self.discrimination(patients, request, times)
        auc = discrimination.points.map { TimedEstimate(time: $0.time, value: ShownEstimate($0.auc)) }
        integratedAuc = ShownEstimate(discrimination.mean)
        (brier, integratedBrier, indexOfPredictionAccuracy) = try PredictionError(patients, request, times).shown
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
        _ patients: ScoredPatients, _ request: ScoreRequest, _ times: [Double]
    ) throws(InvalidInput) -> (points: [TimeDependentAUC.Point], mean: Estimated<Estimate>) {
        if let causes = patients.causes {
            let auc = try CompetingRiskAUC(
                times: patients.data.times, causes: causes, cause: patients.cause, scores: patients.scores,
                evaluationTimes: times, convention: request.convention)
            let none = Undefined(code: "no-average", reason: "with competing events AUC(t) is not averaged over time")
            return (auc.points, .undefined(none))
        }
        let auc = try TimeDependentAUC(
            patients.data, scores: patients.scores, times: times, convention: request.convention)
        return (auc.points, auc.mean())
    }
}

extension ShownEstimate {
    init(_ quantile: SurvivalQuantile) {
        self.init(quantile.time, lower: quantile.lower.value, upper: quantile.upper.value)
    }

    init(_ estimate: Estimated<Double>, lower: Double? = nil, upper: Double? = nil) {
        self.estimate = estimate.value
        self.lower = lower
        self.upper = upper
        reason = estimate.undefined.map(Reason.init)
    }
}
