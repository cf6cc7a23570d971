import NumericsCore

/// Covariates of a model with an intercept, centred and scaled for the search, and the way back to their own units.
///
/// Parameters are in the order intercept, slopes, whatever else the model has.
struct InterceptDesign {
    let columns: CenteredColumns
    /// n.
    let count: Int

    /// Checks the columns, which may be none.
    ///
    /// - Throws: ``InvalidInput``, and ``FitError`` for a constant or collinear column.
    init(_ covariates: [CovariateColumn], rows: Int, model: String) throws {
        if !covariates.isEmpty { try CovariateColumn.check(covariates, rows: rows) }
        do { columns = try CenteredColumns(covariates) } catch {
            throw FitError(model, .constant(covariate: error.name))
        }
        count = rows
        do { _ = try SmallCholesky(columns.gram) } catch {
            throw FitError(model, .collinear(covariate: covariates[error.column].name))
        }
    }

    /// The number of covariates p.
    var width: Int { columns.width }

    /// How far a unit of intercept and slopes moves some patient's predictor.
    var reaches: [Double] { [1] + columns.ranges }

    /// Intercept and slopes at a row.
    @inline(__always)
    func predictor(_ row: Int, _ parameters: [Double]) -> Double {
        var sum = parameters[0]
        let p = columns.width
        for j in 0..<p { sum += columns.rows[row * p + j] * parameters[j + 1] }
        return sum
    }

    /// 1 and the centred covariates of a row, times a factor.
    @inline(__always)
    func fill(_ along: inout [Double], row: Int, factor: Double = 1) {
        let p = columns.width
        along[0] = factor
        for j in 0..<p { along[j + 1] = factor * columns.rows[row * p + j] }
    }

    /// The matrix that takes the search's parameters to those of the covariates as given; `more` parameters after them stay.
    func back(more: Int = 0) -> Matrix {
        let p = width
        return Matrix(rows: 1 + p + more, columns: 1 + p + more) { i, j in
            if i == 0, j > 0, j <= p { return -columns.means[j - 1] / columns.scales[j - 1] }
            guard i == j else { return 0 }
            return i > 0 && i <= p ? 1 / columns.scales[i - 1] : 1
        }
    }
}

extension CenteredColumns {
    /// Sums of products of the centred columns over n: their correlations.
    var gram: [[Double]] {
        let p = width
        var sums = [[Double]](repeating: [Double](repeating: 0, count: p), count: p)
        guard p > 0 else { return sums }
        let n = rows.count / p
        for row in 0..<n {
            for i in 0..<p {
                for j in 0...i { sums[i][j] += rows[row * p + i] * rows[row * p + j] }
            }
        }
        for i in 0..<p {
            for j in 0...i {
                sums[i][j] /= Double(n)
                sums[j][i] = sums[i][j]
            }
        }
        return sums
    }
}

/// Estimates and their covariance under a linear map.
struct MappedEstimates {
    let values: [Double]
    /// A V Aᵀ, symmetric to the last bit.
    let covariance: [[Double]]

    init(_ values: [Double], _ covariance: [[Double]], by map: Matrix) {
        self.values = map * values
        let product = map * Matrix(rowsOf: covariance) * map.transposed
        self.covariance = (0..<product.rows).map { i in
            (0..<product.rows).map { product[max(i, $0), min(i, $0)] }
        }
    }

    /// A row of a table for each value.
    func rows(_ names: [String], degreesOfFreedom: Double = .infinity) -> [CoefficientRow] {
        names.indices.map {
            CoefficientRow(
                names[$0], values[$0], variance: covariance[$0][$0], degreesOfFreedom: degreesOfFreedom)
        }
    }
}

/// wᵀ V w, at least 0.
func variance(along w: [Double], _ covariance: [[Double]]) -> Double {
    var sum = 0.0
    for i in w.indices {
        var inner = 0.0
        for j in w.indices { inner += covariance[i][j] * w[j] }
        sum += w[i] * inner
    }
    return max(0, sum)
}

extension Undefined {
    static func covariateCount(_ found: Int, model: Int) -> Undefined {
        .init(code: "covariates", reason: "\(found) covariates given to a model of \(model)")
    }
}
