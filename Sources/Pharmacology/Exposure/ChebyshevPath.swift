import NumericsCore

/// A path that interpolates a course from samples inside each segment: what any solver that can report at given times
/// can give, without a dense output of its own.
///
/// ```swift
/// let path = try ChebyshevPath.adaptive(breakpoints: [0, 12, 24], tolerance: 1e-9) { times in simulate(times) }
/// ```
///
/// The samples are at the Chebyshev points of the first kind, all of them **inside** the segment: whether a sample at the
/// time of a dose is before or after it does not arise. Between doses a course is smooth, and the error falls
/// geometrically with the number of points; the last coefficients tell how large it is. Breakpoints have to stand wherever
/// the course jumps or bends: at doses after their lag, ends of infusions, changes of covariates.
///
/// Source: Trefethen (2013), "Approximation theory and approximation practice", chapters 2, 3 and 8; the derivative's
/// coefficients by the recurrence of Mason and Handscomb (2003), "Chebyshev polynomials", equation 2.52.
package struct ChebyshevPath: DensePath, Sendable {
    /// Samples in each segment.
    package static let points = 16

    package private(set) var breakpoints: [Double]
    /// The coefficients of each segment's polynomial and of its derivative in the segment's own time from −1 to 1.
    private var coefficients: [[Double]] = []
    private var derivatives: [[Double]] = []
    /// The largest sample in size.
    private var size = 0.0

    /// The times at which to sample: ``points`` in each segment, growing.
    ///
    /// - Parameter breakpoints: growing, at least two.
    package static func sampleTimes(_ breakpoints: [Double]) -> [Double] {
        zip(breakpoints, breakpoints.dropFirst()).flatMap { lower, upper in
            nodes.map { 0.5 * (lower * (1 - $0) + upper * (1 + $0)) }
        }
    }

    /// A path from the values at ``sampleTimes(_:)``.
    package init(_ breakpoints: [Double], values: [Double]) {
        precondition(breakpoints.count > 1, "A path needs at least two breakpoints.")
        let expected = Self.points * (breakpoints.count - 1)
        precondition(values.count == expected, "\(values.count) values do not fit \(expected) sample times.")
        self.breakpoints = breakpoints
        for segment in 0..<breakpoints.count - 1 {
            append(Array(values[segment * Self.points..<(segment + 1) * Self.points]))
        }
    }

    private mutating func append(_ values: [Double]) {
        let coefficients = Self.coefficients(values)
        self.coefficients.append(coefficients)
        derivatives.append(Self.derivative(coefficients))
        size = values.reduce(size) { max($0, abs($1)) }
    }

    package func value(at time: Double, inSegment segment: Int) -> Double {
        Self.sum(coefficients[segment], share(of: time, segment))
    }

    package func slope(at time: Double, inSegment segment: Int) -> Double? {
        let width = breakpoints[segment + 1] - breakpoints[segment]
        return Self.sum(derivatives[segment], share(of: time, segment)) * 2 / width
    }

    /// An estimate of how far a segment's polynomial is from the course, as a share of the path's largest value: the last
    /// two coefficients.
    package func relativeError(ofSegment segment: Int) -> Double {
        let last = coefficients[segment].suffix(2).reduce(0) { $0 + abs($1) }
        return last == 0 ? 0 : last / size
    }

    /// The segment's own time, from −1 to 1.
    private func share(of time: Double, _ segment: Int) -> Double {
        let (lower, upper) = (breakpoints[segment], breakpoints[segment + 1])
        return ((time - lower) - (upper - time)) / (upper - lower)
    }
}

// MARK: - Refinement

extension ChebyshevPath {
    /// A path that samples a course as finely as it takes: segments whose error is above the tolerance are halved.
    ///
    /// - Parameters:
    ///   - breakpoints: growing, at least two: where the course may jump or bend.
    ///   - tolerance: accepted error as a share of the largest value. Not below that of the samples themselves, which no
    ///     halving removes.
    ///   - rounds: how often segments may be halved, and `values` be called after the first time.
    ///   - values: the course at growing times.
    /// - Throws: ``ExposureError/unresolved(from:to:error:tolerance:)`` when a segment is still too coarse after the last
    ///   round, ``ExposureError/notFinite(time:value:)``, and what `values` throws.
    package static func adaptive(
        breakpoints: [Double], tolerance: Double = 1e-9, rounds: Int = 12,
        values: (_ times: [Double]) throws -> [Double]
    ) throws -> ChebyshevPath {
        func sampled(_ breakpoints: [Double]) throws -> [Double] {
            let times = sampleTimes(breakpoints)
            let found = try values(times)
            for (time, value) in zip(times, found) where !value.isFinite {
                throw ExposureError.notFinite(time: time, value: value)
            }
            return found
        }
        var known = try sampled(breakpoints)
        var path = ChebyshevPath(breakpoints, values: known)
        for round in 0...rounds {
            let coarse = (0..<path.breakpoints.count - 1).filter { path.relativeError(ofSegment: $0) > tolerance }
            guard let first = coarse.first else { break }
            guard round < rounds else {
                throw ExposureError.unresolved(
                    from: path.breakpoints[first], to: path.breakpoints[first + 1],
                    error: path.relativeError(ofSegment: first), tolerance: tolerance)
            }
            (path, known) = try path.halved(coarse, known, sampled)
        }
        return path
    }

    /// Halves some segments; the samples of the others are kept.
    private func halved(
        _ coarse: [Int], _ known: [Double], _ sampled: ([Double]) throws -> [Double]
    ) throws -> (ChebyshevPath, [Double]) {
        var (finer, values) = ([breakpoints[0]], [Double]())
        var next = 0
        for segment in 0..<breakpoints.count - 1 {
            let (lower, upper) = (breakpoints[segment], breakpoints[segment + 1])
            if next < coarse.count, coarse[next] == segment {
                let middle = 0.5 * (lower + upper)
                values += try sampled([lower, middle, upper])
                finer += [middle, upper]
                next += 1
            } else {
                values += known[segment * Self.points..<(segment + 1) * Self.points]
                finer.append(upper)
            }
        }
        return (ChebyshevPath(finer, values: values), values)
    }
}

// MARK: - Chebyshev series

extension ChebyshevPath {
    /// −cos((2k + 1) π / 2n), growing.
    private static let nodes: [Double] = (0..<points).map { k in
        -Elementary.cos(.pi * Double(2 * k + 1) / Double(2 * points))
    }

    /// Row m: cos(m θₖ) at the nodes, times 2/n, or 1/n for m = 0.
    private static let transform: [[Double]] = (0..<points).map { m in
        (0..<points).map { k in
            let angle = Double.pi * Double(2 * (points - 1 - k) + 1) / Double(2 * points)
            return (m == 0 ? 1 : 2) / Double(points) * Elementary.cos(Double(m) * angle)
        }
    }

    private static func coefficients(_ values: [Double]) -> [Double] {
        transform.map { row in zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// d_{m−1} = d_{m+1} + 2 m c_m, and half of that for d₀.
    private static func derivative(_ c: [Double]) -> [Double] {
        var d = [Double](repeating: 0, count: c.count + 1)
        for m in stride(from: c.count - 1, through: 1, by: -1) { d[m - 1] = d[m + 1] + 2 * Double(m) * c[m] }
        d[0] *= 0.5
        return Array(d.dropLast())
    }

    /// Σ c_m T_m(x) by Clenshaw's recurrence.
    private static func sum(_ c: [Double], _ x: Double) -> Double {
        var (first, second) = (0.0, 0.0)
        for m in stride(from: c.count - 1, through: 1, by: -1) {
            (first, second) = (c[m] + 2 * x * first - second, first)
        }
        return c[0] + x * first - second
    }
}
