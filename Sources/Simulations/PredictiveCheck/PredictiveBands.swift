/// Percentiles of what was observed and of what is simulated, by bins of time: what a visual predictive check draws.
package struct PredictiveBands: Sendable {
    /// A stretch of time.
    package struct Bin: Sendable, Hashable {
        package var from: Double
        package var to: Double
        /// The median time of its points.
        package var time: Double
        /// How many points it holds in each replicate.
        package var count: Int

        package init(from: Double, to: Double, time: Double, count: Int) {
            self.from = from
            self.to = to
            self.time = time
            self.count = count
        }
    }

    /// A percentile of the simulated values: its median over the replicates, and the band that holds 95 % of them.
    package struct Band: Sendable, Hashable {
        package var median: Double
        package var lower: Double
        package var upper: Double
    }

    package var endpoint: String
    package var percentiles: [Double]
    package var bins: [Bin]
    /// Bin by bin the percentiles of the observed values; nil where nothing was observed.
    package var observed: [[Double]]?
    /// Bin by bin the percentiles of the simulated values.
    package var simulated: [[Band]]
    /// Points outside all bins.
    package var excluded: Int
}

/// The bins of one endpoint with the points that fall into each.
struct BinnedPoints: Sendable {
    let edges: [Double]
    /// For each bin, the numbers of its points.
    let members: [[Int]]
    let excluded: Int

    /// - Parameter points: the numbers of the endpoint's points, and the time of each.
    init(_ bins: PredictiveCheckOptions.Bins, _ points: [(number: Int, time: Double)]) {
        edges = bins.edges(for: points.map(\.time))
        var members = [[Int]](repeating: [], count: max(0, edges.count - 1))
        var excluded = 0
        for point in points {
            if let bin = Self.bin(of: point.time, edges) {
                members[bin].append(point.number)
            } else {
                excluded += 1
            }
        }
        self.members = members
        self.excluded = excluded
    }

    private static func bin(of time: Double, _ edges: [Double]) -> Int? {
        guard let first = edges.first, let last = edges.last, time >= first, time <= last else { return nil }
        let above = edges.firstIndex { $0 > time } ?? edges.count - 1
        return above - 1
    }
}

/// The value below which a percentage of the sorted values lies: linear between order statistics (type 7 of Hyndman and
/// Fan 1996, R's default). NaN where there is none.
func percentile(_ percent: Double, ofSorted values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let position = percent / 100 * Double(values.count - 1)
    let below = Int(position.rounded(.down))
    let above = min(below + 1, values.count - 1)
    return values[below] + (position - Double(below)) * (values[above] - values[below])
}
