/// The share of patients with the event by a horizon: one minus Kaplan–Meier, or Aalen–Johansen with competing events.
///
/// The standard error is Greenwood's, with competing events the infinitesimal jackknife's (R's `survfit`); the interval is
/// symmetric on the scale log(−log(1 − F)). O(n) after the sort. Source: Aalen and Johansen 1978, Scand J Stat 5:141.
public struct ObservedRisk: Sendable {
    /// The horizon t, in the unit of the data.
    public let horizon: Double
    /// All patients.
    public let count: Int
    /// Patients with the event of the cause by the horizon.
    public let events: Int
    /// F(t). Undefined after the last observed time, unless everyone then at risk has had the event.
    public let estimate: Estimated<Estimate>

    /// The observed risk.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry; with competing risks an event of any cause is an event.
    ///   - horizon: finite and ≥ 0.
    ///   - competing: true for the events of another cause; nil without competing risks.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, horizon: Double, competing: [Bool]? = nil, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the observed risk")
        let problems = InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let risk = HorizonRisk(data, competing: competing, horizon: horizon)
        self.horizon = horizon
        count = data.count
        events = risk.events
        estimate = risk.estimate(level: level)
    }
}
