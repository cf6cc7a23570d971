/// A policy that says in words what it does.
package protocol ReadablePolicy: Policy {
    /// How it reads, line by line.
    ///
    /// - Parameter missing: the variables that may be missing; what is done without others is not worth a word.
    func lines(_ actions: ActionSpace, missing: Set<String>) -> [String]
}

extension ActionSpace {
    /// An action in words: its level's name, or what each component is.
    package func text(of values: [Double]) -> String {
        if let level = level(of: values) { return levels[level].name }
        return zip(components, values).map { "\($0.name) \(ReadableNumber.short($1))" }.joined(separator: ", ")
    }
}

extension TreePolicy: ReadablePolicy {
    package func lines(_: ActionSpace, missing: Set<String>) -> [String] {
        Self.lines(root, missing: missing, indent: "")
    }

    private static func lines(_ node: Node, missing: Set<String>, indent: String) -> [String] {
        switch node {
        case .leaf(let level): return ["\(indent)choose \(level)"]
        case .question(let variable, let threshold, let missingGoesLeft, let yes, let no):
            let orMissing = missingGoesLeft && missing.contains(variable) ? " or is missing" : ""
            return ["\(indent)if \(variable) <= \(ReadableNumber.text(threshold))\(orMissing)"]
                + lines(yes, missing: missing, indent: indent + "  ") + ["\(indent)else"]
                + lines(no, missing: missing, indent: indent + "  ")
        }
    }

    /// The most questions on a way to a leaf.
    package var depth: Int { Self.depth(root) }

    private static func depth(_ node: Node) -> Int {
        switch node {
        case .leaf: 0
        case .question(_, _, _, let yes, let no): 1 + max(depth(yes), depth(no))
        }
    }
}

extension ConstantPolicy: ReadablePolicy {
    package func lines(_ actions: ActionSpace, missing _: Set<String>) -> [String] {
        ["always \(actions.text(of: values))"]
    }
}

extension RandomPolicy: ReadablePolicy {
    package func lines(_: ActionSpace, missing _: Set<String>) -> [String] { ["every allowed action equally often"] }
}
