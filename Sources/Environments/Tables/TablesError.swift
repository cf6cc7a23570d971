/// Everything that is wrong with the tables of a problem.
package struct TablesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong, where, and what is allowed.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        package let file: String
        /// From 1; nil for the file as a whole.
        package let line: Int?
        package let message: String

        package init(_ file: String, line: Int? = nil, _ message: String) {
            (self.file, self.line, self.message) = (file, line, message)
        }

        package var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + message }
    }

    package let problems: [Problem]
    /// Whether nothing is wrong but that files are missing.
    package let isMissing: Bool

    package init(_ problems: [Problem], isMissing: Bool = false) {
        self.problems = problems
        self.isMissing = isMissing
    }

    package init(_ file: String, _ message: String, isMissing: Bool = false) {
        self.init([Problem(file, message)], isMissing: isMissing)
    }

    /// Problems that are printed; a column in the wrong unit would fill the screen otherwise.
    private static let printed = 20

    package var description: String {
        var lines = problems.prefix(Self.printed).map(\.description)
        if problems.count > Self.printed { lines.append("and \(problems.count - Self.printed) more problems") }
        return lines.joined(separator: "\n")
    }
}
