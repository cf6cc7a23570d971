/// Covariates centred at their means and divided by their standard deviations, row by row.
struct CenteredColumns {
    /// The column with one value only, which has no scale.
    struct Constant: Error, Equatable { let name: String }

    let names: [String]
    let means: [Double]
    let scales: [Double]
    /// The range of each scaled covariate.
    let ranges: [Double]
    /// n × p, row-major.
    let rows: [Double]

    init(_ covariates: [CovariateColumn]) throws(Constant) {
        names = covariates.map(\.name)
        var means: [Double] = []
        var scales: [Double] = []
        var ranges: [Double] = []
        for column in covariates {
            guard let scale = ColumnScale(column.values) else { throw Constant(name: column.name) }
            means.append(scale.mean)
            scales.append(scale.deviation)
            ranges.append(scale.range)
        }
        let count = covariates.first?.values.count ?? 0
        var rows = [Double](repeating: 0, count: count * covariates.count)
        for (j, column) in covariates.enumerated() {
            for i in 0..<count { rows[i * covariates.count + j] = (column.values[i] - means[j]) / scales[j] }
        }
        self.means = means
        self.scales = scales
        self.ranges = ranges
        self.rows = rows
    }

    var width: Int { names.count }

    func linearPredictor(_ row: Int, _ beta: [Double]) -> Double {
        var sum = 0.0
        for j in beta.indices { sum += rows[row * beta.count + j] * beta[j] }
        return sum
    }
}

/// Where a column lies and how far it spreads.
struct ColumnScale {
    let mean: Double
    /// The standard deviation with n below the line.
    let deviation: Double
    /// The range in standard deviations.
    let range: Double

    /// Nil for a column with one value only.
    init?(_ values: [Double]) {
        guard var low = values.first else { return nil }
        var high = low
        let n = Double(values.count)
        // Halves before sums: neither the mean nor the range of finite numbers overflows.
        var mean = 0.0
        for value in values {
            low = value < low ? value : low
            high = value > high ? value : high
            mean += value / n
        }
        guard low < high else { return nil }
        let furthest = max(abs(low - mean), abs(high - mean))
        var sum = 0.0
        for value in values {
            let part = (value - mean) / furthest
            sum += part * part
        }
        let unit = (sum / n).squareRoot()
        self.mean = mean
        deviation = furthest * unit
        range = (high / furthest - low / furthest) / unit
    }
}
