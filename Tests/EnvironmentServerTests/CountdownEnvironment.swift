import Environments
import NumericsCore
import Regimes

/// An environment whose every number is known: episode e lasts 3 + e mod 3 decisions and belongs to group e mod 2.
///
/// Observed are the episode and, at even decisions only, the decision. The action is a pair (x, y) in 0...1 with the levels
/// (0, 0) and (1, 0.5); the second level is allowed at even decisions only. A decision pays x − y / 2. With x = 0.75 the
/// equations fail. Episodes with e mod 3 = 2 reach the horizon of 5; the others end by the event 'home'.
struct CountdownEnvironment: Environment {
    let facts = EnvironmentFacts(
        name: "countdown", variant: "only",
        observations: [ObservedVariable("episode", low: 0), ObservedVariable("decision", low: 0, high: 5)],
        actions: ActionSpace(
            components: [.init(name: "x", low: 0, high: 1), .init(name: "y", low: 0, high: 1)],
            levels: [.init(name: "none", values: [0, 0]), .init(name: "both", values: [1, 0.5])], isContinuous: true),
        horizon: 5, discount: 0.5, ends: ["away", "home"],
        groupings: [Grouping("parity", groups: ["even", "odd"])], measures: ["half"])

    func rule(_ name: String) throws -> any Policy {
        throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: [])
    }

    func makeEpisodes(seed _: UInt64) -> any EpisodeLanes { CountdownLanes() }
}

private final class CountdownLanes: EpisodeLanes {
    private var episode = [Int](repeating: 0, count: laneCount)
    private var decision = [Int](repeating: 0, count: laneCount)
    let observation = LanePointer.allocate(capacity: 2)
    let allowed = LanePointer.allocate(capacity: 2)
    var reward = Lane(repeating: 0)
    var ending = Lane(repeating: 0)

    init() {
        observation.initialize(repeating: Lane(repeating: 0), count: 2)
        allowed.initialize(repeating: Lane(repeating: 1), count: 2)
    }

    deinit {
        observation.deallocate()
        allowed.deallocate()
    }

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            (episode[lane], decision[lane], ending[lane]) = (episodes[lane], 0, 0)
            show(lane)
        }
    }

    func step(_ action: LanePointer, in lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            decision[lane] += 1
            show(lane)
            reward[lane] = action[0][lane] - action[1][lane] / 2
            let length = 3 + episode[lane] % 3
            if action[0][lane] == 0.75 {
                (reward[lane], ending[lane]) = (.nan, EpisodeEnding.failed.code)
            } else if decision[lane] == length {
                ending[lane] = length == 5 ? EpisodeEnding.truncated.code : EpisodeEnding.event(1).code
            }
        }
    }

    private func show(_ lane: Int) {
        let isEven = decision[lane] % 2 == 0
        observation[0][lane] = Double(episode[lane])
        observation[1][lane] = isEven ? Double(decision[lane]) : .nan
        allowed[1][lane] = isEven ? 1 : 0
    }

    func group(of _: Int, lane: Int) -> Int { episode[lane] % 2 }
    func measure(_: Int, lane: Int) -> Double { Double(decision[lane]) / 2 }
}
