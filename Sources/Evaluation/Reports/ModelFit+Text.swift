import Foundation

extension ModelFit {
    /// Tables for people.
    package var text: String {
        var lines = ["\(kind) \(formula) of \(file): \(n) rows, \(events) events"]
        if missing > 0 { lines.append("\(missing) rows left out, in which something is missing") }
        if let ties { lines.append("ties: \(ties)") }
        if let distribution { lines.append("distribution: \(distribution)") }
        if let coefficients, !coefficients.isEmpty { lines += [""] + Self.table(coefficients) }
        if let scale { lines.append("scale " + scale.map(plain).joined(separator: ", ")) }
        if let logLikelihood, let nullLogLikelihood {
            lines +=
                coefficients?.isEmpty == true
                ? ["", String(format: "log likelihood %.6f", logLikelihood)]
                : [
                    "",
                    String(format: "log likelihood %.6f, without covariates %.6f", logLikelihood, nullLogLikelihood),
                ]
        }
        if let groups { lines += [""] + groups.map(\.line) }
        if let test { lines.append(test.line) }
        if let confidence { lines.append("intervals of \(plain(100 * confidence)) %") }
        if by == nil, let kaplanMeier { lines += ["", kaplanMeier.table] }
        if let median { lines.append("median \(median.estimate.map(plain) ?? "not reached")") }
        lines += Self.lines(quantiles, restrictedMean)
        let isCrossed = groupingCount > 1
        for (column, groups) in (by ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (group, curve) in groups.sorted(by: { $0.key < $1.key }) {
                let middle = curve.median.estimate.map(plain) ?? "not reached"
                // Groups of several columns name them.
                let name = isCrossed ? group : "\(column) = \(group)"
                lines += ["", "\(name): \(curve.n) rows, \(curve.events) events, median \(middle)"]
                lines += Self.lines(curve.quantiles, curve.restrictedMean)
                lines.append(curve.kaplanMeier.table)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func lines(_ quantiles: [Quantile]?, _ mean: TimedEstimate?) -> [String] {
        func bounds(_ value: ShownEstimate) -> String {
            "(\(value.lower.map(plain) ?? "-"), \(value.upper.map(plain) ?? "-"))"
        }
        var lines = (quantiles ?? []).map { quantile in
            let time = quantile.value.estimate.map(plain) ?? "not reached"
            return "quantile \(plain(quantile.probability)): \(time) \(bounds(quantile.value))"
        }
        if let mean {
            let value = mean.value
            let words = value.estimate.map { "\(plain($0)), se \(value.se.map(plain) ?? "-") \(bounds(value))" }
            lines.append("mean up to \(plain(mean.time)): \(words ?? value.reason?.text ?? "undefined")")
        }
        return lines
    }

    private static func table(_ rows: [Coefficient]) -> [String] {
        let width = max(12, rows.map(\.name.count).max() ?? 0)
        let header =
            "".padding(toLength: width, withPad: " ", startingAt: 0) + "    estimate          se         z         p"
        return [header]
            + rows.map { row in
                let cells = [
                    (row.estimate, "%12.6f", 12), (row.se, "%12.6f", 12), (row.z, "%10.3f", 10), (row.p, "%10.2g", 10),
                ].map { value, format, width in
                    value.map { String(format: format, $0) } ?? String(repeating: " ", count: width - 1) + "-"
                }
                let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
                return name + cells.joined() + (row.reason.map { "  \($0.text)" } ?? "")
            }
    }
}

extension ModelFit.TestGroup {
    fileprivate var line: String {
        String(format: "%@: %d rows, observed %.2f, expected %.2f", group, n, observed, expected)
    }
}

extension ModelFit.Test {
    fileprivate var line: String {
        guard let statistic, let df, let p else { return "\(name) test: \(reason?.text ?? "undefined")" }
        return String(format: "%@ test: chi-square %.4f on %d, p %.3g", name, statistic, df, p)
    }
}

extension [ModelFit.CurveRow] {
    /// The times with an event.
    fileprivate var table: String {
        var text = "      time   at risk    events         S        se     lower     upper"
        func add(_ cell: String) {
            for _ in 0..<Swift.max(1, 10 - cell.utf8.count) { text.append(" ") }
            text.append(cell)
        }
        for row in self where row.events > 0 {
            text.append("\n")
            add(Self.time(row.time))
            add("\(row.atRisk)")
            add("\(row.events)")
            for value in [row.estimate, row.se, row.lower, row.upper] { add(value.map(Self.fourDigits) ?? "-") }
        }
        return text
    }

    /// As ``plain(_:)``, sooner for whole numbers.
    private static func time(_ value: Double) -> String {
        Int(exactly: value).flatMap { abs($0) < 1_000_000 ? "\($0)" : nil } ?? plain(value)
    }

    /// As `%.4f` writes it, sooner where the fifth digit leaves no doubt.
    private static func fourDigits(_ value: Double) -> String {
        let scaled = value * 1e4
        let whole = scaled.rounded()
        guard value >= 0, value < 1e6, abs(abs(scaled - whole) - 0.5) > 1e-4, let units = Int(exactly: whole) else {
            return String(format: "%.4f", value)
        }
        let digits = String(units % 10_000)
        return "\(units / 10_000)." + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
