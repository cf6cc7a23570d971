import NumericsCore

/// Calibration in the large at a horizon: the observed risk against the mean predicted risk.
///
/// The ratio O/E is 1 for a calibrated model, over 1 where risk was predicted too low. The predictions are taken as fixed,
/// so that the error is that of the observed risk.
/// Source: van Calster et al. 2016, J Clin Epidemiol 74:167; with censoring: McLernon et al. 2023, Ann Intern Med 176:105.
public struct ObservedExpected: Sendable {
    /// O, by Kaplan–Meier or Aalen–Johansen.
    public let observed: ObservedRisk
    /// E, the mean predicted risk.
    public let expected: Double
    /// O/E with error and interval on the log scale. Undefined where O is, and when every predicted risk is 0.
    public let ratio: Estimated<Estimate>
    /// O − E.
    public let difference: Estimated<Estimate>

    /// Compares O and E.
    ///
    /// - Parameters:
    ///   - risks: n predicted risks of the event by `horizon`.
    ///   - competing: true for the events of another cause; nil without competing risks.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, risks: [Double], horizon: Double, competing: [Bool]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        let problems = InvalidInput.Problem.probabilities("risk", risks, rows: data.count)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let observed = try ObservedRisk(data, horizon: horizon, competing: competing, level: level)
        let expected = risks.reduce(0, +) / Double(risks.count)
        self.observed = observed
        self.expected = expected
        difference = observed.estimate.map {
            Estimate(value: $0.value - expected, standardError: $0.standardError, scale: .identity, level: level)
        }
        ratio = observed.estimate.flatMap { observed in
            .observedOverExpected(
                observed.value, expected, error: observed.standardError.map { $0 / observed.value }, level: level)
        }
    }
}

extension Estimated<Estimate> {
    /// O/E on the log scale.
    static func observedOverExpected(
        _ observed: Double, _ expected: Double, error: Estimated<Double>, level: ConfidenceLevel
    ) -> Estimated<Estimate> {
        let ratio = observed / expected
        guard expected > 0, ratio.isFinite else {
            return .undefined(
                .init(code: "no-expected-events", reason: "no event is expected: the predictions are all 0"))
        }
        return .value(Estimate(value: ratio, standardError: error, scale: .log, level: level))
    }
}
