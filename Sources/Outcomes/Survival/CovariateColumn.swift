/// A named number for each patient: what a regression adjusts for.
public struct CovariateColumn: Hashable, Sendable {
    /// The name that results and errors use.
    public let name: String
    /// One finite value for each patient, in any unit; a coefficient is per that unit.
    public let values: [Double]

    /// A column that is checked where it is used: by a model, against the number of patients.
    public init(_ name: String, _ values: [Double]) {
        self.name = name
        self.values = values
    }

    static func check(_ columns: [CovariateColumn], rows: Int) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if columns.isEmpty { problems.append(.init(column: "covariates", found: "none", allowed: "at least one")) }
        for (index, column) in columns.enumerated() {
            if columns[..<index].contains(where: { $0.name == column.name }) {
                problems.append(
                    .init(column: "covariates", found: "\"\(column.name)\" twice", allowed: "each name once"))
            }
            problems += InvalidInput.Problem.inColumn(column.name, column.values, rows: rows)
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }
}
