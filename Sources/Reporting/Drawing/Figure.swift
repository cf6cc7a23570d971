/// An SVG drawing in units that are pixels at its natural size, with the title and description that a screen reader says.
struct Figure {
    var identifier: String
    var title: String
    var summary: String
    var width: Double
    var height: Double
    var marks: [Markup]

    /// The drawing, which takes the width it is given and keeps its shape.
    var markup: Markup {
        .element(
            "svg",
            [
                "viewBox": "0 0 \(Coordinate.text(width)) \(Coordinate.text(height))", "role": "img",
                "aria-labelledby": "\(identifier)-title \(identifier)-desc",
            ],
            [
                .element("title", ["id": "\(identifier)-title"], text: title),
                .element("desc", ["id": "\(identifier)-desc"], text: summary),
            ] + marks)
    }

    /// The drawing with its title above, as one cell of a row of panels.
    var panel: Markup {
        .element("figure", ["class": "panel"], [.element("figcaption", text: title), markup])
    }
}

/// Where something stands in a drawing.
struct Frame {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
}

/// Coordinates as text: two decimals, which is finer than any screen.
enum Coordinate {
    static func text(_ number: Double) -> String {
        let hundredths = (number * 100).rounded()
        guard hundredths.isFinite, abs(hundredths) < 1e12 else { return "0" }
        let whole = Int(hundredths)
        let (quotient, remainder) = (abs(whole) / 100, abs(whole) % 100)
        let sign = whole < 0 ? "-" : ""
        if remainder == 0 { return "\(sign)\(quotient)" }
        let decimals = remainder % 10 == 0 ? "\(remainder / 10)" : (remainder < 10 ? "0\(remainder)" : "\(remainder)")
        return "\(sign)\(quotient).\(decimals)"
    }
}

extension Markup {
    /// A line between two points.
    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> Markup {
        .element(
            "line",
            [
                "class": style, "x1": Coordinate.text(x1), "y1": Coordinate.text(y1), "x2": Coordinate.text(x2),
                "y2": Coordinate.text(y2),
            ])
    }

    static func rectangle(_ frame: Frame, _ style: String) -> Markup {
        .element(
            "rect",
            [
                "class": style, "x": Coordinate.text(frame.left), "y": Coordinate.text(frame.top),
                "width": Coordinate.text(frame.width), "height": Coordinate.text(frame.height),
            ])
    }

    static func path(_ data: String, _ style: String) -> Markup { .element("path", ["class": style, "d": data]) }

    /// Text that starts, is centred or ends at a point on its baseline.
    static func label(
        _ text: String, _ x: Double, _ y: Double, anchor: TextAnchor = .start, _ style: String = "label"
    ) -> Markup {
        .element(
            "text",
            ["class": style, "x": Coordinate.text(x), "y": Coordinate.text(y), "text-anchor": anchor.rawValue],
            text: text)
    }

    /// What a pointer that rests on a mark is told.
    func explained(_ text: String) -> Markup {
        .element("g", [:], [.element("title", text: text), self])
    }
}

enum TextAnchor: String {
    case start, middle, end
}
