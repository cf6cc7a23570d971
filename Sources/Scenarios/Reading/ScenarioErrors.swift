/// One thing that is wrong with a scenario: where, what was found, what is allowed.
public struct ScenarioProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it, or the override in which the problem is (`--set path=value`).
    public var file: String
    /// Line and column, counted from 1; nil for a problem of the file as a whole.
    public var line: Int?
    /// The column in characters, from 1; nil where the line is.
    public var column: Int?
    /// The place in the document, such as `arms[1].start`.
    public var path: String
    /// What was found and what is allowed, without the place.
    public var message: String
    /// For a problem in a text of the language, the line and a caret under the place.
    public var excerpt: String?
    /// Whether the problem is that a file which the scenario names is not there.
    public var isMissingFile = false

    package init(
        file: String, line: Int? = nil, column: Int? = nil, path: String = "", message: String, excerpt: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
        self.excerpt = excerpt
    }

    package init(_ message: String, at place: ScenarioPlace, path: String = "") {
        self.init(file: place.file, line: place.line, column: place.column, path: path, message: message)
    }

    /// A file that a value of the scenario names cannot be read.
    package init(file error: any Error, at place: ScenarioPlace, path: String) {
        switch error {
        case let error as MissingFile: self.init("there is no file '\(error.path)'", at: place, path: path)
        case let error as UnreadableFile:
            self.init("the file '\(error.path)' cannot be read: \(error.reason)", at: place, path: path)
        default: self.init("\(error)", at: place, path: path)
        }
        isMissingFile = error is MissingFile
    }

    /// `file:line:column: error: path: message`, and below it the line with a caret where there is one.
    public var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
        let whole = "\(place): error: \(path.isEmpty ? "" : "\(path): ")\(message)"
        return excerpt.map { "\(whole)\n\($0)" } ?? whole
    }
}

/// Everything that is wrong with a scenario: file by file in the order in which they were read, each in the order of its
/// lines. A problem that several arms share is told once.
public struct ScenarioErrors: Error, Sendable, CustomStringConvertible {
    /// The problems in the order in which they are shown, each once.
    public let problems: [ScenarioProblem]

    /// Puts problems into the order in which a reader meets them, and drops repeated ones.
    public init(_ problems: [ScenarioProblem]) {
        var files: [String] = []
        var seen: Set<ScenarioProblem> = []
        var ranked: [(file: Int, problem: ScenarioProblem)] = []
        for problem in problems where seen.insert(problem).inserted {
            if !files.contains(problem.file) { files.append(problem.file) }
            ranked.append((files.firstIndex(of: problem.file) ?? 0, problem))
        }
        self.problems = ranked.enumerated().sorted { a, b in
            (a.element.file, a.element.problem.line ?? 0, a.element.problem.column ?? 0, a.offset)
                < (b.element.file, b.element.problem.line ?? 0, b.element.problem.column ?? 0, b.offset)
        }.map(\.element.problem)
    }

    /// Every problem, one below the other.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A scenario file or folder is not there.
public struct MissingFile: Error, Sendable, CustomStringConvertible {
    /// The path at which it was sought.
    public let path: String
    /// What it was to be, such as `a scenario file or folder`.
    public let purpose: String

    /// A file that was sought and not found, with what it was to be.
    public init(path: String, purpose: String) {
        self.path = path
        self.purpose = purpose
    }

    /// `path: no such file (purpose)`
    public var description: String { "\(path): no such file (\(purpose))" }
}

/// A file is there and cannot be read.
public struct UnreadableFile: Error, Sendable, CustomStringConvertible {
    /// The path of the file.
    public let path: String
    /// What the operating system or the text decoding said.
    public let reason: String

    /// A file that could not be read, with the reason in words.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// `path: cannot be read: reason`
    public var description: String { "\(path): cannot be read: \(reason)" }
}
