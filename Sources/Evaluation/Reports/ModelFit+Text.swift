import Foundation

extension ModelFit {
    /// Tables for people.
    package var text: String {
        var lines = ["\(kind) \(formula) of \(file): \(n) rows, \(events) events"]
        if missing > 0 { lines.append("\(missing) rows left out, in which something is missing") }
        if let ties { lines.append("ties: \(ties)") }
        if let distribution { lines.append("distribution: \(distribution)") }
        if let coefficients { lines += [""] + Self.table(coefficients) }
        if let scale { lines.append("scale " + scale.map(plain).joined(separator: ", ")) }
        if let logLikelihood, let nullLogLikelihood {
            lines += [
                "", String(format: "log likelihood %.6f, without covariates %.6f", logLikelihood, nullLogLikelihood),
            ]
        }
        if let groups { lines += [""] + groups.map(\.line) }
        if let test { lines.append(test.line) }
        if by == nil, let kaplanMeier { lines += [""] + kaplanMeier.table }
        if let median { lines.append("median \(median.estimate.map(plain) ?? "not reached")") }
        for (column, groups) in (by ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (group, curve) in groups.sorted(by: { $0.key < $1.key }) {
                let middle = curve.median.estimate.map(plain) ?? "not reached"
                lines += ["", "\(column) = \(group): \(curve.n) rows, \(curve.events) events, median \(middle)"]
                lines += curve.kaplanMeier.table
            }
        }
        return lines.joined(separator: "\n")
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
    fileprivate var table: [String] {
        func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        var lines = ["      time   at risk    events         S        se     lower     upper"]
        for row in self where row.events > 0 {
            let cells = [
                plain(row.time), "\(row.atRisk)", "\(row.events)", number(row.estimate), number(row.se),
                number(row.lower),
                number(row.upper),
            ]
            lines.append(cells.map { String(repeating: " ", count: Swift.max(1, 10 - $0.count)) + $0 }.joined())
        }
        return lines
    }
}
