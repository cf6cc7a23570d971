import NumericsCore

/// The scores of a reference period, sorted and cut once, so that many later windows are compared with them quickly.
///
/// The numbers are those of ``PopulationStability`` and ``KolmogorovSmirnov`` (asymptotic), each with its p-value as the
/// normal deviate that a ``ControlChart`` takes: z = −Φ⁻¹(p), above 0 for a window that is less like the reference than
/// half of all windows are.
public struct ReferenceScores: Sendable {
    /// How far a window's scores are from the reference.
    public struct Shift: Hashable, Sendable {
        /// The stability index, or the Kolmogorov–Smirnov distance.
        public let statistic: Double
        /// P(at least that) without a shift.
        public let pValue: Double
        /// −Φ⁻¹(p), held between −8 and 37, where p is as close to 1 or 0 as a number can be.
        public let z: Double

        fileprivate init(_ statistic: Double, _ pValue: Double) {
            self.statistic = statistic
            self.pValue = pValue
            z = min(max(-Normal.quantile(min(max(pValue, 0), 1)), -8), 37)
        }
    }

    /// The scores in ascending order.
    public let sorted: [Double]
    private let cuts: RiskGroups
    private let counts: [Int]

    /// A reference of n ≥ 1 finite scores.
    ///
    /// - Parameter bins: of the stability index, cut at quantiles of the reference; at least 2.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(_ scores: [Double], bins: Int = 10) throws(InvalidInput) {
        var problems = TwoSamples.problems(scores, [0])
        if bins < 2 { problems.append(.init(column: "bins", found: "\(bins)", allowed: "at least 2")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        sorted = scores.sorted()
        cuts = RiskGroups(scores, groups: bins)
        var counts = [Int](repeating: 0, count: cuts.count)
        for score in scores { counts[cuts.group(of: score)] += 1 }
        self.counts = counts
    }

    /// The population stability index of m finite scores, O(m log bins). An empty bin counts as half a patient: the index is
    /// infinite otherwise, and a shift so large must not go unseen.
    ///
    /// - Returns: nil for no scores, and where all the reference is in one bin.
    public func stability(of scores: [Double]) -> Shift? {
        guard !scores.isEmpty, counts.count > 1 else { return nil }
        var current = [Int](repeating: 0, count: counts.count)
        for score in scores { current[cuts.group(of: score)] += 1 }
        let (n, m) = (Double(sorted.count), Double(scores.count))
        var index = 0.0
        for bin in counts.indices {
            let (r, c) = (Double(counts[bin]) / n, max(Double(current[bin]), 0.5) / m)
            index += (c - r) * (Elementary.log(c) - Elementary.log(r))
        }
        index = max(0, index)
        return Shift(
            index, ChiSquared.survival(index / (1 / n + 1 / m), degreesOfFreedom: Double(counts.count - 1)))
    }

    /// The largest distance between the distribution functions of the reference and of m finite scores in ascending order,
    /// O(m log n).
    ///
    /// - Returns: nil for no scores.
    public func distance(ofSorted scores: [Double]) -> Shift? {
        guard !scores.isEmpty else { return nil }
        let (n, m) = (sorted.count, scores.count)
        var largest = 0
        var first = 0
        // Between two scores of the window the distance is largest just below the second or at the first.
        while first < m {
            var next = first + 1
            while next < m, scores[next] == scores[first] { next += 1 }
            let below = sorted.partitioningIndex { $0 >= scores[first] }
            let upTo = sorted.partitioningIndex { $0 > scores[first] }
            largest = max(largest, abs(below * m - first * n), abs(upTo * m - next * n))
            first = next
        }
        let statistic = Double(largest) / (Double(n) * Double(m))
        return Shift(
            statistic, KolmogorovSmirnov.limit(statistic * (Double(n) * Double(m) / Double(n + m)).squareRoot()))
    }
}
