/// The shapes that tell arms apart without their colours.
enum Marker {
    /// A mark of about `radius` around a point, of the shape that belongs to a position in the list of arms.
    static func shape(_ index: Int, _ x: Double, _ y: Double, radius: Double = 3.6, _ style: String) -> Markup {
        switch index % 6 {
        case 0:
            .element(
                "circle",
                ["class": style, "cx": Coordinate.text(x), "cy": Coordinate.text(y), "r": Coordinate.text(radius)])
        case 1: square(x, y, radius: radius * 0.9, style)
        case 2: polygon([(0, -1.25), (1.15, 0.85), (-1.15, 0.85)], x, y, radius, style)
        case 3: diamond(x, y, width: radius * 1.3, height: radius * 1.3, style)
        case 4: polygon([(0, 1.25), (1.15, -0.85), (-1.15, -0.85)], x, y, radius, style)
        default:
            polygon(
                [
                    (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2),
                    (-0.4, 1.2),
                    (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
                ], x, y, radius, style)
        }
    }

    static func square(_ x: Double, _ y: Double, radius: Double, _ style: String) -> Markup {
        .rectangle(Frame(left: x - radius, top: y - radius, width: 2 * radius, height: 2 * radius), style)
    }

    static func diamond(_ x: Double, _ y: Double, width: Double, height: Double, _ style: String) -> Markup {
        let points = [(x - width, y), (x, y - height), (x + width, y), (x, y + height)]
        return .element("polygon", ["class": style, "points": text(points)])
    }

    private static func polygon(
        _ corners: [(Double, Double)], _ x: Double, _ y: Double, _ radius: Double, _ style: String
    ) -> Markup {
        .element("polygon", ["class": style, "points": text(corners.map { (x + $0.0 * radius, y + $0.1 * radius) })])
    }

    private static func text(_ points: [(Double, Double)]) -> String {
        points.map { "\(Coordinate.text($0.0)),\(Coordinate.text($0.1))" }.joined(separator: " ")
    }
}
