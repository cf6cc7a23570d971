import NumericsCore

/// A stretch of a path within one segment over which it only rises or only falls.
struct MonotonePiece: Sendable, Equatable {
    let segment: Int
    let start: Double
    let end: Double
    let valueAtStart: Double
    let valueAtEnd: Double
}

/// Cuts the segments of a path at their turning points.
struct MonotoneScan {
    /// Into how many parts a segment is cut to look for turning points: two of them within one part stay unseen. A step of
    /// a solver is a polynomial of low degree and has far fewer.
    static let parts = 16

    /// Shares of a segment at which it is looked at, denser at the ends: (1 − cos(πk/16)) / 2.
    private static let shares: [Double] = (0...parts).map { k in
        k == parts ? 1 : 0.5 * (1 - Elementary.cos(.pi * Double(k) / Double(parts)))
    }

    /// The pieces of a path between two times, in the order of time.
    static func pieces(
        of path: some DensePath, from lower: Double, to upper: Double
    ) throws(ExposureError) -> [MonotonePiece] {
        var pieces: [MonotonePiece] = []
        let last = path.breakpoints.count - 2
        var segment = path.segment(at: lower)
        while segment <= last, path.breakpoints[segment] < upper {
            let from = max(lower, path.breakpoints[segment])
            let to = min(upper, path.breakpoints[segment + 1])
            if from < to { pieces += try self.pieces(of: path, segment, from, to) }
            segment += 1
        }
        return pieces
    }

    private static func pieces(
        of path: some DensePath, _ segment: Int, _ from: Double, _ to: Double
    ) throws(ExposureError) -> [MonotonePiece] {
        var times: [Double] = []
        for share in shares {
            let time = from * (1 - share) + to * share
            // In a segment of a few rounding errors neighbouring times coincide.
            if times.last.map({ time > $0 }) ?? true { times.append(time) }
        }
        var values: [Double] = []
        for time in times {
            let value = path.value(at: time, inSegment: segment)
            guard value.isFinite else { throw .notFinite(time: time, value: value) }
            values.append(value)
        }
        var cuts: [(time: Double, value: Double)] = [(times[0], values[0])]
        for time in try turningPoints(of: path, segment, times, values) {
            guard time > cuts[cuts.count - 1].time, time < to else { continue }
            cuts.append((time, path.value(at: time, inSegment: segment)))
        }
        cuts.append((times[times.count - 1], values[values.count - 1]))
        return zip(cuts, cuts.dropFirst()).map { first, second in
            MonotonePiece(
                segment: segment, start: first.time, end: second.time, valueAtStart: first.value,
                valueAtEnd: second.value)
        }
    }

    private static func turningPoints(
        of path: some DensePath, _ segment: Int, _ times: [Double], _ values: [Double]
    ) throws(ExposureError) -> [Double] {
        let slopes = times.compactMap { path.slope(at: $0, inSegment: segment) }
        if slopes.count == times.count { return try rootsOfSlope(of: path, segment, times, slopes) }
        var found: [Double] = []
        for index in 1..<max(times.count - 1, 1) {
            let (before, here, after) = (values[index - 1], values[index], values[index + 1])
            let isPeak = here > before && here >= after
            guard isPeak || here < before && here <= after else { continue }
            let minimum = Minimization.minimum(from: times[index - 1], to: times[index + 1]) { time in
                let value = path.value(at: time, inSegment: segment)
                return isPeak ? -value : value
            }
            found.append(minimum.x)
        }
        return found
    }

    private static func rootsOfSlope(
        of path: some DensePath, _ segment: Int, _ times: [Double], _ slopes: [Double]
    ) throws(ExposureError) -> [Double] {
        var found: [Double] = []
        for index in 0..<times.count - 1 {
            let (here, next) = (slopes[index], slopes[index + 1])
            if next == 0 {
                found.append(times[index + 1])
            } else if here != 0, (here < 0) != (next < 0) {
                do {
                    found.append(
                        try RootFinding.root(from: times[index], to: times[index + 1], relativeTolerance: 0) {
                            path.slope(at: $0, inSegment: segment) ?? .nan
                        })
                } catch {
                    throw .notFinite(time: times[index], value: .nan)
                }
            }
        }
        return found
    }
}
