/// What is wrong with a file of logged episodes: all that was found in one reading.
package struct EpisodeFileErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first problems in the order of the file, each with its place.
    package let problems: [String]
    package let total: Int

    /// How many are spelt out.
    package static let shown = 20

    package init(_ problems: [String]) {
        self.problems = Array(problems.prefix(Self.shown))
        total = problems.count
    }

    package var description: String {
        var lines = problems
        if total > problems.count { lines.append("\(total) problems in all, the first \(problems.count) shown") }
        return lines.joined(separator: "\n")
    }
}
