import NumericsCore
import Regimes

/// Sixteen episodes of a tabular problem, with the same chance as ``TabularEpisodes`` where the policy draws nothing.
final class TabularLanes: EpisodeLanes {
    private let environment: TabularEnvironment
    private let table: StateTable
    private let start: AliasTable
    private let horizon: Int
    private let key: StreamKey
    private var streams: [RandomStream]
    private var states = [Int](repeating: 0, count: laneCount)
    private var firsts = [Int](repeating: 0, count: laneCount)
    private var decisions = [Int](repeating: 0, count: laneCount)
    let observation: LanePointer
    let allowed: LanePointer
    /// The rewards, the endings, and the uniform numbers of the latest step.
    private let outcome: LanePointer

    init(_ environment: TabularEnvironment, _ table: StateTable, start: AliasTable, seed: UInt64) {
        self.environment = environment
        self.table = table
        self.start = start
        horizon = environment.problem.horizon ?? .max
        key = StreamKey(seed: seed, purpose: .environment)
        streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
        observation = .allocate(capacity: max(1, table.variables))
        observation.initialize(repeating: Lane(repeating: 0), count: max(1, table.variables))
        allowed = .allocate(capacity: table.actions)
        allowed.initialize(repeating: Lane(repeating: 1), count: table.actions)
        outcome = .allocate(capacity: 3)
        outcome.initialize(repeating: Lane(repeating: 0), count: 3)
    }

    deinit {
        observation.deallocate()
        allowed.deallocate()
        outcome.deallocate()
    }

    var reward: Lane { outcome[0] }
    var ending: Lane { outcome[1] }

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        let endings = Self.numbers(outcome + 1)
        for lane in LaneSet(lanes) {
            streams[lane] = EpisodeStream.make(key, episode: episodes[lane])
            firsts[lane] = start.place(inRow: 0, streams[lane].nextUniform())
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
        streams.withUnsafeMutableBufferPointer { streams in
            for lane in LaneSet(lanes) { uniforms[lane] = streams[lane].nextUniform() }
        }
        states.withUnsafeMutableBufferPointer { states in
            for lane in LaneSet(lanes) {
                let level = max(0, min(table.actions - 1, Int(chosen[lane])))
                (states[lane], rewards[lane]) = table.outcome(of: level, in: states[lane], uniforms[lane])
            }
        }
        for lane in LaneSet(lanes) {
            let state = states[lane]
            show(state, lane: lane)
            decisions[lane] += 1
            let end = environment.endings[state]
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
        for variable in 0..<table.variables { shown[variable * laneCount] = values[variable] }
        guard table.hasInadmissible else { return }
        let admissible = table.admissible(in: state)
        let open = Self.numbers(allowed) + lane
        for action in 0..<table.actions { open[action * laneCount] = admissible[action] }
    }

    /// The numbers of lanes one by one: a lane's alone is stored without the fifteen others.
    @inline(__always)
    private static func numbers(_ lanes: LanePointer) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
    }
}
