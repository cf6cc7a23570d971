import Outcomes

/// One harm in one arm of the twins: how many had it, and how many more or fewer than in the arm of reference.
package struct HarmCell: Sendable {
    /// The share of the patients with a value who were seen to have the event, with Wilson's interval. Who left before is
    /// counted as without it, in every arm alike: twins leave by the same chance.
    package let risk: EstimateCell
    /// The share minus that of the same patients in the reference arm, with the t interval of the paired differences.
    package let difference: Estimated<Estimate>
    /// How many patients must be treated for one harm more (or less).
    package let numberNeeded: Estimated<NumberNeeded>

    /// - Parameter control: the reference arm's record of the same patients; nil for the reference itself.
    package init(_ record: ArmRecord, against control: ArmRecord?, endpoint: Int) throws {
        let known = record.values[endpoint].indices.filter { record.values[endpoint][$0].isFinite }
        let events = known.count { record.hasEvent[endpoint][$0] }
        risk = EstimateCell(
            count: known.count, events: events,
            known.isEmpty
                ? .undefined(.noValue) : .value(try Proportion(events: events, of: known.count).estimate))
        difference =
            try control.map { try Self.difference(record, $0, endpoint) } ?? .undefined(.referenceArm)
        numberNeeded = try difference.map { try NumberNeeded($0, event: .harmful) }
    }

    private static func difference(
        _ treated: ArmRecord, _ control: ArmRecord, _ endpoint: Int
    ) throws -> Estimated<Estimate> {
        let shares = TwinEffect.individual(
            treated: treated, control: control, endpoint: endpoint, scale: .timeToEvent
        ).filter { $0.isFinite }.map { $0 / 100 }
        guard !shares.isEmpty else { return .undefined(.noValue) }
        let estimate = try SampleMean(shares, column: "difference").estimate
        // Where no patient fares differently nothing varies: an interval of no width would say too much.
        guard let error = estimate.standardError.value, error > 0 else {
            return .value(
                Estimate(value: estimate.value, standardError: .undefined(.allAlike), interval: .undefined(.allAlike)))
        }
        return .value(estimate)
    }
}

extension Undefined {
    static let allAlike = Undefined(
        code: "all-alike", reason: "every patient has the same difference between the arms: there is no error")
}
