import NumericsCore

/// The distance between the groups with the largest and the smallest value.
public struct Gap: Hashable, Sendable {
    /// Largest minus smallest, in the unit of the metric, ratios too. The groups are picked by their values, so the
    /// interval of their contrast would be too short; see ``GapInterval`` for one that is not, ``Heterogeneity`` for a test.
    public let difference: Double
    /// The first group, in the grouping's order, with the largest value.
    public let largest: String
    /// The first group, in the grouping's order, with the smallest value.
    public let smallest: String
    /// The groups without a value, which are not in the gap.
    public let leftOut: [String]
}

/// One group against the group of reference.
public struct GroupContrast: Hashable, Sendable {
    /// The group that is compared.
    public let label: String
    /// The group that it is compared with.
    public let reference: String
    /// The group's value minus the reference's, or over it for a metric with its error on the log scale.
    public let estimate: Estimated<Estimate>
}

/// A test that a metric is the same in all groups.
public struct Heterogeneity: Hashable, Sendable {
    /// Cochran's Q = Σ w(θ − θ̄)², w = 1/SE², with df = groups − 1. For groups of different patients it is the same as
    /// Wald's test of interaction (Cochran 1954, Biometrics 10:101).
    public let test: ChiSquareTest
    /// θ̄, the inverse-variance average of the groups, in the unit of the metric.
    public let pooled: Estimate
    /// The share of the spread between groups beyond chance, max(0, 1 − df/Q) (Higgins and Thompson 2002).
    public let iSquared: Double
    /// The labels of the groups in the test, in the grouping's order.
    public let compared: [String]
    /// Groups without a standard error, with the reason.
    public let leftOut: [LeftOut]

    /// A group that the test could not take in.
    public struct LeftOut: Hashable, Sendable {
        /// The label of the group.
        public let label: String
        /// Why it has no standard error, or why that error gives no weight.
        public let reason: Undefined
    }
}

/// Which value of a metric is to be wished for.
public enum BetterDirection: String, CaseIterable, Sendable {
    /// A larger value is better: time in range, survival, concordance.
    case higherIsBetter
    /// A smaller value is better: risk, rate, error.
    case lowerIsBetter
}

extension Stratified {
    /// Largest minus smallest value. Undefined with fewer than two groups that have one.
    public var gap: Estimated<Gap> {
        let known = groups.compactMap { group in group.estimate.value.map { (label: group.label, value: $0.value) } }
        guard known.count > 1, var largest = known.first, var smallest = known.first else {
            return .undefined(.fewGroups(known.count))
        }
        for group in known {
            if group.value > largest.value { largest = group }
            if group.value < smallest.value { smallest = group }
        }
        return .value(
            Gap(
                difference: largest.value - smallest.value, largest: largest.label, smallest: smallest.label,
                leftOut: groups.filter { $0.estimate.value == nil }.map(\.label)))
    }

    /// The group with the least wished-for value; the first of them when several are equal. Undefined when no group has
    /// a value.
    public func worst(_ better: BetterDirection) -> Estimated<Group> {
        var worst: (group: Group, value: Double)?
        for group in groups {
            guard let value = group.estimate.value?.value else { continue }
            if let found = worst, better == .higherIsBetter ? value >= found.value : value <= found.value { continue }
            worst = (group, value)
        }
        return worst.map { .value($0.group) } ?? .undefined(.fewGroups(0))
    }

    /// Each other group against one of them, with the error of independent groups and a normal interval.
    ///
    /// - Throws: ``InvalidInput`` for a label that the grouping does not have.
    public func contrasts(
        to reference: String, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> [GroupContrast] {
        guard let base = groups.first(where: { $0.label == reference }) else {
            throw InvalidInput(
                .init(
                    column: "reference group", found: "\"\(reference)\"",
                    allowed: groups.map { "\"\($0.label)\"" }.joined(separator: ", ")))
        }
        return groups.filter { $0.label != reference }.map { group in
            let estimate = base.estimate.flatMap { base in
                group.estimate.flatMap { Self.contrast($0, base, level) }
            }
            return GroupContrast(label: group.label, reference: reference, estimate: estimate)
        }
    }

    static func contrast(_ a: Estimate, _ b: Estimate, _ level: ConfidenceLevel) -> Estimated<Estimate> {
        let error = a.standardError.flatMap { first in
            b.standardError.map { (first * first + $0 * $0).squareRoot() }
        }
        guard a.scale == .log else {
            return .value(Estimate(value: a.value - b.value, standardError: error, scale: .identity, level: level))
        }
        guard b.value > 0 else {
            return .undefined(.init(code: "zero-reference", reason: "the reference group's value is 0: no ratio to it"))
        }
        return .value(Estimate(value: a.value / b.value, standardError: error, scale: .log, level: level))
    }

    /// Cochran's Q between the groups with a standard error. Undefined with fewer than two.
    public func heterogeneity(level: ConfidenceLevel = .ninetyFivePercent) -> Estimated<Heterogeneity> {
        var parts: [(label: String, value: Double, weight: Double)] = []
        var leftOut: [Heterogeneity.LeftOut] = []
        var scale = EstimateScale.identity
        for group in groups {
            switch group.estimate.flatMap(Self.weighted) {
            case .undefined(let reason): leftOut.append(.init(label: group.label, reason: reason))
            case .value(let part):
                parts.append((group.label, part.value, part.weight))
                scale = part.scale
            }
        }
        guard parts.count > 1 else { return .undefined(.fewGroups(parts.count)) }
        let total = parts.reduce(0) { $0 + $1.weight }
        let mean = parts.reduce(0) { $0 + $1.weight * $1.value } / total
        let q = parts.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) }
        let freedom = parts.count - 1
        return .value(
            Heterogeneity(
                test: ChiSquareTest(statistic: q, degreesOfFreedom: freedom),
                pooled: Estimate(
                    normal: scale == .log ? Elementary.exp(mean) : mean, standardError: 1 / total.squareRoot(),
                    scale: scale, level: level),
                iSquared: q > Double(freedom) ? 1 - Double(freedom) / q : 0, compared: parts.map(\.label),
                leftOut: leftOut))
    }

    private static func weighted(
        _ estimate: Estimate
    ) -> Estimated<(value: Double, weight: Double, scale: EstimateScale)> {
        estimate.standardError.flatMap { error in
            guard error > 0 else {
                return .undefined(.init(code: "no-error", reason: "the standard error is 0: no weight can be given"))
            }
            let value = estimate.scale == .log ? Elementary.log(estimate.value) : estimate.value
            return .value((value, 1 / (error * error), estimate.scale))
        }
    }
}

extension Undefined {
    static func fewGroups(_ count: Int) -> Undefined {
        .init(code: "few-groups", reason: "\(count) groups have a value: two are needed to compare")
    }
}
