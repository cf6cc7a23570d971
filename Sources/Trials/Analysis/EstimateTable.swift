import Outcomes

/// One number of a results table, with what is known about its error and on how many patients it rests.
package struct EstimateCell: Sendable {
    /// Patients, and events among them (nil where the number counts none).
    package var count: Int
    package var events: Int?
    package var estimate: Estimated<Estimate>

    package init(count: Int, events: Int? = nil, _ estimate: Estimated<Estimate>) {
        self.count = count
        self.events = events
        self.estimate = estimate
    }

    package var value: Double { estimate.value?.value ?? .nan }
    package var standardError: Double { estimate.value?.standardError.value ?? .nan }
    package var lower: Double { estimate.value?.interval.value?.lower ?? .nan }
    package var upper: Double { estimate.value?.interval.value?.upper ?? .nan }
    /// Why there is no number; empty where there is one.
    package var reason: String { estimate.undefined?.reason ?? "" }
}

/// A test of whether groups differ in a number.
package struct HeterogeneityCell: Sendable {
    package var statistic: Double
    package var degreesOfFreedom: Int
    package var pValue: Double
    /// The largest minus the smallest of the groups' numbers, and whose they are.
    package var gap: Double
    package var largest: String
    package var smallest: String

    init<Result>(_ stratified: Stratified<Result>) {
        let test = stratified.heterogeneity().value?.test
        statistic = test?.statistic ?? .nan
        degreesOfFreedom = test?.degreesOfFreedom ?? 0
        pValue = test?.pValue ?? .nan
        gap = stratified.gap.value?.difference ?? .nan
        largest = stratified.gap.value?.largest ?? ""
        smallest = stratified.gap.value?.smallest ?? ""
    }
}

/// A number for each group of the strata, and for each stratum column whether its groups differ.
package struct StratifiedCells: Sendable {
    /// One for each of ``Strata/labels``.
    package var cells: [EstimateCell]
    /// One for each stratum column.
    package var heterogeneity: [HeterogeneityCell]

    /// Groups below these sizes are reported as too small, never dropped.
    static let threshold = SmallGroupThreshold(minimumCount: 10)

    /// - Parameter metric: the number of the patients in some rows.
    init(
        _ strata: Strata, events: [Bool]? = nil, metric: ([Int]) throws -> Estimated<Estimate>
    ) throws {
        var cells: [EstimateCell] = []
        var heterogeneity: [HeterogeneityCell] = []
        let everyone = try Grouping(codes: strata.rows[0].map { _ in 0 }, labels: ["all"])
        let whole = try Stratified(everyone, events: events, metric: metric)
        cells.append(EstimateCell(count: whole.overall.count, events: whole.overall.events, whole.overall.estimate))
        for column in strata.columns {
            let groups = try Stratified(column.grouping, events: events, threshold: Self.threshold, metric: metric)
            cells += groups.groups.map { EstimateCell(count: $0.count, events: $0.events, $0.estimate) }
            heterogeneity.append(HeterogeneityCell(groups))
        }
        self.cells = cells
        self.heterogeneity = heterogeneity
    }
}
