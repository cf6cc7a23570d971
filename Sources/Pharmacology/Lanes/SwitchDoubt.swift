import NumericsCore

/// Tells from the stages of an explicit step whether a comparison could have flipped there and back between them.
///
/// The difference of its sides is taken as a cubic through the start, two stages and the end; how far it misses two other
/// stages bounds what the cubic does not know.
final class SwitchDoubt {
    /// The stages through which the cubic goes, and those that it is held against, as numbers of looks.
    private let knots: [Int]
    private let checks: [Int]
    /// The cubic's weights at each check, then at each place of the grid: four numbers each, for start, knots and end.
    private let weights: UnsafeMutablePointer<Double>
    private static let places = 32
    private let count: Int
    /// `samples[look * count + switch]`
    private let samples: LanePointer
    private let looks: Int
    private let begun: LanePointer

    /// - Parameter nodes: the times of the looks as shares of the step, the last at its end.
    init?(_ nodes: [Double], switches: Int) {
        func nearest(_ share: Double) -> Int? {
            // The first stages are not accurate enough.
            nodes.indices.dropFirst(2).dropLast().min { abs(nodes[$0] - share) < abs(nodes[$1] - share) }
        }
        guard let first = nearest(1.0 / 3), let second = nearest(2.0 / 3), let third = nearest(0.15),
            let fourth = nearest(0.85), Set([first, second, third, fourth].map { nodes[$0] }).count == 4
        else { return nil }
        (knots, checks) = ([first, second], [third, fourth])
        let at = [0, nodes[first], nodes[second], 1]
        func weight(_ knot: Int, _ share: Double) -> Double {
            var product = 1.0
            for other in 0..<4 where other != knot { product *= (share - at[other]) / (at[knot] - at[other]) }
            return product
        }
        let shares = [nodes[third], nodes[fourth]] + (1...Self.places).map { Double($0) / Double(Self.places + 1) }
        weights = .allocate(capacity: 4 * shares.count)
        for (index, share) in shares.enumerated() {
            for knot in 0..<4 { weights[4 * index + knot] = weight(knot, share) }
        }
        looks = nodes.count
        count = switches
        samples = Lanes.allocate(looks * switches)
        begun = Lanes.allocate(switches)
    }

    deinit {
        weights.deallocate()
        samples.deallocate()
        begun.deallocate()
    }

    /// Takes note of a difference at a look.
    @inline(__always)
    func note(_ difference: Lane, _ index: Int, look: Int) {
        if look < looks { samples[look * count + index] = difference }
    }

    /// Takes note of a difference where the next step of some lanes starts.
    func begin(_ mask: LaneMask, _ difference: Lane, _ index: Int) {
        begun[index].replace(with: difference, where: mask)
    }

    /// The steps of some lanes are taken: the next ones start at their ends.
    func advance(_ mask: LaneMask) {
        for index in 0..<count { begun[index].replace(with: samples[(looks - 1) * count + index], where: mask) }
    }

    /// Where in the step a difference comes closest to the other side of 0, and whether it may be there.
    ///
    /// - Parameter sign: 1 where the side that holds is that above 0, and -1 below.
    func closest(_ index: Int, sign: Lane) -> (isDoubtful: LaneMask, share: Lane) {
        let values = (
            sign * begun[index], sign * samples[knots[0] * count + index], sign * samples[knots[1] * count + index],
            sign * samples[(looks - 1) * count + index]
        )
        func cubic(_ row: Int) -> Lane {
            let w = weights + 4 * row
            return Lane(repeating: w[0]) * values.0 + Lane(repeating: w[1]) * values.1 + Lane(repeating: w[2])
                * values.2
                + Lane(repeating: w[3]) * values.3
        }
        var miss = Lane(repeating: 0)
        for (row, check) in checks.enumerated() {
            miss = larger(magnitude(sign * samples[check * count + index] - cubic(row)), miss)
        }
        var least = Lane(repeating: .infinity)
        var share = Lane(repeating: 0)
        for place in 1...Self.places {
            let value = cubic(checks.count + place - 1)
            let isLess = value .< least
            least.replace(with: value, where: isLess)
            share.replace(with: Double(place) / Double(Self.places + 1), where: isLess)
        }
        return ((least - Lane(repeating: 2) * miss) .<= Lane(repeating: 0), share)
    }
}
