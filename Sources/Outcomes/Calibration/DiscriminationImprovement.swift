/// The integrated discrimination improvement of a new model over an old one.
///
/// ```
/// IDI = Ē₁(new − old) − Ē₀(new − old)
/// ```
///
/// Ē₁ is the mean over the events by the horizon and Ē₀ over those free of it, each patient weighted by one over the
/// chance of having been seen so far (1/G(T−) for events, 1/G(t) for the others). The error is of the influence function
/// with the part that the estimation of G adds.
///
/// > Important: As the NRI, the IDI rewards more extreme predictions, right or wrong: a miscalibrated model can gain by
/// > it, and tests of IDI = 0 between nested models are not valid (Hilden and Gerds 2014, Stat Med 33:3405; Demler et al.
/// > 2017, Stat Med 36:3334). Read the parts apart and beside calibration and ``NetBenefit``.
///
/// Sources: Pencina et al. 2008, Stat Med 27:157; with censoring Chambless et al. 2011, Stat Med 30:22.
public struct DiscriminationImprovement: Sendable {
    /// Ē₁(new − old): above 0 where the new model gives events a higher risk.
    public let events: Estimated<Estimate>
    /// −Ē₀(new − old): above 0 where the new model gives non-events a lower risk.
    public let nonEvents: Estimated<Estimate>
    /// The sum of both, the IDI.
    public let sum: Estimated<Estimate>

    /// Compares two models on the same patients.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - old: n risks by the model in use.
    ///   - new: n risks by the model that might replace it.
    ///   - competing: true for the events of another cause, which then count as non-events.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, old: [Double], new: [Double], horizon: Double, competing: [Bool]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the discrimination improvement")
        let problems =
            InvalidInput.Problem.probabilities("old risk", old, rows: data.count)
            + InvalidInput.Problem.probabilities("new risk", new, rows: data.count)
            + InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let weighted = CensoredMeans(data, horizon: horizon, competing: competing)
        let gains = zip(old, new).map { $1 - $0 }
        func mean(_ outcome: CensoredMeans.Outcome, none: Undefined) -> Estimated<InfluencedValue> {
            weighted.mean(over: outcome, gains).map { .value($0) } ?? .undefined(none)
        }
        let inEvents = mean(.event, none: .noCases(.atOrBefore, horizon))
        let inOthers = mean(.free, none: .noControls(after: horizon)).map { $0.scaled(by: -1) }
        events = inEvents.map { $0.estimate(level: level) }
        nonEvents = inOthers.map { $0.estimate(level: level) }
        sum = inEvents.flatMap { a in inOthers.map { (a + $0).estimate(level: level) } }
    }

    /// The IDI of yes/no outcomes that are all known.
    ///
    /// - Throws: ``InvalidInput`` as the other initialiser.
    public init(
        outcomes: [Bool], old: [Double], new: [Double], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try self.init(BinaryOutcomes.survival(outcomes), old: old, new: new, horizon: 0, level: level)
    }
}
