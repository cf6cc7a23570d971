import Outcomes

/// A score's metrics in each group of patients, and how far the groups are apart.
struct GroupedScore {
    let groups: [ScoreEvaluation.Group]

    init(
        _ patients: ScoredPatients, _ grouping: Grouping, _ request: ScoreRequest, times: [Double]
    ) throws(InvalidInput) {
        let events = patients.events
        var groups: [ScoreEvaluation.Group] = []
        for (label, rows) in zip(grouping.labels, grouping.rows) {
            let count = rows.count { events[$0] }
            var group = ScoreEvaluation.Group(group: label, n: rows.count, events: count)
            if rows.count >= request.smallestGroup {
                group.metrics = try ScoreMetrics(try patients.subset(rows), request, times: times)
            } else {
                group.reason = .init(
                    .init(
                        code: "small-group",
                        reason: "the group has \(rows.count) patients, below the minimum of \(request.smallestGroup)"))
            }
            groups.append(group)
        }
        self.groups = groups
    }

    /// The distance between the groups in every metric.
    func gaps(_ column: String) -> [MetricGap] {
        let times = groups.lazy.compactMap(\.metrics).first?.auc.map(\.time) ?? []
        var gaps = [
            MetricGap("harrell_c", column, groups) { $0.harrellC }, MetricGap("uno_c", column, groups) { $0.unoC },
            MetricGap("integrated_auc", column, groups) { $0.integratedAuc },
            MetricGap("integrated_brier", column, groups) { $0.integratedBrier },
        ]
        for (index, time) in times.enumerated() {
            gaps.append(MetricGap("auc", column, groups, at: time) { $0.auc[index].value })
            gaps.append(MetricGap("brier", column, groups, at: time) { $0.brier[index].value })
            gaps.append(MetricGap("kaplan_meier", column, groups, at: time) { $0.kaplanMeier[index].value })
        }
        return gaps
    }
}

/// How far the groups of a column are apart in one metric.
package struct MetricGap: Sendable, Encodable {
    package var metric: String
    package var column: String
    package var time: Double?
    /// Largest minus smallest, and largest over smallest; nil with fewer than two groups that have a value.
    package var difference: Double?
    package var ratio: Double?
    package var largest: String?
    package var smallest: String?
    /// Of Cochran's Q: whether the groups differ by more than chance.
    package var p: Double?
    /// Groups without a value.
    package var leftOut: [String]

    init(
        _ metric: String, _ column: String, _ groups: [ScoreEvaluation.Group], at time: Double? = nil,
        _ value: (ScoreMetrics) -> ShownEstimate
    ) {
        self.metric = metric
        self.column = column
        self.time = time
        let values = groups.map { group in (label: group.group, value: group.metrics.map(value)) }
        let known = values.compactMap { entry in entry.value?.estimate.map { (label: entry.label, value: $0) } }
        leftOut = values.filter { $0.value?.estimate == nil }.map(\.label)
        guard known.count > 1, var high = known.first, var low = known.first else { return }
        for entry in known {
            if entry.value > high.value { high = entry }
            if entry.value < low.value { low = entry }
        }
        difference = high.value - low.value
        ratio = low.value > 0 ? high.value / low.value : nil
        (largest, smallest) = (high.label, low.label)
        p = Self.heterogeneity(values.compactMap { $0.value })
    }

    private static func heterogeneity(_ values: [ShownEstimate]) -> Double? {
        let parts = values.compactMap { shown -> (value: Double, weight: Double)? in
            guard let value = shown.estimate, let error = shown.se, error > 0 else { return nil }
            return (value, 1 / (error * error))
        }
        guard parts.count > 1 else { return nil }
        let total = parts.reduce(0) { $0 + $1.weight }
        let mean = parts.reduce(0) { $0 + $1.weight * $1.value } / total
        let q = parts.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) }
        return ChiSquareTest(statistic: q, degreesOfFreedom: parts.count - 1).pValue
    }
}
