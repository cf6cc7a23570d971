import Cohorts
import ModelLanguage

/// One thing that is wrong with what a simulation is given: a table, an option, or a name that nobody supplies.
public struct InputProblem: Sendable, Hashable, CustomStringConvertible {
    /// `file:line:column`, a file, or the option's name.
    public var place: String
    /// What was found, and what is allowed.
    public var message: String

    package init(_ message: String, at place: String) {
        self.place = place
        self.message = message
    }

    /// `place: error: message`
    public var description: String { "\(place): error: \(message)" }
}

/// Everything that is wrong with what a simulation is given, found in one reading.
public struct InputErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first problems in the order in which they were met.
    public var problems: [InputProblem]
    /// How many there are in all.
    public var total: Int

    package init(_ problems: [InputProblem], total: Int? = nil) {
        self.problems = problems
        self.total = total ?? problems.count
    }

    /// One problem a line, and a last line with the total when not all are shown.
    public var description: String {
        var lines = problems.map(\.description)
        if total > problems.count { lines.append("\(total) problems in all, the first \(problems.count) shown") }
        return lines.joined(separator: "\n")
    }
}

/// The problems met so far: all of them counted, the first ones kept.
package struct InputProblemList: Sendable {
    static let maximumShown = 20
    private(set) var shown: [InputProblem] = []
    private(set) var total = 0
    /// The column of a table that each of the first ones is in, 0 for others.
    private var columns: [Int] = []

    package init() {}

    package mutating func note(_ message: String, at place: String) {
        total += 1
        if shown.count < Self.maximumShown { shown.append(InputProblem(message, at: place)) }
    }

    mutating func note(_ error: CSVError) { note(error.message, at: "\(error.file):\(error.line):\(error.column)") }

    /// A cell of the current row that is not what it may be.
    mutating func refuse(_ reader: CSVReader, _ column: Int, allowed: String) {
        let text = reader.text(column)
        let found = text.count > 60 ? "'\(text.prefix(60))…'" : text.isEmpty ? "an empty cell" : "'\(text)'"
        note(reader, column, "\(reader.header[column]): found \(found), allowed: \(allowed)")
    }

    mutating func note(_ reader: CSVReader, _ column: Int, _ message: String) {
        let place = reader.place(column)
        note(message, at: "\(reader.file):\(place.line):\(place.column)")
        if columns.count < shown.count { columns += repeatElement(0, count: shown.count - columns.count) }
        if shown.count == total { columns[shown.count - 1] = column }
    }

    /// Puts the problems of one row into the order of its columns.
    ///
    /// - Parameter first: how many there were before the row.
    mutating func sortRow(from first: Int) {
        guard shown.count > first + 1 else { return }
        columns += repeatElement(0, count: shown.count - columns.count)
        let order = (first..<shown.count).sorted { (columns[$0], $0) < (columns[$1], $1) }
        shown.replaceSubrange(first..., with: order.map { shown[$0] })
    }

    /// Moves to the next row with the right number of cells, noting those without.
    mutating func nextRow(of reader: inout CSVReader) throws(CSVError) -> Bool {
        while true {
            do { return try reader.next() } catch {
                guard case .cellCount = error.problem else { throw error }
                note(error)
            }
        }
    }

    package mutating func add(_ errors: InputErrors) {
        for problem in errors.problems { note(problem.message, at: problem.place) }
        total += errors.total - errors.problems.count
    }

    package var isEmpty: Bool { total == 0 }

    package func throwIfAny() throws(InputErrors) {
        if total > 0 { throw InputErrors(shown, total: total) }
    }
}

/// `; did you mean 'x'?` where a name is near, else nothing.
package func suggestion(for name: String, among known: [String]) -> String {
    // A slip of letter case alone is no distance at all, so it is sought first.
    let sameLetters = known.first { $0 != name && $0.lowercased() == name.lowercased() }
    return (sameLetters ?? nearestName(to: name, among: known)).map { "; did you mean '\($0)'?" } ?? ""
}
