import NumericsCore

/// An interval for an estimate, over the episodes of a log.
package enum IntervalMethod: String, Sendable, CaseIterable {
    /// V̂ ± z · se, the standard error from the influence function.
    case influence
    /// The quantiles of bootstrap estimates.
    case percentile
    /// The same, corrected for bias and acceleration (Efron 1987), the acceleration from the influence function.
    case bca
    /// The bootstrap of m < n episodes, m = ⌈n^0.9⌉ (Bickel, Götze and van Zwet 1997; Chakraborty, Laber and Zhao 2013): for
    /// estimates that change abruptly with the data, such as those of a policy chosen as the best.
    case outOf = "m-out-of-n"
}

package struct EstimateInterval: Sendable, Hashable {
    package let standardError: Double
    package let lower: Double
    package let upper: Double

    package struct Settings: Sendable, Hashable {
        package var method = IntervalMethod.influence
        package var level = 0.95
        package var resamples = 1000
        package var seed: UInt64 = 1
        package var threads = 1

        package init() {}
    }

    /// - Returns: Nil for fewer than two episodes, or where a resample has no estimate.
    package init?(_ estimator: any OffPolicyEstimator, episodes: Int, _ settings: Settings) throws {
        guard episodes > 1 else { return nil }
        let ones = [Double](repeating: 1, count: episodes)
        let value = estimator.value(counts: ones)
        let influence = estimator.influence()
        var (squares, cubes) = (0.0, 0.0)
        for part in influence {
            squares += part * part
            cubes += part * part * part
        }
        standardError = (squares / (Double(episodes) * Double(episodes - 1))).squareRoot()
        guard value.isFinite, standardError.isFinite else { return nil }
        let tail = (1 - settings.level) / 2
        if settings.method == .influence {
            let half = Normal.quantile(1 - tail) * standardError
            (lower, upper) = (value - half, value + half)
            return
        }
        let isPart = settings.method == .outOf
        let size = isPart ? Int(Elementary.pow(Double(episodes), 0.9).rounded(.up)) : episodes
        let drawn = try Self.resampled(estimator, episodes, size: size, settings)
        let values = drawn.filter(\.isFinite).sorted()
        guard values.count > settings.resamples / 2 else { return nil }
        switch settings.method {
        case .bca:
            let below = values.reduce(0.0) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) }
            let share = min(
                max(below / Double(values.count), 0.5 / Double(values.count)), 1 - 0.5 / Double(values.count))
            let bias = Normal.quantile(share)
            let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
            func corrected(_ z: Double) -> Double {
                Normal.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
            }
            lower = Self.quantile(values, corrected(Normal.quantile(tail)))
            upper = Self.quantile(values, corrected(Normal.quantile(1 - tail)))
        case .outOf:
            // √m (V̂* − V̂) stands for √n (V̂ − V).
            let shrink = (Double(size) / Double(episodes)).squareRoot()
            lower = value - shrink * (Self.quantile(values, 1 - tail) - value)
            upper = value - shrink * (Self.quantile(values, tail) - value)
        case .percentile, .influence:
            lower = Self.quantile(values, tail)
            upper = Self.quantile(values, 1 - tail)
        }
    }

    /// Estimates of resampled episodes, each from a stream of its own.
    private static func resampled(
        _ estimator: any OffPolicyEstimator, _ episodes: Int, size: Int, _ settings: Settings
    ) throws -> [Double] {
        var values = [Double](repeating: .nan, count: settings.resamples)
        try values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values
            try ParallelBlocks.run(count: settings.resamples, threads: settings.threads, stop: StopSignal()) {
            } run: { _, resample in
                var stream = RandomStream(
                    seed: settings.seed, purpose: .bootstrap, replicate: UInt32(resample), patient: 0)
                var counts = [Double](repeating: 0, count: episodes)
                for _ in 0..<size { counts[stream.nextInteger(below: episodes)] += 1 }
                values[resample] = estimator.value(counts: counts)
            }
        }
        return values
    }

    /// The quantile of sorted values, linear between them (Hyndman and Fan's type 7).
    static func quantile(_ sorted: [Double], _ p: Double) -> Double {
        let place = min(max(p, 0), 1) * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
