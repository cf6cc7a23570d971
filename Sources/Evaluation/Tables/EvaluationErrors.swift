/// What is wrong with a table, a formula or an option of an evaluation: all that was found in one reading.
public struct EvaluationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// `file, row 3`, `file:line:column`, or the option's name.
        public let place: String
        /// What was found, and what is allowed.
        public let message: String

        package init(_ message: String, at place: String) {
            self.place = place
            self.message = message
        }

        /// `place: error: message`
        public var description: String { "\(place): error: \(message)" }
    }

    /// The first problems, in the order in which they were met.
    public let problems: [Problem]
    /// How many there are in all.
    public let total: Int

    /// How many problems of a kind are spelt out.
    static let shown = 10

    package init(_ problems: [Problem], total: Int? = nil) {
        self.problems = problems
        self.total = total ?? problems.count
    }

    package init(_ message: String, at place: String) { self.init([Problem(message, at: place)]) }

    /// A line for each problem, and one with the total when not all are shown.
    public var description: String {
        var lines = problems.map(\.description)
        if total > problems.count { lines.append("\(total) problems in all, the first \(problems.count) shown") }
        return lines.joined(separator: "\n")
    }
}
