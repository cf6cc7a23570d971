import NumericsCore

/// Episodes of a tabular problem under a policy, drawn one decision at a time.
///
/// Each episode has a stream of its own: the starting state, then for each decision the action where the policy leaves a
/// choice, and the successor. Rows of tables are drawn from in constant time, and uniform numbers are made sixteen at a time.
final class TabularEpisodes: @unchecked Sendable {
    private let facts: EnvironmentFacts
    private let actionCount: Int
    private let horizon: Int
    private let discount: Double
    private let key: StreamKey
    private let start: OutcomeTable
    private let successors: OutcomeTable
    private let stages: UnsafeMutablePointer<Stage>
    private let stageCount: Int
    /// What the stages draw from.
    private let choices: [OutcomeTable?]
    /// The number of the event that ends an episode in a state, −1 for none.
    private let endings: UnsafeMutablePointer<Int32>
    /// `groups[grouping][state]`
    private let groups: [[Int]]

    /// The policy at one decision.
    private struct Stage {
        /// The action of each state, −1 where it is drawn.
        let actions: UnsafeMutablePointer<Int32>
        /// What is drawn from; nil where each state has its action.
        let choice: OutcomeTable.View?
    }

    /// Episodes in a block: what one thread simulates at a time, and what is summed before blocks are joined.
    static let blockSize = 1024

    /// Prepares the tables.
    ///
    /// - Parameter environment: one with a horizon, or one in which every policy ends.
    init(_ environment: TabularEnvironment, _ policy: TabularPolicy, seed: UInt64) {
        let problem = environment.problem
        let table = problem.transitions
        facts = environment.facts
        actionCount = table.actions
        horizon = problem.horizon ?? .max
        discount = problem.discount
        groups = environment.groups
        endings = .allocate(capacity: max(1, environment.endings.count))
        endings.initialize(from: environment.endings, count: environment.endings.count)
        let states = problem.states.indices.map(Int32.init)
        start = OutcomeTable(
            AliasTable(rowStart: [0, Int32(states.count)], weights: problem.start), outcomes: states)
        successors = OutcomeTable(
            AliasTable(rowStart: table.rowStart, weights: table.probabilities), outcomes: table.successors,
            rewards: table.rewards)
        choices = policy.stages.map { Self.choice($0, policy.actions) }
        stageCount = policy.stages.count
        stages = .allocate(capacity: stageCount)
        for (index, probabilities) in policy.stages.enumerated() {
            (stages + index).initialize(to: Self.stage(probabilities, policy.actions, choices[index]?.view))
        }
        key = StreamKey(seed: seed, purpose: .environment)
    }

    deinit {
        endings.deallocate()
        for stage in 0..<stageCount { stages[stage].actions.deallocate() }
        stages.deallocate()
    }

    private static func certain(_ probabilities: [Double], _ actions: Int) -> [Int32] {
        (0..<probabilities.count / actions).map { state in
            (0..<actions).first { probabilities[state * actions + $0] == 1 }.map(Int32.init) ?? -1
        }
    }

    private static func stage(_ probabilities: [Double], _ actions: Int, _ choice: OutcomeTable.View?) -> Stage {
        let certain = certain(probabilities, actions)
        let memory = UnsafeMutablePointer<Int32>.allocate(capacity: max(1, certain.count))
        memory.initialize(from: certain, count: certain.count)
        return Stage(actions: memory, choice: choice)
    }

    private static func choice(_ probabilities: [Double], _ actions: Int) -> OutcomeTable? {
        guard certain(probabilities, actions).contains(-1) else { return nil }
        let rows = (0...probabilities.count / actions).map { Int32($0 * actions) }
        return OutcomeTable(
            AliasTable(rowStart: rows, weights: probabilities),
            outcomes: probabilities.indices.map { Int32($0 % actions) })
    }

    /// Simulates episodes 0..<count on a number of threads; the totals do not depend on it.
    func run(_ count: Int, threads: Int, stop: StopSignal = StopSignal()) throws -> EpisodeTotals {
        let blocks = (count + Self.blockSize - 1) / Self.blockSize
        var parts = [EpisodeTotals](repeating: EpisodeTotals(facts), count: blocks)
        try parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            try ParallelBlocks.run(count: blocks, threads: threads, stop: stop) {
                Draws()
            } run: { draws, block in
                let first = block * Self.blockSize
                parts[block] = totals(of: first..<min(count, first + Self.blockSize), draws)
            }
        }
        return parts.reduce(into: EpisodeTotals(facts)) { $0.join($1) }
    }

    /// A thread's uniform numbers.
    private final class Draws {
        let batch = UnsafeMutablePointer<SIMD8<Double>>.allocate(capacity: 2)

        init() { batch.initialize(repeating: SIMD8(repeating: 0), count: 2) }
        deinit { batch.deallocate() }
    }

    private func totals(of episodes: Range<Int>, _ draws: Draws) -> EpisodeTotals {
        var totals = EpisodeTotals(facts)
        for episode in episodes {
            let (first, last, value, steps) = course(of: episode, draws)
            let ending = endings[last] < 0 ? EpisodeEnding.truncated : .event(Int(endings[last]))
            totals.add(value, steps: steps, ending: ending, group: { groups[$0][first] }, measure: { _ in .nan })
        }
        return totals
    }

    /// One episode: where it began and stopped, its return and its decisions.
    private func course(of episode: Int, _ draws: Draws) -> (first: Int, last: Int, value: Double, steps: Int) {
        let stream = EpisodeStream.make(key, episode: episode)
        let batch = draws.batch
        let uniforms = UnsafeRawPointer(batch).assumingMemoryBound(to: Double.self)
        let (endings, successors, stages) = (endings, successors.view, stages)
        let (actionCount, discount, horizon, last) = (actionCount, discount, horizon, stageCount - 1)
        var drawn = 0
        @inline(__always) func next() -> Double {
            let index = drawn & 15
            if index == 0 { stream.uniforms(batch: UInt32(truncatingIfNeeded: drawn >> 4), into: batch) }
            drawn &+= 1
            return uniforms[(index & 1) << 3 | index >> 1]
        }
        let first = start.view.outcome(inRow: 0, next())
        var (state, value, weight, decision) = (first, 0.0, 1.0, 0)
        while decision < horizon, endings[state] < 0 {
            let stage = stages[min(decision, last)]
            var action = Int(stage.actions[state])
            if action < 0, let choice = stage.choice { action = choice.outcome(inRow: state, next()) }
            let (successor, reward) = successors.payingOutcome(inRow: state &* actionCount &+ action, next())
            value += weight * reward
            weight *= discount
            state = successor
            decision &+= 1
        }
        return (first, state, value, decision)
    }
}
