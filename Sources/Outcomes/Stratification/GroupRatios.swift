import NumericsCore

/// The group with the least wished-for value over the one with the most wished-for.
public struct GroupRatio: Hashable, Sendable {
    /// Worst over best: below 1 where higher is better, above 1 where lower is better, 1 when all are equal.
    public let ratio: Double
    /// The first group, in the grouping's order, with the least wished-for value.
    public let worst: String
    /// The first group, in the grouping's order, with the most wished-for value.
    public let best: String
    /// The groups without a value, which are not in the ratio.
    public let leftOut: [String]
}

extension Stratified {
    /// The ratio of the worst group to the best. Undefined with fewer than two groups that have a value, for a negative
    /// value, and where the best value is 0.
    public func ratio(_ better: BetterDirection) -> Estimated<GroupRatio> {
        let known = groups.compactMap { group in group.estimate.value.map { (label: group.label, value: $0.value) } }
        guard known.count > 1, var worst = known.first, var best = known.first else {
            return .undefined(.fewGroups(known.count))
        }
        for group in known {
            guard group.value >= 0 else {
                return .undefined(
                    .init(
                        code: "negative-value",
                        reason: "group \"\(group.label)\" has the negative value \(group.value): no ratio of groups"))
            }
            let isHigher = better == .higherIsBetter
            if isHigher ? group.value < worst.value : group.value > worst.value { worst = group }
            if isHigher ? group.value > best.value : group.value < best.value { best = group }
        }
        guard best.value > 0 else {
            return .undefined(.init(code: "zero-reference", reason: "the best group's value is 0: no ratio to it"))
        }
        return .value(
            GroupRatio(
                ratio: worst.value / best.value, worst: worst.label, best: best.label,
                leftOut: groups.filter { $0.estimate.value == nil }.map(\.label)))
    }

    /// Each other group over one of them, with the error on the log scale by the delta method, √((SE/θ)² + (SE₀/θ₀)²), and a
    /// normal interval there: for shares and rates, of which ``contrasts(to:level:)`` gives the differences.
    ///
    /// Undefined for a value below 0 and where the reference's is 0; a value of 0 has a ratio of 0 without an error.
    ///
    /// - Throws: ``InvalidInput`` for a label that the grouping does not have.
    public func ratios(
        to reference: String, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> [GroupContrast] {
        func logarithmic(_ group: Group) -> Group {
            Group(
                label: group.label, count: group.count, events: group.events, result: group.result,
                estimate: group.estimate.flatMap { Self.logarithmic($0, level) })
        }
        return try Stratified(
            groups: groups.map(logarithmic), overall: logarithmic(overall), threshold: threshold
        ).contrasts(to: reference, level: level)
    }

    private static func logarithmic(_ estimate: Estimate, _ level: ConfidenceLevel) -> Estimated<Estimate> {
        guard estimate.scale == .identity else { return .value(estimate) }
        guard estimate.value >= 0 else {
            return .undefined(.init(code: "negative-value", reason: "the value \(estimate.value) has no ratio"))
        }
        let error: Estimated<Double> =
            estimate.value > 0
            ? estimate.standardError.map { $0 / estimate.value }
            : .undefined(.init(code: "zero-ratio", reason: "the value is 0: its logarithm has no error"))
        return .value(Estimate(value: estimate.value, standardError: error, scale: .log, level: level))
    }
}
