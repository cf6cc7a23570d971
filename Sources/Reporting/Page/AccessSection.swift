/// Who is screened out, and who is lost on the way through each arm, by group.
extension HTMLReport {
    var accessSection: Markup? {
        let remarks = findings.screeningRemarks.map { Markup.element("p", [:], text: $0) }
        let screened = screeningTable.map { [$0.markup] } ?? []
        var lost = lossTable.map { [$0.markup] } ?? []
        guard !(screened + remarks + lost).isEmpty else { return nil }
        lost += [dosingTable?.markup ?? Markup.element("p", [:], text: StudyFindings.noNeededDose)]
        return section(
            "access", "Who is lost on the way",
            "Which records the eligibility rules leave out, and who then leaves, misses a fifth of the doses or can be given no "
                + "amount: by group, since a result holds for those who are still there.",
            screened + remarks + lost)
    }

    private var screeningTable: HTMLTable? {
        guard !findings.screening.isEmpty else { return nil }
        var rows: [[HTMLTable.Cell]] = []
        var stratifier = ""
        for (group, losses, whole) in findings.screeningGroups {
            if group.stratifier != stratifier { rows.append([.init("By \(Words.spaced(group.stratifier))")]) }
            stratifier = group.stratifier
            let isReference = !stratifier.isEmpty && whole.reference.isEmpty
            let gap = isReference ? "reference" : whole.gap.inPercent.intervalText(decimals: 1)
            let eligible = whole.reached.flatMap { reached in whole.excluded.map { "\(reached - $0)" } }
            var row: [HTMLTable.Cell] = [.init(group.level), .init(whole.reached.map(String.init) ?? "–")]
            row += losses.map { HTMLTable.Cell($0.excluded.map(String.init) ?? "–") }
            row += [
                .init(eligible ?? "–"), .init(whole.share.inPercent.intervalText(decimals: 1)),
                .init(stratifier.isEmpty ? "" : gap),
            ]
            rows.append(row)
        }
        return HTMLTable(
            caption: "Records screened out, with the gap to the largest group (95 % interval)",
            head: ["Group", "Records"] + findings.screeningRules.map { "Fails '\($0)'" } + [
                "Eligible", "Excluded (%)", "Gap (points)",
            ], rows: rows)
    }

    /// For each group and arm the share lost at any step.
    private var lossTable: HTMLTable? {
        byGroupAndArm("Lost in percent (patients): left, missed a fifth of the doses, or could be given no amount") {
            arm, group in
            findings.access.first { $0.step == "all" && $0.arm == arm && $0.group == group }.map(Self.loss)
        }
    }

    private var dosingTable: HTMLTable? {
        let column = findings.doseNeeded ?? "dose needed"
        return byGroupAndArm(
            "Dosed wrong in percent (patients too high / too low): the last dose is over 20 % from '\(column)'"
        ) { arm, group in findings.dosing.first { $0.arm == arm && $0.group == group }?.text }
    }

    /// Nil where there is no cell.
    private func byGroupAndArm(_ caption: String, _ cell: (String, String) -> String?) -> HTMLTable? {
        let arms = findings.arms.map(\.name)
        var rows: [[HTMLTable.Cell]] = []
        var stratifier = ""
        var isEmpty = true
        for group in findings.groups {
            if group.stratifier != stratifier { rows.append([.init("By \(Words.spaced(group.stratifier))")]) }
            stratifier = group.stratifier
            let cells = arms.map { cell($0, group.label) }
            isEmpty = isEmpty && cells.allSatisfy { $0 == nil }
            rows.append([.init(group.level)] + cells.map { HTMLTable.Cell($0 ?? "–") })
        }
        return isEmpty ? nil : HTMLTable(caption: caption, head: ["Group"] + arms, rows: rows)
    }

    private static func loss(_ cell: AccessFindings) -> String {
        cell.share.value == nil
            ? "–" : "\(Rounding.text(cell.share.inPercent.value, decimals: 1)) (\(cell.lost ?? 0))"
    }
}
