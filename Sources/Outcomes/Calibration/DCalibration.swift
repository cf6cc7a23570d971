/// Whether the predicted distributions of survival time are calibrated over all times at once.
///
/// S(T | x) of a calibrated model is uniform on 0 to 1. An event adds 1 to the bin that holds its S; a patient censored at
/// c, of whom only T > c is known, is spread over the bins in [0, S(c)] with density 1/S(c). The counts are compared with
/// n/B by χ² on B − 1 degrees of freedom, which is conservative under censoring.
/// Source: Haider et al. 2020, J Mach Learn Res 21(85), section 3.5.
public struct DCalibration: Sendable {
    /// B counts from S = 0 upwards; they sum to n. The last bins hold early events.
    public let counts: [Double]
    /// The test of uniformity.
    public let test: ChiSquareTest

    /// Bins the patients, O(n + B).
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - survival: n predicted probabilities S(Tᵢ | xᵢ) at each patient's own follow-up time, event or censoring.
    ///   - bins: B of equal width, at least 2; bin k holds S over (k − 1)/B and up to k/B.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(_ data: SurvivalData, survival: [Double], bins: Int = 10) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "D-calibration")
        var problems = InvalidInput.Problem.probabilities("survival at own time", survival, rows: data.count)
        if bins < 2 { problems.append(.init(column: "bins", found: "\(bins)", allowed: "at least 2")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let edges = (0...bins).map { Double($0) / Double(bins) }
        var counts = [Double](repeating: 0, count: bins)
        // What censored patients give to every bin below their own, entered where it ends.
        var density = [Double](repeating: 0, count: bins)
        for row in survival.indices {
            let s = survival[row]
            let bin = max(0, min(bins - 1, edges.partitioningIndex { $0 >= s } - 1))
            if data.events[row] || s == 0 {
                counts[bin] += 1
            } else {
                counts[bin] += (s - edges[bin]) / s
                density[bin] += 1 / s
            }
        }
        var above = 0.0
        for bin in (0..<bins).reversed() {
            counts[bin] += above / Double(bins)
            above += density[bin]
        }
        let expected = Double(data.count) / Double(bins)
        self.counts = counts
        test = ChiSquareTest(
            statistic: counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected },
            degreesOfFreedom: bins - 1)
    }
}
