/// Ordinary least squares with an intercept, by the normal equations of centred and scaled columns: the same bits on every
/// processor, and exact enough for the few well-scaled columns of a trial's analysis.
struct LeastSquares {
    /// One for each column, in its unit; the intercept is not among them.
    let coefficients: [Double]
    /// n − columns − 1.
    let degreesOfFreedom: Int

    private let design: CenteredColumns
    private let inverse: [[Double]]
    private let residuals: [Double]

    init(_ values: [Double], _ columns: [CovariateColumn]) throws(RegressionError) {
        guard values.count > columns.count + 1 else {
            throw .tooFewPatients(found: values.count, needed: columns.count + 2)
        }
        let design: CenteredColumns
        do { design = try CenteredColumns(columns) } catch { throw .constant(covariate: error.name) }
        let n = values.count
        let p = columns.count
        let mean = SampleMoments(values).mean
        var gram = [[Double]](repeating: [Double](repeating: 0, count: p), count: p)
        var moment = [Double](repeating: 0, count: p)
        for row in 0..<n {
            for i in 0..<p {
                let x = design.rows[row * p + i]
                moment[i] += x * (values[row] - mean)
                for j in 0...i { gram[i][j] += x * design.rows[row * p + j] }
            }
        }
        for i in 0..<p { for j in 0..<i { gram[j][i] = gram[i][j] } }
        let factor: SmallCholesky
        do { factor = try SmallCholesky(gram) } catch { throw .collinear(covariate: columns[error.column].name) }
        let scaled = factor.solve(moment)
        residuals = (0..<n).map { values[$0] - mean - design.linearPredictor($0, scaled) }
        inverse = factor.inverse
        coefficients = (0..<p).map { scaled[$0] / design.scales[$0] }
        degreesOfFreedom = n - p - 1
        self.design = design
    }

    /// σ²·(XᵀX)⁻¹ with σ² = Σ residual² / df.
    func variance(of column: Int) -> Double {
        let sigma = residuals.reduce(0) { $0 + $1 * $1 } / Double(degreesOfFreedom)
        return sigma * inverse[column][column] / (design.scales[column] * design.scales[column])
    }

    /// What is left of a leverage of 1 below which it is 1 up to rounding: the patient's own fit is exact.
    static let leastFreedom = 1e-9

    /// The sandwich (XᵀX)⁻¹ Xᵀ diag(e²/(1 − h)²) X (XᵀX)⁻¹; undefined when some h is 1.
    func robustVariance(of column: Int) -> Estimated<Double> {
        let p = coefficients.count
        let n = residuals.count
        var sum = 0.0
        for row in 0..<n {
            var reach = 0.0
            var leverage = 1 / Double(n)
            for i in 0..<p {
                var product = 0.0
                for j in 0..<p { product += inverse[i][j] * design.rows[row * p + j] }
                leverage += design.rows[row * p + i] * product
                if i == column { reach = product }
            }
            guard 1 - leverage > Self.leastFreedom else { return .undefined(.fullLeverage(row: row + 1)) }
            let part = reach * residuals[row] / (1 - leverage)
            sum += part * part
        }
        return .value(sum / (design.scales[column] * design.scales[column]))
    }
}

extension Undefined {
    static func fullLeverage(row: Int) -> Undefined {
        .init(
            code: "full-leverage",
            reason: "row \(row) alone determines a coefficient, as a patient alone in a stratum does: its residual is 0"
        )
    }
}
