/// Points whose every coordinate is spread over its range: of n points exactly one falls into each of n equal parts.
///
/// ```swift
/// let design = try LatinHypercube(points: 50, dimensions: 4, seed: 7).matrix     // 50 × 4
/// ```
///
/// Coordinate j of point i is (πⱼ(i) + uᵢⱼ) / n with a random order πⱼ and uniform uᵢⱼ. Both come from streams of their
/// own for each dimension, so that a further dimension leaves the others as they are. Any number of points will do,
/// where a Sobol sequence wants a power of two; all points are made at once, and a further one changes them all.
///
/// Source: McKay, Beckman and Conover (1979), Technometrics 21(2):239–245.
public struct LatinHypercube: Sendable {
    /// Where in its part a coordinate lies.
    public enum Placement: Sendable, Hashable {
        /// Uniform within the part: every point is uniform in the cube, and means are unbiased.
        case random
        /// In the middle of the part.
        case centred
    }

    /// The most points of a design.
    public static let maximumPoints = 1 << 30

    /// The points, one a row: every coordinate strictly between 0 and 1.
    public let matrix: Matrix

    /// A design of `points` points with `dimensions` coordinates.
    ///
    /// - Parameters:
    ///   - points: from 1 to ``maximumPoints``.
    ///   - dimensions: at least 1.
    ///   - seed: the study's seed; the purpose is ``StreamPurpose/samplingDesign``.
    ///   - replicate: tells independent designs of one study apart.
    ///   - placement: where in its part a coordinate lies.
    /// - Throws: ``DesignError``.
    public init(
        points: Int, dimensions: Int, seed: UInt64, replicate: UInt32 = 0, placement: Placement = .random
    ) throws(DesignError) {
        guard (1...Self.maximumPoints).contains(points) else { throw .points(points, allowed: 1...Self.maximumPoints) }
        let most = Int(UInt32.max)
        guard (1...most).contains(dimensions) else { throw .dimensions(dimensions, allowed: 1...most) }
        let key = StreamKey(seed: seed, purpose: .samplingDesign)
        var elements: [Double] = []
        elements.reserveCapacity(points * dimensions)
        for dimension in 0..<dimensions {
            // Substream 0 belongs to the scrambles of Sobol sequences.
            var order = RandomStream(key: key, replicate: replicate, patient: UInt32(dimension), substream: 1)
            let place = RandomStream(key: key, replicate: replicate, patient: UInt32(dimension), substream: 2)
            for (point, part) in order.nextPermutation(count: points).enumerated() {
                let offset = placement == .centred ? 0.5 : place.uniform(at: UInt64(point))
                elements.append(Self.coordinate(part: part, of: points, offset: offset))
            }
        }
        matrix = Matrix(rows: points, columns: dimensions, elements: elements)
    }

    /// (part + offset) / parts, kept inside the part when rounding would lead out of it.
    private static func coordinate(part: Int, of parts: Int, offset: Double) -> Double {
        let n = Double(parts)
        let lower = Double(part) / n
        let upper = Double(part + 1) / n
        return min(max((Double(part) + offset) / n, lower), upper.nextDown)
    }
}

extension Matrix {
    /// A design in the unit cube taken to the scales of its quantities: element (i, j) becomes the quantile of
    /// `distributions[j]` at it.
    ///
    /// Quantiles at 0, which the plain Sobol sequence begins with, are the lower ends of the distributions, and infinite
    /// for some.
    ///
    /// - Parameter distributions: one for each column, with valid parameters.
    /// - Throws: ``DesignError/distributions(_:dimensions:)``.
    public func mapped(through distributions: [Distribution]) throws(DesignError) -> Matrix {
        guard distributions.count == columns else {
            throw .distributions(distributions.count, dimensions: columns)
        }
        return Matrix(rows: rows, columns: columns) { distributions[$1].quantile(self[$0, $1]) }
    }
}
