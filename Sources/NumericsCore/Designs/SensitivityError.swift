/// Why sensitivity indices cannot be estimated.
public enum SensitivityError: Error, Equatable, Sendable {
    /// The number of inputs is outside what designs exist for.
    case inputs(Int)
    /// Too few points or batches to estimate anything, or its error.
    case tooFew(points: Int, batches: Int)
    /// The evaluated matrix does not have a row for each point, or no column, or not the columns of the first batch.
    case shape(rows: Int, columns: Int, expectedRows: Int, expectedColumns: Int?)
    /// The value of an output (counted from 0) is NaN or infinite at these inputs.
    case notFinite(output: Int, value: Double, inputs: [Double])
}

extension SensitivityError: CustomStringConvertible {
    /// What was found, what is allowed, and what could be done.
    public var description: String {
        switch self {
        case .inputs(let count):
            "Sensitivity to \(count) inputs cannot be estimated: 1 to \(SobolIndices.maximumInputs) are allowed."
        case .tooFew(let points, let batches):
            "\(points) points in \(batches) batches are too few: each is at least 2."
        case .shape(let rows, let columns, let expectedRows, let expectedColumns):
            "The evaluation has \(rows) rows and \(columns) columns, but needs \(expectedRows) rows, one for each point,"
                + " and \(expectedColumns.map { "\($0) columns, as in the first batch" } ?? "at least 1 column")."
        case .notFinite(let output, let value, let inputs):
            "Output \(output) is \(value) at the inputs \(inputs): every point needs a finite value. Narrow the inputs'"
                + " distributions, or give a failed evaluation a value that says so."
        }
    }
}
