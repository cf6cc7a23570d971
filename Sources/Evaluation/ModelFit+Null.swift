import NumericsCore
import Outcomes

extension ModelFit {
    /// A Cox model without covariates: its log likelihood, as R's null model.
    ///
    /// At each time with d events among n at risk a stratum adds −d·log n (Breslow), −log n − log (n − 1) − … (Efron), or the
    /// logarithm of one over the number of subsets of d (exact).
    mutating func fitNull(_ data: SurvivalData, _ request: FitRequest, _ strata: Grouping?) throws {
        guard request.weights == nil else {
            throw EvaluationErrors(
                "found --weights without a covariate after ~, allowed: both", at: "formula '\(request.formula.text)'")
        }
        guard data.eventCount > 0 else { throw CoxError.noEvents }
        var sum = 0.0
        for part in try strata.map({ try $0.rows.map { try data.subset($0) } }) ?? [data] {
            let curve = KaplanMeier(part)
            for (n, d) in zip(curve.atRisk, curve.events) where d > 0 {
                switch request.ties {
                case .breslow: sum -= Double(d) * Elementary.log(Double(n))
                case .efron: for gone in 0..<d { sum -= Elementary.log(Double(n - gone)) }
                case .exact: for gone in 0..<d { sum -= Elementary.log(Double(n - gone) / Double(d - gone)) }
                }
            }
        }
        coefficients = []
        (nullLogLikelihood, logLikelihood) = (sum, sum)
    }
}
