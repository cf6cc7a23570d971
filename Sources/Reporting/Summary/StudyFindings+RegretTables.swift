/// How far arms are from the best arm of every patient.
extension StudyFindings {
    static let regretNote =
        "The oracle gives each patient the arm that turns out best for him, chance included: no regime can reach it."

    /// By arm for all and for the groups of the first stratifier: the regret, and for how many the arm is the best.
    var regretLines: [String] {
        guard let regret else { return [] }
        let groups = leadingGroups
        let decimals = Rounding.decimals(for: regret.cells.compactMap(\.regret.halfWidth))
        var table = TextTable()
        table.head = [[""] + groups.map(\.level)]
        var arms: [String] = []
        for cell in regret.cells where !arms.contains(cell.arm) { arms.append(cell.arm) }
        for arm in arms {
            table.rows.append(
                [arm]
                    + groups.map { group in
                        let cell = regret.cells.first { $0.arm == arm && $0.group == group.label }
                        return cell.map { $0.text(decimals: decimals) } ?? "-"
                    })
        }
        let oracle = groups.map { group in regret.oracle.first { $0.group == group.label } }
        table.rows.append(["oracle"] + oracle.map { $0?.value.text(decimals: decimals) ?? "-" })
        table.rows.append(["gain over one arm"] + oracle.map { $0?.gain.text(decimals: decimals) ?? "-" })
        table.rows.append(["best arm for all"] + oracle.map { $0?.bestArm ?? "-" })
        let unit = endpoint(regret.endpoint).map { $0.levelUnit == "1" ? "" : " in \($0.levelUnit)" } ?? ""
        return [
            "Regret on \(regret.endpoint)\(unit) (\(regret.better) is better) ± 95 % half-width, [percent for whom the arm is best]"
        ] + table.lines + ["  \(Self.regretNote)"]
    }
}

extension RegretFindings.Cell {
    /// `4.2 ± 0.3 [38]`
    func text(decimals: Int) -> String {
        guard regret.value != nil else { return "-" }
        return "\(regret.text(decimals: decimals)) [\(Rounding.text(bestShare.inPercent.value, decimals: 0))]"
    }
}
