import ModelLanguage

/// One entry of `arms`: a regime with a name, written as rules or learned.
package struct ArmSection: Sendable {
    package var name: String
    package var title: String
    /// When doses are given and how, in words; nil where they are given as `treatment.dose` says.
    package var regimen: SourceText?
    package var treatment: Treatment
    /// What stands between its recommendations and the doses.
    package var clinic = Clinic.asTreatment

    /// Two stages: an arm to begin with, and what is decided from the visit of the response on; nil where that arm goes on.
    package struct Sequence: Sendable {
        package var first: String
        package var responders: [RuleBlock]?
        package var others: [RuleBlock]?
    }

    package enum Clinic: Sendable {
        /// What `treatment.clinic` says.
        case asTreatment
        case none
        case own(ClinicSection)
    }

    package enum Treatment: Sendable {
        /// The regime of another arm.
        case follows(String)
        /// Begins as one arm and goes on by the response.
        case sequence(Sequence)
        case rules(start: [SourceText], then: [RuleBlock])
        case learned(LearnSection)
    }

    static let keys = Keys([
        .required("name", .name, "The arm's name."),
        .optional("title", .text, "What tables and figures call it."),
        .optional(
            "regimen", .text,
            "When doses are given, in words: '100 mg q12h x 14', or 'DOSE mg q3w x 6 over 1 h' for the dose decided."),
        .optional("start", blocks, "What is decided at the first visit: statements, rules, or a list of them."),
        .optional("then", laterBlocks, "What is decided at every later visit."),
        .optional("learn", .mapping(LearnSection.keys), "How the regime is learned, in place of 'start' and 'then'."),
        .optional("sequence", .mapping(sequenceKeys), "Two stages, the second by the response ('visits.response')."),
        .optional("follows", .name, "An arm whose regime this arm has too, in another clinic."),
        .optional(
            "clinic", ClinicSection.shape,
            "What stands between recommendation and dose; as 'treatment.clinic' says by default, 'none' for nothing."),
    ])

    private static let sequenceKeys = Keys([
        .required("first", .name, "The arm with rules that it begins as."),
        .optional(
            "responders", laterBlocks,
            "What is decided for responders from that visit on; the first arm goes on by default."),
        .optional("others", laterBlocks, "What is decided for all others; the first arm goes on by default."),
    ])

    private static let blocks = Shape.either([.source, .list(.source)])
    private static let laterBlocks = Shape.either([NamedRules.shape, .list(NamedRules.shape)])

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
            let regimen = members["regimen"].flatMap(regimen)
            arms.append(
                ArmSection(
                    name: name, title: members["title"]?.text ?? name, regimen: regimen, treatment: treatment,
                    clinic: clinic(members["clinic"])))
        }
        return arms
    }

    private static func clinic(_ value: YAMLValue?) -> Clinic {
        guard let value else { return .asTreatment }
        return ClinicSection(value).map { .own($0) } ?? .none
    }

    private static func treatment(
        _ item: YAMLValue, _ members: [String: YAMLValue], rules: NamedRules
    ) -> Treatment? {
        if let follows = members["follows"] {
            for key in ["regimen", "start", "then", "learn", "sequence"] {
                members[key]?.refuse(
                    "an arm that follows another has its regime, and this one has 'follows'; leave one out")
            }
            return follows.name.map(Treatment.follows)
        }
        if let sequence = members["sequence"] {
            for key in ["regimen", "start", "then", "learn"] {
                members[key]?.refuse("an arm has one kind of regime, and this one has 'sequence'; leave one out")
            }
            return self.sequence(sequence, rules: rules, place: members["name"]?.scalar ?? "arm").map(
                Treatment.sequence)
        }
        if let learn = members["learn"] {
            for key in ["regimen", "start", "then"] {
                members[key]?.refuse("an arm is learned or has rules, and this one has 'learn'; leave one out")
            }
            return LearnSection(learn).map(Treatment.learned)
        }
        guard members["start"] != nil || members["regimen"] != nil else {
            if item.isMapping {
                item.refuse("found none of 'start', 'regimen', 'learn', 'sequence' and 'follows', allowed: one of them")
            }
            return nil
        }
        let place = members["name"]?.scalar ?? "arm"
        var first: [SourceText] = []
        for block in members["start"].map({ blocks($0, rules: rules, place: place) }) ?? [] {
            switch block {
            case .statements(let source): first.append(source)
            case .declared(let rule):
                members["start"]?.refuse("the rule '\(rule.name)' acts at later visits; name it in 'then'")
            }
        }
        let then = members["then"].map { blocks($0, rules: rules, place: place) } ?? []
        return .rules(start: first, then: then)
    }

    private static func sequence(_ value: YAMLValue, rules: NamedRules, place: String) -> Sequence? {
        let members = value.mapping(sequenceKeys)
        let responders = members["responders"].map { blocks($0, rules: rules, place: "\(place)_responders") }
        let others = members["others"].map { blocks($0, rules: rules, place: "\(place)_others") }
        if value.isMapping, members["responders"] == nil, members["others"] == nil {
            value.refuse("found neither 'responders' nor 'others', allowed: one of them or both")
        }
        return members["first"]?.name.map { Sequence(first: $0, responders: responders, others: others) }
    }

    /// A regimen is read when the model is known; here it must be a text.
    private static func regimen(_ value: YAMLValue) -> SourceText? {
        value.text.map { SourceText(name: value.path, text: $0) }
    }

    /// A block of statements, a declared rule, the name of either, or a list of them.
    ///
    /// - Parameter place: what a declared rule without a name is called after.
    private static func blocks(_ value: YAMLValue, rules: NamedRules, place: String) -> [RuleBlock] {
        if value.isList {
            return value.list().enumerated().flatMap { blocks($1, rules: rules, place: "\(place)_\($0 + 1)") }
        }
        if value.isMapping { return NamedRules.block(value, name: place).map { [$0] } ?? [] }
        guard let source = value.source() else { return [] }
        let word = source.text.trimmingSpaces
        if rules.names.contains(word) { return rules.block(word).map { [$0] } ?? [] }
        if !word.contains("<-"), !word.contains("="), !word.contains("\n") {
            let known = rules.names.isEmpty ? "there is none" : "rules: \(rules.names.joined(separator: ", "))"
            let nearest = nearestName(to: word, among: rules.names).map { "; did you mean '\($0)'?" } ?? ""
            value.refuse("'\(word)' is not a rule; \(known)\(nearest)")
            return []
        }
        return [.statements(source)]
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
