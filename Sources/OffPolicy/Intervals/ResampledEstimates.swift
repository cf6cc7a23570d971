import NumericsCore

/// What an estimator says of resampled episodes.
package struct ResampledEstimates: Sendable, Hashable {
    /// The finite ones, ascending.
    let sorted: [Double]
    /// How many resamples were drawn.
    let drawn: Int
    /// The share of episodes that a resample has.
    let share: Double

    init(_ values: [Double], share: Double) {
        sorted = values.filter(\.isFinite).sorted()
        drawn = values.count
        self.share = share
    }

    /// Whether more than half of the resamples have an estimate.
    var isEnough: Bool { sorted.count > max(1, drawn / 2) }

    /// The spread of the estimates, brought to the size of the whole log.
    var standardError: Double? {
        RunningMoments(sorted).standardDeviation.map { $0 * share.squareRoot() }
    }

    /// The quantile, linear between the values (Hyndman and Fan's type 7).
    func quantile(_ p: Double) -> Double {
        let place = min(max(p, 0), 1) * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }

    /// The share of estimates below a value, one in the middle counting half; never 0 or 1.
    func shareBelow(_ value: Double) -> Double {
        let below = sorted.reduce(0.0) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) }
        let count = Double(sorted.count)
        return min(max(below / count, 0.5 / count), 1 - 0.5 / count)
    }
}

extension EstimateInterval.Settings {
    /// The episodes of a resample: all, or m = ⌈n^0.9⌉.
    func size(_ episodes: Int) -> Int {
        method == .outOf ? Int(Elementary.pow(Double(episodes), 0.9).rounded(.up)) : episodes
    }

    /// How often each episode is in a resample; every resample has a stream of its own.
    func counts(_ resample: Int, episodes: Int) -> [Double] {
        var stream = RandomStream(seed: seed, purpose: .bootstrap, replicate: UInt32(resample), patient: 0)
        var counts = [Double](repeating: 0, count: episodes)
        for _ in 0..<size(episodes) { counts[stream.nextInteger(below: episodes)] += 1 }
        return counts
    }

    /// Runs a piece of work for each resample on ``threads`` threads; the values come in the order of the resamples.
    func resampled<Value: Sendable>(
        _ count: Int, none: Value, _ piece: @Sendable (Int) -> Value
    ) throws -> [Value] {
        var values = [Value](repeating: none, count: count)
        try values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values
            try ParallelBlocks.run(count: count, threads: threads, stop: StopSignal()) {
            } run: { _, resample in
                values[resample] = piece(resample)
            }
        }
        return values
    }
}
