import NumericsCore
import Regimes

/// Episodes of a policy in an environment, written down decision by decision with the probability of what was done.
///
/// With ε > 0 the behaviour explores: it chooses the level a with probability (1 − ε) π(a) + ε / (number of allowed
/// levels), so that every allowed level has a chance and importance weights stay finite. With ε = 0 the episodes are those
/// of ``EpisodeRunner`` with the same seed.
package struct EpisodeLog: Sendable {
    let environment: any Environment
    let policy: any Policy
    let seed: UInt64
    /// In 0...1.
    let exploration: Double
    /// Whether what is hidden from learners is written down too, after what is observed.
    let withHidden: Bool

    static let blockSize = 512

    package init(
        _ environment: any Environment, _ policy: any Policy, seed: UInt64, exploration: Double = 0,
        withHidden: Bool = false
    ) {
        self.environment = environment
        self.policy = policy
        self.seed = seed
        self.exploration = exploration
        self.withHidden = withHidden
    }

    /// Episodes 0..<count. Those whose equations could not be solved to the end are left out.
    ///
    /// - Throws: ``EnvironmentError/noLevel(environment:)`` for a policy that chooses values between levels.
    package func run(_ count: Int, threads: Int, stop: StopSignal = StopSignal()) throws -> LoggedEpisodes {
        let blocks = (count + Self.blockSize - 1) / Self.blockSize
        let empty = makeLog()
        var parts = [LoggedEpisodes](repeating: empty, count: blocks)
        try parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            try ParallelBlocks.run(count: blocks, threads: threads, stop: stop) {
                try EpisodeLogger(self)
            } run: { worker, block in
                let first = block * Self.blockSize
                parts[block] = try worker.log(first..<min(count, first + Self.blockSize))
            }
        }
        return parts.reduce(into: empty) { $0.append($1) }
    }

    fileprivate func makeLog() -> LoggedEpisodes {
        let facts = environment.facts
        let variables = withHidden ? facts.observed : facts.observations.map(\.name)
        var log = LoggedEpisodes(variables: variables, actions: facts.actions, discount: facts.discount)
        log.groups = facts.groupings.map { ($0.name, []) }
        return log
    }
}

extension LoggedEpisodes {
    /// Adds the episodes of another log with the same variables, actions and groupings.
    package mutating func append(_ other: LoggedEpisodes) {
        let offset = decisions
        starts += other.starts.dropFirst().map { $0 + offset }
        for variable in variables.indices {
            observations[variable] += other.observations[variable]
            final[variable] += other.final[variable]
        }
        chosen += other.chosen
        propensity += other.propensity
        allowed += other.allowed
        finalAllowed += other.finalAllowed
        rewards += other.rewards
        endedByEvent += other.endedByEvent
        for grouping in groups.indices { groups[grouping].labels += other.groups[grouping].labels }
    }
}

/// One decision of an episode under way.
private struct LoggedDecision {
    var observed: [Double]
    var allowed: UInt64
    var level: Int
    var probability: Double
    var reward = 0.0
}

/// One thread's logging.
private final class EpisodeLogger {
    private let plan: EpisodeLog
    private let facts: EnvironmentFacts
    private let episodes: any EpisodeLanes
    private let policy: any PolicyWorker
    private let key: StreamKey
    private let action: LanePointer
    private let weights: LanePointer
    private let columns: Int

    init(_ plan: EpisodeLog) throws {
        self.plan = plan
        facts = plan.environment.facts
        episodes = try plan.environment.makeEpisodes(seed: plan.seed)
        policy = try plan.policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        key = StreamKey(seed: plan.seed, purpose: .policy)
        columns = plan.withHidden ? facts.observed.count : facts.observations.count
        let zero = Lane(repeating: 0)
        action = .allocate(capacity: max(1, facts.actions.components.count))
        action.initialize(repeating: zero, count: max(1, facts.actions.components.count))
        weights = .allocate(capacity: max(1, facts.actions.levels.count))
        weights.initialize(repeating: zero, count: max(1, facts.actions.levels.count))
    }

    deinit {
        action.deallocate()
        weights.deallocate()
    }

    /// A whole episode on its way into the log.
    private struct Course {
        var decisions: [LoggedDecision] = []
        var final: [Double] = []
        var finalAllowed: UInt64 = 0
        var ending = EpisodeEnding.goesOn
        var groups: [String] = []
    }

    func log(_ range: Range<Int>) throws -> LoggedEpisodes {
        var courses = [Course](repeating: Course(), count: range.count)
        try run(range) { courses[$0 - range.lowerBound] = $1 }
        var log = plan.makeLog()
        for course in courses where course.ending != .failed { add(course, to: &log) }
        return log
    }

    private func add(_ course: Course, to log: inout LoggedEpisodes) {
        for decision in course.decisions {
            for variable in 0..<columns { log.observations[variable].append(decision.observed[variable]) }
            log.chosen.append(Int32(decision.level))
            log.propensity.append(decision.probability)
            log.allowed.append(decision.allowed)
            log.rewards.append(decision.reward)
        }
        for variable in 0..<columns { log.final[variable].append(course.final[variable]) }
        log.finalAllowed.append(course.finalAllowed)
        if case .event = course.ending { log.endedByEvent.append(true) } else { log.endedByEvent.append(false) }
        log.starts.append(log.decisions)
        for grouping in log.groups.indices { log.groups[grouping].labels.append(course.groups[grouping]) }
    }

    private func run(_ range: Range<Int>, finished: (Int, Course) -> Void) throws {
        var streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
        var courses = [Course](repeating: Course(), count: laneCount)
        try EpisodeCycle.run(range, in: episodes, action: action) { lane, episode in
            streams[lane] = EpisodeStream.make(key, episode: episode)
            courses[lane] = Course()
        } choose: { decision, running in
            policy.weigh(
                PolicyPoint(
                    decision: decision, observation: episodes.observation, allowed: episodes.allowed,
                    uniform: Lane(repeating: 0.5)), into: weights)
            for lane in LaneSet(running) {
                courses[lane].decisions.append(try choose(lane, at: streams[lane].nextUniform()))
            }
        } stepped: { running in
            for lane in LaneSet(running) {
                let last = courses[lane].decisions.count - 1
                courses[lane].decisions[last].reward = episodes.reward[lane]
            }
        } finished: { lane, episode in
            close(&courses[lane], lane)
            finished(episode, courses[lane])
        }
    }

    private func close(_ course: inout Course, _ lane: Int) {
        course.final = (0..<columns).map { episodes.observation[$0][lane] }
        course.finalAllowed = mask(lane)
        course.ending = EpisodeEnding(code: episodes.ending[lane])
        course.groups = facts.groupings.indices.map { facts.groupings[$0].groups[episodes.group(of: $0, lane: lane)] }
    }

    private func mask(_ lane: Int) -> UInt64 {
        var mask: UInt64 = 0
        for level in facts.actions.levels.indices where episodes.allowed[level][lane] > 0 { mask |= 1 << UInt64(level) }
        return mask
    }

    /// Draws a lane's level at `uniform`, and puts its values into the action.
    private func choose(_ lane: Int, at uniform: Double) throws -> LoggedDecision {
        let levels = facts.actions.levels.count
        let allowed = mask(lane)
        let share = plan.exploration / Double(max(1, allowed.nonzeroBitCount))
        var (below, chosen, total) = (0.0, -1, 0.0)
        func probability(_ level: Int) -> Double {
            let explored = allowed & (1 << UInt64(level)) != 0 ? share : 0
            return (1 - plan.exploration) * weights[level][lane] + explored
        }
        for level in 0..<levels {
            total += weights[level][lane]
            below += probability(level)
            if chosen < 0, probability(level) > 0, uniform < below { chosen = level }
        }
        guard total > 0.5 else { throw EnvironmentError.noLevel(environment: facts.name) }
        // The last level with any weight takes what rounding leaves of 1.
        if chosen < 0 { chosen = (0..<levels).last { probability($0) > 0 } ?? 0 }
        for component in facts.actions.components.indices {
            action[component][lane] = facts.actions.levels[chosen].values[component]
        }
        return LoggedDecision(
            observed: (0..<columns).map { episodes.observation[$0][lane] }, allowed: allowed, level: chosen,
            probability: probability(chosen))
    }
}
