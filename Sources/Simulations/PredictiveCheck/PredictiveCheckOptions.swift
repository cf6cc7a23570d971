/// How a visual predictive check divides time and what it shows of each part.
package struct PredictiveCheckOptions: Sendable, Hashable {
    /// How the points are put into bins by their time.
    package enum Bins: Sendable, Hashable {
        /// So many bins of about the same number of points; points of one time stay together.
        case count(Int)
        /// Bins between growing edges. A bin holds its lower edge, the last one its upper edge too; points outside are left
        /// out and counted.
        case edges([Double])
    }

    package var bins: Bins
    /// The percentiles of the values in a bin, from 0 to 100.
    package var percentiles: [Double]
    /// How often the population is simulated.
    package var replicates: Int
    /// Whether values are corrected for what the typical subject's prediction differs within a bin.
    package var isPredictionCorrected: Bool

    package init(
        bins: Bins, percentiles: [Double] = [5, 50, 95], replicates: Int = 500, isPredictionCorrected: Bool = false
    ) {
        self.bins = bins
        self.percentiles = percentiles
        self.replicates = replicates
        self.isPredictionCorrected = isPredictionCorrected
    }

    /// Over how many of a hundred replicates the bands of the simulated percentiles reach.
    static let bandPercent = 95.0
}

extension PredictiveCheckOptions.Bins {
    /// Reads `8` (a number of bins) or `0,2,6,24` (edges).
    ///
    /// - Throws: ``InputErrors`` naming `--vpc`.
    package init(_ text: String) throws(InputErrors) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        if parts.count == 1, let count = Int(parts[0]), (1...10_000).contains(count) {
            self = .count(count)
            return
        }
        let edges = parts.compactMap { Double($0) }.filter(\.isFinite)
        guard parts.count > 1, edges.count == parts.count, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw InputErrors([
                InputProblem(
                    "found '\(text)', allowed: a number of bins from 1 to 10000, or growing edges such as 0,2,6,24",
                    at: "--vpc")
            ])
        }
        self = .edges(edges)
    }

    /// The edges for points of the given times.
    func edges(for times: [Double]) -> [Double] {
        guard case .count(let count) = self else {
            if case .edges(let edges) = self { return edges }
            return []
        }
        let sorted = times.sorted()
        guard let first = sorted.first, let last = sorted.last else { return [] }
        var edges = [first]
        for bin in 1..<max(1, count) {
            let index = bin * sorted.count / count
            // Between two times, the later of which begins the bin.
            guard index > 0, let later = sorted[index...].first(where: { $0 > sorted[index - 1] }) else { continue }
            let edge = sorted[index - 1] + (later - sorted[index - 1]) / 2
            if edge > edges[edges.count - 1] { edges.append(edge) }
        }
        // A single time is a bin without a length.
        edges.append(last)
        return edges
    }
}

extension PredictiveCheckOptions {
    /// Reads `5,50,95`.
    ///
    /// - Throws: ``InputErrors`` naming `--percentiles`.
    package static func percentiles(_ text: String) throws(InputErrors) -> [Double] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Double($0.trimmed) }.filter { $0 >= 0 && $0 <= 100 }
        guard values.count == parts.count, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw InputErrors([
                InputProblem(
                    "found '\(text)', allowed: growing numbers from 0 to 100 such as 5,50,95", at: "--percentiles")
            ])
        }
        return values
    }
}
