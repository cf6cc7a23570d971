import NumericsCore
import Outcomes

/// The Brier scores of a score.
struct PredictionError {
    let shown: (brier: [TimedEstimate], integrated: ShownEstimate, accuracy: [TimedEstimate])

    init(
        _ patients: ScoredPatients, _ request: ScoreRequest, _ times: [Double],
        censoring: Estimated<CensoringWeights?>
    ) throws(InvalidInput) {
        let weights: CensoringWeights?
        let risks: Estimated<PredictedRisks>
        switch censoring {
        case .undefined(let reason): (weights, risks) = (nil, .undefined(reason))
        case .value(let value): (weights, risks) = (value, try Self.risks(patients, times))
        }
        switch risks {
        case .undefined(let reason):
            let none = ShownEstimate(Estimated<Estimate>.undefined(reason))
            let list = times.map { TimedEstimate(time: $0, value: none) }
            shown = (list, none, list)
        case .value(let risks):
            let isOther = patients.causes.map { causes in causes.map { $0 != 0 && $0 != patients.cause } }
            let kind = request.convention.caseWeight
            let score =
                if let weights {
                    try BrierScore(patients.data, risks: risks, competing: isOther, weights: kind, censoring: weights)
                } else {
                    try BrierScore(patients.data, risks: risks, competing: isOther, weights: kind)
                }
            let brier = score.points.map { TimedEstimate(time: $0.time, value: ShownEstimate($0.score)) }
            let accuracy = score.points.map {
                TimedEstimate(time: $0.time, value: ShownEstimate($0.accuracy, missing: .noErrorOfAccuracy))
            }
            let integral = score.integrated(request.convention == .scikitSurvival ? .trapezoid : .steps)
            shown = (brier, ShownEstimate(integral), accuracy)
        }
    }

    /// The score itself where it is a probability in everybody; else the risks by a Cox model of the score alone.
    private static func risks(
        _ patients: ScoredPatients, _ times: [Double]
    ) throws(InvalidInput) -> Estimated<PredictedRisks> {
        let scores = patients.scores
        if scores.allSatisfy({ (0...1).contains($0) }) {
            return .value(
                try PredictedRisks(times: times, rows: scores.flatMap { score in times.map { _ in score } }))
        }
        if patients.causes != nil {
            return .undefined(
                .init(
                    code: "no-probabilities",
                    reason: "the score is no probability in everybody, and with competing events no model makes it one")
            )
        }
        let model: CoxModel
        do {
            model = try CoxModel(patients.data, covariates: [CovariateColumn("score", scores)])
        } catch let error as InvalidInput {
            throw error
        } catch {
            return .undefined(.init(code: "no-model", reason: "\(error)"))
        }
        guard let baseline = model.baselines.first else {
            return .undefined(.init(code: "no-model", reason: "the Cox model of the score has no baseline hazard"))
        }
        let hazards = times.map { baseline.cumulativeHazard(at: $0, covariates: [0]) }
        for hazard in hazards { if let reason = hazard.undefined { return .undefined(reason) } }
        let slope = model.coefficients[0].estimate
        let rows = scores.flatMap { score -> [Double] in
            let relative = Elementary.exp(slope * score)
            return hazards.map { -Elementary.expm1(-($0.value ?? 0) * relative) }
        }
        return .value(try PredictedRisks(times: times, rows: rows))
    }
}

extension Undefined {
    fileprivate static let noErrorOfAccuracy = Undefined(
        code: "no-error", reason: "the index of prediction accuracy comes without a standard error")
}
