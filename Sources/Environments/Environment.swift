import NumericsCore
import Regimes

/// A treatment problem in which policies are tried and learned: what is observed, what may be chosen, and episodes of it.
package protocol Environment: Sendable {
    var facts: EnvironmentFacts { get }

    /// The same problem with the patients that a policy may be learned on; itself where all may.
    var training: any Environment { get }

    /// A rule of ``EnvironmentFacts/rules``. It may look at what is hidden from learners.
    func rule(_ name: String) throws -> any Policy

    /// Sixteen episodes at a time, whose chance depends on the seed and the number of the episode alone.
    func makeEpisodes(seed: UInt64) throws -> any EpisodeLanes

    /// The best policy, where it can be computed.
    ///
    /// - Throws: ``EnvironmentError/noOptimum(environment:)`` where it cannot.
    func optimum() throws -> any Policy

    /// The value of a policy without simulation.
    ///
    /// - Throws: ``EnvironmentError/noExactValue(environment:)`` where it cannot be computed.
    func exactValue(of policy: any Policy) throws -> ExactValue

    /// Simulates episodes of a policy. The totals do not depend on the number of threads.
    func simulate(_ policy: any Policy, episodes: Int, seed: UInt64, threads: Int) throws -> EpisodeTotals
}

extension Environment {
    package var training: any Environment { self }

    package func optimum() throws -> any Policy { throw EnvironmentError.noOptimum(environment: facts.name) }

    package func exactValue(of _: any Policy) throws -> ExactValue {
        throw EnvironmentError.noExactValue(environment: facts.name)
    }

    package func simulate(_ policy: any Policy, episodes: Int, seed: UInt64, threads: Int) throws -> EpisodeTotals {
        try EpisodeRunner(self, policy, seed: seed).run(episodes, threads: threads)
    }

    /// The policy that a choice means here.
    ///
    /// - Throws: ``EnvironmentError`` with what is allowed.
    package func policy(_ choice: PolicyChoice) throws -> any Policy {
        switch choice {
        case .random: return RandomPolicy()
        case .optimal: return try optimum()
        case .constant(let text):
            guard let values = facts.actions.values(named: text) else {
                throw EnvironmentError.unknownAction(text, environment: facts.name, allowed: facts.actions)
            }
            return ConstantPolicy(values)
        case .rule(let name):
            guard facts.rules.contains(name) else {
                throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
            }
            return try rule(name)
        case .file(let path): return try PolicyFile.read(path).policy
        }
    }
}

/// What an environment is like for whoever acts in it.
package struct EnvironmentFacts: Sendable {
    /// `ahn-chemotherapy`
    package var name: String
    package var variant: String
    /// What is observed at each decision, in order. Learners see these and nothing else.
    package var observations: [ObservedVariable]
    /// What stands behind the observations in the same array, for rules and oracles only.
    package var hidden: [ObservedVariable]
    package var actions: ActionSpace
    /// The greatest number of decisions; nil for none.
    package var horizon: Int?
    /// γ, in 0...1.
    package var discount: Double
    /// The events that end an episode, in the order of their numbers.
    package var ends: [String]
    /// How patients are grouped, known from the start of an episode.
    package var groupings: [Grouping]
    /// Further numbers of a whole episode, such as the percent of time in range.
    package var measures: [String]
    /// The rules by name.
    package var rules: [String]

    package init(
        name: String, variant: String, observations: [ObservedVariable], hidden: [ObservedVariable] = [],
        actions: ActionSpace, horizon: Int?, discount: Double = 1, ends: [String] = [], groupings: [Grouping] = [],
        measures: [String] = [], rules: [String] = []
    ) {
        self.name = name
        self.variant = variant
        self.observations = observations
        self.hidden = hidden
        self.actions = actions
        self.horizon = horizon
        self.discount = discount
        self.ends = ends
        self.groupings = groupings
        self.measures = measures
        self.rules = rules
    }

    /// The names of what is observed, then of what is hidden: the order of ``EpisodeLanes/observation``.
    package var observed: [String] { (observations + hidden).map(\.name) }
}

/// A variable that is observed: its name and the range in which it lies (infinite where it has none).
package struct ObservedVariable: Sendable, Hashable {
    package var name: String
    package var low: Double
    package var high: Double

    package init(_ name: String, low: Double = -.infinity, high: Double = .infinity) {
        self.name = name
        self.low = low
        self.high = high
    }
}

/// A way to group patients: its name and the names of its groups.
package struct Grouping: Sendable, Hashable {
    package var name: String
    package var groups: [String]

    package init(_ name: String, groups: [String]) {
        self.name = name
        self.groups = groups
    }
}

/// What a policy is worth, without simulation.
public struct ExactValue: Sendable, Hashable {
    /// The expected discounted return of an episode.
    public let value: Double
    /// The expected number of decisions.
    public let meanLength: Double
    /// The probability of ending by each event.
    public let ends: [String: Double]
    /// `by[grouping][group]`
    public let by: [String: [String: Double]]
}
