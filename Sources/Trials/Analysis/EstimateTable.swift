import Outcomes

/// One number of a results table, with what is known about its error and on how many patients it rests.
package struct EstimateCell: Sendable {
    /// Patients with a value, and events among them (nil where the number counts none).
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

    /// No test: there is nobody to compare.
    init() {
        (statistic, degreesOfFreedom, pValue) = (.nan, 0, .nan)
        (gap, largest, smallest) = (.nan, "", "")
    }

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

    /// - Parameters:
    ///   - isKnown: for each patient, whether there is anything the number can rest on; the others are not counted.
    ///   - metric: the number of the patients in some rows, all of them known and at least one.
    init(
        _ strata: Strata, isKnown: [Bool], events: [Bool]? = nil, metric: ([Int]) throws -> Estimated<Estimate>
    ) throws {
        let places = strata.rows[0].filter { isKnown[$0] }
        guard !places.isEmpty else {
            cells = strata.labels.map { _ in EstimateCell(count: 0, events: events.map { _ in 0 }, .undefined(.noValue))
            }
            heterogeneity = strata.columns.map { _ in HeterogeneityCell() }
            return
        }
        func stratified(_ codes: [Int], _ labels: [String], _ threshold: SmallGroupThreshold) throws -> Stratified<
            Estimate
        > {
            try Stratified(
                Grouping(codes: places.map { codes[$0] }, labels: labels),
                events: events.map { events in places.map { events[$0] } },
                threshold: threshold
            ) { try metric($0.map { places[$0] }) }
        }
        let whole = try stratified(strata.rows[0].map { _ in 0 }, ["all"], .none).overall
        cells = [EstimateCell(count: whole.count, events: whole.events, whole.estimate)]
        heterogeneity = []
        for column in strata.columns {
            let groups = try stratified(column.grouping.codes, column.grouping.labels, Self.threshold)
            let sizes = column.grouping.rows.map(\.count)
            cells += zip(groups.groups, sizes).map { group, size in
                let isEmptied = group.count == 0 && size > 0
                return EstimateCell(
                    count: group.count, events: group.events, isEmptied ? .undefined(.noValue) : group.estimate)
            }
            heterogeneity.append(HeterogeneityCell(groups))
        }
    }
}
