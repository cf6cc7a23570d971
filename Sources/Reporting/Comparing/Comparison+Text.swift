extension Comparison {
    /// Rows of the table at most; the JSON form has them all.
    private static let shownRows = 40

    /// One line with the decision, and what differs as a table, the worst first.
    public var text: String {
        var lines = [decision]
        lines += missing.map { "  only in \(baseline): \($0)" }
        lines += extra.map { "  only in \(file): \($0)" }
        lines += differences.filter { $0.mismatch != nil && isShown($0) }.map { "  \($0.path): \($0.mismatch ?? "")" }
        let rows = differences.filter { $0.mismatch == nil && isShown($0) }
        if !rows.isEmpty { lines += table(of: Array(rows.prefix(Self.shownRows))) }
        if rows.count > Self.shownRows { lines.append("  and \(rows.count - Self.shownRows) more; --json lists all") }
        return (lines + silent).joined(separator: "\n")
    }

    /// Whether a reader has to look at it.
    private func isShown(_ difference: Difference) -> Bool {
        difference.verdict != .ignored && difference.verdict != .follows
    }

    private func table(of rows: [Difference]) -> [String] {
        var table = TextTable()
        table.head = [
            ["variable", "differ", "of", "largest", "in SE", "in one only"] + (within == nil ? [] : ["verdict"])
        ]
        for row in rows {
            table.rows.append(
                [
                    row.path, "\(row.differing)", "\(row.cells)", row.largestAbsolute.map(Self.short) ?? "text",
                    row.largestInErrors.map { Rounding.text($0, decimals: 2) } ?? "-",
                    row.inOneOnly.map { "\($0)" } ?? "-",
                ] + (within == nil ? [] : [row.verdict.rawValue]))
        }
        // The places are of very unlike lengths, so they stand at the end of the lines and not in a column.
        let places = [""] + rows.map { $0.place.isEmpty ? "" : "  at " + $0.place.joined(separator: ", ") }
        return zip(table.lines, places).map { $0 + $1 } + [
            "  in SE: the largest difference in combined Monte Carlo standard errors, where the number has one"
        ]
    }

    /// What a tolerance passes over.
    private var silent: [String] {
        let ignored = differences.count { $0.verdict == .ignored }
        let follows = differences.count { $0.verdict == .follows }
        guard ignored + follows > 0 else { return [] }
        return [
            "  not shown: \(ignored) arrays over patients or replicates, \(follows) that follow from a number shown or within"
        ]
    }

    /// One line: whether there is drift, and of what.
    private var decision: String {
        let pair = "\(file) against \(baseline)"
        if missing.isEmpty, extra.isEmpty, differences.isEmpty {
            return "No drift: \(pair), \(compared) variables, the same bits"
        }
        guard let within else {
            return "Drift: \(pair), \(differences.count) of \(compared) variables differ" + structure
        }
        let tolerance = "\(Rounding.plain(within)) standard errors"
        guard hasDrift else {
            let unjudged = differences.count { $0.verdict == .unjudged }
            let rest = unjudged == 0 ? "" : "; \(unjudged) without an error are not judged"
            return "No drift: \(pair), all numbers within \(tolerance)\(rest)"
        }
        let count = differences.count { $0.verdict == .drift }
        return "Drift: \(pair), \(count) of \(compared) variables differ beyond \(tolerance)" + structure
    }

    private var structure: String {
        let count = missing.count + extra.count
        return count == 0 ? "" : ", \(count) only in one"
    }

    /// Three significant digits.
    private static func short(_ number: Double) -> String {
        if number == 0 { return "0" }
        if !number.isFinite { return "inf" }
        let size = abs(number)
        if size >= 1e6 || size < 1e-3 { return Rounding.scientific(number) }
        return Rounding.text(
            number, decimals: size >= 100 ? 0 : (size >= 10 ? 1 : (size >= 1 ? 2 : (size >= 0.1 ? 3 : 4))))
    }

    /// The same content for a machine, with sorted keys in snake case: `drift`, `file`, `baseline`, `within`, `compared`,
    /// `missing`, `extra`, and `differences` with `path`, `verdict`, `mismatch`, `cells`, `differing`, `largest_absolute`,
    /// `largest_relative`, `largest_in_errors`, `in_one_only` and `place`. What does not exist is left out; infinite numbers are the text
    /// `inf`.
    public func json() throws -> String {
        try JSONText.encode(
            Document(
                drift: hasDrift, file: file, baseline: baseline, within: within, compared: compared, missing: missing,
                extra: extra, differences: differences))
    }

    private struct Document: Encodable {
        var drift: Bool
        var file: String
        var baseline: String
        var within: Double?
        var compared: Int
        var missing: [String]
        var extra: [String]
        var differences: [Difference]
    }
}
