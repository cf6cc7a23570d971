import Cohorts
import ModelLanguage
import NumericsCore
import Pharmacology

/// A table of how uncertain a model's parameters are, in one of two forms.
///
/// - **Covariance**: a column for each parameter, by name, and as many rows in the same order; a column before them that
///   has the rows' names (its header is empty, `name` or `parameter`) may stand there and is checked.
/// - **Relative standard errors**: the columns `parameter` and `rse`, 0.2 for 20 %. The name of an eta makes the covariance
///   of its block inverse Wishart, with the degrees of freedom at which a variance has that error.
package struct UncertaintyTable: Sendable {
    package let file: String
    /// The names with their relative standard errors; else those of the covariance's columns.
    private let names: [String]
    private let values: [[Double]]
    private let isCovariance: Bool

    /// Reads a table.
    ///
    /// - Throws: ``InputErrors`` with every problem, each at its cell.
    package init(csv: [UInt8], file: String) throws(InputErrors) {
        var problems = InputProblemList()
        var (names, rowNames, values): ([String], [String], [[Double]]) = ([], [], [])
        var isCovariance = true
        do {
            var reader = try CSVReader(csv, file: file)
            let header = reader.header.map { $0.lowercased() }
            isCovariance = header != ["parameter", "rse"]
            let isNamed = !isCovariance || ["", "name", "parameter"].contains(header.first)
            let columns = Array((isNamed ? 1 : 0)..<max(header.count, isNamed ? 1 : 0))
            if isCovariance { names = columns.map { reader.header[$0] } }
            while try problems.nextRow(of: &reader) {
                if isNamed { rowNames.append(reader.text(0)) }
                var row: [Double] = []
                for column in columns {
                    guard case .number(let value) = reader.number(column) else {
                        problems.refuse(reader, column, allowed: "a number")
                        continue
                    }
                    row.append(value)
                }
                values.append(row)
            }
            if isCovariance, isNamed, problems.isEmpty, rowNames != names {
                problems.note(
                    "found rows named \(rowNames.joined(separator: ", ")), allowed: the names of the columns in their "
                        + "order, \(names.joined(separator: ", "))", at: file)
            }
        } catch { problems.note(error) }
        if problems.isEmpty, isCovariance, values.count != names.count {
            problems.note(
                "found \(names.count) columns and \(values.count) rows, allowed: a covariance, with a row for each column, "
                    + "or the columns parameter and rse", at: file)
        }
        try problems.throwIfAny()
        self.file = file
        self.names = isCovariance ? names : rowNames
        self.values = values
        self.isCovariance = isCovariance
    }

    /// What the table says of a model's parameters.
    ///
    /// - Throws: ``InputErrors`` where it names others, or its numbers are no covariance.
    package func uncertainty(of model: Model) throws(InputErrors) -> ParameterUncertainty {
        do throws(ParameterUncertaintyError) {
            guard !isCovariance else {
                let matrix = Matrix(rowsOf: values)
                return try ParameterUncertainty(
                    parameters: model.parameters, randomEffects: model.randomEffects,
                    fixedEffects: .covariance(names: names, matrix))
            }
            let errors = zip(names, values).map { (name: $0, value: $1[0]) }
            let degrees = model.randomEffects.map { block in
                // A block has one number of degrees of freedom: that of its least certain eta.
                errors.filter { block.names.contains($0.name) }.map {
                    ParameterUncertainty.degreesOfFreedom(
                        relativeStandardError: $0.value, order: block.names.count)
                }.min()
            }
            return try ParameterUncertainty(
                parameters: model.parameters, randomEffects: model.randomEffects,
                fixedEffects: .relativeStandardErrors(errors.filter { !model.etas.contains($0.name) }),
                omegaDegreesOfFreedom: degrees)
        } catch {
            throw InputErrors([InputProblem("\(error)", at: file)])
        }
    }
}
