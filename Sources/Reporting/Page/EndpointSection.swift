/// Benefit beside harm: every endpoint of every arm, for all patients.
extension HTMLReport {
    var endpointSection: Markup? {
        guard let everyone = findings.groups.first, !findings.levels.isEmpty else { return nil }
        let endpoints = findings.endpointsPrimaryFirst
        let columns = endpoints.map { endpoint in
            let cells = findings.arms.map { findings.level($0.name, endpoint.name, everyone.label) }
            let decimals = Rounding.decimals(for: cells.compactMap { $0?.estimate.halfWidth })
            return cells.map { cell in
                let text = cell?.estimate.text(decimals: decimals).replacing("-", with: "−") ?? "–"
                return HTMLTable.Cell(cell?.events.map { "\(text) · \($0)" } ?? text)
            }
        }
        let table = HTMLTable(
            caption: "All endpoints, all patients", head: ["Arm"] + endpoints.map(head),
            rows: findings.arms.indices.map { row in
                [HTMLTable.Cell(findings.arms[row].name)] + columns.map { $0[row] }
            })
        return section(
            "endpoints", "Benefit beside harm",
            "The same patients, with the same random numbers, lived through every arm. Means ± 95 % half-width; for events "
                + "the percent that has had one by the end of follow-up, and their number.",
            [legend, table.markup])
    }

    private func head(_ endpoint: EndpointFindings) -> String {
        endpoint.isTimeToEvent
            ? Words.sentence(Words.spaced(endpoint.title)) + " (% · events)"
            : Words.sentence(Words.spaced(endpoint.title)) + Words.unit(endpoint.unit)
    }
}
