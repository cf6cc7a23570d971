/// A score watched over calendar time: the charts of one series, false alarms and delays.
extension HTMLReport {
    var driftSection: Markup? {
        guard let drift = findings.drift else { return nil }
        var lead = "Windows of \(drift.window)"
        if let patients = drift.patientsPerWindow { lead += " with \(patients) patients each" }
        lead += ", \(drift.replicates) series. Before: \(drift.before.words)."
        if let window = drift.changeWindow, let after = drift.after {
            lead += " From window \(window) on: \(after.words)."
        }
        var content: [Markup] = []
        if let driftExample {
            let panels = drift.monitors.indices.map { index in
                DriftPlot(
                    identifier: "drift-\(index)", monitor: drift.monitors[index], position: index,
                    example: driftExample, change: drift.changeWindow
                ).figure.panel
            }
            content += [
                .element(
                    "p", ["class": "note"],
                    text:
                        "One series: what each chart compares with its limits (dashed), the change (upright line) and the "
                        + "windows with an alarm (squares). Charts go on after an alarm."),
                .element("div", ["class": "panels"], panels),
            ]
        }
        content.append(driftTable(drift).markup)
        content.append(
            .element(
                "p", ["class": "note"],
                text:
                    "In parentheses, the Monte Carlo error. Delays are counted from the change, 1 in the first changed "
                    + "window, in the series without an alarm before; an undetected series counts with the longest delay."
            ))
        return section("drift", "Drift over calendar time", lead, content)
    }

    private func driftTable(_ drift: DriftFindings) -> HTMLTable {
        let hasChange = drift.changeWindow != nil
        let within = drift.monitors.first?.detected.map(\.within) ?? []
        let head =
            ["Monitor", "Chart", "Limit", "Windows for each false alarm", "Designed"]
            + (hasChange ? ["Alarmed before the change (%)", "Mean delay", "Median"] : [])
            + within.map { "Within \($0) (%)" }
        let rows = drift.monitors.map { monitor in
            var texts = [
                monitor.name, "\(monitor.measure): \(monitor.chart), \(monitor.side)",
                Rounding.text(monitor.limit, decimals: 3), monitor.runLength.errorText(decimals: 1),
                monitor.designedRunLength.map(Rounding.plain) ?? "–",
            ]
            if hasChange {
                texts += [
                    monitor.falseAlarmBeforeChange?.percent.errorText(decimals: 1) ?? "–",
                    monitor.meanDelay?.errorText(decimals: 2) ?? "–", monitor.medianDelay.map(Rounding.plain) ?? "–",
                ]
            }
            texts += monitor.detected.map { $0.share.percent.errorText(decimals: 1) }
            return texts.enumerated().map { HTMLTable.Cell($1, style: $0 == 1 ? "text" : "") }
        }
        return HTMLTable(caption: "False alarms and delays", head: head, rows: rows)
    }

    /// The figures of the monitor that is listed first, for the top of the page.
    func driftTiles(_ drift: DriftFindings) -> [(String, String)] {
        var tiles = [("\(drift.replicates)", "watched series")]
        guard let first = drift.monitors.first else { return tiles }
        tiles.append(
            (Rounding.text(first.runLength.value, decimals: 0), "windows for each false alarm of \(first.name)"))
        if let delay = first.meanDelay {
            tiles.append((Rounding.text(delay.value, decimals: 1), "windows until \(first.name) sees the change"))
        }
        return tiles
    }
}

/// The chart of one monitor in the example series.
struct DriftPlot {
    var identifier: String
    var monitor: DriftFindings.Monitor
    var position: Int
    var example: DriftExample
    var change: Int?

    /// What is drawn: both directions of a two-sided chart, the downward one below zero.
    private var lines: [(values: [Double], limit: Double)] {
        let cells = example.cells(position)
        let limit = example.limit.indices.contains(position) ? example.limit[position] : .nan
        let isSum = monitor.chart.hasPrefix("cusum")
        let up = cells.map { example.upward[$0] }
        let down = cells.map { isSum ? -example.downward[$0] : example.upward[$0] }
        return switch monitor.side {
        case "lower": [(down, -limit)]
        case "upper": [(up, limit)]
        default: isSum ? [(up, limit), (down, -limit)] : [(up, limit), ([], -limit)]
        }
    }

    var figure: Figure {
        let frame = Frame(left: 46, top: 24, width: 338, height: 170)
        let lines = lines
        let y = LinearScale(
            around: [0] + lines.flatMap { $0.values + [$0.limit] }, start: frame.bottom, end: frame.top)
        let x = LinearScale(domain: 0...Double(max(1, example.windows)), start: frame.left, end: frame.right)
        var marks = Axis.left(y, of: frame, label: "standard errors")
        marks += Axis.bottom(x, below: frame, label: "window", ticks: 6)
        if let change {
            let start = x(Double(change) - 0.5)
            marks.append(.line(start, frame.top, start, frame.bottom, "truth"))
        }
        for line in lines {
            marks.append(.line(frame.left, y(line.limit), frame.right, y(line.limit), "origin"))
            let points = line.values.indices.map { (x: x(Double($0 + 1)), y: y(line.values[$0])) }
            if !points.isEmpty { marks.append(.path(Curves.line(points), "curve arm0")) }
        }
        let cells = example.cells(position)
        for (window, cell) in cells.enumerated() where example.alarm[cell] == 1 {
            let value = lines.compactMap { $0.values.indices.contains(window) ? $0.values[window] : nil }
                .max { abs($0) < abs($1) }
            marks.append(
                Marker.square(x(Double(window + 1)), y(value ?? 0), radius: 3, "mark arm1").explained(
                    "window \(window + 1): \(monitor.measure) \(Rounding.text(example.value[cell], decimals: 3)), alarm"
                ))
        }
        return Figure(
            identifier: identifier, title: "\(monitor.name): \(monitor.measure), \(monitor.chart)", summary: summary,
            width: 400, height: frame.bottom + 38, marks: marks)
    }

    private var summary: String {
        let alarm = example.cells(position).firstIndex { example.alarm[$0] == 1 }
        let first = alarm.map { "First alarm in window \($0 - example.cells(position).lowerBound + 1)." }
        return "\(example.windows) windows of one series. \(first ?? "No alarm.")"
    }
}
