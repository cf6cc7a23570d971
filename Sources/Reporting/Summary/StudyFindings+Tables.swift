/// The tables of the twins: what every arm does to the same patients.
extension StudyFindings {
    var headLines: [String] {
        var lines = [title]
        guard let cohort else { return lines }
        var flow = TextTable()
        if let screened = cohort.screened, cohort.isFromRecords || !cohort.criteria.isEmpty {
            flow.rows.append(["records screened", "\(screened)"])
            for criterion in cohort.criteria {
                let unknown = criterion.unknown > 0 ? " (\(criterion.unknown) unknown)" : ""
                flow.rows.append(["excluded: fails '\(criterion.name)'\(unknown)", "\(criterion.excluded)"])
            }
            if let eligible = cohort.eligible { flow.rows.append(["records eligible", "\(eligible)"]) }
        }
        let arms = arms.count > 1 ? ", each in \(arms.count == 2 ? "both" : "all \(arms.count)") arms" : ""
        flow.rows.append(["virtual patients\(arms)", "\(cohort.patients)"])
        lines += flow.lines
        return lines
    }

    /// The primary endpoint, overall and by the groups of the first stratifier.
    var primaryLines: [String] {
        guard let endpoint = endpoint(primaryEndpoint), !levels.isEmpty else { return [] }
        let what = endpoint.isTimeToEvent ? "cumulative incidence" : "mean"
        return [heading(endpoint, "\(what) ± 95 % half-width")]
            + groupTable(arms.map(\.name), endpoint, level, levelGap)
            + (stratifiers.isEmpty
                ? [] : ["  gap: largest minus smallest group; p alike: that all groups are alike (Cochran's Q)"])
    }

    /// The effects on the primary endpoint against the reference arm, overall and by group.
    var effectLines: [String] {
        guard let endpoint = endpoint(primaryEndpoint), let reference = referenceArm, !effects.isEmpty else {
            return []
        }
        let others = arms.map(\.name).filter { $0 != reference }
        guard !others.isEmpty else { return [] }
        return [
            heading(endpoint, "difference from arm '\(reference)' ± 95 % half-width"),
            "  Each patient is compared with the same patient in arm '\(reference)', so the means are of true individual effects.",
        ] + groupTable(others, endpoint, effect, effectGap)
    }

    private func heading(_ endpoint: EndpointFindings, _ what: String) -> String {
        let name = endpoint.title == endpoint.name ? endpoint.name : "\(endpoint.title) (\(endpoint.name))"
        let unit = endpoint.levelUnit == "1" ? "" : " in \(endpoint.levelUnit)"
        return "\(name.prefix(1).uppercased())\(name.dropFirst())\(unit): \(what)"
    }

    private func groupTable(
        _ arms: [String], _ endpoint: EndpointFindings,
        _ cell: (String, String, String) -> CellFindings?, _ gap: (String, String, String) -> GapFindings?
    ) -> [String] {
        let groups = leadingGroups
        let cells = arms.map { arm in groups.map { cell(arm, endpoint.name, $0.label) } }
        let decimals = Rounding.decimals(for: cells.joined().compactMap { $0?.estimate.halfWidth })
        let stratifier = stratifiers.first ?? ""
        let hasGap = groups.count > 2
        var table = TextTable()
        table.head = [
            [stratifier.isEmpty ? "" : "by \(stratifier)"] + groups.map(\.level) + (hasGap ? ["gap", "p alike"] : [])
        ]
        table.head.append(
            ["patients"] + groups.indices.map { group in Self.counts(cells.compactMap { $0[group]?.count }) })
        for (arm, row) in zip(arms, cells) {
            var texts = [arm] + row.map { $0?.estimate.text(decimals: decimals) ?? "-" }
            if hasGap, let found = gap(arm, endpoint.name, stratifier) {
                texts += [Rounding.text(found.gap, decimals: decimals), Rounding.p(found.interactionP)]
            }
            table.rows.append(texts)
        }
        return table.lines + Self.reasons(cells.joined().compactMap { $0 }, groups)
    }

    /// One number where all arms have the same, else the range.
    private static func counts(_ counts: [Int]) -> String {
        guard let least = counts.min(), let most = counts.max() else { return "-" }
        return least == most ? "\(least)" : "\(least)-\(most)"
    }

    /// Why numbers are missing: a line for each group and reason.
    static func reasons(_ cells: [CellFindings], _ groups: [GroupFindings]) -> [String] {
        var lines: [String] = []
        for cell in cells where cell.estimate.value == nil && !cell.reason.isEmpty {
            let group = groups.first { $0.label == cell.group }?.level ?? cell.group
            let count = cell.count.map { " (\($0) patients)" } ?? ""
            let line = "  - no number for \(group)\(count): \(cell.reason)"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
    }

    /// Every endpoint for all patients, so that benefit stands beside harm.
    var endpointLines: [String] {
        guard endpoints.count > 1, let everyone = groups.first, !levels.isEmpty else { return [] }
        let endpoints = endpointsPrimaryFirst
        var table = TextTable()
        table.head = [
            [""] + endpoints.map(\.name),
            [""] + endpoints.map { $0.isTimeToEvent ? "percent (events)" : $0.levelUnit },
        ]
        let columns = endpoints.map { endpoint in
            let cells = arms.map { level($0.name, endpoint.name, everyone.label) }
            let decimals = Rounding.decimals(for: cells.compactMap { $0?.estimate.halfWidth })
            return cells.map { cell in
                let text = cell?.estimate.text(decimals: decimals) ?? "-"
                return cell?.events.map { "\(text) (\($0))" } ?? text
            }
        }
        table.rows = arms.indices.map { row in [arms[row].name] + columns.map { $0[row] } }
        return [
            "All endpoints, all patients: benefit beside harm (events: cumulative incidence by the end of follow-up)"
        ]
            + table.lines
            + endpoints.filter { $0.title.replacing(" ", with: "_") != $0.name }.map { "  \($0.name): \($0.title)" }
    }
}
