import NumericsCore

/// How p-values of several comparisons are adjusted so that they may be read together.
///
/// The adjusted p-value of a comparison is the smallest level at which the procedure rejects it; as R's `p.adjust`.
public enum MultiplicityAdjustment: String, CaseIterable, Sendable {
    /// The p-values as they are.
    case none
    /// min(1, m·p): the chance of any false rejection, whatever the dependence (Bonferroni 1936).
    case bonferroni
    /// Step-down maxima of (m − i + 1)·p₍ᵢ₎: as Bonferroni and never larger (Holm 1979, Scand J Stat 6:65).
    case holm
    /// Step-up minima of (m − i + 1)·p₍ᵢ₎, for independent or positively dependent p-values (Hochberg 1988, Biometrika 75:800).
    case hochberg
    /// Step-up minima of m·p₍ᵢ₎/i: the expected share of false rejections, for independent or positively dependent
    /// p-values (Benjamini and Hochberg 1995, J R Stat Soc B 57:289).
    case benjaminiHochberg

    /// The adjusted p-values in the order given, O(m log m).
    ///
    /// - Parameter pValues: m numbers from 0 to 1; none give none.
    /// - Throws: ``InvalidInput`` for numbers outside [0, 1].
    public func adjusted(_ pValues: [Double]) throws(InvalidInput) -> [Double] {
        let problems = pValues.indices.filter { !(pValues[$0] >= 0 && pValues[$0] <= 1) }.map {
            InvalidInput.Problem(
                row: $0 + 1, column: "p-value", found: "\(pValues[$0])", allowed: "a number from 0 to 1")
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        return adjust(pValues)
    }

    func adjust(_ pValues: [Double]) -> [Double] {
        let m = Double(pValues.count)
        var adjusted = pValues
        switch self {
        case .none: break
        case .bonferroni:
            for index in pValues.indices { adjusted[index] = min(1, m * pValues[index]) }
        case .holm:
            var reached = 0.0
            for (rank, index) in Self.ascending(pValues).enumerated() {
                reached = max(reached, min(1, (m - Double(rank)) * pValues[index]))
                adjusted[index] = reached
            }
        case .hochberg, .benjaminiHochberg:
            var reached = 1.0
            for (rank, index) in Self.ascending(pValues).enumerated().reversed() {
                let factor = self == .hochberg ? m - Double(rank) : m / Double(rank + 1)
                reached = min(reached, factor * pValues[index])
                adjusted[index] = reached
            }
        }
        return adjusted
    }

    private static func ascending(_ values: [Double]) -> [Int] {
        values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
    }
}

/// One group against another with a test that takes the other comparisons into account.
public struct GroupComparison: Hashable, Sendable {
    /// The two groups and the estimate of their difference or ratio.
    public let contrast: GroupContrast
    /// The estimate (its logarithm for a ratio) over its standard error. Undefined without an error, and with one of 0.
    public let z: Estimated<Double>
    /// Two-sided, of this comparison alone.
    public let pValue: Estimated<Double>
    /// Adjusted for all comparisons that have a p-value.
    public let adjustedPValue: Estimated<Double>
}

extension Stratified {
    /// Each other group against one of them, tested with adjusted p-values.
    ///
    /// Comparisons without a standard error have the reason in place of a p-value and do not count as comparisons.
    ///
    /// - Throws: ``InvalidInput`` for a label that the grouping does not have.
    public func comparisons(
        to reference: String, adjustment: MultiplicityAdjustment = .holm, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> [GroupComparison] {
        Self.tested(try contrasts(to: reference, level: level), adjustment)
    }

    /// Every pair of groups, the later against the earlier in the grouping's order, tested with adjusted p-values.
    public func pairwiseComparisons(
        adjustment: MultiplicityAdjustment = .holm, level: ConfidenceLevel = .ninetyFivePercent
    ) -> [GroupComparison] {
        var contrasts: [GroupContrast] = []
        for (index, base) in groups.enumerated() {
            for other in groups[(index + 1)...] {
                contrasts.append(
                    GroupContrast(
                        label: other.label, reference: base.label,
                        estimate: base.estimate.flatMap { base in
                            other.estimate.flatMap { Self.contrast($0, base, level) }
                        }))
            }
        }
        return Self.tested(contrasts, adjustment)
    }

    private static func tested(
        _ contrasts: [GroupContrast], _ adjustment: MultiplicityAdjustment
    ) -> [GroupComparison] {
        let z = contrasts.map { $0.estimate.flatMap(\.waldStatistic) }
        let raw = z.map { $0.map { 2 * Normal.survival(abs($0)) } }
        let adjusted = adjustment.adjust(raw.compactMap(\.value))
        var position = 0
        return contrasts.indices.map { index in
            var own = raw[index]
            if own.value != nil {
                own = .value(adjusted[position])
                position += 1
            }
            return GroupComparison(
                contrast: contrasts[index], z: z[index], pValue: raw[index], adjustedPValue: own)
        }
    }
}

extension Estimate {
    /// The estimate over its standard error, both on ``scale``: standard normal when the truth is 0 (or the ratio 1).
    var waldStatistic: Estimated<Double> {
        standardError.flatMap { error in
            guard error > 0 else {
                return .undefined(.init(code: "no-error", reason: "the standard error is 0: there is no test"))
            }
            guard scale == .log else { return .value(value / error) }
            guard value > 0 else {
                return .undefined(.init(code: "zero-ratio", reason: "the ratio is 0: its logarithm has no test"))
            }
            return .value(Elementary.log(value) / error)
        }
    }
}
