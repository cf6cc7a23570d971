import Environments
import Foundation
import Scenarios

/// The environments that can be named: those written in Swift, and the documents of a folder.
package struct EnvironmentCatalog: Sendable {
    /// The folder whose folders hold documents; nil where none was found.
    package let folder: String?

    /// - Parameter executable: the running program, beside or above which documents are sought that are not here.
    package init(executable: URL? = Bundle.main.executableURL) {
        self.init(folder: Self.candidates(executable).first { FileManager.default.fileExists(atPath: $0) })
    }

    package init(folder: String?) { self.folder = folder }

    /// `scenarios/environments` here; where `make install` puts it; above the folder that the program was built in.
    private static func candidates(_ executable: URL?) -> [String] {
        let here = "scenarios/environments"
        guard let executable else { return [here] }
        var above = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        var candidates = [here, above.deletingLastPathComponent().appending(path: "share/trialist/\(here)").path]
        for _ in 0..<6 where above.path.count > 1 {
            above = above.deletingLastPathComponent()
            candidates.append(above.appending(path: here).path)
        }
        return candidates
    }

    /// The paths of the documents, by the names of their folders.
    package var documents: [(name: String, path: String)] {
        guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return names.sorted().compactMap { name in
            let path = (folder as NSString).appendingPathComponent(name)
            let file = (path as NSString).appendingPathComponent(EnvironmentDocument.fileName)
            return FileManager.default.fileExists(atPath: file) ? (name, path) : nil
        }
    }

    /// All names, those written in Swift first.
    package var names: [String] {
        let builtIn = EnvironmentEntry.builtIn.map(\.name)
        return builtIn + documents.map(\.name).filter { !builtIn.contains($0) }
    }

    /// The entry of a name, or of the path of a document or its folder: a text with a slash or the extension `yaml`.
    ///
    /// - Throws: ``EnvironmentError/unknownEnvironment(_:allowed:)``; `MissingFile`, `UnreadableFile`, `ScenarioErrors` of
    ///   a document that cannot be read.
    package func entry(_ text: String) throws -> EnvironmentEntry {
        if let entry = EnvironmentEntry.builtIn.first(where: { $0.name == text }) { return entry }
        if text.contains("/") || text.hasSuffix(".yaml") { return try Self.entry(path: text) }
        guard let document = documents.first(where: { $0.name == text }) else {
            throw EnvironmentError.unknownEnvironment(text, allowed: names)
        }
        return try Self.entry(path: document.path)
    }

    /// The entry of a document.
    static func entry(path: String) throws -> EnvironmentEntry {
        let document = try EnvironmentDocument(path: path)
        return EnvironmentEntry(document.name, document.title, variants: document.variants) { variant in
            try ModelEnvironment(path: path, variant: variant)
        }
    }
}
