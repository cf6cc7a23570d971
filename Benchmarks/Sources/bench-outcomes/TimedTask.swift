import Outcomes

/// What is timed: one estimator, from the columns to its numbers.
struct TimedTask: Sendable {
    let name: String
    /// Seconds that are aimed at for 100,000 patients.
    let aim: Double
    /// Its headline number, so that nothing is left out as unused and peers can be compared.
    let run: @Sendable (SurvivalWorkload) throws -> Double

    static let all = [
        TimedTask(name: "Kaplan-Meier", aim: 0.005) { work in
            let data = try SurvivalData(times: work.times, events: work.events)
            let curve = KaplanMeier(data)
            _ = curve.intervals()
            return try curve.survival(at: work.evaluationTimes[10]).get()
        },
        TimedTask(name: "Cox, 10 covariates", aim: 0.080) { work in
            let data = try SurvivalData(times: work.times, events: work.events)
            return try CoxModel(data, covariates: work.covariates).coefficients[0].estimate
        },
        TimedTask(name: "Harrell's C", aim: 0.040) { work in
            let data = try SurvivalData(times: work.times, events: work.events)
            return try Concordance(data, scores: work.score).estimate.get().value
        },
        TimedTask(name: "Uno's C", aim: 0.015) { work in
            let data = try SurvivalData(times: work.times, events: work.events)
            return try Concordance(data, scores: work.score, weighting: .uno).estimate.get().value
        },
        TimedTask(name: "AUC at 20 times", aim: 0.030) { work in
            try TimeDependentAUC(
                SurvivalData(times: work.times, events: work.events), scores: work.score, times: work.evaluationTimes,
                withErrors: false
            ).mean().get().value
        },
        TimedTask(name: "AUC at 20 times, errors", aim: 0.100) { work in
            try TimeDependentAUC(
                SurvivalData(times: work.times, events: work.events), scores: work.score, times: work.evaluationTimes
            ).mean().get().value
        },
        TimedTask(name: "integrated Brier", aim: 0.020) { work in
            try BrierScore(
                SurvivalData(times: work.times, events: work.events),
                risks: PredictedRisks(times: work.evaluationTimes, rows: work.risks), weights: .atEvent,
                errors: .none
            ).integrated(.trapezoid).get().value
        },
    ]
}
