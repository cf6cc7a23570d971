import Outcomes
import Trials

/// The layout of `/drift`: a score watched over calendar time.
package struct DriftLayout {
    private let results: MonitoringResults
    private let windowDays: Double
    private let window: String

    /// - Parameters:
    ///   - windowDays: the length of a window.
    ///   - window: the same in the user's words.
    package init(_ results: MonitoringResults, windowDays: Double, window: String) {
        self.results = results
        self.windowDays = windowDays
        self.window = window
    }

    private var plan: MonitoringPlan { results.plan }

    private var monitor: ResultDimension {
        ResultDimension("monitor", labels: plan.monitors.map(\.name), longName: "what is followed, and by which chart")
    }

    /// `/drift`, with `/drift/example` below it.
    package var group: ResultGroup {
        var dimensions = [
            monitor,
            ResultDimension(
                "window", identifiers: (1...plan.longest).map { Int32($0) },
                longName: "window, from 1 where watching starts"
            ),
            ResultDimension(
                "replicate", identifiers: results.series.indices.map { Int32($0 + 1) }, longName: "watched series"),
        ]
        var variables = charts + withoutChange
        if plan.change != nil {
            dimensions += [
                ResultDimension(
                    "delay", identifiers: (1...plan.longest).map { Int32($0) },
                    longName: "windows from the change to the alarm, 1 in the first changed window"),
                ResultDimension(
                    "within", identifiers: plan.within.map { Int32($0) }, longName: "windows after the change"),
            ]
            variables += withChange
        }
        return ResultGroup(
            "drift", attributes: attributes, dimensions: dimensions, variables: variables, groups: [example])
    }

    private var attributes: [ResultAttribute] {
        var attributes = [
            ResultAttribute("window", window), ResultAttribute("window_days", windowDays),
            ResultAttribute("patients_per_window", Int32(clamping: plan.patients)),
            ResultAttribute("baseline_windows", Int32(clamping: plan.baseline)),
            ResultAttribute("longest", Int32(clamping: plan.longest)),
        ]
        attributes += period("before", plan.population)
        if let change = plan.change {
            attributes.append(ResultAttribute("change_window", Int32(clamping: change.from)))
            attributes += period("after", change.population)
        }
        return attributes
    }

    private func period(_ name: String, _ population: ScoredPopulation) -> [ResultAttribute] {
        let calibration = population.calibration
        var attributes = [
            ResultAttribute("auc_\(name)", population.auc), ResultAttribute("event_rate_\(name)", population.eventRate),
            ResultAttribute("calibration_intercept_\(name)", calibration.intercept),
            ResultAttribute("calibration_slope_\(name)", calibration.slope),
        ]
        if let mix = population.caseMix {
            attributes += [
                ResultAttribute("case_mix_shift_\(name)", mix.shift),
                ResultAttribute("case_mix_spread_\(name)", mix.spread),
            ]
        }
        return attributes
    }

    // MARK: Variables

    private var charts: [ResultVariable] {
        let monitors = plan.monitors
        return [
            ResultVariable("measure", ["monitor"], monitors.map(\.measure.rawValue), longName: "what is followed"),
            ResultVariable("chart", ["monitor"], monitors.map { Self.chart($0.chart.rule) }, longName: "control chart"),
            ResultVariable(
                "side", ["monitor"], monitors.map(\.chart.side.rawValue), longName: "which way the measure may not move"
            ),
            ResultVariable(
                "limit", ["monitor"], monitors.map(\.chart.rule.statedLimit), unit: "1",
                longName: "limit of the chart, as it was stated"),
            ResultVariable(
                "designed_run_length", ["monitor"], monitors.map { $0.designedRunLength ?? .nan }, unit: "1",
                longName: "windows between false alarms that the limit was chosen for"),
        ]
    }

    private static func chart(_ rule: ControlChart.Rule) -> String {
        switch rule {
        case .shewhart: "shewhart"
        case .cusum(let slack, _): "cusum, slack \(slack)"
        case .ewma(let weight, _): "ewma, weight \(weight)"
        }
    }

    private var withoutChange: [ResultVariable] {
        measured("run_length", ["monitor"], "windows watched for each alarm without the change") {
            [results.runLength($0)]
        }
            + measured("false_alarm_rate", ["monitor"], "false alarms for each window watched") {
                [results.falseAlarmRate($0)]
            }
            + measured(
                "first_alarm_share", ["monitor", "window"],
                "share of series without the change whose first alarm is in the window", results.firstAlarmShares)
            + [replicates("first_alarm", "window of the first alarm without the change", \.unchanged)]
    }

    private var withChange: [ResultVariable] {
        measured("false_alarm_before_change", ["monitor"], "share of series whose first alarm came before the change") {
            [results.falseAlarmBeforeChange($0)]
        }
            + measured(
                "mean_delay", ["monitor"],
                "mean windows from the change to the alarm, of series without an alarm before"
            ) { [results.meanDelay($0)] }
            + [0.5, 0.9].map { share in
                ResultVariable(
                    share == 0.5 ? "median_delay" : "delay_90_percent", ["monitor"],
                    plan.monitors.indices.map { results.delayQuantile($0, share) }, unit: "1",
                    longName: "windows from the change after which \(Int(100 * share)) % of the series have alarmed")
            }
            + measured(
                "detected", ["monitor", "within"], "share of series that alarm within so many windows", results.detected
            )
            + measured("delay_share", ["monitor", "delay"], "share of series with the delay", results.delayShares)
            + [replicates("first_alarm_with_change", "window of the first alarm with the change", \.changed)]
    }

    /// A variable with its Monte Carlo error beside it.
    private func measured(
        _ name: String, _ axes: [String], _ longName: String, _ numbers: (Int) -> [MonitoringResults.Measured]
    ) -> [ResultVariable] {
        let cells = plan.monitors.indices.flatMap(numbers)
        return [
            ResultVariable(name, axes, cells.map(\.value), unit: "1", longName: longName),
            ResultVariable(
                "\(name)_mc_error", axes, cells.map(\.error), unit: "1",
                longName: "Monte Carlo error of the \(longName)"),
        ]
    }

    private func replicates(
        _ name: String, _ longName: String, _ alarms: (MonitoredSeries) -> [Int?]
    ) -> ResultVariable {
        ResultVariable(
            name, ["replicate", "monitor"],
            .int32(results.series.flatMap { alarms($0).map { Int32(clamping: $0 ?? -1) } }), unit: "1",
            longName: "\(longName); missing without one", missingCode: -1)
    }

    // MARK: Example

    /// The first series with the change, its charts going on after alarms.
    private var example: ResultGroup {
        let points = results.example.points
        let cells = points.flatMap { $0 }
        let axes = ["monitor", "window"]
        func numbers(_ name: String, _ longName: String, _ value: (ExampleSeries.Point) -> Double) -> ResultVariable {
            ResultVariable(name, axes, cells.map(value), unit: "1", longName: longName)
        }
        return ResultGroup(
            "example",
            dimensions: [
                monitor,
                ResultDimension(
                    "window", identifiers: (1...max(1, points.first?.count ?? 1)).map { Int32($0) },
                    longName: "window, from 1 where watching starts"),
            ],
            variables: [
                numbers("value", "measure of the window") { $0.reading.value ?? .nan },
                numbers("sampling_error", "standard error of the measure in its window") {
                    $0.reading.standardError ?? .nan
                },
                numbers("z", "distance from the baseline in standard errors") { $0.reading.z ?? .nan },
                numbers("upward", "what the chart compares with its limit, upward", \.up),
                numbers("downward", "what the chart compares with its limit, downward", \.down),
                ResultVariable(
                    "chart_limit", ["monitor"], plan.monitors.map(\.chart.limit), unit: "1",
                    longName: "what the chart compares with"),
                ResultVariable(
                    "alarm", axes, cells.map { $0.isAlarm ? Int32(1) : 0 }, longName: "1 in a window with an alarm"),
            ])
    }
}
