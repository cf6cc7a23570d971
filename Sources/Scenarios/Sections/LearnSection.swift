import ModelLanguage

/// `learn`: how an arm's regime is learned before the trial.
package struct LearnSection: Sendable {
    /// ``standardMethod``, or a method of the learners' own.
    package var method = standardMethod
    /// Settings of a method of the learners' own, as they are written.
    package var settings: [(name: String, value: String)] = []
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
        .optional(
            "method", .text, "How it is learned: '\(standardMethod)', or a method of 'trialist regime learn'."),
        .optional("settings", .named(.code), "Settings of such a method, as its --set takes them."),
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

    /// Fitted Q iteration from one exploring round, with weights for each visit.
    package static let standardMethod = "fitted Q iteration"
    private static let bases = ["linear", "quadratic"]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        method = members["method"]?.text ?? method
        readSettings(members)
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

    /// What belongs to the one way to learn is refused beside the other.
    private mutating func readSettings(_ members: [String: YAMLValue]) {
        settings = (members["settings"]?.entries() ?? []).compactMap { name, value in
            value.scalar(allowed: "a number or a word").map { (name, $0.string) }
        }
        if method == Self.standardMethod {
            members["settings"]?.refuse(
                "'\(Self.standardMethod)' takes 'explore', 'basis' and 'ridge'; leave 'settings' out or name another method"
            )
        } else {
            for name in ["explore", "basis", "ridge"] {
                members[name]?.refuse("the method '\(method)' takes its 'settings'; leave '\(name)' out")
            }
        }
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
