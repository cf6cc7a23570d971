import Cohorts
import ModelLanguage

extension Scenario {
    /// A problem of the value at a path.
    package func problem(_ message: String, at path: String) -> ScenarioProblem {
        ScenarioProblem(message, at: places.place(of: path), path: path)
    }

    /// The problems in texts of the language, each at its place in the scenario or in the file it was read from.
    package func problems(of errors: SourceErrors) -> [ScenarioProblem] { places.problems(of: errors) }

    /// The problems that an error of the libraries below stands for, when it came up at a path; nil for an error that is
    /// no fault of the input.
    package func problems(of error: any Error, at path: String) -> [ScenarioProblem]? {
        switch error {
        case let errors as ScenarioErrors: errors.problems
        case let errors as SourceErrors: problems(of: errors)
        case let errors as CohortImportErrors: problems(of: errors)
        case let error as CohortError: [problem(of: error, at: path)]
        case is MissingFile, is UnreadableFile: [ScenarioProblem(file: error, at: places.place(of: path), path: path)]
        default: nil
        }
    }

    /// A problem of one declared column stands there; of a distribution, the parameters are the problem and nobody's
    /// record.
    private func problem(of error: CohortError, at path: String) -> ScenarioProblem {
        if case .badDistribution(_, _, let problems) = error {
            return problem(problems.joined(separator: " "), at: path)
        }
        let message = error.description
        let declared = cohort.columns.map(\.declaration.name).first { message.hasPrefix("\($0): ") }
        guard path == "cohort.columns", let declared else { return problem(message, at: path) }
        return problem(String(message.dropFirst(declared.count + 2)), at: "\(path).\(declared)")
    }

    /// The problems in a file of records stand at their own places, which their texts begin with.
    private func problems(of errors: CohortImportErrors) -> [ScenarioProblem] {
        var problems = errors.problems.map { ScenarioProblem(file: $0.place, message: $0.message) }
        if errors.total > errors.problems.count {
            problems.append(
                problem(
                    "\(errors.total) problems in all, the first \(errors.problems.count) shown", at: "cohort.records"))
        }
        return problems
    }
}

extension ScenarioPlaces {
    /// The problems in texts of the language, each at its place in the scenario or in the file it was read from.
    package func problems(of errors: SourceErrors) -> [ScenarioProblem] {
        errors.diagnostics.map { diagnostic in
            guard let (path, place, line) = place(of: diagnostic) else {
                return ScenarioProblem(
                    file: diagnostic.source, line: diagnostic.place.line, column: diagnostic.place.column,
                    message: diagnostic.message, excerpt: diagnostic.excerptWithCaret)
            }
            var shown = diagnostic
            shown.lineText = line
            shown.place.column = place.column ?? diagnostic.place.column
            return ScenarioProblem(
                file: place.file, line: place.line, column: place.column, path: path, message: diagnostic.message,
                excerpt: shown.excerptWithCaret)
        }
    }
}

extension Diagnostic {
    /// The line and the caret below it, as ``description`` shows them.
    fileprivate var excerptWithCaret: String {
        String(description.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).last ?? "")
    }
}
