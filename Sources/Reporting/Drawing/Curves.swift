/// Lines and bands over an axis.
enum Curves {
    /// A step line: each value holds until the next position, as a Kaplan–Meier curve does.
    static func steps(_ x: [Double], _ y: [Double], _ xScale: LinearScale, _ yScale: LinearScale) -> String {
        let points = corners(x, y)
        guard let first = points.first else { return "" }
        var data = "M\(Coordinate.text(xScale(first.x))) \(Coordinate.text(yScale(first.y)))"
        for point in points.dropFirst() {
            data += "H\(Coordinate.text(xScale(point.x)))V\(Coordinate.text(yScale(point.y)))"
        }
        return data
    }

    /// The area between two step lines over the same positions.
    static func band(
        _ x: [Double], _ lower: [Double], _ upper: [Double], _ xScale: LinearScale, _ yScale: LinearScale
    ) -> String {
        let known = x.indices.filter { lower[$0].isFinite && upper[$0].isFinite }
        let kept = known.map { x[$0] }
        let top = steps(kept, known.map { upper[$0] }, xScale, yScale)
        guard !top.isEmpty else { return "" }
        // The lower edge runs backwards: at each corner first along, then to the height that held before it.
        let bottom = corners(kept, known.map { lower[$0] })
        var data = top
        var height = bottom[bottom.count - 1].y
        data += "V\(Coordinate.text(yScale(height)))"
        for index in bottom.indices.dropFirst().reversed() {
            height = bottom[index - 1].y
            data += "H\(Coordinate.text(xScale(bottom[index].x)))V\(Coordinate.text(yScale(height)))"
        }
        return data + "H\(Coordinate.text(xScale(bottom[0].x)))Z"
    }

    /// The points at which a step line turns, and its end; unknown values are passed over.
    private static func corners(_ x: [Double], _ y: [Double]) -> [(x: Double, y: Double)] {
        var corners: [(x: Double, y: Double)] = []
        for index in x.indices where y[index].isFinite {
            let isLast = index == x.indices.last
            if corners.last?.y == y[index], !isLast { continue }
            corners.append((x[index], y[index]))
        }
        return corners
    }

    /// A straight line through points.
    static func line(_ points: [(x: Double, y: Double)]) -> String {
        points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(Coordinate.text(point.x)) \(Coordinate.text(point.y))"
        }.joined()
    }
}
