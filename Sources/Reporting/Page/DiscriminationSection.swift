/// How well the baseline score tells who will have the event: AUC(t) by arm, and Harrell's C by group.
extension HTMLReport {
    var discriminationSection: Markup? {
        guard let discrimination = findings.discrimination, !discrimination.arms.isEmpty else { return nil }
        var panels: [Markup] = []
        if !discrimination.days.isEmpty { panels.append(timePlot(discrimination).panel) }
        panels.append(summaryPlot(discrimination).figure.panel)
        if findings.stratifiers.first != nil { panels.append(groupPlot(discrimination).figure.panel) }
        let score = Words.spaced(discrimination.score)
        let event = Words.spaced(findings.endpoint(discrimination.endpoint)?.title ?? discrimination.endpoint)
        return section(
            "discrimination", "How well \(score) predicts \(event)",
            "Cumulative/dynamic AUC(t), weighted for censoring, of the score at baseline: the chance that a patient with the "
                + "event by day t has a higher score than one without. 0.5 is no better than a coin. With 95 % intervals.",
            [legend, .element("div", ["class": "panels"], panels)])
    }

    private func timePlot(_ discrimination: DiscriminationFindings) -> Figure {
        let frame = Frame(left: 40, top: 24, width: 350, height: 220)
        let bounds = discrimination.arms.flatMap { $0.auc.flatMap { [$0.value, $0.lower, $0.upper] } }.compactMap { $0 }
        let y = LinearScale(around: bounds + [0.5], start: frame.bottom, end: frame.top)
        // Days stand apart by their order, so that the intervals of the arms have room beside each other.
        let slot = frame.width / Double(discrimination.days.count)
        var marks = Axis.left(y, of: frame, label: "AUC(t)")
        marks.append(.line(frame.left, y(0.5), frame.right, y(0.5), "origin"))
        marks.append(.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis"))
        for (index, day) in discrimination.days.enumerated() {
            let middle = frame.left + (Double(index) + 0.5) * slot
            marks.append(.label("day \(Rounding.plain(day))", middle, frame.bottom + 16, anchor: .middle, "tick"))
            let step = min(10, slot * 0.8 / Double(discrimination.arms.count))
            for (position, arm) in discrimination.arms.enumerated() where arm.auc.indices.contains(index) {
                let x = middle + (Double(position) - Double(discrimination.arms.count - 1) / 2) * step
                marks += mark(
                    arm.auc[index], at: x, y, "\(arm.arm), day \(Rounding.plain(day))", self.position(ofArm: arm.arm))
            }
        }
        return Figure(
            identifier: "auc", title: "AUC(t)",
            summary: "AUC(t) of \(discrimination.score) by arm at \(discrimination.days.count) days.",
            width: 400, height: frame.bottom + 30, marks: marks)
    }

    private func mark(_ estimate: EstimateFindings, at x: Double, _ y: LinearScale, _ name: String, _ arm: Int)
        -> [Markup]
    {
        guard let value = estimate.value, value.isFinite else { return [] }
        var parts: [Markup] = [.element("title", text: "\(name): \(estimate.intervalText(decimals: 2))")]
        if let lower = estimate.lower, let upper = estimate.upper {
            parts.append(.line(x, y(lower), x, y(upper), "interval \(PageStyle.arm(arm))"))
        }
        parts.append(Marker.shape(arm, x, y(value), "mark \(PageStyle.arm(arm))"))
        return [.element("g", [:], parts)]
    }

    private func summaryPlot(_ discrimination: DiscriminationFindings) -> DotPlot {
        let names = discrimination.arms.map(\.arm)
        return plot(
            "auc-summary", "Over all days", "Integral of AUC(t) and Harrell's C by arm.",
            [
                DotPlot.Group(
                    name: "AUC(t), integral", note: "", estimates: discrimination.arms.map(\.integratedAUC.first),
                    labels: names),
                DotPlot.Group(
                    name: "Harrell's C", note: "", estimates: discrimination.arms.map(\.harrellC.first), labels: names),
            ])
    }

    private func groupPlot(_ discrimination: DiscriminationFindings) -> DotPlot {
        let stratifier = findings.stratifiers.first ?? ""
        let groups = findings.groups.enumerated().filter { $0.element.stratifier == stratifier }
        return plot(
            "auc-groups", "Harrell's C by \(Words.spaced(stratifier))", "Harrell's C by arm in each group.",
            groups.map { index, group in
                DotPlot.Group(
                    name: group.level, note: "",
                    estimates: discrimination.arms.map {
                        $0.harrellC.indices.contains(index) ? $0.harrellC[index] : nil
                    },
                    labels: discrimination.arms.map(\.arm), reason: "too few events")
            })
    }

    private func plot(_ identifier: String, _ title: String, _ summary: String, _ groups: [DotPlot.Group]) -> DotPlot {
        let bounds = groups.flatMap { $0.estimates.flatMap { [$0?.value, $0?.lower, $0?.upper] } }.compactMap { $0 }
        return DotPlot(
            identifier: identifier, title: title, summary: summary, groups: groups,
            scale: LinearScale(around: bounds.filter { $0 >= 0 && $0 <= 1 } + [0.5], start: 0, end: 1), axisLabel: "",
            origin: 0.5)
    }
}
