import Outcomes

extension ArmRecord {
    /// The level of one endpoint in this arm, for all and for each group: the mean of a continuous endpoint; for a time to
    /// event the cumulative incidence in percent by the end of follow-up (1 − Kaplan–Meier).
    package func summary(of endpoint: Int, scale: EndpointScale, strata: Strata) throws -> StratifiedCells {
        let isKnown = values[endpoint].map { $0.isFinite }
        switch scale {
        case .continuous:
            return try StratifiedCells(strata, isKnown: isKnown) { rows in
                .value(try SampleMean(rows.map { values[endpoint][$0] }, column: "value").estimate)
            }
        case .timeToEvent:
            return try StratifiedCells(strata, isKnown: isKnown, events: hasEvent[endpoint]) { rows in
                try cumulativeIncidence(endpoint, rows)
            }
        }
    }

    private func cumulativeIncidence(_ endpoint: Int, _ rows: [Int]) throws -> Estimated<Estimate> {
        guard let data = try survivalData(endpoint, rows) else { return .undefined(.noValue) }
        let curve = KaplanMeier(data)
        guard let survival = curve.survival.last else { return .undefined(.noValue) }
        let error = curve.standardErrors.last.flatMap { $0 }
        guard let error, error > 0 else {
            return .value(
                Estimate(
                    value: 100 * (1 - survival), standardError: .undefined(.noEventSeen),
                    interval: .undefined(.noEventSeen)))
        }
        return .value(Estimate(normal: 100 * (1 - survival), standardError: 100 * error))
    }

    /// The times and events of some patients, those with a failed solve left out; nil for nobody.
    package func survivalData(_ endpoint: Int, _ rows: [Int]) throws -> SurvivalData? {
        let known = rows.filter { values[endpoint][$0].isFinite }
        guard !known.isEmpty else { return nil }
        return try SurvivalData(times: known.map { values[endpoint][$0] }, events: known.map { hasEvent[endpoint][$0] })
    }
}

extension Undefined {
    static let noValue = Undefined(code: "no-value", reason: "no patient of the group has a value")
    package static let referenceArm = Undefined(code: "reference-arm", reason: "the arm is the reference")
    static let noEventSeen = Undefined(code: "no-event", reason: "no event was seen: there is no error")
}
