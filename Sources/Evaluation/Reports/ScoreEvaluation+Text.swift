import Foundation

extension ScoreEvaluation {
    /// Tables for people: the metrics overall, then by group, then the gaps.
    package var text: String {
        var lines = ["\(score) on \(time) and \(event) of \(file) (\(convention))"]
        if missing > 0 { lines.append("\(missing) rows left out, in which something is missing") }
        lines += ["", "all: \(overall.n) patients, \(overall.events) events"] + overall.lines
        for column in by {
            for group in column.groups {
                lines += ["", "\(column.column) = \(group.group): \(group.n) patients, \(group.events) events"]
                lines += group.metrics?.lines ?? ["  \(group.reason?.text ?? "")"]
            }
        }
        let shown = gaps.filter { $0.difference != nil }
        if !shown.isEmpty { lines += ["", "largest gaps between groups"] + shown.map(\.line) }
        return lines.joined(separator: "\n")
    }
}

extension ScoreMetrics {
    fileprivate var lines: [String] {
        var lines = [row("median time", median), row("Harrell's C", harrellC), row("Uno's C", unoC)]
        for point in auc { lines.append(row("AUC at \(plain(point.time))", point.value)) }
        lines.append(row("integrated AUC", integratedAuc))
        for point in brier { lines.append(row("Brier score at \(plain(point.time))", point.value)) }
        lines.append(row("integrated Brier", integratedBrier))
        for point in cumulativeIncidence ?? [] { lines.append(row("incidence at \(plain(point.time))", point.value)) }
        for point in kaplanMeier { lines.append(row("S at \(plain(point.time))", point.value)) }
        return lines
    }

    private func row(_ name: String, _ shown: ShownEstimate) -> String {
        let label = "  " + name.padding(toLength: 24, withPad: " ", startingAt: 0)
        guard let estimate = shown.estimate else { return label + "-  (\(shown.reason?.text ?? "undefined"))" }
        var text = label + String(format: "%.4f", estimate)
        if let lower = shown.lower {
            let upper = shown.upper.map { String(format: "%.4f", $0) } ?? "no end"
            text += "  (95 % \(String(format: "%.4f", lower)) to \(upper))"
        }
        return text
    }
}

extension MetricGap {
    fileprivate var line: String {
        let name = time.map { "\(metric) at \(plain($0))" } ?? metric
        let p = p.map { $0 < 0.001 ? "p < 0.001" : String(format: "p %.3f", $0) } ?? "no test"
        let groups = "\(column) \(largest ?? "") over \(smallest ?? "")"
        return "  " + name.padding(toLength: 26, withPad: " ", startingAt: 0)
            + String(format: "%.4f", difference ?? .nan) + "  \(groups), \(p)"
    }
}

/// A number without needless digits.
func plain(_ value: Double) -> String { String(format: "%.6g", value) }
