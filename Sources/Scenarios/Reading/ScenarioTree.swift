import Yams

/// Turns the text of a scenario into a tree, in the part of YAML that scenarios are written in: one document, no key
/// twice, no anchors, aliases, merge keys or tags.
///
/// A block that several arms share is written once under `rules`, so references would only be a second way to say it,
/// and one that reports a problem in the wrong place.
enum ScenarioTree {
    /// The tree of a text; nil for one without content.
    ///
    /// - Parameter place: turns a mark into the place to report.
    /// - Throws: ``ScenarioErrors`` where the text is no such YAML.
    static func read(_ text: String, place: (ScenarioPosition?) -> ScenarioPlace) throws(ScenarioErrors) -> Node? {
        var problems: [ScenarioProblem] = []
        var root: Node?
        do {
            // Without tag resolution, every scalar is the text that stands there.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            root = try parser.singleRoot()
            // The nodes only borrow their anchors from the parser.
            withExtendedLifetime(parser) {
                if let root {
                    refuseReferences(in: root) {
                        problems.append(ScenarioProblem($1, at: place($0.map(ScenarioPosition.init))))
                    }
                }
            }
        } catch {
            throw ScenarioErrors([problem(of: error, in: text, place: place)])
        }
        if !problems.isEmpty { throw ScenarioErrors(problems) }
        return root
    }

    // MARK: What scenarios leave out

    private static func refuseReferences(in node: Node, _ refuse: (Mark?, String) -> Void) {
        if let anchor = node.anchor {
            // What is anchored is not looked into: an alias would show the same again, and aliases of aliases without end.
            return refuse(
                node.mark,
                "found the anchor '&\(anchor.rawValue)': anchors and aliases are not read; write a shared block once "
                    + "under 'rules' and use its name")
        }
        let tag = node.tag.description
        if !standardTags.contains(tag) {
            refuse(node.mark, "found the tag '\(tag)': tags are not read; leave it out")
        }
        switch node {
        case .mapping(let members):
            for (key, value) in members {
                if key.scalar?.string == "<<", key.scalar?.style == .plain {
                    refuse(key.mark, "found the merge key '<<': merging is not read; write the keys out")
                } else if key.scalar == nil {
                    refuse(key.mark, "found a key that is no text, allowed: a text")
                } else {
                    refuseReferences(in: key, refuse)
                    refuseReferences(in: value, refuse)
                }
            }
        case .sequence(let items): for item in items { refuseReferences(in: item, refuse) }
        case .scalar, .alias: break
        }
    }

    private static let standardTags = ["str", "map", "seq"].map { "tag:yaml.org,2002:\($0)" }

    // MARK: What is no YAML

    private static func problem(
        of error: any Error, in text: String, place: (ScenarioPosition?) -> ScenarioPlace
    ) -> ScenarioProblem {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let doing = context.map { "\($0.text.isEmpty ? "" : "\($0.text), ")" } ?? ""
            return ScenarioProblem("not YAML: \(doing)\(problem)", at: place(ScenarioPosition(mark)))
        case .reader(let problem, let offset, let value, _):
            let found = value >= 0 ? " (found U+\(String(value, radix: 16, uppercase: true)))" : ""
            return ScenarioProblem("not YAML: \(problem)\(found)", at: place(position(ofCharacter: offset, in: text)))
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            let message =
                keys.count == 1
                ? "the key \(names) stands twice in one mapping, first here"
                : "the keys \(names) stand twice in one mapping, the first of them here"
            return ScenarioProblem(message, at: place(ScenarioPosition(context.mark)))
        default: return ScenarioProblem("not YAML: \(error)", at: place(nil))
        }
    }

    private static func position(ofCharacter offset: Int?, in text: String) -> ScenarioPosition? {
        guard let offset else { return nil }
        let lines = text.prefix(offset).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return ScenarioPosition(line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }
}

/// Line and column in a text, counted from 1.
struct ScenarioPosition: Sendable, Hashable {
    let line: Int
    let column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
