import NumericsCore

@testable import RegimeEstimation

/// m-out-of-n intervals of ψ₁₀ in a ``CoverageModel``, by the sums of its sixteen kinds of people.
///
/// A second route to ``AdaptiveSize`` and ``BootstrapIntervals``, several times as fast: O₁, A₁, O₂ and A₂ are ±1, so all regressions
/// need how many people of a kind there are, and the sums of Y and Y² in it. Resamples come from the same streams.
struct CellStudy {
    /// The kind of each person: bits of O₁, A₁, O₂ and A₂.
    let kinds: [Int]
    let outcomes: [Double]
    let level = 0.95

    /// Sums over people by kind.
    struct Sums {
        var counts = [Double](repeating: 0, count: 16)
        var sums = [Double](repeating: 0, count: 16)
        var squares = [Double](repeating: 0, count: 16)
    }

    func sums(_ frequency: [Double]) -> Sums {
        var found = Sums()
        for person in kinds.indices where frequency[person] > 0 {
            let (kind, count, y) = (kinds[person], frequency[person], outcomes[person])
            found.counts[kind] += count
            found.sums[kind] += count * y
            found.squares[kind] += count * y * y
        }
        return found
    }

    private static func sign(_ kind: Int, _ bit: Int) -> Double { kind >> bit & 1 == 1 ? 1 : -1 }

    /// 1, O₁, A₁, O₁A₁, O₂ and, where A₂ = 1, again 1, O₂, A₁.
    private static let later = (0..<16).map { kind -> [Double] in
        let (o1, a1, o2, a2) = (sign(kind, 0), sign(kind, 1), sign(kind, 2), kind >> 3 == 1 ? 1.0 : 0)
        return [1, o1, a1, o1 * a1, o2, a2, a2 * o2, a2 * a1]
    }
    /// 1, O₁ and, where A₁ = 1, again 1, O₁.
    private static let early = (0..<4).map { kind -> [Double] in
        let (o1, a1) = (sign(kind, 0), kind >> 1 == 1 ? 1.0 : 0)
        return [1, o1, a1, a1 * o1]
    }

    /// The products of each kind's columns, row after row.
    private static let laterProducts = products(later)
    private static let earlyProducts = products(early)

    private static func products(_ rows: [[Double]]) -> [Double] {
        rows.flatMap { x in x.flatMap { one in x.map { one * $0 } } }
    }

    private static func solve(
        _ rows: [[Double]], _ products: [Double], _ counts: [Double], _ sums: [Double]
    ) -> [Double]? {
        let width = rows[0].count
        var system = NormalEquations(width: width)
        for (kind, x) in rows.enumerated() where counts[kind] > 0 {
            let (count, sum, first) = (counts[kind], sums[kind], kind * width * width)
            for i in 0..<width { system.right[i] += x[i] * sum }
            products.withUnsafeBufferPointer { products in
                system.gram.withUnsafeMutableBufferPointer { gram in
                    for place in 0..<width * width { gram[place] += count * products[first + place] }
                }
            }
        }
        return system.solve()
    }

    /// A resample of these people, by the numbers that ``Resampling`` draws; without squares.
    private func drawn(
        _ resampling: Resampling, _ replicate: Int, size: Int, among people: [Int], substream: Int, patient: Int
    ) -> Sums {
        var stream = RandomStream(
            key: resampling.key, replicate: UInt32(replicate), patient: UInt32(patient), substream: UInt32(substream))
        var found = Sums()
        found.counts.withUnsafeMutableBufferPointer { counts in
            found.sums.withUnsafeMutableBufferPointer { sums in
                for _ in 0..<size {
                    let person = people[stream.nextInteger(below: people.count)]
                    counts[kinds[person]] += 1
                    sums[kinds[person]] += outcomes[person]
                }
            }
        }
        return found
    }

    /// The coefficients of the second stage and ψ₁₀ of the first; nil where there are none.
    func fit(_ people: Sums) -> (later: [Double], psi: Double)? {
        guard let later = Self.solve(Self.later, Self.laterProducts, people.counts, people.sums) else { return nil }
        var (counts, sums) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
        for kind in 0..<8 {
            let here = people.counts[kind] + people.counts[kind + 8]
            func predicted(_ kind: Int) -> Double { zip(Self.later[kind], later).reduce(0) { $0 + $1.0 * $1.1 } }
            counts[kind & 3] += here
            sums[kind & 3] += here * max(predicted(kind), predicted(kind + 8))
        }
        return Self.solve(Self.early, Self.earlyProducts, counts, sums).map { (later, $0[2]) }
    }

    /// p̂: the share of people for whom (h·ψ̂)² ≤ χ²₁(0.999)·h·Σ̂·h.
    func nonRegular(_ people: Sums, _ later: [Double]) -> Double {
        var (bread, meat) = (Matrix(rows: 8, columns: 8), Matrix(rows: 8, columns: 8))
        for (kind, x) in Self.later.enumerated() where people.counts[kind] > 0 {
            let mean = zip(x, later).reduce(0) { $0 + $1.0 * $1.1 }
            let rest = people.squares[kind] - 2 * mean * people.sums[kind] + people.counts[kind] * mean * mean
            for i in 0..<8 {
                for j in 0..<8 {
                    bread[i, j] += people.counts[kind] * x[i] * x[j]
                    meat[i, j] += rest * x[i] * x[j]
                }
            }
        }
        guard let factors = try? LUFactorization(of: bread) else { return 0 }
        let covariance = factors.solve(factors.solve(meat).transposed)
        var near = 0.0
        for kind in 0..<16 {
            let h = [1, Self.sign(kind, 2), Self.sign(kind, 1)]
            let effect = (0..<3).reduce(0) { $0 + h[$1] * later[5 + $1] }
            var variance = 0.0
            for i in 0..<3 { for j in 0..<3 { variance += h[i] * h[j] * covariance[5 + i, 5 + j] } }
            if effect * effect <= 10.827566170662733 * variance { near += people.counts[kind] }
        }
        return near / people.counts.reduce(0, +)
    }

    /// The interval with α as it is given, or by the double bootstrap.
    func interval(_ asked: RegimeRequest.Intervals) -> (lower: Double, upper: Double, size: Int, alpha: Double)? {
        let n = kinds.count
        let everybody = sums([Double](repeating: 1, count: n))
        guard let own = fit(everybody) else { return nil }
        let resampling = Resampling(count: n, seed: asked.seed)
        let p = nonRegular(everybody, own.later)
        let alpha = asked.alpha ?? (p > 0 ? chosen(asked, resampling, own.psi) : 0)
        let size = p > 0 ? AdaptiveSize.size(n, alpha, p) : n
        let drawn = (0..<asked.replicates).compactMap {
            fit(sums(resampling.frequency(replicate: $0, size: size)))?.psi
        }.sorted()
        guard size < n else {
            let tail = (1 - level) / 2
            return (Resampling.quantile(drawn, tail), Resampling.quantile(drawn, 1 - tail), size, alpha)
        }
        let (lower, upper) = Self.interval(drawn, about: own.psi, share: Double(size) / Double(n), level)
        return (lower, upper, size, alpha)
    }

    private static func interval(
        _ sorted: [Double], about estimate: Double, share: Double, _ level: Double
    ) -> (lower: Double, upper: Double) {
        let (root, tail) = (share.squareRoot(), (1 - level) / 2)
        return (
            estimate - root * (Resampling.coveringQuantile(sorted, 1 - tail) - estimate),
            estimate - root * (Resampling.coveringQuantile(sorted, tail) - estimate)
        )
    }

    private func chosen(_ asked: RegimeRequest.Intervals, _ resampling: Resampling, _ truth: Double) -> Double {
        let n = kinds.count
        let outer = (0..<asked.chooser).compactMap { replicate -> (people: [Int], psi: Double, p: Double)? in
            let frequency = resampling.frequency(replicate: replicate, size: n, substream: 1)
            let people = sums(frequency)
            guard let own = fit(people) else { return nil }
            return (
                frequency.indices.flatMap { [Int](repeating: $0, count: Int(frequency[$0])) }, own.psi,
                nonRegular(people, own.later)
            )
        }
        /// The share of resamples whose intervals hold the estimate; nil once it cannot come to the level.
        func coverage(_ step: Int, isWhole: Bool) -> Double? {
            var missed = 0
            for (index, one) in outer.enumerated() {
                let m = AdaptiveSize.size(n, AdaptiveSize.grid[step], one.p)
                let values = (0..<asked.chooser).compactMap {
                    fit(
                        drawn(
                            resampling, $0, size: m, among: one.people, substream: 2 + step, patient: index))?.psi
                }.sorted()
                let (lower, upper) = Self.interval(values, about: one.psi, share: Double(m) / Double(n), level)
                missed += values.count > 1 && lower <= truth && truth <= upper ? 0 : 1
                if !isWhole, Double(outer.count - missed) / Double(outer.count) < level { return nil }
            }
            return Double(outer.count - missed) / Double(outer.count)
        }
        let steps = AdaptiveSize.grid.indices
        if let first = steps.first(where: { coverage($0, isWhole: false) != nil }) { return AdaptiveSize.grid[first] }
        // None covers: the one that covers most, of equal ones the first.
        let all = steps.map { coverage($0, isWhole: true) ?? 0 }
        return AdaptiveSize.grid[all.firstIndex(of: all.max() ?? 0) ?? 0]
    }
}
