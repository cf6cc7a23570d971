/// What became of the recommendations, by arm and group.
extension HTMLReport {
    var clinicSection: Markup? {
        guard !findings.clinic.isEmpty else { return nil }
        let columns = findings.clinicColumns
        var rows: [[HTMLTable.Cell]] = []
        var arm = ""
        for cell in findings.clinic {
            if cell.arm != arm { rows.append([.init(cell.arm)]) }
            arm = cell.arm
            let group = findings.group(cell.group)
            let prefix = group.map { $0.stratifier.isEmpty ? "" : Words.spaced($0.stratifier) + ": " } ?? ""
            rows.append(
                [.init(prefix + (group?.level ?? cell.group))]
                    + columns.map { HTMLTable.Cell(cell[keyPath: $0.value].map(String.init) ?? "–") }
                    + [.init(cell.share.inPercent.intervalText(decimals: 1))])
        }
        let table = HTMLTable(
            caption: "Recommendations by arm and group, in twins (95 % interval)",
            head: ["Group"] + columns.map { Words.sentence($0.heading) } + ["Followed (%)"], rows: rows)
        return section(
            "clinic", "Between recommendation and dose",
            "What clinicians did with what the regimes recommended: an arm is a regime as it is carried out.",
            [table.markup, .element("p", ["class": "note"], text: StudyFindings.clinicNote)])
    }
}
