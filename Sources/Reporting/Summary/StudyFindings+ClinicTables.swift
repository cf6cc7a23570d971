/// What became of the recommendations.
extension StudyFindings {
    static let clinicNote =
        "Recommendations count from the first that could be overridden; a suppressed alert is neither followed nor overridden."

    /// The columns of counts that any arm needs, with their headings.
    var clinicColumns: [(heading: String, value: KeyPath<ClinicFindings, Int?>)] {
        let always: [(heading: String, value: KeyPath<ClinicFindings, Int?>)] = [
            ("recommended", \.recommendations), ("changes", \.changes), ("followed", \.followed),
            ("overridden", \.overridden),
        ]
        let some: [(heading: String, value: KeyPath<ClinicFindings, Int?>)] = [
            ("late", \.delayed), ("alerts", \.alerts), ("suppressed", \.suppressed),
            ("co-interv.", \.coInterventions), ("undecided", \.undecided),
        ]
        return always + some.filter { column in clinic.contains { ($0[keyPath: column.value] ?? 0) > 0 } }
    }

    /// By arm, for all and for the groups of the first stratifier.
    var clinicLines: [String] {
        guard !clinic.isEmpty else { return [] }
        let columns = clinicColumns
        var table = TextTable(hasHeadings: true)
        table.head = [[""] + columns.map(\.heading) + ["percent followed"]]
        var arm = ""
        let groups = leadingGroups
        for cell in clinic {
            guard let group = groups.first(where: { $0.label == cell.group }) else { continue }
            if cell.arm != arm { table.rows.append([cell.arm]) }
            arm = cell.arm
            table.rows.append(
                ["  " + group.level] + columns.map { cell[keyPath: $0.value].map(String.init) ?? "-" }
                    + [cell.share.inPercent.intervalText(decimals: 1)])
        }
        return ["Between recommendation and dose, in twins: what clinicians did (95 % interval)"] + table.lines
            + ["  \(Self.clinicNote)"]
    }
}
