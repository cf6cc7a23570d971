import NumericsCore

/// Why parameters cannot be drawn.
package enum ParameterUncertaintyError: Error, Equatable {
    /// No population parameter has this name.
    case unknown(String, known: [String])
    /// The parameter's uncertainty is given twice.
    case repeated(String)
    /// The covariance does not have a row and a column for each name.
    case covarianceShape(rows: Int, columns: Int, names: Int)
    /// A relative standard error that is negative or not finite.
    case relativeStandardError(String, Double)
    /// A covariance that no numbers can have, or that is singular where a regular one is needed.
    case notACovariance(of: String, LinearAlgebraError)
    /// Degrees of freedom for another number of blocks than the model has.
    case blocks(found: Int, expected: Int)
    /// Too few degrees of freedom, or infinitely many.
    case degreesOfFreedom(String, Double, moreThan: Double)
    /// All attempts fell outside the bounds; the last one, at this parameter, with this value.
    case outsideBounds(String, value: Double, lower: Double, upper: Double, attempts: Int)
}

extension ParameterUncertaintyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknown(let name, let known):
            "'\(name)' is no population parameter of the model; it has: \(known.joined(separator: ", "))"
        case .repeated(let name):
            "the uncertainty of '\(name)' is given twice: once is allowed"
        case .covarianceShape(let rows, let columns, let names):
            "the covariance of the fixed effects has \(rows) rows and \(columns) columns for \(names) names: it needs a row"
                + " and a column for each"
        case .relativeStandardError(let name, let value):
            "the relative standard error of '\(name)' is \(value): it is at least 0 and finite, 0.2 for 20 %"
        case .notACovariance(let what, let error):
            "the covariance of \(what) cannot be drawn from. \(error)"
        case .blocks(let found, let expected):
            "\(found) degrees of freedom are given for the \(expected) blocks of random effects: each block needs its own,"
                + " or none where it is known"
        case .degreesOfFreedom(let name, let value, let least):
            "the covariance of '\(name)' has \(value) degrees of freedom: more than \(least) are needed, and finitely many"
        case .outsideBounds(let name, let value, let lower, let upper, let attempts):
            "\(attempts) draws of the fixed effects fell outside the bounds of ini, the last one with '\(name)' at \(value),"
                + " allowed from \(lower) to \(upper): widen the bounds or narrow the uncertainty"
        }
    }
}
