import ModelLanguage
import Yams

/// A value of the scenario document that knows its path, its line, and where to report what is wrong with it.
///
/// Scalars are read strictly from their text: `010` is not 8, `3.0` is a whole number, `yes` is a text.
struct YAMLValue {
    let node: Node
    let path: String
    let problems: Problems

    func refuse(_ message: String) { problems.add(message, at: self) }

    /// What stands there, in words for a message.
    var found: String {
        switch node {
        case .scalar(let scalar): "'\(scalar.string)'"
        case .mapping: "a mapping"
        case .sequence(let items): "a list of \(items.count)"
        case .alias: "an alias"
        }
    }

    // MARK: Mappings and lists

    /// The members of a mapping, with every key that is not allowed refused.
    func mapping(_ allowed: [String]) -> [String: YAMLValue] {
        guard case .mapping(let mapping) = node else {
            refuse("found \(found), allowed: a mapping with \(allowed.joined(separator: ", "))")
            return [:]
        }
        var members: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard allowed.contains(name) else {
                let nearest = nearestName(to: name, among: allowed).map { "; did you mean '\($0)'?" }
                problems.add(
                    "unknown key '\(name)'\(nearest ?? "; allowed: \(allowed.joined(separator: ", "))")", path: path,
                    mark: key.mark)
                continue
            }
            if members[name] != nil { problems.add("the key '\(name)' stands twice", path: path, mark: key.mark) }
            members[name] = member(name, value)
        }
        return members
    }

    /// The members of a mapping whose keys are names chosen by the user, in order.
    func entries() -> [(key: String, value: YAMLValue)] {
        guard case .mapping(let mapping) = node else {
            refuse("found \(found), allowed: a mapping")
            return []
        }
        return mapping.map { ($0.key.string ?? "", member($0.key.string ?? "", $0.value)) }
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

    // MARK: Scalars

    var text: String? {
        guard case .scalar(let scalar) = node else {
            refuse("found \(found), allowed: a text")
            return nil
        }
        return scalar.string
    }

    /// The text if it is a plain scalar, without a complaint otherwise.
    var scalar: String? {
        guard case .scalar(let scalar) = node else { return nil }
        return scalar.string
    }

    func number(in range: ClosedRange<Double>? = nil) -> Double? {
        guard let text else { return nil }
        guard let value = Double(text), value.isFinite else {
            refuse("found '\(text)', allowed: a number\(words(range))")
            return nil
        }
        if let range, !range.contains(value) {
            refuse("found \(text), allowed: a number\(words(range))")
            return nil
        }
        return value
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let text else { return nil }
        // `5` and `5.0` are the whole number five; a leading zero is not a number of another base.
        guard let value = Double(text).flatMap({ Int(exactly: $0) }), range.contains(value) else {
            refuse("found '\(text)', allowed: a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// One of a set of words.
    func choice(_ allowed: [String]) -> String? {
        guard let text else { return nil }
        guard allowed.contains(text) else {
            let nearest = nearestName(to: text, among: allowed).map { "; did you mean '\($0)'?" } ?? ""
            refuse("found '\(text)', allowed: \(allowed.joined(separator: ", "))\(nearest)")
            return nil
        }
        return text
    }

    /// Two numbers, the first not above the second.
    func range() -> ClosedRange<Double>? {
        let items = list()
        guard items.count == 2 else {
            if case .sequence = node { refuse("found \(found), allowed: two numbers [low, high]") }
            return nil
        }
        guard let low = items[0].number(), let high = items[1].number() else { return nil }
        guard low <= high else {
            refuse("impossible range from \(low) to \(high): the first must not be above the second")
            return nil
        }
        return low...high
    }

    /// A text in the language, with the lines of the scenario; or `{ file: path }`, with those of the file.
    func source() -> SourceText? {
        if case .mapping = node {
            guard let file = mapping(["file"]).required("file", of: self), let name = file.text else { return nil }
            return problems.read(name, at: file)
        }
        guard let text, case .scalar(let scalar) = node else { return nil }
        let isBlock = scalar.style == .literal || scalar.style == .folded
        let line = (node.mark?.line ?? 1) + (isBlock ? 1 : 0)
        return SourceText(name: "\(problems.file) \(path)", text: text, firstLine: line)
    }

    /// One source or a list of them, which run one after the other.
    func sources() -> [SourceText] {
        if case .sequence = node { return list().compactMap { $0.source() } }
        return source().map { [$0] } ?? []
    }

    private func words(_ range: ClosedRange<Double>?) -> String {
        guard let range else { return "" }
        if range.upperBound == .greatestFiniteMagnitude { return " of at least \(plain(range.lowerBound))" }
        return " from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
    }
}

/// A number without a needless fraction.
func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

extension [String: YAMLValue] {
    /// A member that must be there.
    func required(_ key: String, of parent: YAMLValue) -> YAMLValue? {
        if self[key] == nil, case .mapping = parent.node { parent.refuse("'\(key)' is missing") }
        return self[key]
    }
}
