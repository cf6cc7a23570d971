/// The mean of a sample and its standard error.
func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (n - 1) / n).squareRoot())
}

/// The largest distance of a sample's distribution from a continuous one (Kolmogorov–Smirnov), times √n. It exceeds 1.95
/// with probability 0.001 (Kolmogorov's limit distribution).
func kolmogorovDistance(_ values: [Double], _ cdf: (Double) -> Double) -> Double {
    let n = Double(values.count)
    var worst = 0.0
    for (rank, value) in values.sorted().enumerated() {
        let expected = cdf(value)
        worst = max(worst, Double(rank + 1) / n - expected, expected - Double(rank) / n)
    }
    return worst * n.squareRoot()
}
