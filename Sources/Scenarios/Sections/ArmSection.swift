import ModelLanguage

/// One entry of `arms`: a regime with a name, written as rules or learned.
package struct ArmSection: Sendable {
    package var name: String
    package var title: String
    package var treatment: Treatment

    package enum Treatment: Sendable {
        case rules(start: [SourceText], then: [SourceText])
        case learned(LearnSection)
    }

    static let keys = Keys([
        .required("name", .name, "The arm's name."),
        .optional("title", .text, "What tables and figures call it."),
        .optional("start", blocks, "What is decided at the first visit: statements, rules, or a list of them."),
        .optional("then", blocks, "What is decided at every later visit."),
        .optional("learn", .mapping(LearnSection.keys), "How the regime is learned, in place of 'start' and 'then'."),
    ])

    private static let blocks = Shape.either([.source, .list(.source)])

    /// - Parameter rules: the named rules of the scenario.
    static func list(_ value: YAMLValue, rules: NamedRules) -> [ArmSection] {
        if value.isList, value.list().isEmpty { value.refuse("found no arms, allowed: at least one") }
        var arms: [ArmSection] = []
        for item in value.list() {
            let members = item.mapping(keys)
            let name = members["name"]?.name
            let treatment = treatment(item, members, rules: rules)
            guard let name else { continue }
            if arms.contains(where: { $0.name == name }) { item.refuse("the arm '\(name)' stands twice") }
            guard let treatment else { continue }
            arms.append(ArmSection(name: name, title: members["title"]?.text ?? name, treatment: treatment))
        }
        return arms
    }

    private static func treatment(
        _ item: YAMLValue, _ members: [String: YAMLValue], rules: NamedRules
    ) -> Treatment? {
        if let learn = members["learn"] {
            for key in ["start", "then"] {
                members[key]?.refuse("an arm is learned or has rules, and this one has 'learn'; leave one out")
            }
            return LearnSection(learn).map(Treatment.learned)
        }
        guard let start = members["start"] else {
            if item.isMapping { item.refuse("found neither 'start' nor 'learn', allowed: one of them") }
            return nil
        }
        let first = blocks(start, rules: rules)
        let then = members["then"].map { blocks($0, rules: rules) } ?? []
        return .rules(start: first, then: then)
    }

    /// A block of statements, the name of a rule, or a list of either.
    private static func blocks(_ value: YAMLValue, rules: NamedRules) -> [SourceText] {
        if value.isList { return value.list().flatMap { blocks($0, rules: rules) } }
        guard let source = value.source() else { return [] }
        if value.isMapping { return [source] }
        let word = source.text.trimmingSpaces
        if rules.names.contains(word) { return rules.source(word).map { [$0] } ?? [] }
        if !word.contains("<-"), !word.contains("="), !word.contains("\n") {
            let known = rules.names.isEmpty ? "there is none" : "rules: \(rules.names.joined(separator: ", "))"
            let nearest = nearestName(to: word, among: rules.names).map { "; did you mean '\($0)'?" } ?? ""
            value.refuse("'\(word)' is not a rule; \(known)\(nearest)")
            return []
        }
        return [source]
    }
}

/// `rules`: statements that arms share, by name.
struct NamedRules {
    /// All names, those of rules that could not be read among them.
    let names: [String]
    /// What could be read, in the order of the file.
    let sources: [(name: String, source: SourceText)]

    init(_ value: YAMLValue?) {
        let entries = value?.entries() ?? []
        names = entries.map(\.key)
        sources = entries.compactMap { name, value in value.source().map { (name, $0) } }
    }

    func source(_ name: String) -> SourceText? { sources.first { $0.name == name }?.source }
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

    static let keys = Keys([
        .optional("method", .choice(methods), "How it is learned."),
        .required("base", .name, "The arm whose proposals are adjusted."),
        .optional("patients", .integer(100...1_000_000), "How many patients it is learned on."),
        .optional("explore", .number(0...1), "How often an action is drawn while learning."),
        .required("actions", .list(.number(), count: 2...100), "The values that 'action' may take."),
        .optional("neutral", .number(), "The action that leaves the proposal as it is; 1 by default."),
        .required("apply", .source, "Statements that turn proposal and action into the treatment."),
        .required("features", .source, "Statements whose variables the policy sees."),
        .optional("basis", .choice(bases), "The terms of the value function."),
        .optional("ridge", .number(0...1e6), "The penalty on its weights."),
        .optional("discount", .number(0...1), "What the value of the next visit counts."),
        .required("range", .mapping(rangeKeys), "What the reward calls in range."),
        .required("reward", .source, "The reward between two visits."),
    ])

    private static let rangeKeys = Keys([
        .required("of", .name, "A recorded variable of the model."), .required("low", .number(), "Its lower bound."),
        .required("high", .number(), "Its upper bound."),
    ])

    private static let methods = ["fitted Q iteration"]
    private static let bases = ["linear", "quadratic"]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        _ = members["method"]?.choice(Self.methods)
        patients = members["patients"]?.integer(in: 100...1_000_000) ?? patients
        explore = members["explore"]?.number(in: 0...1) ?? explore
        basis = members["basis"]?.choice(Self.bases) ?? basis
        ridge = members["ridge"]?.number(in: 0...1e6) ?? ridge
        discount = members["discount"]?.number(in: 0...1) ?? discount
        readActions(members)
        let hasRange = readRange(members)
        guard let apply = members["apply"]?.source(), let features = members["features"]?.source(),
            let reward = members["reward"]?.source(), let base = members["base"]?.name, hasRange
        else { return nil }
        (self.apply, self.features, self.reward, self.base) = (apply, features, reward, base)
    }

    private mutating func readActions(_ members: [String: YAMLValue]) {
        guard let list = members["actions"], list.isList else { return _ = members["actions"]?.list() }
        let items = list.list()
        actions = items.compactMap { $0.number() }
        guard actions.count == items.count else { return }
        if !(2...100).contains(actions.count) { list.refuse("found \(actions.count) actions, allowed: from 2 to 100") }
        if let twice = actions.indices.first(where: { actions[..<$0].contains(actions[$0]) }) {
            list.refuse("found the action \(plain(actions[twice])) twice")
        }
        let given = members["neutral"]
        if let given { neutral = given.number() ?? actions.first ?? neutral }
        if !actions.contains(neutral) {
            let allowed = "one of the actions (\(actions.map(plain).joined(separator: ", ")))"
            (given ?? list).refuse("found the neutral action \(plain(neutral)), allowed: \(allowed)")
        }
    }

    /// Whether the range could be read.
    private mutating func readRange(_ members: [String: YAMLValue]) -> Bool {
        guard let range = members["range"] else { return false }
        let parts = range.mapping(Self.rangeKeys)
        let variable = parts["of"]?.name
        guard let low = parts["low"]?.number(), let high = parts["high"]?.number(), let variable else { return false }
        guard low <= high else {
            range.refuse("impossible range from \(plain(low)) to \(plain(high)): 'low' must not be above 'high'")
            return false
        }
        (rangeOf, self.range) = (variable, low...high)
        return true
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
