import ModelLanguage

/// One entry of `arms`: a regime with a name, written as rules or learned.
package struct ArmSection: Sendable {
    package var name: String
    package var title: String
    package var treatment: Treatment
    package var line: Int?

    package enum Treatment: Sendable {
        case rules(start: [SourceText], then: [SourceText])
        case learned(LearnSection)
    }

    /// - Parameter rules: the named rules of the scenario.
    static func list(_ value: YAMLValue, rules: [String: SourceText]) -> [ArmSection] {
        var arms: [ArmSection] = []
        for item in value.list() {
            let members = item.mapping(["name", "title", "start", "then", "learn"])
            guard let name = members.required("name", of: item)?.text else { continue }
            if arms.contains(where: { $0.name == name }) { item.refuse("the arm '\(name)' stands twice") }
            let title = members["title"]?.text ?? name
            if let learn = members["learn"] {
                guard let section = LearnSection(learn) else { continue }
                arms.append(
                    ArmSection(name: name, title: title, treatment: .learned(section), line: item.node.mark?.line))
            } else if let start = members.required("start", of: item) {
                let first = blocks(start, rules: rules)
                let then = members["then"].map { blocks($0, rules: rules) } ?? []
                arms.append(
                    ArmSection(
                        name: name, title: title, treatment: .rules(start: first, then: then),
                        line: item.node.mark?.line))
            }
        }
        return arms
    }

    /// A block of statements, the name of a rule, or a list of either.
    private static func blocks(_ value: YAMLValue, rules: [String: SourceText]) -> [SourceText] {
        if case .sequence = value.node { return value.list().flatMap { blocks($0, rules: rules) } }
        guard let source = value.source() else { return [] }
        if case .mapping = value.node { return [source] }
        let word = source.text.trimmingSpaces
        if let rule = rules[word] { return [rule] }
        if !word.contains("<-"), !word.contains("="), !word.contains("\n") {
            let known = rules.keys.sorted()
            let nearest = nearestName(to: word, among: known).map { "; did you mean '\($0)'?" } ?? ""
            value.refuse("'\(word)' is not a rule; rules: \(known.joined(separator: ", "))\(nearest)")
            return []
        }
        return [source]
    }
}

/// `learn`: how an arm's regime is learned before the trial.
package struct LearnSection: Sendable {
    package var base = ""
    package var patients = 2000
    package var explore = 0.3
    package var actions: [Double] = []
    package var neutral = 1.0
    package var apply = SourceText(name: "", text: "")
    package var features = SourceText(name: "", text: "")
    package var basis = "quadratic"
    package var ridge = 1e-4
    package var discount = 1.0
    package var rangeOf = ""
    package var range = 0.0...1.0
    package var reward = SourceText(name: "", text: "")
    package var line: Int?

    static let keys = [
        "method", "base", "patients", "explore", "actions", "neutral", "apply", "features", "basis", "ridge",
        "discount",
        "range", "reward",
    ]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        _ = members["method"]?.choice(["fitted Q iteration"])
        guard let base = members.required("base", of: value)?.text,
            let actions = members.required("actions", of: value)?.list().compactMap({ $0.number() }),
            let apply = members.required("apply", of: value)?.source(),
            let features = members.required("features", of: value)?.source(),
            let reward = members.required("reward", of: value)?.source(),
            let range = members.required("range", of: value)
        else { return nil }
        self.base = base
        self.actions = actions
        self.apply = apply
        self.features = features
        self.reward = reward
        line = value.node.mark?.line
        if actions.count < 2 { members["actions"]?.refuse("found \(actions.count) actions, at least 2 are needed") }
        let parts = range.mapping(["of", "low", "high"])
        guard let variable = parts.required("of", of: range)?.text,
            let low = parts.required("low", of: range)?.number(),
            let high = parts.required("high", of: range)?.number()
        else { return nil }
        guard low <= high else {
            range.refuse("impossible range from \(low) to \(high)")
            return nil
        }
        rangeOf = variable
        self.range = low...high
        patients = members["patients"]?.integer(in: 100...1_000_000) ?? patients
        explore = members["explore"]?.number(in: 0...1) ?? explore
        neutral = members["neutral"]?.number() ?? neutral
        basis = members["basis"]?.choice(["linear", "quadratic"]) ?? basis
        ridge = members["ridge"]?.number(in: 0...1e6) ?? ridge
        discount = members["discount"]?.number(in: 0...1) ?? discount
    }
}

extension String {
    /// Without blanks and newlines at both ends.
    var trimmingSpaces: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
