/// One level of a hierarchy of outcomes by which two patients are compared, the most important first.
public struct WinOutcome: Sendable {
    /// The name that messages use.
    public let name: String

    /// How a patient's outcome is read.
    enum Kind: Sendable {
        case time(SurvivalData)
        case value([Double], largerIsBetter: Bool, margin: Double)
    }
    let kind: Kind

    /// The time to an event that is better late or never, such as death or the first hospital stay.
    ///
    /// A patient wins against another whose event came while the first was still under observation without one: the
    /// other has the event at t, and the first an event or censoring after t, or censoring at t itself. Both with the event
    /// at the same time, or the later one's time unknown, is a tie.
    ///
    /// - Parameter data: n patients of both groups, without delayed entry.
    public static func time(_ name: String, _ data: SurvivalData) -> WinOutcome {
        WinOutcome(name: name, kind: .time(data))
    }

    /// A measured value, such as a score or a number of events; a patient wins by more than the margin.
    ///
    /// - Parameters:
    ///   - values: n finite values of the patients of both groups.
    ///   - margin: ≥ 0; a difference up to it is a tie.
    public static func value(
        _ name: String, _ values: [Double], largerIsBetter: Bool = true, margin: Double = 0
    ) -> WinOutcome {
        WinOutcome(name: name, kind: .value(values, largerIsBetter: largerIsBetter, margin: margin))
    }

    func problems(rows: Int) -> [InvalidInput.Problem] {
        switch kind {
        case .time(let data):
            if data.count != rows { return [.length(name, found: data.count, rows: rows)] }
            return data.entries == nil
                ? [] : [.init(column: name, found: "delayed entry", allowed: "no entry times for a win ratio")]
        case .value(let values, _, let margin):
            let column = InvalidInput.Problem.inColumn(name, values, rows: rows)
            return margin.isFinite && margin >= 0
                ? column
                : column + [
                    .init(column: "\(name), margin", found: "\(margin)", allowed: "a finite number ≥ 0")
                ]
        }
    }
}

/// An outcome as two ranks for each patient: i wins against j when j's losing rank is below i's winning rank.
struct WinRanks {
    /// The rank of a patient who cannot lose on this outcome.
    static let never = Int.max

    let winning: [Int]
    let losing: [Int]

    init(_ outcome: WinOutcome) {
        switch outcome.kind {
        case .time(let data):
            // Twice the rank of the time, and one more for a censoring: it is after an event of the same time.
            var winning = [Int](repeating: 0, count: data.count)
            var losing = [Int](repeating: Self.never, count: data.count)
            var rank = -2
            var last: Double?
            for row in data.order {
                if data.times[row] != last { rank += 2 }
                last = data.times[row]
                winning[row] = rank + (data.events[row] ? 0 : 1)
                if data.events[row] { losing[row] = rank }
            }
            self.winning = winning
            self.losing = losing
        case .value(let values, let largerIsBetter, let margin):
            let signed = largerIsBetter ? values : values.map { -$0 }
            let bounds = signed.map { $0 + margin }
            let all = signed + bounds
            var ranks = [Int](repeating: 0, count: all.count)
            var rank = -1
            var last: Double?
            for index in all.indices.sorted(by: { all[$0] != all[$1] ? all[$0] < all[$1] : $0 < $1 }) {
                if all[index] != last { rank += 1 }
                last = all[index]
                ranks[index] = rank
            }
            winning = Array(ranks[..<values.count])
            losing = Array(ranks[values.count...])
        }
    }
}
