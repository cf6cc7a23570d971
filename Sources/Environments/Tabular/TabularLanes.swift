import NumericsCore
import Regimes

/// Sixteen episodes of a tabular problem, with the same chance as ``TabularEpisodes`` where the policy draws nothing.
final class TabularLanes: EpisodeLanes {
    private let environment: TabularEnvironment
    private let start: AliasTable
    private let successors: AliasTable
    private let key: StreamKey
    private var streams: [RandomStream]
    private var states = [Int](repeating: 0, count: laneCount)
    private var firsts = [Int](repeating: 0, count: laneCount)
    private var decisions = [Int](repeating: 0, count: laneCount)
    /// The values of what is observed and hidden, `[variable][state]`; nil for the number of the state.
    private let columns: [[Double]?]
    let observation: LanePointer
    let allowed: LanePointer
    private(set) var reward = Lane(repeating: 0)
    private(set) var ending = Lane(repeating: 0)

    init(_ environment: TabularEnvironment, start: AliasTable, successors: AliasTable, seed: UInt64) {
        self.environment = environment
        self.start = start
        self.successors = successors
        key = StreamKey(seed: seed, purpose: .environment)
        streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
        let features = environment.problem.features
        columns = environment.facts.observed.map { name in features.first { $0.name == name }?.values }
        observation = .allocate(capacity: columns.count)
        observation.initialize(repeating: Lane(repeating: 0), count: columns.count)
        let actions = environment.problem.actions.count
        allowed = .allocate(capacity: actions)
        allowed.initialize(repeating: Lane(repeating: 1), count: actions)
    }

    deinit {
        observation.deallocate()
        allowed.deallocate()
    }

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            streams[lane] = EpisodeStream.make(key, episode: episodes[lane])
            firsts[lane] = start.place(inRow: 0, streams[lane].nextUniform())
            decisions[lane] = 0
            put(firsts[lane], lane: lane)
            ending[lane] = 0
        }
    }

    func step(_ action: LanePointer, in lanes: LaneMask) {
        let problem = environment.problem
        let table = problem.transitions
        for lane in LaneSet(lanes) {
            let chosen = max(0, min(table.actions - 1, Int(action[0][lane])))
            let row = states[lane] * table.actions + chosen
            let place = successors.place(inRow: row, streams[lane].nextUniform())
            reward[lane] = table.rewards[place]
            put(Int(table.successors[place]), lane: lane)
            decisions[lane] += 1
            let end = environment.endings[states[lane]]
            let isLast = problem.horizon.map { decisions[lane] >= $0 } ?? false
            ending[lane] = (end >= 0 ? EpisodeEnding.event(Int(end)) : isLast ? .truncated : .goesOn).code
        }
    }

    func group(of grouping: Int, lane: Int) -> Int { environment.groups[grouping][firsts[lane]] }

    /// Puts a lane into a state, with what is observed and allowed there.
    func put(_ state: Int, lane: Int) {
        states[lane] = state
        for (variable, values) in columns.enumerated() {
            observation[variable][lane] = values.map { $0[state] } ?? Double(state)
        }
        let table = environment.problem.transitions
        for action in 0..<table.actions {
            allowed[action][lane] = table.isAdmissible[state * table.actions + action] ? 1 : 0
        }
    }
}
