import ModelLanguage

/// `rules`: what arms share, by name: statements, or declared rules.
struct NamedRules {
    /// All names, those of rules that could not be read among them.
    let names: [String]
    /// What could be read, in the order of the file.
    let blocks: [(name: String, block: RuleBlock)]

    /// Statements, `{ file: path }`, or a declared rule.
    static let shape = Shape.either([.source, .mapping(DoseRuleSection.keys)])

    init(_ value: YAMLValue?) {
        let entries = value?.entries() ?? []
        names = entries.map(\.key)
        blocks = entries.compactMap { name, value in Self.block(value, name: name).map { (name, $0) } }
    }

    /// The rules that are statements.
    var sources: [(name: String, source: SourceText)] {
        blocks.compactMap { name, block in
            if case .statements(let source) = block { return (name, source) }
            return nil
        }
    }

    func block(_ name: String) -> RuleBlock? { blocks.first { $0.name == name }?.block }

    /// - Parameter name: what a declared rule is called.
    static func block(_ value: YAMLValue, name: String) -> RuleBlock? {
        if !value.isMapping { return value.source().map { .statements($0) } }
        let names = DoseRuleSection.keys.names + Keys.file.names
        let found = value.entries(areNames: false).map {
            ($0.key, nearest: names.contains($0.key) ? $0.key : nearestName(to: $0.key, among: names))
        }
        if let (key, nearest) = found.first, nearest == nil {
            value.refuse(
                "found the key '\(key)', allowed: file, or one of \(DoseRuleSection.keys.names.joined(separator: ", "))"
            )
            return nil
        }
        if found.contains(where: { $0.nearest == "file" }) { return value.source().map { .statements($0) } }
        return DoseRuleSection(value, name: name).map { .declared($0) }
    }
}
