import Environments

/// A way to learn that can be named: what it is, what it takes, and how it is made.
package struct LearningMethod: Sendable {
    package let name: String
    /// One line for people.
    package let title: String
    /// Whether it can learn from logged episodes alone.
    package let learnsFromLogs: Bool
    package let parameters: [LearningParameter]
    /// Episodes by default, and about how many decisions they may hold.
    private let episodes: Int
    private let decisions: Int
    private let make: @Sendable (LearningSettings) -> any Learner

    init(
        _ name: String, _ title: String, learnsFromLogs: Bool, episodes: Int = 4000, decisions: Int = 400_000,
        parameters: [LearningParameter],
        _ make: @escaping @Sendable (LearningSettings) -> any Learner
    ) {
        self.name = name
        self.title = title
        self.learnsFromLogs = learnsFromLogs
        self.episodes = episodes
        self.decisions = decisions
        self.parameters = parameters
        self.make = make
    }

    /// Episodes by default: fewer where they are long.
    package func episodes(_ facts: EnvironmentFacts) -> Int {
        guard let horizon = facts.horizon else { return episodes }
        return max(200, min(episodes, decisions / horizon))
    }

    package func learner(_ settings: LearningSettings) -> any Learner { make(settings) }

    /// The methods. A new one is a line here.
    package static let all: [LearningMethod] = [
        FittedQLinear.method,
        FittedQTrees.method,
        TemporalDifferences.qLearning,
        TemporalDifferences.sarsa,
        LinearBandit.linUCB,
        LinearBandit.thompson,
        DeepQLearning.single,
        DeepQLearning.double,
        ConservativeQLearning.method,
        ImplicitQLearning.method,
        ProximalPolicyOptimisation.method,
    ]

    /// - Throws: ``LearningProblem/method(found:allowed:)``.
    package static func named(_ name: String) throws(LearningProblem) -> LearningMethod {
        guard let method = all.first(where: { $0.name == name }) else {
            throw .method(found: name, allowed: all.map(\.name))
        }
        return method
    }
}
