/// A decision curve: the net benefit of treating whoever has a predicted risk of at least a threshold.
///
/// ```
/// NB(h) = q·F₊ − q·(1 − F₊)·h/(1 − h)         q the share of patients with risk ≥ h, F₊ their observed risk
/// ```
///
/// F₊ is one minus Kaplan–Meier, with competing events Aalen–Johansen. The unit is true positives for each patient: a
/// difference of 0.01 is one more event found in 100 patients at no more false alarms. The threshold says how many false
/// alarms one found event is worth, (1 − h)/h, and is a choice of patients and doctors, not of the data.
/// Errors are of the delta method (the patients' influences on F₊ and q), the predictions taken as fixed.
/// Sources: Vickers and Elkin 2006, Med Decis Making 26:565; Vickers et al. 2008, BMC Med Inform Decis Mak 8:53.
public struct NetBenefit: Sendable {
    /// The curve at one threshold.
    public struct Point: Sendable {
        /// h, strictly between 0 and 1.
        public let threshold: Double
        /// Patients with a risk at or above it.
        public let above: Int
        /// The net benefit of the model. Undefined when the follow-up of those above ends before the horizon.
        public let model: Estimated<Estimate>
        /// That of treating everybody; that of treating nobody is 0.
        public let treatAll: Estimated<Estimate>
        /// The model's less that of treating everybody, of the same patients.
        public let gainOverAll: Estimated<Estimate>
        /// Treatments avoided for each patient, at no event missed on balance: the gain over treating all · (1 − h)/h.
        public let interventionsAvoided: Estimated<Estimate>
    }

    /// One for each threshold, in the same order.
    public let points: [Point]

    /// Finds the curve, O(n) for each threshold after the sort.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - risks: n predicted risks of the event by `horizon`.
    ///   - thresholds: strictly between 0 and 1.
    ///   - competing: true for the events of another cause; nil without competing risks.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, risks: [Double], horizon: Double, thresholds: [Double], competing: [Bool]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "net benefit")
        let problems =
            InvalidInput.Problem.probabilities("risk", risks, rows: data.count)
            + InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
            + thresholds.indices.filter { !(thresholds[$0] > 0 && thresholds[$0] < 1) }.map {
                .init(
                    row: $0 + 1, column: "threshold", found: "\(thresholds[$0])",
                    allowed: "a probability strictly between 0 and 1")
            }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let everyone = PartRisk(data, competing: competing, rows: data.order, horizon: horizon)
        points = thresholds.map { threshold in
            let rows = data.order.filter { risks[$0] >= threshold }
            let part = PartRisk(data, competing: competing, rows: rows, horizon: horizon)
            return Self.point(threshold, part, everyone, level: level)
        }
    }

    /// The net benefit of yes/no outcomes that are all known.
    ///
    /// - Throws: ``InvalidInput`` as the other initialiser.
    public init(
        outcomes: [Bool], risks: [Double], thresholds: [Double], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try self.init(
            BinaryOutcomes.survival(outcomes), risks: risks, horizon: 0, thresholds: thresholds, level: level)
    }

    private static func point(
        _ threshold: Double, _ part: PartRisk, _ everyone: PartRisk, level: ConfidenceLevel
    ) -> Point {
        let odds = threshold / (1 - threshold)
        let model = part.combined(events: 1, others: -odds)
        let all = everyone.combined(events: 1, others: -odds)
        let gain = model.flatMap { model in
            all.map { all in
                InfluencedValue(
                    value: model.value - all.value, influences: zip(model.influences, all.influences).map { $0 - $1 })
            }
        }
        return Point(
            threshold: threshold, above: part.count, model: model.map { $0.estimate(level: level) },
            treatAll: all.map { $0.estimate(level: level) }, gainOverAll: gain.map { $0.estimate(level: level) },
            interventionsAvoided: gain.map { $0.scaled(by: 1 / odds).estimate(level: level) })
    }
}
