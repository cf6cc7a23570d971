/// Patients by ascending risk score, named by their positions in the time order of ``SurvivalData``.
struct ScoreRanking: Sendable {
    /// Positions by ascending score, equal scores by position.
    let positions: [Int32]
    /// The rank of the patient at each position among the different scores, from 0; equal scores share a rank.
    let ranks: [Int32]
    /// Where the patients of each rank begin in ``positions``, and the end after the last.
    let starts: [Int32]

    /// How many different scores there are.
    var rankCount: Int { starts.count - 1 }
    /// Whether two patients share a score.
    var hasTies: Bool { rankCount < positions.count }

    /// - Parameter risks: finite, in the order of `order`.
    init(_ data: SurvivalData, risk: [Double]) {
        let inTime = data.order.map { risk[$0] }
        let positions = ascendingOrder(inTime)
        var ranks = [Int32](repeating: 0, count: inTime.count)
        var starts = [Int32](repeating: 0, count: inTime.count + 1)
        var rankCount = 0
        starts.withUnsafeMutableBufferPointer { starts in
            ranks.withUnsafeMutableBufferPointer { ranks in
                var last = Double.nan
                for (place, position) in positions.enumerated() {
                    let score = inTime[Int(position)]
                    if score != last {
                        starts[rankCount] = Int32(place)
                        rankCount += 1
                    }
                    last = score
                    ranks[Int(position)] = Int32(rankCount - 1)
                }
                starts[rankCount] = Int32(inTime.count)
            }
        }
        starts.removeLast(inTime.count - rankCount)
        self.positions = positions
        self.ranks = ranks
        self.starts = starts
    }
}

/// What a larger score predicts.
public enum ScoreDirection: String, CaseIterable, Sendable {
    /// A larger score means a higher hazard and an earlier event, as a Cox model's linear predictor.
    case higherIsEarlier
    /// A larger score means a later event, as a predicted survival time.
    case higherIsLater

    /// Scores of which the larger always predict the earlier event.
    func risk(_ scores: [Double]) -> [Double] { self == .higherIsEarlier ? scores : scores.map { -$0 } }
}

/// The indices of finite numbers in ascending order, equal numbers by index: O(n), by the digits of their bits.
func ascendingOrder(_ values: [Double]) -> [Int32] {
    // As many digits as a Double has: fewer than this many numbers are sorted sooner by comparing them.
    guard values.count > 512 else {
        return values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }.map(Int32.init)
    }
    var from = values.indices.map { KeyedIndex(key: sortingKey(values[$0]), index: Int32($0)) }
    var to = from
    var counts = [Int32](repeating: 0, count: digitCount * digitSize)
    counts.withUnsafeMutableBufferPointer { counts in
        for element in from {
            for digit in 0..<digitCount { counts[digit * digitSize + digitValue(element.key, digit)] += 1 }
        }
        for digit in 0..<digitCount {
            let places = UnsafeMutableBufferPointer(rebasing: counts[digit * digitSize..<(digit + 1) * digitSize])
            // All numbers have this digit alike: nothing would move.
            if places[digitValue(from[0].key, digit)] == Int32(values.count) { continue }
            distribute(from, to: &to, by: digit, places)
            swap(&from, &to)
        }
    }
    return from.map(\.index)
}

private struct KeyedIndex {
    let key: UInt64
    let index: Int32
}

private let digitBits = 11
private let digitSize = 1 << digitBits
private let digitCount = 6

private func digitValue(_ key: UInt64, _ digit: Int) -> Int {
    Int(truncatingIfNeeded: key &>> UInt64(digit * digitBits)) & (digitSize - 1)
}

/// A whole number that is larger for a larger finite number, and the same for 0 and −0.
private func sortingKey(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
}

private func distribute(
    _ from: [KeyedIndex], to: inout [KeyedIndex], by digit: Int, _ places: UnsafeMutableBufferPointer<Int32>
) {
    var sum: Int32 = 0
    for value in places.indices {
        let count = places[value]
        places[value] = sum
        sum += count
    }
    to.withUnsafeMutableBufferPointer { to in
        for element in from {
            let value = digitValue(element.key, digit)
            to[Int(places[value])] = element
            places[value] += 1
        }
    }
}
