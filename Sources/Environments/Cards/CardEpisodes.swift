import NumericsCore
import Regimes

/// Episodes of a policy as a card needs them: the return of each, the decisions, and what other policies would have done at the
/// same decisions.
///
/// The episodes are those of ``EpisodeRunner`` with the same seed.
struct CardEpisodes: Sendable {
    let environment: any Environment
    let policy: any Policy
    let seed: UInt64
    /// Policies that are asked at every decision and not followed.
    var asked: [any Policy] = []
    /// What is recorded of each decision: the places of variables among what is observed; nothing where this is nil.
    var recorded: [Int]?
    /// How many of ``recorded`` are observed.
    var observed = 0

    private static let blockSize = 512

    /// Runs a range of episodes. The numbers do not depend on the number of threads.
    func run(_ range: Range<Int>, threads: Int) throws -> CardRecord {
        let blocks = (range.count + Self.blockSize - 1) / Self.blockSize
        let empty = makeRecord()
        var parts = [CardRecord](repeating: empty, count: blocks)
        try parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            try ParallelBlocks.run(count: blocks, threads: threads, stop: StopSignal()) {
                try CardWorker(self)
            } run: { worker, block in
                let first = range.lowerBound + block * Self.blockSize
                parts[block] = try worker.record(first..<min(range.upperBound, first + Self.blockSize))
            }
        }
        return parts.reduce(into: empty) { $0.append($1) }
    }

    fileprivate func makeRecord() -> CardRecord {
        let facts = environment.facts
        let names = facts.observed
        return CardRecord(
            asked: asked.count, components: facts.actions.components.count,
            visits: VisitedStates(
                variables: (recorded ?? []).map { names[$0] }, observed: observed, actions: facts.actions))
    }
}

/// What was found in episodes, in their order.
struct CardRecord: Sendable {
    /// The discounted return of each episode; NaN for one that failed.
    private(set) var returns: [Double] = []
    /// The decisions of each episode; 0 for one that failed, whose decisions are not counted.
    private(set) var steps: [Double] = []
    /// `agreed[policy][episode]`: the sum over decisions of the probability that both do the same.
    private(set) var agreed: [[Double]]
    /// `differed[policy][component]`: the sum over decisions of the absolute difference.
    private(set) var differed: [[Double]]
    private(set) var visits: VisitedStates

    init(asked: Int, components: Int, visits: VisitedStates) {
        agreed = [[Double]](repeating: [], count: asked)
        differed = [[Double]](repeating: [Double](repeating: 0, count: components), count: asked)
        self.visits = visits
    }

    fileprivate mutating func add(_ course: CardCourse, width: Int, components: Int) {
        returns.append(course.value)
        steps.append(course.steps)
        for policy in agreed.indices {
            agreed[policy].append(course.agreed[policy])
            for component in 0..<components { differed[policy][component] += course.differed[policy][component] }
        }
        let size = width + components
        for row in stride(from: 0, to: width > 0 ? course.rows.count : 0, by: size) {
            visits.add(course.rows[row..<(row + width)], action: Array(course.rows[(row + width)..<(row + size)]))
        }
    }

    mutating func append(_ other: CardRecord) {
        returns += other.returns
        steps += other.steps
        for policy in agreed.indices {
            agreed[policy] += other.agreed[policy]
            for component in differed[policy].indices {
                differed[policy][component] += other.differed[policy][component]
            }
        }
        visits.append(other.visits)
    }
}

/// An episode under way.
private struct CardCourse {
    var value = 0.0
    var steps = 0.0
    var agreed: [Double]
    var differed: [[Double]]
    /// For each decision what is recorded, then the action.
    var rows: [Double] = []
}

/// One thread's episodes.
private final class CardWorker {
    private let plan: CardEpisodes
    private let facts: EnvironmentFacts
    private let episodes: any EpisodeLanes
    private let policy: any PolicyWorker
    private let asked: [any PolicyWorker]
    private let key: StreamKey
    private let action: LanePointer
    private let other: LanePointer
    private let weights: LanePointer
    private let otherWeights: LanePointer
    private let scratch: LanePointer

    init(_ plan: CardEpisodes) throws {
        self.plan = plan
        let facts = plan.environment.facts
        self.facts = facts
        episodes = try plan.environment.makeEpisodes(seed: plan.seed)
        policy = try plan.policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        asked = try plan.asked.map { try $0.makeWorker(observing: facts.observed, choosing: facts.actions) }
        key = StreamKey(seed: plan.seed, purpose: .policy)
        func lanes(_ count: Int) -> LanePointer {
            let lanes = LanePointer.allocate(capacity: max(1, count))
            lanes.initialize(repeating: Lane(repeating: 0), count: max(1, count))
            return lanes
        }
        action = lanes(facts.actions.components.count)
        other = lanes(facts.actions.components.count)
        weights = lanes(facts.actions.levels.count)
        otherWeights = lanes(facts.actions.levels.count)
        scratch = lanes(facts.actions.levels.count)
    }

    deinit {
        for lanes in [action, other, weights, otherWeights, scratch] { lanes.deallocate() }
    }

    private var newCourse: CardCourse {
        CardCourse(
            agreed: asked.map { _ in 0 },
            differed: asked.map { _ in [Double](repeating: 0, count: facts.actions.components.count) })
    }

    func record(_ range: Range<Int>) throws -> CardRecord {
        var courses = [CardCourse](repeating: newCourse, count: range.count)
        try run(range) { courses[$0 - range.lowerBound] = $1 }
        var record = plan.makeRecord()
        for course in courses {
            record.add(course, width: plan.recorded?.count ?? 0, components: facts.actions.components.count)
        }
        return record
    }

    private func run(_ range: Range<Int>, finished: (Int, CardCourse) -> Void) throws {
        var streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
        var courses = [CardCourse](repeating: newCourse, count: laneCount)
        var weight = Lane(repeating: 1)
        try EpisodeCycle.run(range, in: episodes, action: action) { lane, episode in
            streams[lane] = EpisodeStream.make(key, episode: episode)
            (courses[lane], weight[lane]) = (newCourse, 1)
        } choose: { decision, running in
            var uniform = Lane(repeating: 0.5)
            for lane in LaneSet(running) { uniform[lane] = streams[lane].nextUniform() }
            let point = PolicyPoint(
                decision: decision, observation: episodes.observation, allowed: episodes.allowed, uniform: uniform)
            policy.decide(point, into: action, scratch: scratch)
            compare(point, running, &courses)
            for lane in LaneSet(running) { note(lane, &courses[lane]) }
        } stepped: { running in
            for lane in LaneSet(running) { courses[lane].value += weight[lane] * episodes.reward[lane] }
            weight *= Lane(repeating: facts.discount)
        } finished: { lane, episode in
            if EpisodeEnding(code: episodes.ending[lane]) == .failed {
                courses[lane] = newCourse
                courses[lane].value = .nan
            }
            finished(episode, courses[lane])
        }
    }

    /// Writes a lane's decision down.
    private func note(_ lane: Int, _ course: inout CardCourse) {
        course.steps += 1
        guard let recorded = plan.recorded else { return }
        for place in recorded { course.rows.append(episodes.observation[place][lane]) }
        for component in facts.actions.components.indices { course.rows.append(action[component][lane]) }
    }

    /// Asks the other policies: the probability that both choose the same level, `Σ min(π, ρ)`; where values between levels are
    /// actions too, whether both give the same.
    private func compare(_ point: PolicyPoint, _ running: LaneMask, _ courses: inout [CardCourse]) {
        guard !asked.isEmpty else { return }
        policy.weigh(point, into: weights)
        for (index, worker) in asked.enumerated() {
            worker.decide(point, into: other, scratch: scratch)
            worker.weigh(point, into: otherWeights)
            for lane in LaneSet(running) {
                var isSame = true
                for component in facts.actions.components.indices {
                    let difference = abs(action[component][lane] - other[component][lane])
                    courses[lane].differed[index][component] += difference
                    if difference != 0 { isSame = false }
                }
                courses[lane].agreed[index] += facts.actions.isContinuous ? (isSame ? 1 : 0) : overlap(lane)
            }
        }
    }

    private func overlap(_ lane: Int) -> Double {
        var (sum, isEqual) = (0.0, true)
        for level in facts.actions.levels.indices {
            sum += min(weights[level][lane], otherWeights[level][lane])
            if weights[level][lane] != otherWeights[level][lane] { isEqual = false }
        }
        // Eight eighths need not be 1 to the last bit.
        return isEqual ? 1 : sum
    }
}
