/// Local linear regression with tricube weights over the nearest neighbours, at the points themselves.
///
/// The fit is computed at no more than ``nodes`` places and is linear between them, so that the cost is
/// O(n log n + nodes·n) and not n². Source: Cleveland 1979, J Am Stat Assoc 74:829.
enum LocalLinear {
    /// Quantiles of x at which the fit is computed when there are more different values than this.
    static let nodes = 200

    static func smooth(_ x: [Double], _ y: [Double], span: Double) -> Estimated<[Double]> {
        let order = x.indices.sorted { x[$0] != x[$1] ? x[$0] < x[$1] : $0 < $1 }
        let sortedX = order.map { x[$0] }
        let sortedY = order.map { y[$0] }
        guard let low = sortedX.first, let high = sortedX.last, low < high else {
            return .undefined(.init(code: "few-risks", reason: "all predicted risks are alike: there is no curve"))
        }
        let neighbours = min(x.count, max(2, Int((span * Double(x.count)).rounded(.up))))
        let places = places(sortedX)
        let fits = places.map { fit(sortedX, sortedY, at: $0, neighbours: neighbours) }
        return .value(
            x.map { value in
                let after = places.partitioningIndex { $0 >= value }
                guard after > 0, after < places.count else { return fits[min(after, places.count - 1)] }
                let share = (value - places[after - 1]) / (places[after] - places[after - 1])
                return fits[after - 1] + share * (fits[after] - fits[after - 1])
            })
    }

    private static func places(_ sorted: [Double]) -> [Double] {
        var distinct: [Double] = []
        for value in sorted where distinct.last.map({ $0 < value }) ?? true { distinct.append(value) }
        guard distinct.count > nodes else { return distinct }
        var places: [Double] = []
        for node in 0..<nodes {
            let value = RiskGroups.quantile(sorted, Double(node) / Double(nodes - 1))
            if places.last.map({ $0 < value }) ?? true { places.append(value) }
        }
        return places
    }

    private static func fit(_ x: [Double], _ y: [Double], at place: Double, neighbours: Int) -> Double {
        var first = max(0, min(x.count - neighbours, x.partitioningIndex { $0 >= place } - neighbours / 2))
        while first > 0, place - x[first - 1] < x[first + neighbours - 1] - place { first -= 1 }
        while first + neighbours < x.count, x[first + neighbours] - place < place - x[first] { first += 1 }
        let reach = max(place - x[first], x[first + neighbours - 1] - place)
        var (w, wx, wxx, wy, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for index in first..<(first + neighbours) {
            let distance = x[index] - place
            let share = reach > 0 ? abs(distance) / reach : 0
            let tail = 1 - share * share * share
            let weight = reach > 0 ? tail * tail * tail : 1
            w += weight
            wx += weight * distance
            wxx += weight * distance * distance
            wy += weight * y[index]
            wxy += weight * distance * y[index]
        }
        // All neighbours at the full distance, where the weight is 0: they count alike.
        guard w > 0 else { return y[first..<(first + neighbours)].reduce(0, +) / Double(neighbours) }
        let determinant = w * wxx - wx * wx
        // Neighbours at one place only have a mean and no slope.
        return determinant > 1e-12 * w * wxx ? (wxx * wy - wx * wxy) / determinant : wy / w
    }
}
