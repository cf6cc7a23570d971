import NumericsCore

/// A score of whole points for bands of a few variables, as clinicians add them up.
///
/// With thresholds one sum decides: a level is chosen from its threshold on. Without them every level has a sum of its own, and
/// the greatest is chosen, the first of equals.
package struct PointsPolicy: Sendable, Hashable, Codable {
    /// A variable and its points.
    package struct Item: Sendable, Hashable, Codable {
        package var bands: Bands
        /// `points[sum][band]`, the band of missing values last.
        package var points: [[Int]]

        package init(bands: Bands, points: [[Int]]) {
            self.bands = bands
            self.points = points
        }
    }

    /// The levels that it chooses among: with thresholds in their order, else one for each sum.
    package var levels: [String]
    /// What each sum begins with.
    package var start: [Int]
    /// For each level but the first the sum from which it is chosen, none below the one before; nil where the greatest sum
    /// decides.
    package var thresholds: [Int]?
    package var items: [Item]

    package init(levels: [String], start: [Int], thresholds: [Int]?, items: [Item]) {
        self.levels = levels
        self.start = start
        self.thresholds = thresholds
        self.items = items
    }

    /// The most points of one band, so that sums stay whole numbers.
    private static let mostPoints = 1_000_000

    private var fits: Bool {
        let sums = thresholds == nil ? levels.count : 1
        let ascends = thresholds.map { own in
            own.count == levels.count - 1 && zip(own, own.dropFirst()).allSatisfy { $0 <= $1 }
        }
        let small = (start + items.flatMap { $0.points.joined() }).allSatisfy { $0.magnitude <= Self.mostPoints }
        let near = (thresholds ?? []).allSatisfy { $0.magnitude <= Self.mostPoints * Self.mostPoints }
        return !levels.isEmpty && start.count == sums && ascends ?? true && small && near
            && items.allSatisfy { item in
                item.bands.fits && item.points.count == sums
                    && item.points.allSatisfy { $0.count == item.bands.count }
            }
    }

    /// The level that a sum reaches, by its place in ``levels``.
    func reached(_ sum: Int) -> Int { (thresholds ?? []).count { sum >= $0 } }
}

extension PointsPolicy: FrozenPolicy {
    package static let kind = "points"

    package var changesWithTime: Bool { false }

    package func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        guard fits else {
            throw .unsuitable("its score needs points for each band and sum, and thresholds that ascend")
        }
        var (columns, numbers) = ([Int](), [Int]())
        for item in items {
            guard let place = observations.firstIndex(of: item.bands.variable) else {
                throw .unobserved(item.bands.variable, observed: observations)
            }
            columns.append(place)
        }
        for name in levels {
            guard let level = actions.names.firstIndex(of: name) else {
                throw .unknownAction(name, allowed: actions.names)
            }
            numbers.append(level)
        }
        return PointsWorker(self, columns: columns, levels: numbers, actions)
    }
}

private final class PointsWorker: PolicyWorker {
    let actions: ActionSpace
    private let policy: PointsPolicy
    private let columns: [Int]
    /// The number among the actions of each of the policy's levels.
    private let levels: [Int]
    private var sums: [Int]

    init(_ policy: PointsPolicy, columns: [Int], levels: [Int], _ actions: ActionSpace) {
        (self.policy, self.columns, self.levels, self.actions) = (policy, columns, levels, actions)
        sums = policy.start
    }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        for level in actions.levels.indices { weights[level] = Lane(repeating: 0) }
        for lane in 0..<laneCount { weights[choice(point, lane: lane)][lane] = 1 }
    }

    /// A level that is not allowed gives way: to the nearest allowed one with thresholds, to the next sum without.
    private func choice(_ point: PolicyPoint, lane: Int) -> Int {
        for sum in sums.indices { sums[sum] = policy.start[sum] }
        for (item, column) in zip(policy.items, columns) {
            let band = item.bands.band(of: point.observation[column][lane])
            for sum in sums.indices { sums[sum] += item.points[sum][band] }
        }
        var wanted = 0
        if policy.thresholds != nil {
            wanted = policy.reached(sums[0])
        } else {
            var best: Int?
            for place in levels.indices where point.allowed[levels[place]][lane] > 0 {
                if best.map({ sums[place] > sums[$0] }) ?? true { best = place }
            }
            wanted = best ?? 0
        }
        return AllowedLevels.nearest(to: levels[wanted], point, of: actions, lane: lane)
    }
}

extension PointsPolicy: ReadablePolicy {
    /// The points of each band, then how sums decide. Neighbouring bands with the same points are one, and levels that no sum
    /// reaches are left out.
    package func lines(_: ActionSpace, missing: Set<String>) -> [String] {
        var lines: [String] = []
        if start.contains(where: { $0 != 0 }) { lines.append("start with \(text(start))") }
        for item in items { lines += self.lines(item, withMissing: missing.contains(item.bands.variable)) }
        guard let thresholds else { return lines + ["choose the level with most points, the first of equals"] }
        let least = start[0] + items.reduce(0) { $0 + ($1.points[0].min() ?? 0) }
        let first = reached(least)
        lines.append("choose \(levels[first])")
        for place in first..<thresholds.count
        where place + 1 == thresholds.count || thresholds[place + 1] > thresholds[place] {
            lines.append("from \(thresholds[place]) points on choose \(levels[place + 1])")
        }
        return lines
    }

    private func lines(_ item: Item, withMissing: Bool) -> [String] {
        var lines: [String] = []
        var first = 0
        for band in 0..<item.bands.count where band != item.bands.missing || withMissing {
            func points(_ band: Int) -> [Int] { item.points.map { $0[band] } }
            let isLast = band >= item.bands.missing - 1 || points(band + 1) != points(band)
            guard isLast else { continue }
            if points(band).contains(where: { $0 != 0 }) {
                lines.append("\(item.bands.name(first...band)): \(text(points(band)))")
            }
            first = band + 1
        }
        return lines
    }

    /// Points that are not 0: `+2`, or by level `full +2, half −1`.
    private func text(_ points: [Int]) -> String {
        func signed(_ value: Int) -> String { value > 0 ? "+\(value)" : "\(value)" }
        guard thresholds == nil else { return signed(points[0]) }
        return zip(levels, points).filter { $0.1 != 0 }.map { "\($0) \(signed($1))" }.joined(separator: ", ")
    }
}
