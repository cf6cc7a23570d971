import ModelLanguage
import Yams

/// A value of the scenario document that knows its path, and where to report what is wrong with it.
///
/// Scalars are read strictly from their text: `010` is refused and not 8, `3.0` is a whole number, `yes` is a text.
struct YAMLValue {
    let node: Node
    let path: String
    let problems: Problems

    func refuse(_ message: String) { problems.add(message, at: path) }

    /// What stands there, in words for a message.
    var found: String {
        switch node {
        case .scalar(let scalar) where isNothing(scalar): "nothing"
        case .scalar(let scalar): "'\(scalar.string)'"
        case .mapping: "a mapping"
        case .sequence(let items): "a list of \(items.count)"
        case .alias: "an alias"
        }
    }

    // MARK: Mappings and lists

    /// The members of a mapping, with every key that is not allowed, and every one that is missing, refused.
    func mapping(_ keys: Keys) -> [String: YAMLValue] {
        guard case .mapping(let mapping) = node else {
            refuse("found \(found), allowed: a mapping with \(keys.names.joined(separator: ", "))")
            return [:]
        }
        var members: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            if keys.foreign.names.contains(name) {
                problems.add("found '\(name)': \(keys.foreign.reason)", at: path, key: key)
                continue
            }
            guard keys.names.contains(name) else {
                let nearest = nearestName(to: name, among: keys.names).map { "; did you mean '\($0)'?" }
                problems.add(
                    "unknown key '\(name)'\(nearest ?? "; allowed: \(keys.names.joined(separator: ", "))")", at: path,
                    key: key)
                continue
            }
            members[name] = member(name, value)
        }
        for key in keys.keys where key.isRequired && members[key.name] == nil { refuse("'\(key.name)' is missing") }
        if keys.isChoice, mapping.count != 1 {
            refuse("found \(mapping.count) keys, allowed: one of \(keys.names.joined(separator: ", "))")
        }
        return members
    }

    /// The members of a mapping whose keys are chosen by the user, in order.
    ///
    /// - Parameter areNames: whether the keys must be names of the language; they may be any text otherwise.
    func entries(areNames: Bool = true) -> [(key: String, value: YAMLValue)] {
        guard case .mapping(let mapping) = node else {
            refuse("found \(found), allowed: a mapping")
            return []
        }
        return mapping.map { key, value in
            let name = key.scalar?.string ?? ""
            if areNames, !NameRule.allows(name) {
                problems.add("found the key '\(name)', allowed: \(NameRule.inWords)", at: path, key: key)
            }
            return (name, member(name, value))
        }
    }

    private func member(_ name: String, _ node: Node) -> YAMLValue {
        YAMLValue(node: node, path: path.isEmpty ? name : "\(path).\(name)", problems: problems)
    }

    func list() -> [YAMLValue] {
        guard case .sequence(let items) = node else {
            refuse("found \(found), allowed: a list")
            return []
        }
        return items.enumerated().map { YAMLValue(node: $1, path: "\(path)[\($0)]", problems: problems) }
    }

    var isMapping: Bool {
        if case .mapping = node { return true }
        return false
    }

    var isList: Bool {
        if case .sequence = node { return true }
        return false
    }

    // MARK: Texts

    /// A text; whatever it looks like.
    var text: String? { scalar(allowed: "a text")?.string }

    /// A name that expressions and results files can use.
    var name: String? {
        guard let text else { return nil }
        guard NameRule.allows(text) else {
            refuse("found '\(text)', allowed: \(NameRule.inWords)")
            return nil
        }
        return text
    }

    /// The text if it is a scalar, without a complaint otherwise.
    var scalar: String? { node.scalar?.string }

    /// One of a set of words.
    func choice(_ allowed: [String]) -> String? {
        guard let text = scalar(allowed: allowed.joined(separator: ", "))?.string else { return nil }
        guard allowed.contains(text) else {
            let nearest = nearestName(to: text, among: allowed).map { "; did you mean '\($0)'?" } ?? ""
            refuse("found '\(text)', allowed: \(allowed.joined(separator: ", "))\(nearest)")
            return nil
        }
        return text
    }

    /// `true` or `false`; nil and a problem for anything else.
    func flag() -> Bool? { choice(["true", "false"]).map { $0 == "true" } }

    /// A text in the language, with the lines of the scenario; or `{ file: path }`, with those of the file.
    func source() -> SourceText? {
        if isMapping {
            guard let file = mapping(.file)["file"], let name = file.text else { return nil }
            return problems.read(name, at: file)
        }
        guard let scalar = scalar(allowed: "statements, or { file: path }") else { return nil }
        return problems.source(scalar, at: path)
    }

    /// One source or a list of them, which run one after the other.
    func sources() -> [SourceText] {
        if isList { return list().compactMap { $0.source() } }
        return source().map { [$0] } ?? []
    }

    // MARK: Numbers

    func number(in range: ClosedRange<Double>? = nil) -> Double? {
        let allowed = "a number\(words(range))"
        guard let value = decimal(allowed: allowed) else { return nil }
        guard range?.contains(value) ?? true else {
            refuse("found '\(scalar ?? "")', allowed: \(allowed)")
            return nil
        }
        return value
    }

    /// A whole number: `5` and `5.0` are five.
    func integer(in range: ClosedRange<Int>) -> Int? {
        let allowed =
            range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let value = decimal(allowed: allowed) else { return nil }
        // Digits are read as they stand, because a double does not hold every large number.
        guard let whole = scalar.flatMap({ Int($0) }) ?? Int(exactly: value), range.contains(whole) else {
            refuse("found '\(scalar ?? "")', allowed: \(allowed)")
            return nil
        }
        return whole
    }

    /// Two numbers, the first not above the second.
    func range(of what: String = "numbers") -> ClosedRange<Double>? {
        guard isList else {
            refuse("found \(found), allowed: two \(what) [low, high]")
            return nil
        }
        let items = list()
        guard items.count == 2 else {
            refuse("found \(found), allowed: two \(what) [low, high]")
            return nil
        }
        guard let low = items[0].number(), let high = items[1].number() else { return nil }
        guard low <= high else {
            refuse("impossible range from \(plain(low)) to \(plain(high)): the first must not be above the second")
            return nil
        }
        return low...high
    }

    // MARK: Scalars

    /// A scalar that is not empty; what is allowed instead is told of anything else.
    func scalar(allowed: String) -> Node.Scalar? {
        guard case .scalar(let scalar) = node, !isNothing(scalar) else {
            refuse("found \(found), allowed: \(allowed)")
            return nil
        }
        return scalar
    }

    private func isNothing(_ scalar: Node.Scalar) -> Bool {
        (scalar.style == .plain || scalar.style == .any) && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private func decimal(allowed: String) -> Double? {
        guard let scalar = scalar(allowed: allowed) else { return nil }
        guard scalar.style == .plain || scalar.style == .any else {
            refuse("found the text '\(scalar.string)', allowed: \(allowed), without quotes")
            return nil
        }
        switch DecimalText.read(scalar.string) {
        case .number(let value): return value
        case .leadingZero: refuse("found '\(scalar.string)', allowed: \(allowed), written without leading zeros")
        case .none: refuse("found '\(scalar.string)', allowed: \(allowed)")
        }
        return nil
    }

    private func words(_ range: ClosedRange<Double>?) -> String {
        guard let range else { return "" }
        if range.upperBound == .greatestFiniteMagnitude { return " of at least \(plain(range.lowerBound))" }
        return " from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
    }
}

/// A number without a needless fraction.
func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
