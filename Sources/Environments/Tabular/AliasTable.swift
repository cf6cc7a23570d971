/// Choice among the outcomes of many rows, each by one draw and in constant time (Walker 1977; Vose 1991).
///
/// A row's uniform number u picks the place ⌊n u⌋; its fraction decides between that place and the one it shares with.
struct AliasTable: Sendable {
    let rowStart: [Int32]
    let places: [Place]

    /// A place: the share of it that is its own, and the place that has the rest, counted from the start of the row.
    struct Place: Sendable {
        var own: Double
        var other: Int32
    }

    /// - Parameter weights: at least 0; each row has a positive sum, or is empty and never drawn from.
    init(rowStart: [Int32], weights: [Double]) {
        var result = [Place](repeating: Place(own: 1, other: 0), count: weights.count)
        for row in 0..<max(0, rowStart.count - 1) {
            let places = Int(rowStart[row])..<Int(rowStart[row + 1])
            let sum = weights[places].reduce(0, +)
            guard sum > 0 else { continue }
            var scaled = weights[places].map { $0 / sum * Double(places.count) }
            var small = scaled.indices.filter { scaled[$0] < 1 }
            var large = scaled.indices.filter { scaled[$0] >= 1 }
            while let poor = small.popLast(), let rich = large.popLast() {
                result[places.lowerBound + poor] = Place(own: scaled[poor], other: Int32(rich))
                scaled[rich] -= 1 - scaled[poor]
                if scaled[rich] < 1 { small.append(rich) } else { large.append(rich) }
            }
        }
        self.rowStart = rowStart
        places = result
    }
}
