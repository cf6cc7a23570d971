/// A treatment problem with finitely many states and actions, known whole: start, transitions, rewards, ends.
///
/// ```
/// s₀ ~ start,   a ~ policy(s),   s′ ~ P(· | s, a),   r = r(s, a, s′),   value = E Σₜ γᵗ rₜ
/// ```
///
/// It stops in a state that ends it (a death, a discharge: an **event**), or after the last of `horizon` decisions (a
/// **truncation**, which pays nothing). Rows of P hold their possible successors only.
public struct TabularProblem: Sendable {
    /// The environment's name, `oberst-sepsis`.
    public let name: String
    /// One name for each state.
    public let states: [String]
    /// One name for each action.
    public let actions: [String]
    /// The probability of each state at the start; sums to 1.
    public let start: [Double]
    /// For each state, the name of the event that ends the episode there; nil goes on.
    public let ends: [String?]
    /// The greatest number of decisions; nil for none.
    public let horizon: Int?
    /// γ, in 0...1.
    public let discount: Double
    /// Which group a patient belongs to who starts in a state, by the name of the grouping; one label for each state.
    public let strata: [String: [String]]
    /// What is observed of a state, and what is hidden. Without any, the number of the state is observed.
    public let features: [StateFeature]
    /// The possible outcomes of each (state, action).
    let transitions: TransitionTable

    /// A problem from its parts.
    ///
    /// - Throws: ``InvalidProblem`` with everything that does not fit.
    public init(
        name: String, states: [String], actions: [String], start: [Double], ends: [String?], horizon: Int?,
        discount: Double = 1, strata: [String: [String]] = [:], features: [StateFeature] = [],
        transitions: TransitionTable
    ) throws(InvalidProblem) {
        self.name = name
        self.states = states
        self.actions = actions
        self.start = start
        self.ends = ends
        self.horizon = horizon
        self.discount = discount
        self.strata = strata
        self.features = features
        self.transitions = transitions
        let problems = problems
        guard problems.isEmpty else { throw InvalidProblem(name: name, problems: problems) }
    }

    /// The same problem with another discount.
    public func discounted(by discount: Double) throws(InvalidProblem) -> TabularProblem {
        try TabularProblem(
            name: name, states: states, actions: actions, start: start, ends: ends, horizon: horizon,
            discount: discount, strata: strata, features: features, transitions: transitions)
    }

    /// The mean of a value of the state over the start.
    func startMean(_ value: [Double]) -> Double {
        var sum = 0.0
        for state in states.indices where start[state] > 0 { sum += start[state] * value[state] }
        return sum
    }

    private var problems: [String] {
        var found: [String] = []
        func check(_ fits: Bool, _ message: @autoclosure () -> String) { if !fits { found.append(message()) } }
        check(
            !states.isEmpty && !actions.isEmpty,
            "\(states.count) states and \(actions.count) actions; at least one each")
        check(start.count == states.count, "\(start.count) starting probabilities for \(states.count) states")
        check(ends.count == states.count, "\(ends.count) ends for \(states.count) states")
        let sum = start.reduce(0, +)
        check(
            abs(sum - 1) < 1e-9 && start.allSatisfy { $0 >= 0 },
            "the starting probabilities sum to \(sum); they are at least 0 and sum to 1")
        check((0...1).contains(discount), "a discount of \(discount); allowed: 0 to 1")
        check(horizon.map { $0 > 0 } ?? true, "a horizon of \(horizon ?? 0) decisions; allowed: at least 1, or none")
        for (name, labels) in strata.sorted(by: { $0.key < $1.key }) {
            check(labels.count == states.count, "\(labels.count) labels of '\(name)' for \(states.count) states")
        }
        for feature in features {
            check(
                feature.values.count == states.count,
                "\(feature.values.count) values of '\(feature.name)' for \(states.count) states")
        }
        if states.count == start.count, states.count == ends.count {
            found += transitions.problems(states: states, actions: actions, ends: ends)
        }
        return found
    }
}

/// A number that says something of each state.
public struct StateFeature: Sendable, Hashable {
    /// As rules and policies call it.
    public let name: String
    /// One for each state.
    public let values: [Double]
    /// Whether learners do not see it.
    public let isHidden: Bool

    /// A feature, observed unless it is hidden.
    public init(name: String, values: [Double], isHidden: Bool = false) {
        self.name = name
        self.values = values
        self.isHidden = isHidden
    }
}

/// A problem whose parts do not fit each other.
public struct InvalidProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problem's name.
    public let name: String
    /// Everything that does not fit.
    public let problems: [String]

    /// A line for each problem.
    public var description: String { "\(name): " + problems.joined(separator: "\n\(name): ") }
}
