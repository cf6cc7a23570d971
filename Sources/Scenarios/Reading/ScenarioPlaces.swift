import ModelLanguage
import Yams

/// Where a value of the scenario stands: in its file, or in an override given beside it.
package struct ScenarioPlace: Sendable, Hashable {
    /// The file as the user named it, or `--set path=value`.
    package var file: String
    /// Line and column in characters, counted from 1; nil in an override.
    package var line: Int?
    package var column: Int?
}

/// Finds the place of every value by its path, and of every character of the texts in the language.
package struct ScenarioPlaces: Sendable {
    let file: String
    private var byPath: [String: ScenarioPlace] = [:]
    /// What overrides replaced, the latest last.
    private var overridden: [(path: String, override: String)] = []
    private var texts: [String: TextOrigin] = [:]

    init(file: String) { self.file = file }

    /// The place of a value; of what holds it, where the value itself is not there.
    package func place(of path: String) -> ScenarioPlace {
        if let override = overridden.last(where: { Self.isPath(path, in: $0.path) }) {
            return ScenarioPlace(file: override.override)
        }
        var rest = Substring(path)
        while !rest.isEmpty {
            if let place = byPath[String(rest)] { return place }
            rest = rest.prefix(upTo: rest.lastIndex { $0 == "." || $0 == "[" } ?? rest.startIndex)
        }
        return byPath[""] ?? ScenarioPlace(file: file)
    }

    /// The place in the scenario of a problem in a text of the language; nil where the text is not the scenario's.
    func place(of diagnostic: Diagnostic) -> (path: String, place: ScenarioPlace, line: String)? {
        guard let origin = texts[diagnostic.source] else { return nil }
        let override = overridden.last { Self.isPath(origin.path, in: $0.path) }
        let found = override == nil ? origin.place(of: diagnostic.place) : nil
        guard let found else {
            let place = override.map { ScenarioPlace(file: $0.override) } ?? place(of: origin.path)
            return (origin.path, place, diagnostic.lineText)
        }
        return (origin.path, ScenarioPlace(file: file, line: found.line, column: found.column), found.lineText)
    }

    mutating func note(_ override: String, replaces path: String) { overridden.append((path, override)) }

    mutating func note(_ origin: TextOrigin, of source: String) { texts[source] = origin }

    /// Takes the places of a tree. Marks count columns in Unicode scalars, which messages show as they are.
    mutating func note(_ node: Node, at path: String) {
        if let mark = node.mark { byPath[path] = ScenarioPlace(file: file, line: mark.line, column: mark.column) }
        switch node {
        case .mapping(let members):
            for (key, value) in members {
                let name = key.scalar?.string ?? ""
                note(value, at: path.isEmpty ? name : "\(path).\(name)")
            }
        case .sequence(let items):
            for (index, item) in items.enumerated() { note(item, at: "\(path)[\(index)]") }
        case .scalar, .alias: break
        }
    }

    private static func isPath(_ path: String, in whole: String) -> Bool {
        path == whole || path.hasPrefix("\(whole).") || path.hasPrefix("\(whole)[")
    }
}
