import ModelLanguage
import Yams

/// Collects the problems found while one scenario is read.
final class Problems {
    let file: String
    private(set) var found: [ScenarioProblem] = []

    init(file: String) { self.file = file }

    func add(_ message: String, at value: YAMLValue) {
        add(message, path: value.path, mark: value.node.mark)
    }

    func add(_ message: String, path: String, mark: Mark?) {
        found.append(
            ScenarioProblem(file: file, line: mark?.line, column: mark?.column, path: path, message: message, excerpt: nil))
    }

    /// Takes over the problems of model text.
    func add(_ errors: SourceErrors, at value: YAMLValue) {
        for diagnostic in errors.diagnostics {
            found.append(
                ScenarioProblem(
                    file: file, line: diagnostic.place.line, column: diagnostic.place.column, path: value.path,
                    message: diagnostic.message, excerpt: diagnostic.description))
        }
    }

    func throwIfAny() throws(ScenarioErrors) {
        if !found.isEmpty { throw ScenarioErrors(found) }
    }
}
