import NumericsCore

/// Points on their way to a ``PointsPolicy``: sums for each level, or one sum with thresholds.
///
/// Least squares on indicators of the bands, of the level's number or of each level, gives weights; they are rounded to whole
/// points on the scale that agrees most, and then moved by one point at a time as long as more visits are got right (as in
/// Ustun and Rudin 2019, without their certificate of being the best).
struct PointSystem {
    var start: [Int]
    /// `points[item][sum][band]`
    var points: [[[Int]]]
    /// Between neighbouring places in the visits' levels; nil where the greatest sum decides.
    var thresholds: [Int]?
    /// Visits that are got right.
    var agreed = 0.0

    /// The greatest points of a band before they are moved.
    private static let scales = [1, 2, 3, 5, 10]
    private static let passes = 20

    static func fitted(to visits: BandedVisits, isOrdered: Bool) -> PointSystem {
        var system = rounded(visits, isOrdered: isOrdered)
        system.climb(visits)
        system.settle()
        return system
    }

    /// Weights rounded on the best scale, the smallest of equals.
    static func rounded(_ visits: BandedVisits, isOrdered: Bool) -> PointSystem {
        let weights = Weights(visits, isOrdered: isOrdered)
        var best: PointSystem?
        for scale in scales {
            var system = weights.points(scale: Double(scale), isOrdered: isOrdered)
            system.judge(visits, system.sums(visits))
            if best.map({ system.agreed > $0.agreed }) ?? true { best = system }
        }
        return best ?? PointSystem(start: [0], points: [], thresholds: [])
    }

    // MARK: What a system gets right

    /// `[cell][sum]`
    private func sums(_ visits: BandedVisits) -> [[Int]] {
        visits.cells.map { cell in
            var sums = start
            for (item, band) in cell.enumerated() {
                for sum in sums.indices { sums[sum] += points[item][sum][Int(band)] }
            }
            return sums
        }
    }

    /// Counts what is got right, with the best thresholds.
    private mutating func judge(_ visits: BandedVisits, _ sums: [[Int]]) {
        guard thresholds == nil else {
            let best = Thresholds(visits.counts, sums.map { $0[0] }, levels: visits.levels.count)
            (thresholds, agreed) = (best.thresholds, best.agreed)
            return
        }
        agreed = 0
        for (own, counts) in zip(sums, visits.counts) {
            var best = 0
            for level in own.indices where own[level] > own[best] { best = level }
            agreed += counts[best]
        }
    }

    /// Moves points by one as long as that gets more visits right.
    private mutating func climb(_ visits: BandedVisits) {
        var sums = sums(visits)
        for _ in 0..<Self.passes {
            let before = agreed
            for item in points.indices {
                for sum in start.indices {
                    for band in points[item][sum].indices {
                        for step in [1, -1] { attempt(item, sum, band, step, visits, &sums) }
                    }
                }
            }
            if agreed == before { return }
        }
    }

    private mutating func attempt(
        _ item: Int, _ sum: Int, _ band: Int, _ step: Int, _ visits: BandedVisits, _ sums: inout [[Int]]
    ) {
        func move(_ step: Int) {
            for cell in sums.indices where Int(visits.cells[cell][item]) == band { sums[cell][sum] += step }
        }
        var moved = self
        moved.points[item][sum][band] += step
        move(step)
        moved.judge(visits, sums)
        if moved.agreed > agreed { self = moved } else { move(-step) }
    }

    /// Makes the least points of each item 0, and those with which the sums begin too; what is chosen stays the same.
    private mutating func settle() {
        for item in points.indices {
            for sum in start.indices {
                // The last band is that of missing values, which counts as no points where it was never seen.
                let least = points[item][sum].min() ?? 0
                for band in points[item][sum].indices { points[item][sum][band] -= least }
                start[sum] += least
            }
        }
        let least = start.min() ?? 0
        for sum in start.indices { start[sum] -= least }
        thresholds = thresholds?.map { $0 - least }
    }

    func policy(_ visits: BandedVisits, _ actions: ActionSpace) -> PointsPolicy {
        let items = zip(visits.bands, points).map { PointsPolicy.Item(bands: $0, points: $1) }
            .filter { $0.points.joined().contains { $0 != 0 } }
        return PointsPolicy(
            levels: visits.levels.map { actions.levels[$0].name }, start: start, thresholds: thresholds, items: items)
    }
}

/// The thresholds of one sum that get most visits right, exactly: a recursion over ascending sums, whose level never falls.
private struct Thresholds {
    private(set) var thresholds: [Int]
    private(set) var agreed: Double

    init(_ counts: [[Double]], _ sums: [Int], levels: Int) {
        let distinct = Set(sums).sorted()
        var held = [[Double]](repeating: [Double](repeating: 0, count: levels), count: distinct.count)
        var place: [Int: Int] = [:]
        for (index, sum) in distinct.enumerated() { place[sum] = index }
        for (sum, own) in zip(sums, counts) {
            guard let index = place[sum] else { continue }
            for level in 0..<levels { held[index][level] += own[level] }
        }
        // best[k]: the most that is got right up to here, with level k here; from[index][k]: the level before.
        var best = [Double](repeating: 0, count: levels)
        var from: [[Int]] = []
        for own in held {
            var (next, origins) = (best, [Int](repeating: 0, count: levels))
            var lower = 0
            for level in 0..<levels {
                if best[level] > best[lower] { lower = level }
                origins[level] = lower
                next[level] = best[lower] + own[level]
            }
            best = next
            from.append(origins)
        }
        var level = best.indices.reduce(0) { best[$1] > best[$0] ? $1 : $0 }
        agreed = levels > 0 ? best[level] : 0
        // A level that is never reached has a threshold above all sums.
        let above = (distinct.last ?? 0) + 1
        thresholds = [Int](repeating: above, count: max(0, levels - 1))
        for index in distinct.indices.reversed() {
            for reached in 0..<level { thresholds[reached] = distinct[index] }
            level = from[index][level]
        }
    }
}

/// The weights of bands by least squares with a little ridge: the first band of each item has none.
private struct Weights {
    private let visits: BandedVisits
    /// Where the weights of an item's bands after the first begin; 0 is the constant.
    private let offsets: [Int]
    /// `weights[sum][term]`
    private var weights: [[Double]]

    init(_ visits: BandedVisits, isOrdered: Bool) {
        self.visits = visits
        var (count, offsets) = (1, [Int]())
        for bands in visits.bands {
            offsets.append(count)
            count += bands.count - 1
        }
        self.offsets = offsets
        let levels = visits.levels.count
        let sums = isOrdered ? 1 : levels
        var gram = [Double](repeating: 0, count: count * count)
        var moments = [[Double]](repeating: [Double](repeating: 0, count: count), count: sums)
        var total = 0.0
        for (cell, counts) in zip(visits.cells, visits.counts) {
            let weight = counts.reduce(0, +)
            total += weight
            let ordered = counts.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
            let terms = [0] + cell.indices.filter { cell[$0] > 0 }.map { offsets[$0] + Int(cell[$0]) - 1 }
            for first in terms {
                for second in terms { gram[first * count + second] += weight }
                for sum in 0..<sums { moments[sum][first] += isOrdered ? ordered : counts[sum] }
            }
        }
        for term in 0..<count { gram[term * count + term] += 1e-6 * max(1, total) }
        let factor = try? Cholesky(of: Matrix(rows: count, columns: count, elements: gram))
        weights = moments.map { moment in factor?.solve(moment) ?? moment.map { _ in 0 } }
    }

    /// Whole points, the greatest of which is the scale.
    func points(scale: Double, isOrdered: Bool) -> PointSystem {
        let greatest = weights.map { $0.dropFirst().map(abs).max() ?? 0 }.max() ?? 0
        let factor = greatest > 0 ? scale / greatest : 0
        func whole(_ value: Double) -> Int { Int((value * factor).rounded()) }
        let points = visits.bands.indices.map { item in
            weights.map { own in
                [0] + (1..<visits.bands[item].count).map { whole(own[offsets[item] + $0 - 1]) }
            }
        }
        return PointSystem(
            start: weights.map { isOrdered ? 0 : Int(max(-1e6, min(1e6, ($0[0] * factor).rounded()))) },
            points: points, thresholds: isOrdered ? [] : nil)
    }
}
