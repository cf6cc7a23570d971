import Outcomes

/// How far the groups of a column are apart in one metric: what `Stratified` says of them.
package struct MetricGap: Sendable {
    package var metric: String
    package var column: String
    package var time: Double?
    /// Largest minus smallest, and largest over smallest; nil with fewer than two groups that have a value.
    package var difference: Double?
    package var ratio: Double?
    package var largest: String?
    package var smallest: String?
    /// The group with the least wished-for value.
    package var worst: String?
    /// Cochran's Q: whether the groups differ by more than chance.
    package var statistic: Double?
    package var df: Int?
    package var p: Double?
    /// Adjusted for all metrics of the column (Holm).
    package var pAdjusted: Double?
    /// Why there is no difference, or no test.
    package var reason: ShownEstimate.Reason?
    /// The group that others are compared with.
    package var reference: String
    package var contrasts: [Contrast]
    /// Groups without a value.
    package var leftOut: [String]

    /// A group less the group of reference.
    package struct Contrast: Sendable {
        package var group: String
        package var value: ShownEstimate
        /// Of no difference (normal), and adjusted for the groups compared (Holm).
        package var p: Double?
        package var pAdjusted: Double?
    }

    /// - Throws: ``InvalidInput`` for a group of reference that does not exist.
    init(
        _ metric: String, _ column: String, _ groups: Stratified<ScoreMetrics>, _ better: BetterDirection,
        reference: String, at time: Double?
    ) throws {
        (self.metric, self.column, self.time, self.reference) = (metric, column, time, reference)
        let gap = groups.gap
        difference = gap.value?.difference
        (largest, smallest) = (gap.value?.largest, gap.value?.smallest)
        ratio = groups.ratio(.lowerIsBetter).value?.ratio
        worst = gap.value.flatMap { _ in groups.worst(better).value?.label }
        leftOut = groups.groups.filter { $0.estimate.value == nil }.map(\.label)
        let heterogeneity = groups.heterogeneity()
        let test = heterogeneity.value?.test
        (statistic, df, p) = (test?.statistic, test?.degreesOfFreedom, test?.pValue)
        reason = (gap.undefined ?? heterogeneity.undefined).map(ShownEstimate.Reason.init)
        contrasts = try groups.contrasts(to: reference).map(Contrast.init)
        let tested = contrasts.indices.filter { contrasts[$0].p != nil }
        let adjusted = try MultiplicityAdjustment.holm.adjusted(tested.compactMap { contrasts[$0].p })
        for (index, p) in zip(tested, adjusted) { contrasts[index].pAdjusted = p }
    }
}

extension MetricGap.Contrast {
    fileprivate init(_ contrast: GroupContrast) {
        group = contrast.label
        value = ShownEstimate(contrast.estimate)
        guard let difference = value.estimate, let error = value.se, error > 0 else { return }
        let z = difference / error
        p = ChiSquareTest(statistic: z * z, degreesOfFreedom: 1).pValue
    }
}

extension MetricGap: Encodable {
    private enum CodingKeys: String, CodingKey {
        case metric, column, time, difference, ratio, largest, smallest, worst, statistic, df, p, pAdjusted, reason
        case reference, contrasts, leftOut
    }

    /// Every key is there, null where there is no number; `time` where the metric has one, `reason` where one is due.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric, forKey: .metric)
        try container.encode(column, forKey: .column)
        try container.encodeIfPresent(time, forKey: .time)
        try container.encode(difference, forKey: .difference)
        try container.encode(ratio, forKey: .ratio)
        try container.encode(largest, forKey: .largest)
        try container.encode(smallest, forKey: .smallest)
        try container.encode(worst, forKey: .worst)
        try container.encode(statistic, forKey: .statistic)
        try container.encode(df, forKey: .df)
        try container.encode(p, forKey: .p)
        try container.encode(pAdjusted, forKey: .pAdjusted)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encode(reference, forKey: .reference)
        try container.encode(contrasts, forKey: .contrasts)
        try container.encode(leftOut, forKey: .leftOut)
    }
}

extension MetricGap.Contrast: Encodable {
    private enum CodingKeys: String, CodingKey { case group, p, pAdjusted }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(group, forKey: .group)
        try value.encode(to: encoder)
        try container.encode(p, forKey: .p)
        try container.encode(pAdjusted, forKey: .pAdjusted)
    }
}
