import Foundation
import Yams

/// A scenario's document with its overrides applied, before any section of it is read.
struct ScenarioSource {
    let file: String
    /// The text as it stands in the file, before any overrides.
    let text: String
    let overrides: [String]
    let root: YAMLValue
    let problems: Problems

    /// - Throws: ``MissingFile``, ``UnreadableFile``; ``ScenarioErrors`` for what is no YAML and overrides that cannot be
    ///   applied.
    init(path: String, overrides: [String]) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MissingFile(path: path, purpose: "a scenario file or folder")
        }
        let file = isFolder.boolValue ? (path as NSString).appendingPathComponent(Scenario.fileName) : path
        let text = try InputFile.text(of: file, purpose: "the scenario of the folder")
        try self.init(text: text, file: file, overrides: overrides)
    }

    init(text: String, file: String, overrides: [String]) throws(ScenarioErrors) {
        self.text = text
        self.file = file
        self.overrides = overrides
        problems = Problems(file: file, text: text)
        root = YAMLValue(node: try Self.tree(text, overrides: overrides, problems), path: "", problems: problems)
    }

    /// Whether the document has a section of that name.
    func has(_ section: String) -> Bool {
        guard case .mapping(let members) = root.node else { return false }
        return members.contains { $0.key.scalar?.string == section }
    }

    /// The document with its overrides applied, and the places of everything in it noted.
    private static func tree(_ text: String, overrides: [String], _ problems: Problems) throws(ScenarioErrors) -> Node {
        let file = problems.file
        let read = try ScenarioTree.read(text) { position in
            ScenarioPlace(file: file, line: position?.line, column: position?.column)
        }
        guard var root = read else {
            throw ScenarioErrors([ScenarioProblem(file: file, message: "the file is empty")])
        }
        problems.places.note(root, at: "")
        for text in overrides {
            do throws(ScenarioErrors) {
                let override = try ScenarioOverride(text)
                switch override.apply(to: &root) {
                case .success(let path): problems.places.note(override.label, replaces: path)
                case .failure(let problem):
                    problems.add(ScenarioProblem(problem.message, at: ScenarioPlace(file: override.label)))
                }
            } catch {
                error.problems.forEach(problems.add)
            }
        }
        return root
    }
}
