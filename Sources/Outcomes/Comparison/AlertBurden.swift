/// What alerts at a threshold of predicted risk cost: how many are wrong for each right one.
///
/// An alert is right when the patient has the event by the horizon. With F₊ the observed risk of those alerted (one minus
/// Kaplan–Meier, with competing events Aalen–Johansen), (1 − F₊)/F₊ alerts are wrong for a right one, and 1/F₊ patients are
/// looked at for it.
public struct AlertBurden: Sendable {
    /// A risk at or above it alerts.
    public let threshold: Double
    /// Patients alerted.
    public let alerts: Int
    /// All patients.
    public let count: Int
    /// F₊, the positive predictive value.
    public let predictiveValue: Estimated<Estimate>
    /// (1 − F₊)/F₊ with error on the log scale and the interval that belongs to that of F₊. Undefined without a right alert.
    public let wrongPerRight: Estimated<Estimate>
    /// 1/F₊, the number needed to evaluate, likewise.
    public let alertsPerRight: Estimated<Estimate>
    /// The share of all events that are alerted, q·F₊/F.
    public let sensitivity: Estimated<Estimate>

    /// Counts alerts.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - risks: n predicted risks of the event by `horizon`.
    ///   - threshold: from 0 to 1.
    ///   - competing: true for the events of another cause, which make an alert wrong.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, risks: [Double], threshold: Double, horizon: Double, competing: [Bool]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the burden of alerts")
        var problems =
            InvalidInput.Problem.probabilities("risk", risks, rows: data.count)
            + InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
        if !(threshold >= 0 && threshold <= 1) {
            problems.append(.init(column: "threshold", found: "\(threshold)", allowed: "a probability from 0 to 1"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let rows = data.order.filter { risks[$0] >= threshold }
        let value = HorizonRisk(data, competing: competing, rows: rows, horizon: horizon).estimate(level: level)
        self.threshold = threshold
        alerts = rows.count
        count = data.count
        predictiveValue = value
        wrongPerRight = value.flatMap { Self.inverse($0, less: 1, by: horizon) }
        alertsPerRight = value.flatMap { Self.inverse($0, less: 0, by: horizon) }
        let part = PartRisk(data, competing: competing, rows: rows, horizon: horizon).combined(events: 1, others: 0)
        let all = PartRisk(data, competing: competing, rows: data.order, horizon: horizon).combined(
            events: 1, others: 0)
        sensitivity = all.flatMap { all in
            all.value > 0
                ? part.map { $0.divided(by: all).estimate(level: level) } : .undefined(.noCases(.atOrBefore, horizon))
        }
    }

    /// 1/F − less.
    private static func inverse(_ risk: Estimate, less: Double, by horizon: Double) -> Estimated<Estimate> {
        guard risk.value > 0 else { return .undefined(.noCases(.atOrBefore, horizon)) }
        let value = 1 / risk.value - less
        return .value(
            Estimate(
                value: value,
                // d log(1/F − c) = dF/(F²·(1/F − c))
                standardError: risk.standardError.flatMap { error in
                    value > 0 ? .value(error / (risk.value * risk.value * value)) : .undefined(.oneInfluence)
                },
                interval: risk.interval.map { interval in
                    ConfidenceInterval(
                        lower: max(0, 1 / interval.upper - less),
                        upper: interval.lower > 0 ? 1 / interval.lower - less : .infinity, level: interval.level)
                }, scale: .log))
    }
}
