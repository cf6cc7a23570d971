import NumericsCore
import Regimes

/// Sixteen episodes of a tabular problem, with the same chance as ``TabularEpisodes`` where the policy draws nothing.
final class TabularLanes: EpisodeLanes {
    private let environment: TabularEnvironment
    private let table: StateTable
    private let horizon: Int
    private let streams: EpisodeUniforms
    private let states: UnsafeMutablePointer<Int>
    private let firsts: UnsafeMutablePointer<Int>
    private let decisions: UnsafeMutablePointer<Int>
    let observation: LanePointer
    let allowed: LanePointer
    /// The rewards, the endings, and the uniform numbers of the latest step.
    private let outcome: LanePointer

    init(_ environment: TabularEnvironment, seed: UInt64) {
        self.environment = environment
        table = environment.outcomes
        horizon = environment.problem.horizon ?? .max
        streams = EpisodeUniforms(key: StreamKey(seed: seed, purpose: .environment), count: laneCount)
        states = .allocate(capacity: 3 * laneCount)
        states.initialize(repeating: 0, count: 3 * laneCount)
        firsts = states + laneCount
        decisions = firsts + laneCount
        observation = .allocate(capacity: max(1, table.variables))
        observation.initialize(repeating: Lane(repeating: 0), count: max(1, table.variables))
        allowed = .allocate(capacity: table.actions)
        allowed.initialize(repeating: Lane(repeating: 1), count: table.actions)
        outcome = .allocate(capacity: 3)
        outcome.initialize(repeating: Lane(repeating: 0), count: 3)
    }

    deinit {
        streams.deallocate()
        states.deallocate()
        observation.deallocate()
        allowed.deallocate()
        outcome.deallocate()
    }

    var reward: Lane { outcome[0] }
    var ending: Lane { outcome[1] }

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        let endings = Self.numbers(outcome + 1)
        for lane in LaneSet(lanes) {
            streams.begin(lane, episode: episodes[lane])
            firsts[lane] = environment.start.view.outcome(inRow: 0, streams.next(lane))
            decisions[lane] = 0
            put(firsts[lane], lane: lane)
            endings[lane] = 0
        }
    }

    /// Goes over the lanes three times, so that the processor waits for the sixteen rows of the table at once and not one after
    /// the other.
    func step(_ action: LanePointer, in lanes: LaneMask) {
        let chosen = Self.numbers(action)
        let rewards = Self.numbers(outcome)
        let endings = Self.numbers(outcome + 1)
        let uniforms = Self.numbers(outcome + 2)
        let (table, states, decisions, horizon) = (table, states, decisions, horizon)
        for lane in LaneSet(lanes) { uniforms[lane] = streams.next(lane) }
        for lane in LaneSet(lanes) {
            let level = max(0, min(table.actions - 1, Int(chosen[lane])))
            (states[lane], rewards[lane]) = table.outcome(of: level, in: states[lane], uniforms[lane])
        }
        for lane in LaneSet(lanes) {
            let state = states[lane]
            show(state, lane: lane)
            decisions[lane] += 1
            let end = table.endings[state]
            endings[lane] = end >= 0 ? Double(end + 1) : decisions[lane] >= horizon ? -1 : 0
        }
    }

    func group(of grouping: Int, lane: Int) -> Int { environment.groups[grouping][firsts[lane]] }

    /// Puts a lane into a state, with what is observed and allowed there.
    func put(_ state: Int, lane: Int) {
        states[lane] = state
        show(state, lane: lane)
    }

    @inline(__always)
    private func show(_ state: Int, lane: Int) {
        let values = table.values(in: state)
        let shown = Self.numbers(observation) + lane
        for variable in 0..<table.variables { shown[variable * Lane.scalarCount] = values[variable] }
        guard table.hasInadmissible else { return }
        let admissible = table.admissible(in: state)
        let open = Self.numbers(allowed) + lane
        for action in 0..<table.actions { open[action * Lane.scalarCount] = admissible[action] }
    }

    /// The numbers of lanes one by one: a lane's alone is stored without the fifteen others.
    @inline(__always)
    private static func numbers(_ lanes: LanePointer) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
    }
}
