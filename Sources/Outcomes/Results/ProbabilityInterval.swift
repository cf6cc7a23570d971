import NumericsCore

/// The scale on which the normal interval of a probability, such as a concordance index or AUC, is symmetric.
public enum ProbabilityInterval: String, CaseIterable, Sendable {
    /// `p ± z·SE`, cut to [0, 1]: what riskRegression, timeROC and R's `survival` print, and the default.
    case plain
    /// `1/(1 + exp(−η))` with `η = log(p/(1 − p)) ± z·SE/(p(1 − p))`: never outside (0, 1), and nearer to its level in small
    /// samples and where p is near 1 (DeLong's error on this scale: Pepe 2003, section 4.3).
    case logit
}

extension Estimate {
    /// The same probability and error with the interval on another scale.
    ///
    /// - Parameters:
    ///   - kind: the scale.
    ///   - level: how sure the interval is to hold the truth.
    /// - Returns: the estimate with an undefined interval on the logit scale where the value is not inside 0 to 1, and
    ///   wherever there is no error. An estimate whose error is on the log scale is no probability and stays as it is.
    public func withInterval(
        _ kind: ProbabilityInterval, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimate {
        guard scale == .identity else { return self }
        switch kind {
        case .plain: return Estimate(probability: value, standardError: standardError, level: level)
        case .logit:
            let interval = standardError.flatMap { error -> Estimated<ConfidenceInterval> in
                guard value > 0, value < 1 else { return .undefined(.noLogit(value)) }
                let odds = value / (1 - value)
                let factor = Elementary.exp(level.normalQuantile * error / (value * (1 - value)))
                let upper = odds * factor
                return .value(
                    ConfidenceInterval(
                        lower: odds / (odds + factor), upper: upper.isFinite ? upper / (1 + upper) : 1, level: level))
            }
            return Estimate(value: value, standardError: standardError, interval: interval)
        }
    }
}

extension Undefined {
    static func noLogit(_ value: Double) -> Undefined {
        .init(code: "no-logit", reason: "the value is \(value): its logit needs one inside 0 to 1")
    }
}
