import Foundation
import ModelLanguage
import Yams

/// Collects the problems found while one scenario is read.
final class Problems {
    let file: String
    /// The folder against which files named in the scenario are found.
    let folder: String
    private(set) var found: [ScenarioProblem] = []
    /// The files that rules were read from.
    private(set) var files: [String] = []

    init(file: String) {
        self.file = file
        folder = (file as NSString).deletingLastPathComponent
    }

    /// The text of a file named in the scenario, nil (and a problem) where it cannot be read.
    func read(_ name: String, at value: YAMLValue) -> SourceText? {
        let path = name.hasPrefix("/") || folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            add("there is no file '\(path)' of UTF-8 text", at: value)
            return nil
        }
        files.append(path)
        return SourceText(name: path, text: text)
    }

    func add(_ message: String, at value: YAMLValue) {
        add(message, path: value.path, mark: value.node.mark)
    }

    func add(_ message: String, path: String, mark: Mark?) {
        found.append(
            ScenarioProblem(
                file: file, line: mark?.line, column: mark?.column, path: path, message: message, excerpt: nil))
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
