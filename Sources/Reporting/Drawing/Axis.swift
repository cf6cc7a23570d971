/// The axes of a plot: a thin line, round numbers, and pale lines across where they help to read.
enum Axis {
    /// The horizontal axis below a frame.
    static func bottom(
        _ scale: LinearScale, below frame: Frame, label: String, ticks count: Int = 5, hasGrid: Bool = false
    ) -> [Markup] {
        let (values, decimals) = scale.ticks(count)
        var marks: [Markup] = []
        for value in values {
            let x = scale(value)
            if hasGrid { marks.append(.line(x, frame.top, x, frame.bottom, "grid")) }
            marks.append(.line(x, frame.bottom, x, frame.bottom + 4, "axis"))
            marks.append(.label(minus(value, decimals), x, frame.bottom + 16, anchor: .middle, "tick"))
        }
        marks.append(.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis"))
        if !label.isEmpty {
            marks.append(
                .label(label, (frame.left + frame.right) / 2, frame.bottom + 31, anchor: .middle, "axis-label"))
        }
        return marks
    }

    /// The vertical axis at the left of a frame, with lines across; its label stands above, where it reads without
    /// turning the head.
    static func left(_ scale: LinearScale, of frame: Frame, label: String, ticks count: Int = 5) -> [Markup] {
        let (values, decimals) = scale.ticks(count)
        var marks: [Markup] = []
        for value in values {
            let y = scale(value)
            marks.append(.line(frame.left, y, frame.right, y, "grid"))
            marks.append(.label(minus(value, decimals), frame.left - 6, y + 3.5, anchor: .end, "tick"))
        }
        if !label.isEmpty { marks.append(.label(label, frame.left, frame.top - 9, "axis-label")) }
        return marks
    }

    /// The number with a true minus sign.
    static func minus(_ number: Double, _ decimals: Int) -> String {
        Rounding.text(number, decimals: decimals).replacing("-", with: "−")
    }
}
