import NumericsCore

/// A glucose sensor's error: an autoregressive normal series of one number each 15 minutes, bent by a Johnson SU
/// transformation and joined by cubic splines (Breton and Kovatchev 2008, as published in simglucose 0.2.11).
///
/// e₀ = n₀, eₖ = 0.7 (eₖ₋₁ + nₖ) with standard normal nₖ, and the error at 15 k minutes is ξ + λ sinh((eₖ − γ)/δ). Ten
/// intervals at a time are joined by the cubic spline through their eleven errors whose third derivative is continuous at the
/// second and the last but one (not-a-knot); the next ten begin with the last error.
final class GlucoseSensor {
    /// A sensor by its make: how often it reads, and where its readings end.
    enum Make: String, Sendable, CaseIterable {
        case dexcom, guardian, navigator

        var sampleMinutes: Int {
            switch self {
            case .dexcom: 3
            case .guardian: 5
            case .navigator: 1
            }
        }

        /// Readings are cut off to this range, in mg/dL.
        var range: ClosedRange<Double> { self == .navigator ? 32...600 : 39...600 }
    }

    /// Where the error's normal numbers come from.
    enum Noise: Sendable, Hashable {
        case none
        /// Each episode's own.
        case drawn
        /// The same in every episode: those of the published package under seed 1.
        case published
    }

    static let autoregression = 0.7
    static let (xi, lambda, gamma, delta) = (-5.47, 15.9574, -0.5444, 1.6898)
    /// Intervals of 15 minutes that are joined at a time.
    static let intervals = 10
    static let intervalMinutes = 15

    private let noise: Noise
    /// Readings in ten intervals.
    let samples: Int
    /// The share of each of the eleven errors in each reading, `[sample * 11 + knot]`.
    private let weights: [Double]
    private let key: StreamKey
    private var streams: [RandomStream]
    /// The latest e, and the eleven errors, `[lane * 11 + knot]`.
    private var series = [Double](repeating: 0, count: laneCount)
    private var knots = [Double](repeating: 0, count: laneCount * 11)
    /// The next sample of the ten intervals, and how many normal numbers were used.
    private var sample = [Int](repeating: 0, count: laneCount)
    private var used = [Int](repeating: 0, count: laneCount)

    init(_ make: Make, noise: Noise, seed: UInt64) {
        self.noise = noise
        samples = Self.intervals * Self.intervalMinutes / make.sampleMinutes
        weights = (1...samples).flatMap { sample in
            Self.spline(at: Double(sample * make.sampleMinutes) / Double(Self.intervalMinutes))
        }
        key = StreamKey(seed: seed, purpose: .environment)
        streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
    }

    /// Starts an episode's series.
    func begin(_ episode: Int, lane: Int) {
        guard noise != .none else { return }
        streams[lane] = EpisodeStream.make(key, episode: episode, substream: 1)
        used[lane] = 0
        series[lane] = normal(lane)
        sample[lane] = samples
        knots[lane * 11 + Self.intervals] = Self.johnson(series[lane])
    }

    /// The error of the lane's next reading, in mg/dL.
    func next(_ lane: Int) -> Double {
        guard noise != .none else { return 0 }
        if sample[lane] == samples { goOn(lane) }
        var sum = 0.0
        let (row, first) = (sample[lane] * 11, lane * 11)
        for knot in 0...Self.intervals { sum += weights[row + knot] * knots[first + knot] }
        sample[lane] += 1
        return sum
    }

    /// Draws the next ten errors.
    private func goOn(_ lane: Int) {
        let first = lane * 11
        knots[first] = knots[first + Self.intervals]
        for knot in 1...Self.intervals {
            series[lane] = Self.autoregression * (series[lane] + normal(lane))
            knots[first + knot] = Self.johnson(series[lane])
        }
        sample[lane] = 0
    }

    private func normal(_ lane: Int) -> Double {
        guard noise == .published else { return streams[lane].nextNormal() }
        defer { used[lane] += 1 }
        return used[lane] < PublishedNoise.normals.count ? PublishedNoise.normals[used[lane]] : 0
    }

    static func johnson(_ e: Double) -> Double { xi + lambda * Elementary.sinh((e - gamma) / delta) }

    /// The weights of eleven values at 0, 1, …, 10 in their cubic spline at `x`.
    static func spline(at x: Double) -> [Double] {
        let last = intervals
        let left = min(last - 1, max(0, Int(x)))
        return (0...last).map { knot in
            // The spline through the unit vector, from its second derivatives: those next to the ends are a third of the sum that
            // is a sixth elsewhere, since the outer two are on a line with them.
            let y = (0...last).map { $0 == knot ? 1.0 : 0 }
            func bend(_ i: Int) -> Double { 6 * (y[i - 1] - 2 * y[i] + y[i + 1]) }
            var m = [Double](repeating: 0, count: last + 1)
            (m[1], m[last - 1]) = (bend(1) / 6, bend(last - 1) / 6)
            var (upper, right) = ([Double](repeating: 0, count: last + 1), [Double](repeating: 0, count: last + 1))
            right[1] = m[1]
            for i in 2...(last - 2) {
                let pivot = 4 - upper[i - 1]
                upper[i] = 1 / pivot
                right[i] = (bend(i) - right[i - 1]) / pivot
            }
            for i in stride(from: last - 2, through: 2, by: -1) { m[i] = right[i] - upper[i] * m[i + 1] }
            (m[0], m[last]) = (2 * m[1] - m[2], 2 * m[last - 1] - m[last - 2])
            let (a, b) = (Double(left + 1) - x, x - Double(left))
            return a * y[left] + b * y[left + 1] + ((a * a * a - a) * m[left] + (b * b * b - b) * m[left + 1]) / 6
        }
    }
}
