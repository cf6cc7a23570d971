import NumericsCore
import Regimes

/// ``OberstSepsis`` behind a noisy monitor: settings 2 to 5 of the public package DTRGym (MIT).
///
/// | setting | heart rate, blood pressure, oxygen are read with | the whole reading is that of an hour ago, or older |
/// |---|---|---|
/// | 2 | no error | never |
/// | 3 | an error of −0.2 to 0.2 | never |
/// | 4 | an error of −0.5 to 0.5 | never |
/// | 5 | an error of −0.5 to 0.5 | with probability ½, but for the first |
///
/// In all four the package multiplies every probability by a uniform factor of .95 to 1.05 at each use. Each is used once, on
/// its own, and the factor's mean is 1, so that the law of what happens is that of setting 1, to the last digit: the
/// tables serve all settings. What is hidden here is hidden without error.
struct SepsisMonitor: Environment {
    let base: TabularEnvironment
    let facts: EnvironmentFacts
    let error: Double
    /// The probability that a reading is the last one again.
    let staleness: Double

    /// - Parameter setting: 2 to 5.
    init(_ base: TabularEnvironment, setting: Int) {
        self.base = base
        error = setting == 2 ? 0 : setting == 3 ? 0.2 : 0.5
        staleness = setting == 5 ? 0.5 : 0
        var facts = base.facts
        facts.variant = Self.variant(base.facts.variant, setting: setting)
        for place in 0..<Self.noisy {
            facts.observations[place].low -= error
            facts.observations[place].high += error
        }
        self.facts = facts
    }

    static func variant(_ base: String, setting: Int) -> String { "\(base)-setting\(setting)" }

    /// How many observations have an error: the first ones.
    static let noisy = 3

    func makeEpisodes(seed: UInt64) throws -> any EpisodeLanes {
        SepsisMonitorLanes(self, base.makeEpisodes(seed: seed), seed: seed)
    }

    /// By what the monitor shows: antibiotics where heart rate or blood pressure reads above ½, ventilation where oxygen reads
    /// below ½, vasopressors where blood pressure reads below −½.
    func rule(_ name: String) throws -> any Policy {
        guard facts.rules.contains(name) else {
            throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
        }
        typealias Node = TreePolicy.Node
        func question(_ variable: String, _ threshold: Double, _ yes: Node, _ no: Node) -> Node {
            .question(variable: variable, threshold: threshold, missingGoesLeft: true, yes: yes, no: no)
        }
        func leaf(_ antibiotics: Bool, _ ventilation: Bool, _ vasopressors: Bool) -> Node {
            .leaf([antibiotics, ventilation, vasopressors].map { $0 ? "1" : "0" }.joined())
        }
        func byPressure(_ high: Bool, _ low: Bool) -> Node {
            func pressure(_ ventilation: Bool) -> Node {
                question(
                    "blood_pressure", -0.5, leaf(high, ventilation, true),
                    question("blood_pressure", 0.5, leaf(high, ventilation, false), leaf(true, ventilation, false)))
            }
            return pressure(low)
        }
        func byHeart(_ low: Bool) -> Node {
            question("heart_rate", 0.5, byPressure(false, low), byPressure(true, low))
        }
        return TreePolicy(root: question("oxygen", 0.5, byHeart(true), byHeart(false)))
    }

    /// The best policy for whoever sees the hidden state.
    func optimum() throws -> any Policy { try base.optimum() }

    /// The value of a policy that reads nothing, or the hidden state.
    func exactValue(of policy: any Policy) throws -> ExactValue {
        guard readsNoError(policy) else {
            throw EnvironmentError.notExact(policy: "a policy that reads the monitor", environment: facts.name)
        }
        return try base.exactValue(of: policy)
    }

    func simulate(_ policy: any Policy, episodes: Int, seed: UInt64, threads: Int) throws -> EpisodeTotals {
        if readsNoError(policy) {
            return try base.simulate(policy, episodes: episodes, seed: seed, threads: threads)
        }
        return try EpisodeRunner(self, policy, seed: seed).run(episodes, threads: threads)
    }

    private func readsNoError(_ policy: any Policy) -> Bool {
        error == 0 && staleness == 0 || policy is TabularPolicy || policy is RandomPolicy || policy is ConstantPolicy
    }
}

/// Sixteen patients behind their monitors. The errors have a stream of their own, four draws for each hour.
private final class SepsisMonitorLanes: EpisodeLanes {
    private let episodes: any EpisodeLanes
    private let environment: SepsisMonitor
    private let key: StreamKey
    private var streams: [RandomStream]
    let observation: LanePointer

    init(_ environment: SepsisMonitor, _ episodes: any EpisodeLanes, seed: UInt64) {
        self.environment = environment
        self.episodes = episodes
        key = StreamKey(seed: seed, purpose: .environment)
        streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
        let count = environment.facts.observed.count
        observation = .allocate(capacity: count)
        observation.initialize(repeating: Lane(repeating: 0), count: count)
    }

    deinit { observation.deallocate() }

    var allowed: LanePointer { episodes.allowed }
    var reward: Lane { episodes.reward }
    var ending: Lane { episodes.ending }
    func group(of grouping: Int, lane: Int) -> Int { episodes.group(of: grouping, lane: lane) }

    func begin(_ numbers: [Int], in lanes: LaneMask) {
        episodes.begin(numbers, in: lanes)
        for lane in LaneSet(lanes) {
            streams[lane] = EpisodeStream.make(key, episode: numbers[lane], substream: 1)
            read(lane, isFirst: true)
        }
    }

    func step(_ action: LanePointer, in lanes: LaneMask) {
        episodes.step(action, in: lanes)
        for lane in LaneSet(lanes) { read(lane, isFirst: false) }
    }

    private func read(_ lane: Int, isFirst: Bool) {
        let isStale = streams[lane].nextUniform() < environment.staleness && !isFirst
        let seen = environment.facts.observations.count
        for variable in 0..<environment.facts.observed.count {
            var value = episodes.observation[variable][lane]
            if variable < SepsisMonitor.noisy {
                value += environment.error * (2 * streams[lane].nextUniform() - 1)
            }
            if variable >= seen || !isStale { observation[variable][lane] = value }
        }
    }
}
