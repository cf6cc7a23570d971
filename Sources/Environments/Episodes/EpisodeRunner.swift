import NumericsCore
import Regimes

/// Episodes of a policy in an environment, sixteen side by side.
///
/// Episodes come in blocks; a lane whose episode is over takes the block's next one. A block's totals are added in the
/// order of the episodes, and blocks are joined in their order, so that the numbers depend on nothing but seed and count.
package struct EpisodeRunner: Sendable {
    let environment: any Environment
    let policy: any Policy
    let seed: UInt64

    /// Episodes in a block.
    static let blockSize = 512

    package init(_ environment: any Environment, _ policy: any Policy, seed: UInt64) {
        self.environment = environment
        self.policy = policy
        self.seed = seed
    }

    /// Simulates episodes 0..<count.
    package func run(_ count: Int, threads: Int, stop: StopSignal = StopSignal()) throws -> EpisodeTotals {
        let facts = environment.facts
        let blocks = (count + Self.blockSize - 1) / Self.blockSize
        var parts = [EpisodeTotals](repeating: EpisodeTotals(facts), count: blocks)
        try parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            try ParallelBlocks.run(count: blocks, threads: threads, stop: stop) {
                try EpisodeWorker(environment, policy, seed: seed)
            } run: { worker, block in
                let first = block * Self.blockSize
                parts[block] = try worker.totals(of: first..<min(count, first + Self.blockSize))
            }
        }
        return parts.reduce(into: EpisodeTotals(facts)) { $0.join($1) }
    }
}

/// One thread's episodes.
package final class EpisodeWorker {
    let facts: EnvironmentFacts
    let episodes: any EpisodeLanes
    let policy: any PolicyWorker
    private let key: StreamKey
    private let action: LanePointer
    private let scratch: LanePointer
    private var streams: [RandomStream]
    /// What the episodes of the latest range came to, and their groups and measures, a row for each: memory that is made once.
    private var courses: [Course] = []
    private var groups: [Int] = []
    private var measures: [Double] = []

    package init(_ environment: any Environment, _ policy: any Policy, seed: UInt64) throws {
        facts = environment.facts
        episodes = try environment.makeEpisodes(seed: seed)
        self.policy = try policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        key = StreamKey(seed: seed, purpose: .policy)
        streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
        let zero = Lane(repeating: 0)
        action = .allocate(capacity: max(1, facts.actions.components.count))
        action.initialize(repeating: zero, count: max(1, facts.actions.components.count))
        scratch = .allocate(capacity: max(1, facts.actions.levels.count))
        scratch.initialize(repeating: zero, count: max(1, facts.actions.levels.count))
    }

    deinit {
        action.deallocate()
        scratch.deallocate()
    }

    /// What one episode came to.
    private struct Course {
        var value = 0.0
        var steps = 0
        var ending = EpisodeEnding.goesOn
    }

    func totals(of range: Range<Int>) throws -> EpisodeTotals {
        let (groupings, kinds) = (facts.groupings.count, facts.measures.count)
        if courses.count < range.count {
            courses = [Course](repeating: Course(), count: range.count)
            groups = [Int](repeating: 0, count: range.count * groupings)
            measures = [Double](repeating: 0, count: range.count * kinds)
        }
        try run(range) { lane, episode, value, steps in
            let row = episode - range.lowerBound
            courses[row] = Course(value: value, steps: steps, ending: EpisodeEnding(code: episodes.ending[lane]))
            for index in 0..<groupings { groups[row * groupings + index] = episodes.group(of: index, lane: lane) }
            for index in 0..<kinds { measures[row * kinds + index] = episodes.measure(index, lane: lane) }
        }
        var totals = EpisodeTotals(facts)
        for row in 0..<range.count {
            let course = courses[row]
            totals.add(
                course.value, steps: course.steps, ending: course.ending, group: { groups[row * groupings + $0] },
                measure: { measures[row * kinds + $0] })
        }
        return totals
    }

    /// Runs episodes to their ends.
    ///
    /// - Parameter finished: is told the lane, the episode, its return and its decisions while the lane still holds it.
    private func run(_ range: Range<Int>, finished: (Int, Int, Double, Int) -> Void) throws {
        var (value, weight, steps) = (Lane(repeating: 0), Lane(repeating: 1), Lane(repeating: 0))
        try EpisodeCycle.run(range, in: episodes, action: action) { lane, episode in
            streams[lane] = EpisodeStream.make(key, episode: episode)
            (value[lane], weight[lane]) = (0, 1)
        } choose: { decision, running in
            steps = decision + Lane(repeating: 1)
            var uniform = Lane(repeating: 0.5)
            for lane in LaneSet(running) { uniform[lane] = streams[lane].nextUniform() }
            policy.decide(
                PolicyPoint(
                    decision: decision, observation: episodes.observation, allowed: episodes.allowed, uniform: uniform),
                into: action, scratch: scratch)
        } stepped: { running in
            value.replace(with: value + weight * episodes.reward, where: running)
            weight *= Lane(repeating: facts.discount)
        } finished: { lane, episode in
            finished(lane, episode, value[lane], Int(steps[lane]))
        }
    }
}

/// The random stream of an episode.
package enum EpisodeStream {
    /// Episodes beyond 2³² go on in the next replicate.
    package static func make(_ key: StreamKey, episode: Int, substream: UInt32 = 0) -> RandomStream {
        RandomStream(
            key: key, replicate: UInt32(truncatingIfNeeded: episode >> 32),
            patient: UInt32(truncatingIfNeeded: episode), substream: substream)
    }
}
