import ModelLanguage
import Yams

/// A value given beside the scenario: `trial.replicates=10`, `arms[1].start="dose <- 4"`.
struct ScenarioOverride {
    enum Step: Equatable {
        case key(String)
        case index(Int)
    }

    /// The override as problems show it.
    let label: String
    let path: String
    let steps: [Step]
    let value: Node

    /// - Throws: ``ScenarioErrors`` where the text is no `path=value`.
    init(_ text: String) throws(ScenarioErrors) {
        label = "--set \(text)"
        let place = ScenarioPlace(file: label)
        guard let equals = text.firstIndex(of: "="), let steps = Self.steps(text[..<equals]), !steps.isEmpty else {
            let found = text.contains("=") ? "a path that cannot be read" : "no '='"
            throw ScenarioErrors([
                ScenarioProblem("found \(found), allowed: path=value, such as trial.replicates=10", at: place)
            ])
        }
        path = String(text[..<equals])
        self.steps = steps
        value = try ScenarioTree.read(String(text[text.index(after: equals)...])) { _ in place } ?? Node("")
    }

    /// A value that another part of a document puts in the place of a path.
    ///
    /// - Throws: ``ScenarioErrors`` where the path cannot be read.
    init(path: String, value: Node) throws(ScenarioErrors) {
        label = path
        guard let steps = Self.steps(Substring(path)), !steps.isEmpty else {
            throw ScenarioErrors([ScenarioProblem(file: path, message: "found a path that cannot be read")])
        }
        self.path = path
        self.steps = steps
        self.value = value
    }

    /// `a.b[2].c` as its steps; nil where it is no path.
    private static func steps(_ path: Substring) -> [Step]? {
        var steps: [Step] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty else { return nil }
            steps.append(.key(String(name)))
            for piece in pieces.dropFirst() {
                guard piece.last == "]", let index = Int(piece.dropLast()), index >= 0 else { return nil }
                steps.append(.index(index))
            }
        }
        return steps
    }

    /// Puts the value in its place. A key that is not there is added: whether it is allowed shows when it is read.
    ///
    /// - Returns: the path of what came into the document with it, or what is wrong.
    func apply(to root: inout Node) -> Result<String, Problem> {
        var added: String?
        let problem = Self.replace(steps[...], in: &root, with: value, walked: "", added: &added)
        return problem.map { .failure(Problem(message: $0)) } ?? .success(added ?? path)
    }

    /// Why an override cannot be applied.
    struct Problem: Error {
        let message: String
    }

    private static func replace(
        _ steps: ArraySlice<Step>, in node: inout Node, with value: Node, walked: String, added: inout String?
    ) -> String? {
        guard let step = steps.first else {
            node = value
            return nil
        }
        switch step {
        case .key(let key):
            guard case .mapping(let mapping) = node else { return "'\(walked)' has no keys, so no '\(key)'" }
            var members = Array(mapping)
            let path = walked.isEmpty ? key : "\(walked).\(key)"
            if let index = members.firstIndex(where: { $0.key.scalar?.string == key }) {
                if let problem = replace(
                    steps.dropFirst(), in: &members[index].value, with: value, walked: path, added: &added)
                {
                    return problem
                }
            } else {
                added = added ?? path
                var inner = Node.mapping(Node.Mapping([(Node, Node)]()))
                if let problem = replace(steps.dropFirst(), in: &inner, with: value, walked: path, added: &added) {
                    return problem
                }
                members.append((key: Node(key), value: inner))
            }
            node = .mapping(Node.Mapping(members.map { ($0.key, $0.value) }, .implicit, .any, mapping.mark))
        case .index(let index):
            guard case .sequence(let sequence) = node else { return "'\(walked)' is no list, so it has no [\(index)]" }
            var items = Array(sequence)
            guard items.indices.contains(index) else {
                return "'\(walked)' has \(items.count) entries, so no [\(index)]; the first is [0]"
            }
            let path = "\(walked)[\(index)]"
            if let problem = replace(steps.dropFirst(), in: &items[index], with: value, walked: path, added: &added) {
                return problem
            }
            node = .sequence(Node.Sequence(items, .implicit, .any, sequence.mark))
        }
        return nil
    }
}
