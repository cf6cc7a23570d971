import Environments
import NumericsCore
import Regimes

/// What a learner gets: the environment or a log, what counts, and how much it may look at.
package struct LearningTask: Sendable {
    package var environment: any Environment
    /// The seed of everything that learning draws: its episodes, its starting values, its batches.
    package var seed: UInt64
    /// Episodes that may be simulated.
    package var episodes: Int
    package var threads: Int
    /// Levels that may be used at all.
    package var permitted: [Bool]
    /// Logged episodes to learn from instead of the environment.
    package var log: CollectedEpisodes?
    /// What an episode's harm is, and its price λ.
    package var harm: HarmSignal?
    package var price = 0.0
    /// The grouping whose groups count unequally, and what each counts; a mean weight of 1 over episodes.
    package var grouping: Int?
    package var groupWeights: [Double] = []
    /// Raised from anywhere, it ends learning with `Interrupted` while episodes are made.
    package var stop = StopSignal()

    package init(
        _ environment: any Environment, seed: UInt64, episodes: Int, threads: Int = 1, permitted: [Bool]? = nil,
        log: CollectedEpisodes? = nil
    ) {
        self.environment = environment
        self.seed = seed
        self.episodes = episodes
        self.threads = threads
        self.permitted = permitted ?? environment.facts.actions.levels.map { _ in true }
        self.log = log
        // Nothing is simulated to learn from a log.
        self.log?.steps = 0
    }

    package var facts: EnvironmentFacts { environment.facts }

    /// Logs episodes of the environment under a policy.
    func collect(_ policy: any Policy, _ episodes: Range<Int>, exploration: Double) throws -> CollectedEpisodes {
        try EpisodeCollector(environment, seed: seed, permitted: permitted, stop: stop)
            .collect(policy, episodes: episodes, exploration: exploration, threads: threads)
    }

    /// The first episodes, of random choices, and how many there are to be in a chunk.
    ///
    /// - Parameters:
    ///   - setting: episodes in a chunk; 0 for as many as hold about so many `decisions`, 16 at least.
    /// - Throws: ``LearningProblem/noData(method:reason:)`` where all failed.
    func firstChunk(_ setting: Int, decisions: Int, method: String) throws -> (CollectedEpisodes, chunk: Int) {
        let first = try collect(RandomPolicy(), 0..<min(setting > 0 ? setting : 64, episodes), exploration: 0)
        guard first.log.decisions > 0 else {
            throw LearningProblem.noData(method: method, reason: "all \(first.failed) episodes failed")
        }
        return (first, setting > 0 ? setting : max(16, decisions * first.log.episodes / first.log.decisions))
    }

    /// The frame of a policy that is learned here.
    func frame(_ inputs: PolicyInputs) -> PolicyFrame {
        PolicyFrame(inputs: inputs, levels: facts.actions.names, permitted: permitted)
    }

    /// Logged decisions, with harm paid for and groups weighed.
    ///
    /// - Parameter endsAtHorizon: whether nothing is to be had behind the horizon; otherwise it only stops looking.
    func decisions(_ collected: CollectedEpisodes, inputs: PolicyInputs, endsAtHorizon: Bool) -> Decisions {
        let log = collected.log
        var reward = log.rewards
        var weight = [Double](repeating: 1, count: log.episodes)
        for episode in 0..<log.episodes {
            if let harm, price > 0, let last = log.range(of: episode).last {
                reward[last] -= price * harm.amount(in: collected, episode: episode)
            }
            if let grouping { weight[episode] = groupWeights[Int(collected.groups[grouping][episode])] }
        }
        return Decisions(
            log, inputs: inputs, reward: reward, weight: weight, horizon: endsAtHorizon ? facts.horizon : nil)
    }

    /// A discount to learn with: the problem's own, where values stay finite with it.
    ///
    /// A value function that does not know the time would, without discount, see no reason to do now what can be done later,
    /// and grow without an end where rewards go on.
    func learningDiscount(_ setting: Double, knowsTime: Bool) -> Double {
        if setting > 0 { return setting }
        guard facts.discount == 1, !knowsTime else { return facts.discount }
        return facts.horizon.map { max(0.9, min(0.995, 1 - 1 / Double($0))) } ?? 0.99
    }
}

/// What counts as harm in an episode: an event that ended it, or a measure.
package enum HarmSignal: Sendable, Hashable {
    case event(Int)
    case measure(Int)

    /// - Throws: ``LearningProblem/settings(_:)`` where the environment has neither.
    package init(_ name: String, _ facts: EnvironmentFacts) throws(LearningProblem) {
        if let event = facts.ends.firstIndex(of: name) {
            self = .event(event)
        } else if let measure = facts.measures.firstIndex(of: name) {
            self = .measure(measure)
        } else {
            let allowed = facts.ends + facts.measures
            throw .settings([
                "--set harm: found '\(name)', allowed: \(allowed.isEmpty ? "none here" : allowed.joined(separator: ", "))"
            ])
        }
    }

    func amount(in collected: CollectedEpisodes, episode: Int) -> Double {
        switch self {
        case .event(let event): return collected.events[episode] == Int32(event) ? 1 : 0
        case .measure(let measure):
            let value = collected.measures[measure][episode]
            return value.isNaN ? 0 : value
        }
    }

    /// The mean harm of an episode of a policy.
    package func mean(_ totals: EpisodeTotals) -> Double {
        switch self {
        case .event(let event): Double(totals.ends[event]) / Double(max(1, totals.returns.count))
        case .measure(let measure): totals.measures[measure].mean ?? 0
        }
    }
}
