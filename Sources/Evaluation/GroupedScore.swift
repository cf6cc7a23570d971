import Outcomes

/// A score's metrics in each group of patients, and how far the groups are apart.
struct GroupedScore {
    private let stratified: Stratified<ScoreMetrics>

    /// - Parameter overall: the metrics of all patients, which are not found again.
    init(
        _ patients: ScoredPatients, _ grouping: Grouping, _ request: ScoreRequest, times: [Double],
        overall: ScoreMetrics
    ) throws {
        stratified = try Stratified(
            grouping, events: patients.events,
            threshold: SmallGroupThreshold(minimumCount: request.smallestGroup)
        ) { rows in
            rows.count == patients.data.count
                ? .value(overall) : .value(try ScoreMetrics(patients.subset(rows), request, times: times))
        } estimate: {
            $0.harrellC.estimated
        }
    }

    var groups: [ScoreEvaluation.Group] {
        stratified.groups.map { group in
            .init(
                group: group.label, n: group.count, events: group.events ?? 0, metrics: group.result.value,
                reason: group.result.undefined.map(ShownEstimate.Reason.init))
        }
    }

    /// The distance between the groups in every metric; their p-values are adjusted together (Holm).
    ///
    /// - Parameter reference: the group that others are compared with; nil for the first of the largest.
    /// - Throws: ``InvalidInput`` for a group that does not exist.
    func gaps(_ column: String, reference: String?) throws -> [MetricGap] {
        let largest = stratified.groups.max { $0.count < $1.count }
        guard let reference = reference ?? stratified.groups.first(where: { $0.count == largest?.count })?.label else {
            return []
        }
        func gap(
            _ metric: String, at time: Double? = nil, _ better: BetterDirection,
            _ value: @escaping (ScoreMetrics) -> ShownEstimate
        ) throws -> MetricGap {
            try MetricGap(
                metric, column, stratified.compared { value($0).estimated }, better, reference: reference, at: time)
        }
        var gaps = [
            try gap("harrell_c", .higherIsBetter) { $0.harrellC }, try gap("uno_c", .higherIsBetter) { $0.unoC },
            try gap("integrated_auc", .higherIsBetter) { $0.integratedAuc },
            try gap("integrated_brier", .lowerIsBetter) { $0.integratedBrier },
        ]
        let times = stratified.groups.lazy.compactMap(\.result.value).first?.auc.map(\.time) ?? []
        for (index, time) in times.enumerated() {
            gaps.append(try gap("auc", at: time, .higherIsBetter) { $0.auc[index].value })
            gaps.append(try gap("brier", at: time, .lowerIsBetter) { $0.brier[index].value })
            gaps.append(try gap("kaplan_meier", at: time, .higherIsBetter) { $0.kaplanMeier[index].value })
        }
        let tested = gaps.indices.filter { gaps[$0].p != nil }
        let adjusted = try MultiplicityAdjustment.holm.adjusted(tested.compactMap { gaps[$0].p })
        for (index, p) in zip(tested, adjusted) { gaps[index].pAdjusted = p }
        return gaps
    }
}
