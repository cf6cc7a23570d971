import NumericsCore
import Outcomes

/// One replicate: the same score watched without the change and with it.
package struct MonitoredSeries: Sendable {
    /// For each monitor the window of its first alarm without the change, from 1; nil without one in the longest series.
    package let unchanged: [Int?]
    /// The same with the change; empty where the plan has none.
    package let changed: [Int?]

    /// Watches replicate `replicate`, from 1, until every monitor has alarmed.
    init(_ plan: MonitoringPlan, replicate: Int, key: StreamKey) throws {
        var watch = try Watch(plan, replicate, key)
        guard let change = plan.change else {
            watch.run(through: plan.longest, plan.population)
            unchanged = watch.alarms
            changed = []
            return
        }
        watch.run(through: change.from - 1, plan.population)
        // Both series are one until the change.
        var other = watch
        watch.run(through: plan.longest, plan.population)
        other.run(through: change.from - 1 + plan.longest, change.population)
        unchanged = watch.alarms
        changed = other.alarms
    }

    /// The charts of one series as time goes on.
    private struct Watch {
        let plan: MonitoringPlan
        let replicate: Int
        let key: StreamKey
        let baseline: DriftBaseline
        var windows = 0
        var states: [ControlChart.State]
        var alarms: [Int?]

        init(_ plan: MonitoringPlan, _ replicate: Int, _ key: StreamKey) throws(InvalidInput) {
            self.plan = plan
            self.replicate = replicate
            self.key = key
            baseline = try plan.baseline(replicate, key)
            states = plan.monitors.map { _ in ControlChart.State() }
            alarms = plan.monitors.map { _ in nil }
        }

        mutating func run(through last: Int, _ population: ScoredPopulation) {
            while windows < last, alarms.contains(where: { $0 == nil }) {
                windows += 1
                let patients = plan.window(windows, replicate, population, key)
                var readings: [(measure: DriftMeasure, reading: DriftReading)] = []
                for (index, monitor) in plan.monitors.enumerated() where alarms[index] == nil {
                    let known = readings.first { $0.measure == monitor.measure }?.reading
                    let reading = known ?? baseline.reading(monitor.measure, of: patients)
                    if known == nil { readings.append((monitor.measure, reading)) }
                    guard let z = reading.z else { continue }
                    states[index] = monitor.chart.advanced(states[index], by: z)
                    if states[index].isAlarm { alarms[index] = windows }
                }
            }
        }
    }
}

/// One series window by window, its charts going on after alarms: what a person would see.
package struct ExampleSeries: Sendable {
    /// A window in the eyes of one monitor.
    package struct Point: Sendable {
        package let reading: DriftReading
        /// What is compared with the chart's limit, upward and downward.
        package let up: Double
        package let down: Double
        package let isAlarm: Bool
    }

    /// For each monitor, its windows in order.
    package let points: [[Point]]

    /// The first replicate with the change, so many windows long.
    init(_ plan: MonitoringPlan, windows: Int) throws {
        let key = StreamKey(seed: plan.seed, purpose: .monitoring)
        let baseline = try plan.baseline(1, key)
        var states = plan.monitors.map { _ in ControlChart.State() }
        var points: [[Point]] = plan.monitors.map { _ in [] }
        for window in 1...max(1, windows) {
            let isChanged = plan.change.map { window >= $0.from } ?? false
            let population = isChanged ? plan.change?.population ?? plan.population : plan.population
            let patients = plan.window(window, 1, population, key)
            for (index, monitor) in plan.monitors.enumerated() {
                let reading = baseline.reading(monitor.measure, of: patients)
                if let z = reading.z { states[index] = monitor.chart.advanced(states[index], by: z) }
                points[index].append(
                    Point(
                        reading: reading, up: states[index].up, down: states[index].down,
                        isAlarm: reading.z != nil && states[index].isAlarm))
            }
        }
        self.points = points
    }
}
