import Dispatch
import NumericsCore

/// Episodes of a tabular problem under a policy, drawn one decision at a time.
///
/// Each episode has a stream of its own: the starting state, then for each decision the action where the policy leaves a
/// choice, and the successor. Rows of tables are drawn from in constant time.
struct TabularEpisodes: Sendable {
    private let problem: TabularProblem
    private let start: AliasTable
    private let successors: AliasTable
    private let stages: [Stage]
    private let key: StreamKey
    private let facts: EnvironmentFacts
    /// The number of the event that ends an episode in a state, −1 for none.
    private let endings: [Int32]
    /// `groups[grouping][state]`
    private let groups: [[Int]]

    /// The policy at one decision: an action for each state, or rows to draw from.
    private struct Stage: Sendable {
        /// −1 where the action is drawn.
        let actions: [Int32]
        let choice: AliasTable?
    }

    /// Episodes in a block: what one thread simulates at a time, and what is summed before blocks are joined.
    static let blockSize = 1024

    /// Prepares the tables.
    ///
    /// - Parameter environment: one with a horizon, or one in which every policy ends.
    init(_ environment: TabularEnvironment, _ policy: TabularPolicy, seed: UInt64) {
        problem = environment.problem
        facts = environment.facts
        endings = environment.endings
        groups = environment.groups
        let table = problem.transitions
        start = AliasTable(rowStart: [0, Int32(problem.states.count)], weights: problem.start)
        successors = AliasTable(rowStart: table.rowStart, weights: table.probabilities)
        stages = policy.stages.map { Self.stage($0, policy.actions) }
        key = StreamKey(seed: seed, purpose: .environment)
    }

    private static func stage(_ probabilities: [Double], _ actions: Int) -> Stage {
        let states = probabilities.count / actions
        let certain = (0..<states).map { state in
            (0..<actions).first { probabilities[state * actions + $0] == 1 }.map(Int32.init) ?? -1
        }
        guard certain.contains(-1) else { return Stage(actions: certain, choice: nil) }
        let rows = (0...states).map { Int32($0 * actions) }
        return Stage(actions: certain, choice: AliasTable(rowStart: rows, weights: probabilities))
    }

    /// Simulates episodes 0..<count on a number of threads; the totals do not depend on it.
    func run(_ count: Int, threads: Int) -> EpisodeTotals {
        let blocks = (count + Self.blockSize - 1) / Self.blockSize
        var parts = [EpisodeTotals](repeating: EpisodeTotals(facts), count: blocks)
        let share = max(1, min(threads, blocks))
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            DispatchQueue.concurrentPerform(iterations: share) { worker in
                for block in stride(from: worker, to: blocks, by: share) {
                    let first = block * Self.blockSize
                    parts[block] = totals(of: first..<min(count, first + Self.blockSize))
                }
            }
        }
        return parts.reduce(into: EpisodeTotals(facts)) { $0.join($1) }
    }

    private func totals(of episodes: Range<Int>) -> EpisodeTotals {
        var totals = EpisodeTotals(facts)
        for episode in episodes {
            let (first, last, value, steps) = course(of: episode)
            let ending = endings[last] < 0 ? EpisodeEnding.truncated : .event(Int(endings[last]))
            totals.add(value, steps: steps, ending: ending, group: { groups[$0][first] }, measure: { _ in .nan })
        }
        return totals
    }

    /// One episode: where it began and stopped, its return and its decisions.
    private func course(of episode: Int) -> (first: Int, last: Int, value: Double, steps: Int) {
        var stream = EpisodeStream.make(key, episode: episode)
        let table = problem.transitions
        let first = start.place(inRow: 0, stream.nextUniform())
        var (state, value, weight, decision) = (first, 0.0, 1.0, 0)
        let horizon = problem.horizon ?? .max
        while decision < horizon, endings[state] < 0 {
            let action = action(stages[min(decision, stages.count - 1)], state, &stream)
            let place = successors.place(inRow: state * table.actions + action, stream.nextUniform())
            value += weight * table.rewards[place]
            weight *= problem.discount
            state = Int(table.successors[place])
            decision += 1
        }
        return (first, state, value, decision)
    }

    @inline(__always)
    private func action(_ stage: Stage, _ state: Int, _ stream: inout RandomStream) -> Int {
        let certain = Int(stage.actions[state])
        guard certain < 0, let choice = stage.choice else { return certain }
        return choice.place(inRow: state, stream.nextUniform()) - state * problem.transitions.actions
    }
}
