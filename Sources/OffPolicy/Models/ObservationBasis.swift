import NumericsCore
import Regimes

/// Columns for a linear model from what is observed: an intercept, each variable in standard deviations from its mean, and
/// for a quadratic basis the squares and products. A missing value is the mean, with a column that says so.
package struct ObservationBasis: Sendable {
    let variables: [Int]
    let means: [Double]
    let deviations: [Double]
    /// The variables among ``variables`` that are missing at times.
    let gaps: [Int]
    let isQuadratic: Bool
    package let columns: Int

    /// - Parameter rows: the decisions from which means and deviations are taken.
    package init(_ log: LoggedEpisodes, variables: [Int], rows: [Int], isQuadratic: Bool) {
        var (kept, means, deviations, gaps): ([Int], [Double], [Double], [Int]) = ([], [], [], [])
        for variable in variables {
            let seen = rows.lazy.map { log.observations[variable][$0] }.filter { !$0.isNaN }
            let moments = RunningMoments(seen)
            guard let mean = moments.mean, let deviation = moments.standardDeviation, deviation > 0 else { continue }
            if moments.count < rows.count { gaps.append(kept.count) }
            kept.append(variable)
            means.append(mean)
            deviations.append(deviation)
        }
        (self.variables, self.means, self.deviations, self.gaps) = (kept, means, deviations, gaps)
        self.isQuadratic = isQuadratic
        let count = kept.count
        columns = 1 + count + gaps.count + (isQuadratic ? count * (count + 1) / 2 : 0)
    }

    /// The row of a point, whose values `value` gives by the log's variable.
    package func row(_ value: (Int) -> Double) -> [Double] {
        var row = [1.0]
        row.reserveCapacity(columns)
        var missing: [Bool] = []
        for place in variables.indices {
            let seen = value(variables[place])
            missing.append(seen.isNaN)
            row.append(seen.isNaN ? 0 : (seen - means[place]) / deviations[place])
        }
        if isQuadratic {
            for a in 1...max(1, variables.count) where !variables.isEmpty {
                for b in a...variables.count { row.append(row[a] * row[b]) }
            }
        }
        for gap in gaps { row.append(missing[gap] ? 1 : 0) }
        return row
    }
}
