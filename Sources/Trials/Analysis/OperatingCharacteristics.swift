/// How a trial design behaves over many runs, for all patients and for each group.
package struct OperatingCharacteristics: Sendable {
    /// Numbers over the replicates for one group.
    package struct Row: Sendable {
        /// Replicates with an estimate.
        package var replicates = 0
        /// The share in which the test rejected, with its Monte Carlo standard error. Where no test was possible, none
        /// rejected.
        package var rejected = Double.nan
        package var rejectedError = Double.nan
        /// The mean estimate, with its Monte Carlo standard error, and the standard deviation between replicates.
        package var meanEstimate = Double.nan
        package var meanError = Double.nan
        package var deviation = Double.nan
        /// The mean of the standard errors that trials reported, over those that could report one.
        package var meanReportedError = Double.nan
        /// Mean estimate minus the truth, and the share of intervals that hold the truth, over the intervals there are.
        package var bias = Double.nan
        package var coverage = Double.nan
        package var coverageError = Double.nan
    }

    /// One for each group of the strata.
    package let rows: [Row]

    /// - Parameters:
    ///   - truth: for each group, the true effect; NaN where it is not known.
    ///   - alpha: a test rejects when its p-value is below this.
    package init(_ estimates: [TrialEstimate], truth: [Double], alpha: Double) {
        rows = truth.indices.map { group in
            let cells = estimates.map { ($0.cells[group], $0.pValues[group]) }.filter { $0.0.value.isFinite }
            var row = Row()
            row.replicates = cells.count
            guard !cells.isEmpty else { return row }
            let n = Double(cells.count)
            (row.rejected, row.rejectedError) = share(cells.count { $0.1 < alpha }, of: n)
            row.meanEstimate = cells.reduce(0) { $0 + $1.0.value } / n
            let squares = cells.reduce(0) { $0 + ($1.0.value - row.meanEstimate) * ($1.0.value - row.meanEstimate) }
            row.deviation = n > 1 ? (squares / (n - 1)).squareRoot() : .nan
            row.meanError = row.deviation / n.squareRoot()
            let errors = cells.map(\.0.standardError).filter(\.isFinite)
            row.meanReportedError = errors.isEmpty ? .nan : errors.reduce(0, +) / Double(errors.count)
            row.bias = row.meanEstimate - truth[group]
            let intervals = cells.filter { !$0.0.lower.isNaN && !$0.0.upper.isNaN }
            if truth[group].isFinite, !intervals.isEmpty {
                let held = intervals.count { $0.0.lower <= truth[group] && truth[group] <= $0.0.upper }
                (row.coverage, row.coverageError) = share(held, of: Double(intervals.count))
            }
            return row
        }
    }
}

/// A share and its binomial Monte Carlo standard error.
private func share(_ count: Int, of n: Double) -> (Double, Double) {
    let p = Double(count) / n
    return (p, (p * (1 - p) / n).squareRoot())
}
