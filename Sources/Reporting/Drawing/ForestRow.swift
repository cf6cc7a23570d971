/// A row of a forest plot: a name, counts, an interval with its estimate, and the numbers.
struct ForestRow {
    /// What stands at the left, and under its own heading if there is one.
    var name: String
    /// Texts between the name and the plot, such as the number of patients.
    var counts: [String] = []
    var estimate: EstimateFindings?
    /// The estimate as text, or why there is none.
    var text: String
    /// From 0 to 1: the size of the square, such as the root of the share of patients.
    var weight = 1.0
    /// Whether it is the row of all patients, drawn as a diamond.
    var isOverall = false
    /// A heading has no estimate and no counts.
    var isHeading = false

    static let height = 18.0

    /// The row's marks.
    /// - Parameters:
    ///   - y: the middle of the row.
    ///   - columns: the right ends of the counts.
    ///   - style: the class that colours the marks.
    func marks(_ scale: LinearScale, y: Double, columns: [Double], textEnd: Double, style: String) -> [Markup] {
        let baseline = y + 3.5
        if isHeading {
            return [
                .label(name, 0, baseline, "row-heading"), .label(text, textEnd, baseline, anchor: .end, "row-note"),
            ]
        }
        var marks: [Markup] = [
            .label(Self.shortened(name), isOverall ? 0 : 8, baseline, isOverall ? "row-heading" : "label")
        ]
        for (count, end) in zip(counts, columns) { marks.append(.label(count, end, baseline, anchor: .end, "number")) }
        marks.append(.label(text, textEnd, baseline, anchor: .end, estimate?.value == nil ? "row-note" : "number"))
        guard let estimate, let value = estimate.value, value.isFinite else { return marks }
        if let lower = estimate.lower, let upper = estimate.upper {
            marks.append(.line(scale(lower), y, scale(upper), y, "interval \(style)"))
        }
        let mark: Markup =
            isOverall
            ? Marker.diamond(scale(value), y, width: 6, height: 5, "mark \(style)")
            : Marker.square(scale(value), y, radius: 1.8 + 2.7 * min(1, max(0, weight)), "mark \(style)")
        marks.append(mark.explained("\(name): \(text)"))
        return marks
    }

    /// Names longer than their column end in an ellipsis.
    static func shortened(_ name: String, to length: Int = 17) -> String {
        name.count > length ? name.prefix(length - 1) + "…" : name
    }
}

/// A forest plot: rows that share an axis.
struct ForestPlot {
    var identifier: String
    var title: String
    var summary: String
    /// Heads of the counts.
    var countHeads: [String]
    var rows: [ForestRow]
    var scale: LinearScale
    var axisLabel: String
    var style: String
    /// The number of no effect.
    var origin: Double? = 0

    static let width = 440.0
    private static let nameWidth = 96.0
    private static let textWidth = 122.0

    /// The right ends of the counts, each as wide as its longest text.
    private var countEnds: [Double] {
        var end = Self.nameWidth
        return countHeads.indices.map { column in
            let texts = rows.compactMap { $0.counts.indices.contains(column) ? $0.counts[column] : nil }
            let longest = ([countHeads[column]] + texts).map(\.count).max() ?? 0
            end += max(30, 6.4 * Double(longest)) + 8
            return end
        }
    }

    var figure: Figure {
        let columns = countEnds
        let (start, end) = ((columns.last ?? Self.nameWidth) + 10, Self.width - Self.textWidth - 10)
        let top = 24.0
        let frame = Frame(left: start, top: top, width: end - start, height: Double(rows.count) * ForestRow.height)
        var scale = scale
        (scale.start, scale.end) = (start, end)
        var marks: [Markup] = zip(countHeads, columns).map { .label($0, $1, 14, anchor: .end, "head") }
        marks.append(.label("effect (95 %)", Self.width, 14, anchor: .end, "head"))
        marks += Axis.bottom(scale, below: frame, label: axisLabel, ticks: 4, hasGrid: true)
        if let origin, scale.contains(origin) {
            marks.append(.line(scale(origin), frame.top, scale(origin), frame.bottom, "origin"))
        }
        for (index, row) in rows.enumerated() {
            let y = top + (Double(index) + 0.5) * ForestRow.height
            marks += row.marks(scale, y: y, columns: columns, textEnd: Self.width, style: style)
        }
        return Figure(
            identifier: identifier, title: title, summary: summary, width: Self.width, height: frame.bottom + 40,
            marks: marks)
    }
}
