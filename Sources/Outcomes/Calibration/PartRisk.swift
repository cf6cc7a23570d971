/// A number with each patient's influence on it: influences are divided by n, sum to 0, and their squares to a variance.
struct InfluencedValue {
    let value: Double
    let influences: [Double]

    func scaled(by factor: Double) -> InfluencedValue {
        InfluencedValue(value: factor * value, influences: influences.map { factor * $0 })
    }

    /// The ratio, by the delta method.
    func divided(by other: InfluencedValue) -> InfluencedValue {
        let ratio = value / other.value
        return InfluencedValue(
            value: ratio,
            influences: zip(influences, other.influences).map { ($0 - ratio * $1) / other.value })
    }

    static func + (a: InfluencedValue, b: InfluencedValue) -> InfluencedValue {
        InfluencedValue(value: a.value + b.value, influences: zip(a.influences, b.influences).map { $0 + $1 })
    }

    static func - (a: InfluencedValue, b: InfluencedValue) -> InfluencedValue { a + b.scaled(by: -1) }

    func estimate(level: ConfidenceLevel) -> Estimate {
        var squares = 0.0
        for influence in influences { squares += influence * influence }
        return Estimate(
            value: value, standardError: squares > 0 ? .value(squares.squareRoot()) : .undefined(.oneInfluence),
            scale: .identity, level: level)
    }
}

/// The share q of all patients who are in a part of them, and how many of these have the event by the horizon: q·F and
/// q·(1 − F), with the influence of each patient of the whole.
struct PartRisk {
    let count: Int
    private let total: Int
    private let rows: [Int]
    private let risk: HorizonRisk

    /// - Parameter rows: the part, in the order of `data.order`.
    init(_ data: SurvivalData, competing: [Bool]?, rows: [Int], horizon: Double) {
        count = rows.count
        total = data.count
        self.rows = rows
        risk = HorizonRisk(data, competing: competing, rows: rows, horizon: horizon)
    }

    /// events·q·F + others·q·(1 − F); 0 for an empty part.
    func combined(events: Double, others: Double) -> Estimated<InfluencedValue> {
        guard count > 0 else {
            return .value(InfluencedValue(value: 0, influences: [Double](repeating: 0, count: total)))
        }
        let share = Double(count) / Double(total)
        return risk.value.map { risk in
            let inside = events * risk + others * (1 - risk)
            let value = share * inside
            var influences = [Double](repeating: -value / Double(total), count: total)
            for (position, row) in rows.enumerated() {
                influences[row] += inside / Double(total) + share * (events - others) * self.risk.influences[position]
            }
            return InfluencedValue(value: value, influences: influences)
        }
    }
}
