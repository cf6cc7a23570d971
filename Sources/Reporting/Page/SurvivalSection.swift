/// Kaplan–Meier curves by arm: one panel for each time to event, with bands and numbers at risk.
extension HTMLReport {
    var survivalSection: Markup? {
        guard let curves, !curves.events.isEmpty, curves.days.count > 1 else { return nil }
        let panels = curves.events.indices.map { event in
            IncidencePlot(
                identifier: "survival-\(event)",
                title: Words.sentence(
                    Words.spaced(findings.endpoint(curves.events[event])?.title ?? curves.events[event])),
                curves: curves, event: event, styles: curves.arms.map { position(ofArm: $0) }
            ).figure.panel
        }
        return section(
            "survival", "Time to event",
            "Kaplan–Meier curves, drawn as the percent of patients that has had the event so that every axis starts at zero. "
                + "Bands reach 1.96 Greenwood standard errors to both sides; below each plot, the patients at risk.",
            [legend, .element("div", ["class": "panels"], panels)] + hazardTable + timeContrastTable)
    }

    /// Hazard ratios and log-rank tests, for all patients.
    private var hazardTable: [Markup] {
        guard let reference = findings.referenceArm, let everyone = findings.groups.first,
            !findings.hazardRatios.isEmpty
        else { return [] }
        let events = findings.endpoints.filter(\.isTimeToEvent).map(\.name)
        let rows = findings.arms.map(\.name).filter { $0 != reference }.map { arm in
            [HTMLTable.Cell(arm)]
                + events.flatMap { event -> [HTMLTable.Cell] in
                    let cell = findings.hazardRatio(arm, event, everyone.label)
                    let p = HTMLTable.Cell(Rounding.p(findings.logRank(arm, event)?.p))
                    guard let cell, cell.estimate.value != nil else {
                        return [HTMLTable.Cell(cell?.reason ?? "–", style: "wrap"), p]
                    }
                    return [HTMLTable.Cell(cell.estimate.intervalText(decimals: 2)), p]
                }
        }
        let table = HTMLTable(
            caption: "Hazard ratio against arm '\(reference)' (Cox, 95 % interval) and log-rank p",
            head: ["Arm"]
                + events.flatMap { [Words.sentence(Words.spaced(findings.endpoint($0)?.title ?? $0)), "p"] }, rows: rows
        )
        return [table.markup]
    }
}

extension HTMLReport {
    /// Time gained against the reference arm, for all patients.
    private var timeContrastTable: [Markup] {
        guard let reference = findings.referenceArm else { return [] }
        let shown = findings.timeContrasts.filter { $0.arm != reference && $0.restrictedMean.value != nil }
        guard !shown.isEmpty else { return [] }
        let decimals = Rounding.decimals(for: shown.compactMap(\.restrictedMean.halfWidth))
        var rows: [[HTMLTable.Cell]] = []
        var event = ""
        for cell in shown {
            if cell.endpoint != event {
                event = cell.endpoint
                rows.append([.init(Words.sentence(Words.spaced(findings.endpoint(event)?.title ?? event)))])
            }
            rows.append([
                .init(cell.arm), .init(cell.horizon.map { Rounding.text($0, decimals: 0) } ?? "–"),
                .init(cell.restrictedMean.intervalText(decimals: decimals)),
                .init(cell.milestone.inPercent.intervalText(decimals: 1)),
            ])
        }
        let table = HTMLTable(
            caption: "Time without the event, difference from arm '\(reference)' (95 % interval)",
            head: ["Arm", "Until day", "Mean days without (restricted mean)", "Points without, by then"], rows: rows)
        return [table.markup]
    }
}

/// The curves of one event.
struct IncidencePlot {
    var identifier: String
    var title: String
    var curves: SurvivalCurves
    var event: Int
    /// The position of each arm among all, which decides its colour and shape.
    var styles: [Int]

    private static let width = 400.0
    private static let rowHeight = 14.0

    var figure: Figure {
        let days = Array(curves.days.prefix(max(2, curves.knownDays(event: event))))
        let arms = curves.arms.indices.map { curves.incidence(event: event, arm: $0) }
        let frame = Frame(left: 112, top: 24, width: Self.width - 128, height: 190)
        let highest = arms.flatMap { $0.value + $0.upper }.filter(\.isFinite).max() ?? 1
        let y = LinearScale(around: [0, max(highest, 0.1)], start: frame.bottom, end: frame.top)
        let x = LinearScale(domain: (days.first ?? 0)...(days.last ?? 1), start: frame.left, end: frame.right)
        var marks = Axis.left(y, of: frame, label: "% with the event")
        marks += Axis.bottom(x, below: frame, label: "day", ticks: 6)
        for (arm, style) in zip(arms, styles) {
            let band = Curves.band(days, arm.lower, arm.upper, x, y)
            if !band.isEmpty { marks.append(.path(band, "band \(PageStyle.arm(style))")) }
        }
        for (index, arm) in arms.enumerated() {
            let style = styles[index]
            guard let last = days.indices.last(where: { arm.value[$0].isFinite }) else { continue }
            marks.append(
                Markup.path(Curves.steps(days, arm.value, x, y), "curve \(PageStyle.arm(style))")
                    .explained("\(curves.arms[index]): \(Rounding.text(arm.value[last], decimals: 1)) % by the end"))
            marks.append(
                Marker.shape(style, x(days[last]), y(arm.value[last]), radius: 3, "mark \(PageStyle.arm(style))"))
        }
        marks += atRisk(x, top: frame.bottom + 46)
        return Figure(
            identifier: identifier, title: title, summary: summary(arms.map(\.value), until: days.last ?? 0),
            width: Self.width, height: frame.bottom + 56 + Double(curves.arms.count) * Self.rowHeight, marks: marks)
    }

    private func atRisk(_ x: LinearScale, top: Double) -> [Markup] {
        let days = x.ticks(6).values.compactMap { day in curves.days.firstIndex(of: day) }
        var marks: [Markup] = [.label("At risk", 0, top, "head")]
        for arm in curves.arms.indices {
            let y = top + Double(arm + 1) * Self.rowHeight
            marks.append(Marker.shape(styles[arm], 5, y - 3.5, radius: 3, "mark \(PageStyle.arm(styles[arm]))"))
            marks.append(.label(ForestRow.shortened(curves.arms[arm], to: 13), 13, y, "number"))
            for day in days {
                let count = curves.atRisk(event: event, arm: arm, day: day).map { "\($0)" } ?? "–"
                marks.append(.label(count, x(curves.days[day]), y, anchor: .middle, "number"))
            }
        }
        return marks
    }

    private func summary(_ values: [[Double]], until day: Double) -> String {
        let ends = zip(curves.arms, values).map { arm, values in
            "\(arm) \(Rounding.text(values.last { $0.isFinite }, decimals: 1)) %"
        }
        return
            "Percent of patients with the event over \(Rounding.plain(day)) days by arm. At the end: "
            + ends.joined(separator: ", ") + "."
    }
}
