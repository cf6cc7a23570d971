import Environments
import NumericsCore
import Regimes

/// What `--set` asks for: settings of the method, several values of one as candidates, and what holds for all methods: a cap on
/// doses, a budget of harm, the worst group as the objective.
package struct LearningRequest: Sendable {
    /// The product of all values given, in the order in which they were given.
    package var candidates: [LearningSettings]
    /// The settings with more than one value.
    package var varied: [String]
    package var permitted: [Bool]
    package var budget: HarmBudget?
    /// What was given of ``common``, for provenance.
    package var shared: [String: String]
    /// The grouping whose worst group counts.
    package var worst: Int?
    /// Weighings of groups that are tried.
    package var rounds = 6

    /// Names that mean the same for all methods.
    package static let common = [
        "cap": "COMPONENT:VALUE, levels above it are never chosen",
        "budget": "the greatest mean harm of an episode",
        "harm": "an event or a measure of the environment that 'budget' limits",
        "objective": "mean, or worst:GROUPING",
    ]

    /// - Parameter given: names with values; several values with `|` between.
    /// - Throws: ``LearningProblem/settings(_:)`` with everything that is wrong.
    package init(
        _ given: [(name: String, value: String)], _ method: LearningMethod, _ facts: EnvironmentFacts
    ) throws(LearningProblem) {
        var problems: [String] = []
        var own: [(name: String, values: [String])] = []
        var shared: [String: String] = [:]
        for (name, value) in given {
            if Self.common[name] != nil {
                shared[name] = value
            } else {
                own.append((name, value.split(separator: "|", omittingEmptySubsequences: false).map(String.init)))
            }
        }
        self.shared = shared
        varied = own.filter { $0.values.count > 1 }.map(\.name)
        permitted = facts.actions.levels.map { _ in true }
        candidates = []
        do {
            candidates = try Self.product(own).map { settings throws(LearningProblem) in
                try LearningSettings(settings, for: method.parameters)
            }
        } catch .settings(let found) { problems += found }
        if let text = shared["cap"] {
            if let cap = Self.cap(text, facts.actions) {
                permitted = cap
            } else {
                let names = facts.actions.components.map(\.name).joined(separator: ", ")
                problems.append(
                    "--set cap: found '\(text)', allowed: NAME:VALUE with a name of \(names) that leaves a level")
            }
        }
        do { budget = try HarmBudget(shared, facts) } catch .settings(let found) { problems += found }
        if let text = shared["objective"], text != "mean" {
            let name = text.hasPrefix("worst:") ? String(text.dropFirst(6)) : ""
            worst = facts.groupings.firstIndex { $0.name == name }
            if worst == nil {
                let allowed = ["mean"] + facts.groupings.map { "worst:\($0.name)" }
                problems.append("--set objective: found '\(text)', allowed: \(allowed.joined(separator: ", "))")
            }
        }
        if worst != nil, budget != nil {
            problems.append("--set objective: a worst group and a budget of harm cannot be asked for together")
        }
        guard problems.isEmpty else { throw .settings(problems) }
    }

    /// The greatest number of candidates.
    static let maximumCandidates = 64

    private static func product(_ own: [(name: String, values: [String])]) throws(LearningProblem) -> [[String: String]]
    {
        var count = 1
        for (_, values) in own { count = min(maximumCandidates + 1, count * values.count) }
        guard count <= maximumCandidates else {
            throw .settings(["--set: more than \(maximumCandidates) candidates; give fewer values"])
        }
        var all: [[String: String]] = [[:]]
        for (name, values) in own {
            all = all.flatMap { settings in values.map { settings.merging([name: $0]) { _, new in new } } }
        }
        return all
    }

    /// Which levels a cap leaves; nil where it is none or leaves nothing.
    private static func cap(_ text: String, _ actions: ActionSpace) -> [Bool]? {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2, let limit = Double(parts[1]),
            let component = actions.components.firstIndex(where: { $0.name == parts[0] })
        else { return nil }
        let left = actions.levels.map { $0.values[component] <= limit }
        return left.contains(true) ? left : nil
    }
}

/// A limit on the mean harm of an episode, and how a price of harm is found that keeps to it.
///
/// Lagrange: a policy that maximises `value − λ · harm` does the least harm for its value. The price is doubled until harm
/// is within the limit, then the interval halved; harm falls as the price rises.
package struct HarmBudget: Sendable, Hashable {
    package var harm: HarmSignal
    package var limit: Double
    package var rounds = 7

    init?(_ shared: [String: String], _ facts: EnvironmentFacts) throws(LearningProblem) {
        guard shared["budget"] != nil || shared["harm"] != nil else { return nil }
        guard let text = shared["budget"], let limit = Double(text), limit >= 0, limit.isFinite else {
            throw .settings(["--set budget: found '\(shared["budget"] ?? "")', allowed: a number of at least 0"])
        }
        guard let name = shared["harm"] else {
            let allowed = (facts.ends + facts.measures).joined(separator: ", ")
            throw .settings(["--set budget: 'harm' is missing; allowed: \(allowed)"])
        }
        harm = try HarmSignal(name, facts)
        self.limit = limit
    }

    /// - Parameter learn: learns at a price and answers with the harm.
    func search(_ learn: (Double) throws -> Double) rethrows {
        guard try learn(0) > limit else { return }
        var (low, high) = (0.0, 1.0)
        var left = rounds
        while left > 0 {
            left -= 1
            if try learn(high) <= limit { break }
            (low, high) = (high, 4 * high)
        }
        while left > 0 {
            left -= 1
            let middle = (low + high) / 2
            if try learn(middle) <= limit { high = middle } else { low = middle }
        }
    }
}

/// Weights of groups that move towards those who fare worst: `q ← q · exp(−η (V_g − V̄) / spread)`, normalised (exponentiated
/// gradient; Freund and Schapire 1999).
///
/// The best mixture of policies for the worst group is a game; of the policies on its way the one whose worst group fares best
/// is kept.
struct GroupWeighing {
    let rounds: Int
    private var shares: [Double]

    init(_ grouping: Grouping, rounds: Int) {
        self.rounds = rounds
        shares = grouping.groups.map { _ in 1 / Double(max(1, grouping.groups.count)) }
    }

    /// - Parameter learn: learns with what an episode of each group counts, and answers with the returns by group.
    mutating func search(_ learn: ([Double]) throws -> [RunningMoments]) throws {
        // At first every episode counts the same, which also shows how large the groups are.
        var moments = try learn(shares.map { _ in 1 })
        for _ in 1..<max(2, rounds) {
            let total = moments.reduce(0) { $0 + $1.count }
            let values = moments.map { $0.mean }
            let known = values.compactMap(\.self)
            guard let low = known.min(), let high = known.max(), high > low else { return }
            let middle = known.reduce(0, +) / Double(known.count)
            for group in shares.indices {
                guard let value = values[group] else { continue }
                shares[group] *= Elementary.exp(-(value - middle) / (high - low))
            }
            let sum = shares.reduce(0, +)
            shares = shares.map { $0 / sum }
            // The share of a group's episodes is replaced by q.
            let weights = shares.indices.map { group in
                moments[group].count > 0 ? shares[group] * Double(total) / Double(moments[group].count) : 1
            }
            moments = try learn(weights)
        }
    }
}
