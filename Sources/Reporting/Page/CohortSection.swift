/// From the records to the virtual patients.
extension HTMLReport {
    var cohortSection: Markup? {
        guard let cohort = findings.cohort, let screened = cohort.screened, let eligible = cohort.eligible else {
            return nil
        }
        let isDrawn = cohort.isFromRecords
        var steps: [(String, String)] = [("\(screened)", isDrawn ? "records screened" : "virtual patients screened")]
        steps.append(("\(eligible)", "eligible"))
        steps.append(("\(cohort.patients)", "virtual patients" + (isDrawn ? ", drawn with replacement" : "")))
        let arms = findings.arms.count
        if arms > 0 { steps.append(("\(arms)", "arms, every patient in each")) }
        let figure = FlowChart(
            steps: steps,
            exits: cohort.criteria.map { criterion in
                let unknown = criterion.unknown > 0 ? " (\(criterion.unknown) unknown)" : ""
                return ("\(criterion.excluded)", "fails '\(criterion.name)'\(unknown)")
            }
        ).figure
        return section(
            "cohort", "Who takes part",
            "How many records were screened, why some were left out, and who was made from the rest.",
            [.element("div", ["class": "panels wide"], [figure.panel])])
    }
}

/// Boxes from top to bottom; what leaves between the first and the second stands at the right.
struct FlowChart {
    /// A number and what it counts.
    var steps: [(String, String)]
    var exits: [(String, String)]

    private static let width = 520.0
    private static let boxWidth = 230.0
    private static let boxHeight = 44.0
    private static let exitHeight = 22.0
    private static let gap = 26.0

    var figure: Figure {
        var marks: [Markup] = []
        var y = 4.0
        let middle = Self.boxWidth / 2
        for (index, step) in steps.enumerated() {
            marks.append(
                .rectangle(Frame(left: 1, top: y, width: Self.boxWidth, height: Self.boxHeight), "box"))
            marks.append(.label(step.0, middle, y + 18, anchor: .middle, "row-heading"))
            marks.append(.label(step.1, middle, y + 34, anchor: .middle, "head"))
            y += Self.boxHeight
            guard index < steps.count - 1 else { break }
            let leaving = index == 0 ? exits : []
            let length = max(Self.gap, Double(leaving.count) * Self.exitHeight + 8)
            for (row, exit) in leaving.enumerated() {
                let line = y + 8 + (Double(row) + 0.5) * Self.exitHeight - 4
                marks.append(arrow(middle, line, Self.boxWidth + 12, line))
                marks.append(.label(exit.0, Self.boxWidth + 46, line + 4, anchor: .end, "row-heading"))
                marks.append(
                    .label(ForestRow.shortened(exit.1, to: 46), Self.boxWidth + 52, line + 4, "head")
                        .explained(exit.1))
            }
            marks.append(arrow(middle, y, middle, y + length - 1))
            y += length
        }
        let words = steps.map { "\($0.0) \($0.1)" } + exits.map { "\($0.0) excluded: \($0.1)" }
        return Figure(
            identifier: "flow", title: "Flow of the cohort", summary: words.joined(separator: "; ") + ".",
            width: Self.width,
            height: y + 6, marks: marks)
    }

    /// A line with a small head, across or down.
    private func arrow(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Markup {
        let head =
            y1 == y2
            ? [(x2 - 5, y2 - 3), (x2, y2), (x2 - 5, y2 + 3)] : [(x2 - 3, y2 - 5), (x2, y2), (x2 + 3, y2 - 5)]
        let line = Curves.line([(x1, y1), (x2, y2)]) + Curves.line(head.map { (x: $0.0, y: $0.1) })
        return .path(line, "arrow")
    }
}
