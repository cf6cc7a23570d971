import Environments
import NumericsCore
import Regimes

/// Logs episodes of a policy in an environment, with the probability of every choice.
///
/// A policy's weights are moved from levels that are not open to the nearest open one, and mixed with an equal share of all
/// open levels: `(1 − ε) π(a | s) + ε / open`. An episode's chance depends on the seed and its number alone, and episodes
/// stand in the order of their numbers: the same log for any number of threads.
package struct EpisodeCollector: Sendable {
    package let environment: any Environment
    package let seed: UInt64
    /// For each level whether learners may use it at all: what a cap on doses leaves.
    package let permitted: [Bool]
    let stop: StopSignal

    /// Episodes in a block.
    static let blockSize = 64

    package init(
        _ environment: any Environment, seed: UInt64, permitted: [Bool]? = nil, stop: StopSignal = StopSignal()
    ) {
        self.environment = environment
        self.seed = seed
        self.permitted = permitted ?? environment.facts.actions.levels.map { _ in true }
        self.stop = stop
    }

    /// - Parameter exploration: ε, in 0...1.
    package func collect(
        _ policy: any Policy, episodes: Range<Int>, exploration: Double = 0, threads: Int
    ) throws -> CollectedEpisodes {
        let facts = environment.facts
        let blocks = (episodes.count + Self.blockSize - 1) / Self.blockSize
        var parts = [CollectedEpisodes?](repeating: nil, count: blocks)
        try parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            try ParallelBlocks.run(count: blocks, threads: threads, stop: stop) {
                try CollectingWorker(self, policy, exploration: exploration)
            } run: { worker, block in
                let first = episodes.lowerBound + block * Self.blockSize
                parts[block] = try worker.collect(first..<min(episodes.upperBound, first + Self.blockSize))
            }
        }
        return parts.reduce(into: CollectedEpisodes(facts)) { all, part in
            if let part { all.append(part) }
        }
    }
}

/// One thread's episodes.
private final class CollectingWorker {
    private let facts: EnvironmentFacts
    private let episodes: any EpisodeLanes
    private let policy: any PolicyWorker
    private let key: StreamKey
    private let permitted: [Bool]
    private let exploration: Double
    private let action: LanePointer
    private let weights: LanePointer
    private let open: LanePointer
    /// What a policy chooses that has no level, and room for its weights.
    private let between: LanePointer
    private let spare: LanePointer
    private var courses = [Course](repeating: Course(), count: laneCount)

    /// An episode on its way: a row for each decision.
    private struct Course {
        var rows: [Double] = []
        var chosen: [Int32] = []
        var allowed: [UInt64] = []
        var stream = RandomStream(key: StreamKey(seed: 0, purpose: .policy), replicate: 0, patient: 0)
    }

    init(_ collector: EpisodeCollector, _ policy: any Policy, exploration: Double) throws {
        facts = collector.environment.facts
        episodes = try collector.environment.makeEpisodes(seed: collector.seed)
        self.policy = try policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        key = StreamKey(seed: collector.seed, purpose: .exploration)
        permitted = collector.permitted
        self.exploration = exploration
        func lanes(_ count: Int) -> LanePointer {
            let lanes = LanePointer.allocate(capacity: max(1, count))
            lanes.initialize(repeating: Lane(repeating: 0), count: max(1, count))
            return lanes
        }
        action = lanes(facts.actions.components.count)
        weights = lanes(facts.actions.levels.count)
        open = lanes(facts.actions.levels.count)
        between = lanes(facts.actions.components.count)
        spare = lanes(facts.actions.levels.count)
    }

    deinit {
        for lanes in [action, weights, open, between, spare] { lanes.deallocate() }
    }

    func collect(_ range: Range<Int>) throws -> CollectedEpisodes {
        var finished = [CollectedEpisodes?](repeating: nil, count: range.count)
        try EpisodeCycle.run(range, in: episodes, action: action) { lane, episode in
            courses[lane] = Course(stream: EpisodeStream.make(key, episode: episode))
        } choose: { decision, running in
            decide(decision, in: running)
        } stepped: { running in
            for lane in LaneSet(running) { courses[lane].rows.append(episodes.reward[lane]) }
        } finished: { lane, episode in
            finished[episode - range.lowerBound] = log(lane)
        }
        return finished.reduce(into: CollectedEpisodes(facts)) { all, part in
            if let part { all.append(part) }
        }
    }

    /// Chooses, and keeps what was observed, allowed and chosen.
    private func decide(_ decision: Lane, in running: LaneMask) {
        setOpen()
        let point = PolicyPoint(
            decision: decision, observation: episodes.observation, allowed: open, uniform: Lane(repeating: 0.5))
        policy.weigh(point, into: weights)
        if LaneSet(running).contains(where: { weightSum($0) == 0 }) {
            policy.decide(point, into: between, scratch: spare)
        }
        for lane in LaneSet(running) {
            let uniform = courses[lane].stream.nextUniform()
            let (level, propensity) = draw(lane, uniform)
            courses[lane].allowed.append(bits(lane))
            courses[lane].chosen.append(Int32(level))
            for variable in facts.observations.indices {
                courses[lane].rows.append(episodes.observation[variable][lane])
            }
            courses[lane].rows.append(propensity)
            for (component, value) in facts.actions.levels[level].values.enumerated() {
                action[component][lane] = value
            }
        }
    }

    /// What the environment allows and the cap leaves; what the environment allows where that is nothing.
    private func setOpen() {
        var count = Lane(repeating: 0)
        for level in permitted.indices {
            open[level] = permitted[level] ? episodes.allowed[level] : Lane(repeating: 0)
            count += open[level]
        }
        let isShut = count .<= Lane(repeating: 0)
        guard any(isShut) else { return }
        for level in permitted.indices { open[level].replace(with: episodes.allowed[level], where: isShut) }
    }

    private func weightSum(_ lane: Int) -> Double {
        var sum = 0.0
        for level in permitted.indices { sum += weights[level][lane] }
        return sum
    }

    /// A level and the probability with which it is drawn.
    private func draw(_ lane: Int, _ uniform: Double) -> (level: Int, propensity: Double) {
        let levels = permitted.count
        if weightSum(lane) == 0 {
            // Values between levels stand for the nearest level.
            weights[facts.actions.nearestLevel(to: between, lane: lane)][lane] = 1
        }
        var count = 0.0
        for level in 0..<levels { count += open[level][lane] }
        for level in 0..<levels where open[level][lane] == 0 && weights[level][lane] > 0 {
            let nearest = (0..<levels).filter { open[$0][lane] > 0 }.min { abs($0 - level) < abs($1 - level) }
            if let nearest { weights[nearest][lane] += weights[level][lane] }
            weights[level][lane] = 0
        }
        var below = 0.0
        var last = (level: 0, propensity: 1.0)
        for level in 0..<levels where open[level][lane] > 0 || count == 0 {
            let share = count > 0 ? exploration / count : 0
            let own = (1 - exploration) * weights[level][lane] + share
            guard own > 0 else { continue }
            below += own
            last = (level, own)
            if uniform < below { return last }
        }
        return last
    }

    private func bits(_ lane: Int) -> UInt64 {
        var bits: UInt64 = 0
        for level in permitted.indices where open[level][lane] > 0 { bits |= 1 << UInt64(level) }
        return bits
    }

    /// The log of a lane's episode that has ended.
    private func log(_ lane: Int) -> CollectedEpisodes {
        let course = courses[lane]
        let count = course.chosen.count
        var collected = CollectedEpisodes(facts)
        collected.steps = count
        let ending = EpisodeEnding(code: episodes.ending[lane])
        guard ending != .failed else {
            collected.failed = 1
            return collected
        }
        let variables = facts.observations.count
        let width = variables + 2
        collected.log.starts = [0, count]
        for variable in 0..<variables {
            collected.log.observations[variable] = (0..<count).map { course.rows[$0 * width + variable] }
            collected.log.final[variable] = [episodes.observation[variable][lane]]
        }
        collected.log.propensity = (0..<count).map { course.rows[$0 * width + variables] }
        collected.log.rewards = (0..<count).map { course.rows[$0 * width + variables + 1] }
        collected.log.chosen = course.chosen
        collected.log.allowed = course.allowed
        setOpen()
        let final = bits(lane)
        collected.log.finalAllowed = [final == 0 ? LoggedEpisodes.all(facts.actions) : final]
        if case .event(let event) = ending { collected.events = [Int32(event)] } else { collected.events = [-1] }
        collected.log.endedByEvent = [collected.events[0] >= 0]
        for (index, grouping) in facts.groupings.enumerated() {
            let group = episodes.group(of: index, lane: lane)
            collected.groups[index] = [Int32(group)]
            collected.log.groups[index].labels = [grouping.groups[group]]
        }
        for measure in facts.measures.indices {
            collected.measures[measure] = [episodes.measure(measure, lane: lane)]
        }
        return collected
    }
}
