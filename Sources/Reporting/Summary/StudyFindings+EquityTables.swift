/// Harm beside benefit, gaps between groups, and who is lost on the way.
extension StudyFindings {
    /// The benefit that harms stand beside: the primary endpoint, unless it is declared a harm itself.
    var benefit: EndpointFindings? {
        endpoint(primaryEndpoint).flatMap { primary in harmNames.contains(primary.name) ? nil : primary }
    }

    /// The harms declared, each once.
    var harmNames: [String] {
        var names: [String] = []
        for cell in harms where !names.contains(cell.harm) { names.append(cell.harm) }
        return names
    }

    static let noHarms =
        "No endpoint is declared a harm ('harm: true'): this study cannot say what the benefit costs."

    var harmLines: [String] {
        guard knowsHarms, let reference = referenceArm, let everyone = groups.first else { return [] }
        guard !harms.isEmpty else { return [Self.noHarms] }
        var table = TextTable()
        table.head = [["", "n", "events", "percent", "difference in points", "number needed to harm or benefit"]]
        if let benefit {
            table.rows.append(["benefit: \(benefit.name)" + (benefit.levelUnit == "1" ? "" : " (\(benefit.levelUnit))")]
            )
            let cells = arms.map { effect($0.name, benefit.name, everyone.label) }
            let decimals = Rounding.decimals(for: cells.compactMap { $0?.estimate.halfWidth })
            for (arm, cell) in zip(arms, cells) where arm.name != reference {
                table.rows.append([
                    "  " + arm.name, cell?.count.map(String.init) ?? "-", "", "",
                    cell?.estimate.intervalText(decimals: decimals) ?? "-",
                ])
            }
        }
        for name in harmNames {
            table.rows.append(["harm: \(name)"])
            for cell in harms where cell.harm == name {
                table.rows.append([
                    "  " + cell.arm, cell.count.map(String.init) ?? "-", cell.events.map(String.init) ?? "-",
                    Rounding.text(cell.risk.inPercent.value, decimals: 1),
                    cell.riskDifference.inPercent.intervalText(decimals: 1), cell.numberNeeded,
                ])
            }
        }
        return ["Harm beside benefit: difference from arm '\(reference)' on the same patients (95 % interval)"]
            + table.lines
    }

    /// Whether the groups of each column gain differently, in one trial and in truth.
    var gapLines: [String] {
        guard !benefitGaps.isEmpty, let trial else { return [] }
        let decimals = Rounding.decimals(for: benefitGaps.compactMap(\.gap.halfWidth))
        var table = TextTable()
        table.head = [["effect minus that of the reference", "patients", "trial", "truth", "p"]]
        for test in interactions {
            let p = Rounding.p(test.adjustedP)
            table.rows.append(["by \(test.stratifier)", "", "", "", test.adjustedP == nil ? "" : "alike \(p)"])
            for cell in benefitGaps where group(cell.group)?.stratifier == test.stratifier {
                let level = group(cell.group)?.level ?? cell.group
                let count = cell.count.map(String.init) ?? "-"
                guard !cell.reference.isEmpty else {
                    table.rows.append(["  \(level) (reference)", count])
                    continue
                }
                table.rows.append([
                    "  \(level)" + (level == test.furthest ? " (furthest)" : ""), count,
                    cell.gap.intervalText(decimals: decimals), cell.trueGap.intervalText(decimals: decimals),
                    Rounding.p(cell.p),
                ])
            }
        }
        let small = benefitGaps.filter { $0.gap.value == nil && !$0.reference.isEmpty && !$0.reason.isEmpty }
        return [
            "Does every group gain alike? \(trial.treatedArm) against \(trial.controlArm), \(trial.endpoint), the first trial"
        ]
            + table.lines + small.map { "  - no number for \(group($0.group)?.level ?? $0.group): \($0.reason)" }
            + [
                "  Truth: the twins. P-values are adjusted (Holm) over the groups of a column, 'alike' over the columns."
            ]
    }

    /// The share lost at any step, by the groups of the first stratifier.
    var accessLines: [String] {
        let groups = leadingGroups
        var table = TextTable()
        table.head = [[""] + groups.map(\.level)]
        for arm in arms {
            let row = groups.map { group in
                access.first { $0.arm == arm.name && $0.step == "all" && $0.group == group.label }
            }
            guard row.contains(where: { $0 != nil }) else { continue }
            table.rows.append(
                [arm.name]
                    + row.map { cell in
                        cell.map { "\(Rounding.text($0.share.inPercent.value, decimals: 1)) (\($0.lost ?? 0))" } ?? "-"
                    })
        }
        guard !table.rows.isEmpty else { return [] }
        return ["Lost on the way in percent (patients): left, missed a fifth of the doses, or could be given no amount"]
            + table.lines
    }

    /// Time gained against the reference arm.
    var timeContrastLines: [String] {
        guard let reference = referenceArm else { return [] }
        let shown = timeContrasts.filter { $0.arm != reference && $0.restrictedMean.value != nil }
        guard !shown.isEmpty else { return [] }
        let decimals = Rounding.decimals(for: shown.compactMap(\.restrictedMean.halfWidth))
        var table = TextTable()
        table.head = [["", "until day", "mean days without", "percent without, by then"]]
        var event = ""
        for cell in shown {
            if cell.endpoint != event { table.rows.append([cell.endpoint]) }
            event = cell.endpoint
            table.rows.append([
                "  " + cell.arm, cell.horizon.map { Rounding.text($0, decimals: 0) } ?? "-",
                cell.restrictedMean.intervalText(decimals: decimals),
                cell.milestone.inPercent.intervalText(decimals: 1),
            ])
        }
        return ["Time without the event: difference from arm '\(reference)' (95 % interval)"] + table.lines
    }
}

extension EstimateFindings {
    /// A share in percent.
    var inPercent: EstimateFindings {
        EstimateFindings(
            value: value.map { 100 * $0 }, standardError: standardError.map { 100 * $0 },
            lower: lower.map { 100 * $0 }, upper: upper.map { 100 * $0 })
    }
}
