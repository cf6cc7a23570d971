/// The tables of a score watched over calendar time.
extension StudyFindings {
    /// What was watched; below the title.
    var driftHead: [String] { drift?.lines ?? [] }

    /// How often each monitor alarms without a change.
    var falseAlarmLines: [String] { drift?.falseAlarmTable ?? [] }

    /// How soon each monitor alarms after the change.
    var delayLines: [String] { drift?.delayTable ?? [] }
}

extension DriftFindings {
    /// What was watched.
    fileprivate var lines: [String] {
        let patients = patientsPerWindow.map { " with \($0) patients each" } ?? ""
        let baseline = baselineWindows.map { ", after \($0) of baseline" } ?? ""
        var lines = [
            "  windows of \(window)\(patients)\(baseline); \(replicates) series",
            "  before: \(before.words)",
        ]
        if let changeWindow, let after { lines.append("  from window \(changeWindow) on: \(after.words)") }
        return lines
    }

    /// How often each monitor alarms without a change.
    fileprivate var falseAlarmTable: [String] {
        var table = TextTable()
        table.head = [["monitor", "measure", "chart", "limit", "windows per alarm", "designed", "alarms in 100"]]
        table.rows = monitors.map { monitor in
            [
                monitor.name, monitor.measure, monitor.chart, Rounding.text(monitor.limit, decimals: 3),
                monitor.runLength.errorText(decimals: 1), monitor.designedRunLength.map(Rounding.plain) ?? "-",
                monitor.falseAlarmRate.percent.errorText(decimals: 2),
            ]
        }
        return ["False alarms without the change (Monte Carlo error)"] + table.lines + [
            "  designed: windows per alarm where the baseline has no error and the measure is normal"
        ]
    }

    /// How soon each monitor alarms after the change.
    fileprivate var delayTable: [String] {
        guard changeWindow != nil else { return [] }
        let within = monitors.first?.detected.map(\.within) ?? []
        var table = TextTable()
        table.head = [
            ["monitor", "mean delay", "median", "90 % by"] + within.map { "% in \($0)" } + ["% alarmed before"]
        ]
        table.rows = monitors.map { monitor in
            [
                monitor.name, monitor.meanDelay?.errorText(decimals: 2) ?? "-",
                monitor.medianDelay.map(Rounding.plain) ?? "-", monitor.delay90Percent.map(Rounding.plain) ?? "-",
            ] + monitor.detected.map { $0.share.percent.errorText(decimals: 1) } + [
                monitor.falseAlarmBeforeChange?.percent.errorText(decimals: 1) ?? "-"
            ]
        }
        var lines = [
            "Delay in windows from the change to the alarm, 1 in the first changed window (Monte Carlo error)"
        ]
        lines += table.lines
        lines.append(
            "  of the series without an alarm before the change; an undetected one counts with the longest delay")
        return lines
    }
}

extension EstimateFindings {
    /// A share in percent.
    var percent: EstimateFindings {
        EstimateFindings(value: value.map { 100 * $0 }, standardError: standardError.map { 100 * $0 })
    }
}
