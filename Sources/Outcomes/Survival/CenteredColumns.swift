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
            let n = Double(column.values.count)
            guard let low = column.values.min(), let high = column.values.max(), low < high else {
                throw Constant(name: column.name)
            }
            // Halves before sums: neither the mean nor the range of finite numbers overflows.
            let mean = column.values.reduce(0) { $0 + $1 / n }
            let scale = column.values.reduce(0) { max($0, abs($1 - mean)) }
            let unit = (column.values.reduce(0) { $0 + (($1 - mean) / scale) * (($1 - mean) / scale) } / n).squareRoot()
            means.append(mean)
            scales.append(scale * unit)
            ranges.append((high / scale - low / scale) / unit)
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
