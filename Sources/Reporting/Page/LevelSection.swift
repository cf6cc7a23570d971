/// Levels of the primary endpoint by arm and group: one panel for each stratifier.
extension HTMLReport {
    var levelSection: Markup? {
        guard let endpoint = findings.endpoint(findings.primaryEndpoint), !findings.stratifiers.isEmpty else {
            return nil
        }
        let title = Words.sentence(Words.spaced(endpoint.title))
        let scale = LinearScale(
            around: levels(of: endpoint).flatMap { [$0.estimate.lower, $0.estimate.upper, $0.estimate.value] }
                .compactMap { $0 }, start: 0, end: 1)
        let panels = findings.stratifiers.enumerated().map { index, stratifier in
            DotPlot(
                identifier: "levels-\(index)", title: "By \(Words.spaced(stratifier))",
                summary: "\(title) by arm in each group of \(Words.spaced(stratifier)), with 95 % intervals.",
                groups: dots(endpoint.name, stratifier), scale: scale,
                axisLabel: title + Words.unit(endpoint.levelUnit)
            ).figure.panel
        }
        return section(
            "levels", title + " by group", "What each arm reaches in each group of patients, with 95 % intervals.",
            [legend, .element("div", ["class": "panels"], panels)] + gapTable(endpoint))
    }

    private func levels(of endpoint: EndpointFindings) -> [CellFindings] {
        findings.levels.filter { $0.endpoint == endpoint.name && $0.count != 0 }
    }

    private func dots(_ endpoint: String, _ stratifier: String) -> [DotPlot.Group] {
        findings.groups(of: stratifier).map { group in
            let cells = findings.arms.map { findings.level($0.name, endpoint, group.label) }
            return DotPlot.Group(
                name: group.level, note: cells.first.flatMap { $0?.count }.map { "n = \($0)" } ?? "",
                estimates: cells.map { $0?.estimate }, labels: findings.arms.map(\.name),
                reason: cells.compactMap { $0?.reason }.first { !$0.isEmpty } ?? "")
        }
    }

    /// The distance between the best and the worst group of each arm.
    private func gapTable(_ endpoint: EndpointFindings) -> [Markup] {
        guard !findings.levelGaps.isEmpty else { return [] }
        var rows: [[HTMLTable.Cell]] = []
        for stratifier in findings.stratifiers {
            rows.append([.init(Words.sentence(Words.spaced(stratifier)))])
            for arm in findings.arms {
                guard let gap = findings.levelGap(arm.name, endpoint.name, stratifier) else { continue }
                rows.append([
                    .init(arm.name), .init(Rounding.text(gap.gap, decimals: 1)), .init(gap.largest, style: "text"),
                    .init(gap.smallest, style: "text"), .init(Rounding.p(gap.interactionP)),
                ])
            }
        }
        let table = HTMLTable(
            head: ["Arm", "Gap" + Words.unit(endpoint.levelUnit), "Largest in", "Smallest in", "p that all are alike"],
            rows: rows)
        return [.element("details", [:], [.element("summary", text: "Gaps between groups"), table.markup])]
    }
}

/// Groups one below the other, in each one dot with its interval for every arm.
struct DotPlot {
    struct Group {
        var name: String
        var note: String
        /// One for each arm.
        var estimates: [EstimateFindings?]
        var labels: [String]
        /// Why there are no numbers.
        var reason = ""
    }

    var identifier: String
    var title: String
    var summary: String
    var groups: [Group]
    var scale: LinearScale
    var axisLabel: String
    /// A number to mark across all groups.
    var origin: Double?

    private static let width = 400.0
    private static let left = 104.0
    private static let rowHeight = 11.0
    private static let gap = 12.0

    var figure: Figure {
        let arms = groups.map(\.estimates.count).max() ?? 0
        let groupHeight = Double(max(arms, 3)) * Self.rowHeight + Self.gap
        let frame = Frame(
            left: Self.left, top: 8, width: Self.width - Self.left - 10, height: Double(groups.count) * groupHeight)
        var scale = scale
        (scale.start, scale.end) = (frame.left, frame.right)
        var marks = Axis.bottom(scale, below: frame, label: axisLabel, hasGrid: true)
        if let origin, scale.contains(origin) {
            marks.append(.line(scale(origin), frame.top, scale(origin), frame.bottom, "origin"))
        }
        for (index, group) in groups.enumerated() {
            let top = frame.top + Double(index) * groupHeight
            if index > 0 { marks.append(.line(0, top, frame.right, top, "grid")) }
            marks += self.marks(of: group, top: top, height: groupHeight, scale, frame)
        }
        return Figure(
            identifier: identifier, title: title, summary: summary, width: Self.width, height: frame.bottom + 40,
            marks: marks)
    }

    private func marks(of group: Group, top: Double, height: Double, _ scale: LinearScale, _ frame: Frame) -> [Markup] {
        let middle = top + height / 2
        var marks: [Markup] = [
            .label(ForestRow.shortened(group.name), 0, middle - 1, "row-heading"),
            .label(group.note, 0, middle + 12, "row-note"),
        ]
        if group.estimates.allSatisfy({ $0?.value == nil }) {
            marks.append(
                .label(group.reason.isEmpty ? "no number" : group.reason, frame.left + 6, middle + 3, "row-note"))
        }
        for (index, estimate) in group.estimates.enumerated() {
            guard let estimate, let value = estimate.value, value.isFinite else { continue }
            let y = top + Self.gap / 2 + (Double(index) + 0.5) * (height - Self.gap) / Double(group.estimates.count)
            var parts: [Markup] = []
            if let lower = estimate.lower, let upper = estimate.upper {
                parts.append(.line(scale(lower), y, scale(upper), y, "interval \(PageStyle.arm(index))"))
            }
            parts.append(Marker.shape(index, scale(value), y, "mark \(PageStyle.arm(index))"))
            let decimals = Rounding.decimals(for: [estimate.halfWidth ?? 0])
            let words = "\(group.labels[index]), \(group.name): \(estimate.intervalText(decimals: decimals))"
            marks.append(Markup.element("g", [:], [.element("title", text: words)] + parts))
        }
        return marks
    }
}
