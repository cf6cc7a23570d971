import ModelLanguage

/// One thing that is wrong with a scenario: where, what was found, what is allowed.
public struct ScenarioProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    public var file: String
    /// Line and column, counted from 1; nil for a problem of the file as a whole.
    public var line: Int?
    public var column: Int?
    /// The place in the document, such as `arms[1].start`.
    public var path: String
    public var message: String
    /// A problem of model text inside the scenario, with its line and caret.
    public var excerpt: String?

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

    public var description: String {
        if let excerpt { return excerpt }
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
        return "\(place): error: \(path.isEmpty ? "" : "\(path): ")\(message)"
    }
}

/// Everything that is wrong with a scenario, in the order of its lines.
public struct ScenarioErrors: Error, Sendable, CustomStringConvertible {
    public let problems: [ScenarioProblem]

    public init(_ problems: [ScenarioProblem]) {
        self.problems = problems.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }.map(\.element)
    }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A file that a scenario needs is not there.
public struct MissingFile: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let purpose: String

    public init(path: String, purpose: String) {
        self.path = path
        self.purpose = purpose
    }

    public var description: String { "\(path): no such file (\(purpose))" }
}
