/// What real trials found, beside what came out here.
extension HTMLReport {
    var publishedSection: Markup? {
        let rows = findings.published
        guard !rows.isEmpty else { return nil }
        let decimals = Rounding.decimals(for: rows.flatMap { [$0.published, $0.simulated] }.compactMap(\.halfWidth))
        let table = HTMLTable(
            head: ["Difference", "Published (95 %)", "Simulated (95 %)", "Verdict", "Source"],
            rows: rows.map { row in
                [
                    .init(name(row)), .init(row.published.intervalText(decimals: decimals).replacing("-", with: "−")),
                    .init(row.simulated.intervalText(decimals: decimals).replacing("-", with: "−")),
                    .init(row.verdict, style: "text " + (row.signAgrees ? "agrees" : "differs")),
                    .init(row.source, style: "wrap"),
                ]
            })
        return section(
            "published", "Published against simulated",
            "What real trials found, and what the same comparison gives on twins here. An asterisk: the simulated interval "
                + "holds zero, so that its sign is not certain.",
            [
                .element("div", ["class": "panels wide"], [figure(rows).panel]), table.markup,
            ])
    }

    private func name(_ row: PublishedFindings) -> String {
        "\(row.contrast): \(findings.group(row.group)?.level ?? row.group)".replacing(" - ", with: " − ")
    }

    private func figure(_ rows: [PublishedFindings]) -> Figure {
        let frame = Frame(left: 10, top: 24, width: 500, height: Double(rows.count) * 52)
        let bounds = rows.flatMap { [$0.published, $0.simulated] }.flatMap { [$0.value, $0.lower, $0.upper] }.compactMap
        { $0 }
        let x = LinearScale(around: bounds + [0], start: frame.left, end: frame.right, ticks: 6)
        var marks: [Markup] = [
            Marker.diamond(16, 8, width: 5, height: 5, "hollow arm0"), .label("published", 27, 12, "head"),
            Marker.square(98, 8, radius: 4, "mark arm0"), .label("simulated", 108, 12, "head"),
        ]
        marks += Axis.bottom(x, below: frame, label: "difference", ticks: 6, hasGrid: true)
        if x.contains(0) { marks.append(.line(x(0), frame.top, x(0), frame.bottom, "origin")) }
        for (index, row) in rows.enumerated() {
            let y = frame.top + Double(index) * 52
            marks.append(.label(name(row), frame.left, y + 14, "row-heading"))
            marks.append(
                .label(row.verdict, frame.right, y + 14, anchor: .end, "row-note"))
            marks += interval(row.published, x, y + 26, isPublished: true)
            marks += interval(row.simulated, x, y + 40, isPublished: false)
        }
        return Figure(
            identifier: "published-figure", title: "Differences with 95 % intervals",
            summary: rows.map { "\(name($0)): \($0.verdict)" }.joined(separator: "; ") + ".", width: 520,
            height: frame.bottom + 38, marks: marks)
    }

    private func interval(_ estimate: EstimateFindings, _ x: LinearScale, _ y: Double, isPublished: Bool) -> [Markup] {
        guard let value = estimate.value, value.isFinite else { return [] }
        var marks: [Markup] = [
            .element(
                "title", text: "\(isPublished ? "published" : "simulated"): \(estimate.intervalText(decimals: 1))")
        ]
        if let lower = estimate.lower, let upper = estimate.upper {
            marks.append(.line(x(lower), y, x(upper), y, "interval arm0"))
        }
        marks.append(
            isPublished
                ? Marker.diamond(x(value), y, width: 5, height: 5, "hollow arm0")
                : Marker.square(x(value), y, radius: 4, "mark arm0"))
        return [.element("g", [:], marks)]
    }
}
