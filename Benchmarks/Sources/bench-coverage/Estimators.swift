import NumericsCore
import Outcomes

/// An estimator under study: what it claims about one number of ``Cohort``.
struct CoverageCase: Sendable {
    let name: String
    let truth: Double
    /// The 95 % interval; an open end is infinite, nil where the estimator says that there is none.
    let interval: @Sendable (Cohort) throws -> ClosedRange<Double>?
}

extension CoverageCase {
    private static func range(_ interval: Estimated<ConfidenceInterval>) -> ClosedRange<Double>? {
        interval.value.map { $0.lower...max($0.lower, $0.upper) }
    }

    private static func range(_ estimate: Estimated<Estimate>) -> ClosedRange<Double>? {
        estimate.value.flatMap { range($0.interval) }
    }

    private static func range(_ row: CoefficientRow?) -> ClosedRange<Double>? { row.flatMap { range($0.interval()) } }

    private static func arms<Value>(_ cohort: Cohort, _ values: [Value]) -> (treated: [Value], control: [Value]) {
        (cohort.rows(1).map { values[$0] }, cohort.rows(0).map { values[$0] })
    }

    /// Every case, in the order of the table.
    static let all: [CoverageCase] = survival + regressions + discrimination + comparisons

    private static let survival: [CoverageCase] = [
        CoverageCase(name: "Kaplan-Meier S(8), control, log-log", truth: Truth.survival(0, at: Cohort.time)) {
            range(KaplanMeier(try $0.data(0)).estimate(at: Cohort.time, .logLog))
        },
        CoverageCase(name: "Kaplan-Meier S(8), control, log", truth: Truth.survival(0, at: Cohort.time)) {
            range(KaplanMeier(try $0.data(0)).estimate(at: Cohort.time, .log))
        },
        CoverageCase(name: "Kaplan-Meier median, control, log-log", truth: Truth.median) { cohort in
            let median = KaplanMeier(try cohort.data(0)).median(.logLog)
            return median.lower.value.map { $0...(median.upper.value ?? .infinity) }
        },
        CoverageCase(name: "Nelson-Aalen H(8), control", truth: Truth.cumulativeHazard(0, at: Cohort.time)) {
            range(NelsonAalen(try $0.data(0)).estimate(at: Cohort.time))
        },
        CoverageCase(name: "RMST(12), control", truth: Truth.restrictedMean(0)) {
            range(KaplanMeier(try $0.data(0)).restrictedMean(to: Cohort.horizon).map(\.estimate))
        },
        CoverageCase(
            name: "RMST(12) difference", truth: Truth.restrictedMean(1) - Truth.restrictedMean(0)
        ) { cohort in
            let means = try [0.0, 1].map {
                KaplanMeier(try cohort.data($0)).restrictedMean(to: Cohort.horizon).value?.estimate
            }
            guard let control = means[0], let treated = means[1], let first = control.standardError.value,
                let second = treated.standardError.value
            else { return nil }
            let error = (first * first + second * second).squareRoot()
            return range(Estimate(normal: treated.value - control.value, standardError: error).interval)
        },
    ]

    private static let regressions: [CoverageCase] = [
        CoverageCase(name: "Cox log hazard ratio", truth: Cohort.logHazardRatio) {
            range(try CoxModel($0.data, covariates: [$0.armColumn]).table["arm"])
        },
        CoverageCase(name: "Weibull AFT log time ratio", truth: -Cohort.logHazardRatio / Cohort.shape) {
            range(try AFTModel($0.data, covariates: [$0.armColumn]).table["arm"])
        },
        CoverageCase(name: "Weibull AFT log scale", truth: -Elementary.log(Cohort.shape)) {
            range(try AFTModel($0.data, covariates: [$0.armColumn]).table["log(scale)"])
        },
        CoverageCase(name: "Weibull AFT S(8), control", truth: Truth.survival(0, at: Cohort.time)) {
            range(try AFTModel($0.data, covariates: [$0.armColumn]).survival(at: Cohort.time, covariates: [0]))
        },
        CoverageCase(name: "Royston-Parmar log hazard ratio", truth: Cohort.logHazardRatio) {
            range(try RoystonParmar($0.data, covariates: [$0.armColumn]).table["arm"])
        },
        CoverageCase(name: "Royston-Parmar RMST(12), control", truth: Truth.restrictedMean(0)) {
            range(
                try RoystonParmar($0.data, covariates: [$0.armColumn]).restrictedMean(
                    to: Cohort.horizon, covariates: [0]
                ).map(\.estimate))
        },
        CoverageCase(name: "logistic log odds ratio", truth: Cohort.logOddsRatio) {
            range(try GeneralizedLinearModel.logistic($0.response, covariates: [$0.armColumn]).table["arm"])
        },
        CoverageCase(name: "Poisson log rate ratio", truth: Cohort.logRateRatio) {
            range(
                try GeneralizedLinearModel.poisson(
                    $0.counts, covariates: [$0.armColumn], personTime: $0.personTime
                ).table["arm"])
        },
        CoverageCase(name: "linear regression HC3, unequal variances", truth: Cohort.meanGain) {
            range(
                try LinearRegression(
                    $0.value, covariates: [$0.armColumn, CovariateColumn("marker", $0.marker)], errors: .hc3
                ).table["arm"])
        },
    ]

    private static let discrimination: [CoverageCase] = [
        CoverageCase(
            name: "Harrell's C", truth: Truth.concordance(censoring: Cohort.censoringRate, horizon: .infinity)
        ) {
            range(try Concordance($0.markerData, scores: $0.marker).estimate)
        },
        CoverageCase(
            name: "Uno's C, horizon 12", truth: Truth.concordance(censoring: 0, horizon: Cohort.horizon)
        ) {
            range(
                try Concordance($0.markerData, scores: $0.marker, weighting: .uno, horizon: Cohort.horizon).estimate)
        },
        CoverageCase(name: "AUC(8)", truth: Truth.auc) {
            range(try TimeDependentAUC($0.markerData, scores: $0.marker, times: [Cohort.time]).points[0].auc)
        },
        CoverageCase(
            name: "Harrell's C, logit", truth: Truth.concordance(censoring: Cohort.censoringRate, horizon: .infinity)
        ) {
            range(try Concordance($0.markerData, scores: $0.marker).estimate.map { $0.withInterval(.logit) })
        },
        CoverageCase(name: "AUC(8), logit", truth: Truth.auc) {
            let auc = try TimeDependentAUC($0.markerData, scores: $0.marker, times: [Cohort.time]).points[0].auc
            return range(auc.map { $0.withInterval(.logit) })
        },
    ]

    private static let comparisons: [CoverageCase] = [
        CoverageCase(name: "mean, treated", truth: Cohort.meanGain) {
            range(try SampleMean(arms($0, $0.value).treated).estimate.interval)
        },
        CoverageCase(name: "mean difference, Welch", truth: Cohort.meanGain) {
            let arms = arms($0, $0.value)
            return range(try MeanDifference(treated: arms.treated, control: arms.control).estimate.interval)
        },
        CoverageCase(name: "proportion, Wilson", truth: Cohort.controlRisk) {
            range(.value(try Proportion(arms($0, $0.response).control).interval))
        },
        CoverageCase(name: "risk difference", truth: Truth.treatedRisk - Cohort.controlRisk) {
            let arms = arms($0, $0.response)
            return range(
                RiskDifference(treated: try Proportion(arms.treated), control: try Proportion(arms.control)).estimate
                    .interval)
        },
        CoverageCase(name: "risk ratio", truth: Truth.treatedRisk / Cohort.controlRisk) {
            let arms = arms($0, $0.response)
            return range(
                RiskRatio(treated: try Proportion(arms.treated), control: try Proportion(arms.control)).estimate)
        },
        CoverageCase(name: "incidence rate, control, exact", truth: Cohort.eventRate) {
            let (counts, times) = (arms($0, $0.counts).control, arms($0, $0.personTime).control)
            return range(
                .value(try IncidenceRate(events: counts.reduce(0, +), personTime: times.reduce(0, +)).interval))
        },
        CoverageCase(name: "rate ratio, exact", truth: Elementary.exp(Cohort.logRateRatio)) {
            let (counts, times) = (arms($0, $0.counts), arms($0, $0.personTime))
            return range(
                RateRatio(
                    treated: try IncidenceRate(
                        events: counts.treated.reduce(0, +), personTime: times.treated.reduce(0, +)),
                    control: try IncidenceRate(
                        events: counts.control.reduce(0, +), personTime: times.control.reduce(0, +))
                ).estimate)
        },
    ]
}
