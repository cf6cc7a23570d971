import Foundation
import ModelLanguage
import Yams

/// Collects the problems found while one scenario is read, and the places and files that it consists of.
final class Problems {
    let file: String
    /// The folder against which files named in the scenario are found.
    let folder: String
    private(set) var found: [ScenarioProblem] = []
    /// The files that rules were read from.
    private(set) var files: [String] = []
    var places: ScenarioPlaces
    private let lines: ScenarioLines

    init(file: String, text: String) {
        self.file = file
        folder = (file as NSString).deletingLastPathComponent
        places = ScenarioPlaces(file: file)
        lines = ScenarioLines(text)
    }

    func add(_ problem: ScenarioProblem) { found.append(problem) }

    /// Notes a problem of a value.
    func add(_ message: String, at path: String) {
        add(ScenarioProblem(message, at: places.place(of: path), path: path))
    }

    /// Notes a problem of a key in the mapping at `path`.
    func add(_ message: String, at path: String, key: Node) {
        var place = places.place(of: path.isEmpty ? key.scalar?.string ?? "" : "\(path).\(key.scalar?.string ?? "")")
        if place.line != nil, let mark = key.mark { (place.line, place.column) = (mark.line, mark.column) }
        add(ScenarioProblem(message, at: place, path: path))
    }

    func throwIfAny() throws(ScenarioErrors) {
        if !found.isEmpty { throw ScenarioErrors(found) }
    }

    // MARK: Texts in the language

    /// A text that stands in the scenario itself.
    func source(_ scalar: Node.Scalar, at path: String) -> SourceText {
        let place = places.place(of: path)
        let isBlock = scalar.style == .literal || scalar.style == .folded
        let source = SourceText(
            name: "\(place.file) \(path)", text: scalar.string, firstLine: (place.line ?? 1) + (isBlock ? 1 : 0))
        places.note(TextOrigin(path: path, source: source, scalar: scalar, lines: lines), of: source.name)
        return source
    }

    /// The text of a file named in the scenario, nil (and a problem) where it cannot be read.
    func read(_ name: String, at value: YAMLValue) -> SourceText? {
        let path = name.hasPrefix("/") || folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
        do {
            let text = try InputFile.text(of: path, purpose: "statements of the scenario")
            files.append(path)
            return SourceText(name: path, text: text)
        } catch {
            let unreadable = ScenarioProblem(file: error, at: places.place(of: value.path), path: value.path)
            if let errors = error as? ScenarioErrors { errors.problems.forEach(add) } else { add(unreadable) }
            return nil
        }
    }
}
