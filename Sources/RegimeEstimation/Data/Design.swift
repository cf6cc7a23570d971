import Evaluation
import Outcomes

/// The covariates of a model: named columns, stored row after row.
package struct Design: Sendable {
    package let names: [String]
    package let rowCount: Int
    /// Row-major: column j of row i is at i · width + j.
    package let values: [Double]

    package var width: Int { names.count }

    package init(_ columns: [CovariateColumn], rows: Int, intercept: Bool) {
        let lead = intercept ? 1 : 0
        let width = columns.count + lead
        var values = [Double](repeating: 1, count: rows * width)
        for (index, column) in columns.enumerated() {
            for row in 0..<rows { values[row * width + index + lead] = column.values[row] }
        }
        names = (intercept ? [Self.intercept] : []) + columns.map(\.name)
        rowCount = rows
        self.values = values
    }

    package init(names: [String], rowCount: Int, values: [Double]) {
        self.names = names
        self.rowCount = rowCount
        self.values = values
    }

    static let intercept = "(Intercept)"

    /// β·x of a row.
    @inline(__always)
    func predictor(_ row: Int, _ coefficients: ArraySlice<Double>) -> Double {
        values.withUnsafeBufferPointer { values in
            coefficients.withUnsafeBufferPointer { beta in
                var sum = 0.0
                for j in 0..<beta.count { sum += beta[j] * values[row * beta.count + j] }
                return sum
            }
        }
    }

    func row(_ row: Int) -> ArraySlice<Double> { values[row * width..<(row + 1) * width] }

    /// The rows of the given indices.
    func subset(_ rows: [Int]) -> Design {
        Design(names: names, rowCount: rows.count, values: rows.flatMap { row($0) })
    }

    func column(_ index: Int) -> [Double] { (0..<rowCount).map { values[$0 * width + index] } }
}

extension CovariateFormula {
    /// The design of the formula, splines in the place of the columns that have them.
    ///
    /// - Parameter splines: columns by name with their degrees of freedom.
    func design(
        of rows: CompleteRows, intercept: Bool, splines: [(column: String, freedom: Int)] = []
    ) throws -> Design {
        let columns = try columns(of: rows).flatMap { column -> [CovariateColumn] in
            guard let spline = splines.first(where: { $0.column == column.name }) else { return [column] }
            return try NaturalSpline(column, freedom: spline.freedom).columns
        }
        return Design(columns, rows: rows.count, intercept: intercept)
    }
}
