/// Forest plots of the effects against the reference arm in every group.
extension HTMLReport {
    var effectSection: Markup? {
        guard let reference = findings.referenceArm, !findings.effects.isEmpty else { return nil }
        let others = findings.arms.map(\.name).filter { $0 != reference }
        guard !others.isEmpty else { return nil }
        let endpoints = findings.endpointsPrimaryFirst.filter {
            $0.name == findings.primaryEndpoint || $0.isTimeToEvent
        }
        let blocks = endpoints.map { endpoint -> Markup in
            let panels = Markup.element(
                "div", ["class": "panels wide"], forests(endpoint, others, reference).map(\.figure.panel))
            let title = Words.sentence(Words.spaced(endpoint.title))
            if endpoint.name == findings.primaryEndpoint {
                return .element("div", [:], [.element("h3", text: title), panels])
            }
            return .element("details", [:], [.element("summary", text: title), panels])
        }
        return section(
            "effects", "Effects against arm '\(reference)', by group",
            "Each patient is compared with the same patient in arm '\(reference)': means of true individual differences "
                + "with 95 % intervals. The p-value beside a heading is of the test that the effect is the same in all of its groups; "
                + "events are those of the arm and of the reference. Each plot has its own scale.",
            blocks)
    }

    /// One plot for each arm. Each has its own scale: on a common one, an arm far away would press the groups of all
    /// others together, and their differences are what the plots are for.
    private func forests(_ endpoint: EndpointFindings, _ arms: [String], _ reference: String) -> [ForestPlot] {
        let unit = endpoint.isTimeToEvent ? " (percentage points)" : Words.unit(endpoint.levelUnit)
        return arms.map { arm in
            let estimates = findings.groups.compactMap { findings.effect(arm, endpoint.name, $0.label)?.estimate }
            let bounds = estimates.flatMap { [$0.lower, $0.upper, $0.value] }.compactMap { $0 }
            return ForestPlot(
                identifier: "effect-\(endpoint.name)-\(position(ofArm: arm))", title: "\(arm) − \(reference)",
                summary:
                    "\(Words.spaced(endpoint.title)): difference of arm \(arm) from arm \(reference), for all patients "
                    + "and in each group, with 95 % intervals.",
                countHeads: endpoint.isTimeToEvent ? ["n", "events"] : ["n"],
                rows: rows(arm, endpoint, reference, Rounding.decimals(for: estimates.compactMap(\.halfWidth))),
                scale: LinearScale(around: bounds + [0], start: 0, end: 1, ticks: 4), axisLabel: "difference\(unit)",
                style: style(ofArm: arm))
        }
    }

    private func rows(_ arm: String, _ endpoint: EndpointFindings, _ reference: String, _ decimals: Int) -> [ForestRow]
    {
        let whole = findings.groups.first.flatMap { findings.effect(arm, endpoint.name, $0.label)?.count } ?? 0
        var rows: [ForestRow] = []
        var stratifier = ""
        for group in findings.groups {
            if group.stratifier != stratifier {
                stratifier = group.stratifier
                let gap = findings.effectGap(arm, endpoint.name, stratifier)
                let p = gap?.interactionP.map { "alike: p \(Rounding.p($0))" } ?? ""
                rows.append(ForestRow(name: Words.sentence(Words.spaced(stratifier)), text: p, isHeading: true))
            }
            guard let cell = findings.effect(arm, endpoint.name, group.label) else { continue }
            var counts = [cell.count.map { "\($0)" } ?? ""]
            if endpoint.isTimeToEvent { counts.append(events(arm, endpoint.name, group.label, reference)) }
            let isOverall = group.stratifier.isEmpty
            let text = cell.estimate.value == nil ? cell.reason : cell.estimate.intervalText(decimals: decimals)
            rows.append(
                ForestRow(
                    name: isOverall ? "All patients" : group.level, counts: counts, estimate: cell.estimate,
                    text: text.replacing("-", with: "−"),
                    weight: whole > 0 ? (Double(cell.count ?? 0) / Double(whole)).squareRoot() : 1, isOverall: isOverall
                ))
        }
        return rows
    }

    /// Events in the arm and in the reference arm.
    private func events(_ arm: String, _ endpoint: String, _ group: String, _ reference: String) -> String {
        let both = [arm, reference].map { findings.level($0, endpoint, group)?.events }
        return both.map { $0.map { "\($0)" } ?? "–" }.joined(separator: "/")
    }
}
