/// How far arms are from the best arm of every patient.
extension HTMLReport {
    var regretSection: Markup? {
        guard let regret = findings.regret else { return nil }
        let decimals = Rounding.decimals(for: regret.cells.compactMap(\.regret.halfWidth))
        var arms: [String] = []
        for cell in regret.cells where !arms.contains(cell.arm) { arms.append(cell.arm) }
        let rows = regret.oracle.map { oracle -> [HTMLTable.Cell] in
            let group = findings.group(oracle.group)
            let prefix = group.map { $0.stratifier.isEmpty ? "" : Words.spaced($0.stratifier) + ": " } ?? ""
            let cells = arms.map { arm in
                regret.cells.first { $0.arm == arm && $0.group == oracle.group }?.text(decimals: decimals) ?? "–"
            }
            return [.init(prefix + (group?.level ?? oracle.group))] + cells.map { HTMLTable.Cell($0) }
                + [
                    .init(oracle.value.text(decimals: decimals)), .init(oracle.gain.text(decimals: decimals)),
                    .init(oracle.bestArm),
                ]
        }
        let endpoint = findings.endpoint(regret.endpoint)
        let title = Words.spaced(endpoint?.title ?? regret.endpoint) + Words.unit(endpoint?.levelUnit ?? "1")
        let table = HTMLTable(
            caption: "\(Words.sentence(title)): regret ± 95 % half-width, [percent for whom the arm is best]",
            head: ["Group"] + arms + ["Oracle", "Gain over one arm", "Best arm for all"], rows: rows)
        return section(
            "regret", "Regret: how far from each patient's best arm",
            "Every patient lived through every arm, so the best arm of each is known. \(StudyFindings.regretNote)",
            [table.markup])
    }
}
