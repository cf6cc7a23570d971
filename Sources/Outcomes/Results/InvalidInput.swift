/// Input that no estimator can use. All problems of one call are reported together.
public struct InvalidInput: Error, Hashable, Sendable, CustomStringConvertible {
    /// One value that is not allowed.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The row counted from 1, or nil when the whole column is meant.
        public let row: Int?
        /// The argument or column that the value stands in, as messages name it.
        public let column: String
        /// What stands there, in words.
        public let found: String
        /// What may stand there, in words.
        public let allowed: String

        /// A problem that a check of your own found.
        ///
        /// - Parameter row: counted from 1; nil when the whole column is meant.
        public init(row: Int? = nil, column: String, found: String, allowed: String) {
            self.row = row
            self.column = column
            self.found = found
            self.allowed = allowed
        }

        /// `row 3, time: found -1.0, allowed is a finite number ≥ 0`; without the row for a whole column.
        public var description: String {
            let place = row.map { "row \($0), \(column)" } ?? column
            return "\(place): found \(found), allowed is \(allowed)"
        }
    }

    /// Every problem of the call, in the order of the arguments and then of the rows.
    public let problems: [Problem]

    /// Several problems of one call, in the order in which they shall be reported.
    public init(_ problems: [Problem]) { self.problems = problems }
    /// A call with one problem.
    public init(_ problem: Problem) { problems = [problem] }

    /// The number of problems that ``description`` spells out; the rest are counted.
    public static let problemsShown = 10

    /// A line for each of the first ``problemsShown`` problems, and one that counts the rest.
    public var description: String {
        var lines = problems.prefix(Self.problemsShown).map(\.description)
        if problems.count > Self.problemsShown { lines.append("and \(problems.count - Self.problemsShown) more") }
        return lines.joined(separator: "\n")
    }
}

extension InvalidInput.Problem {
    static func length(_ column: String, found: Int, rows: Int) -> Self {
        .init(column: column, found: "\(found) rows", allowed: "\(rows) rows, one for each patient")
    }

    /// The rows of a column that hold an infinity or a NaN.
    static func notFinite(_ column: String, _ values: [Double]) -> [Self] {
        values.indices.filter { !values[$0].isFinite }.map {
            .init(row: $0 + 1, column: column, found: "\(values[$0])", allowed: "a finite number")
        }
    }

    /// What is wrong with a column that must hold a finite number for each of `rows` patients.
    static func inColumn(_ column: String, _ values: [Double], rows: Int) -> [Self] {
        values.count == rows ? notFinite(column, values) : [length(column, found: values.count, rows: rows)]
    }
}
