import NumericsCore
import Regimes

@testable import Environments
@testable import Learning

/// Problems with a few states whose best policy is computed exactly.
enum SmallProblems {
    /// Six states, four actions of which two to four are allowed, random transitions and rewards, an end with probability
    /// 0.15 after each decision, γ = 0.8. A state is observed as six indicators, so that every kind of value function can hold
    /// the optimum. Patients are of two groups by their first state.
    static func masked(seed: UInt64 = 1, horizon: Int? = nil) throws -> TabularEnvironment {
        var stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
        let (states, actions) = (6, 4)
        var admissible = (0..<(states + 1) * actions).map { _ in stream.nextUniform() < 0.6 }
        for state in 0...states {
            admissible[state * actions + state % actions] = true
            admissible[state * actions + (state + 2) % actions] = true
        }
        var rows: [[TransitionTable.Outcome]] = []
        for _ in 0..<states * actions {
            var weights = (0..<states).map { _ in stream.nextUniform() < 0.4 ? stream.nextUniform() : 0 }
            weights[min(states - 1, Int(stream.nextUniform() * Double(states)))] += 0.5
            let sum = weights.reduce(0, +)
            let reward = 2 * stream.nextUniform() - 1
            rows.append(
                weights.enumerated().map {
                    TransitionTable.Outcome(state: $0, probability: 0.85 * $1 / sum, reward: reward)
                } + [TransitionTable.Outcome(state: states, probability: 0.15, reward: reward)])
        }
        let table = TransitionTable(states: states + 1, actions: actions, isAdmissible: admissible) { state, action in
            state == states
                ? [TransitionTable.Outcome(state: state, probability: 1, reward: 0)] : rows[state * actions + action]
        }
        let features = (0..<states).map { own in
            StateFeature(name: "in_\(own)", values: (0...states).map { $0 == own ? 1 : 0 })
        }
        let problem = try TabularProblem(
            name: "small", states: (0...states).map { "s\($0)" }, actions: (0..<actions).map { "a\($0)" },
            start: [Double](repeating: 1 / Double(states), count: states) + [0],
            ends: [String?](repeating: nil, count: states) + ["end"], horizon: horizon, discount: 0.8,
            strata: ["half": (0...states).map { $0 < states / 2 ? "low" : "high" }], features: features,
            transitions: table)
        return try TabularEnvironment(problem, variant: "masked", rules: [:])
    }

    /// Settings with which a method learns a small problem in a second or two.
    static func settings(_ method: LearningMethod, hidden: Int = 32) throws -> LearningSettings {
        var given: [String: String] = [:]
        func set(_ name: String, _ value: String) {
            if method.parameters.contains(where: { $0.name == name }) { given[name] = value }
        }
        set("hidden", "\(hidden)")
        set("layers", "1")
        set("steps", "1500")
        set("batch", "128")
        set("rate", "0.003")
        return try LearningSettings(given, for: method.parameters)
    }

    static func episodes(_ method: LearningMethod) -> Int {
        switch method.name {
        case "q-learning", "sarsa": 20_000
        case "ppo": 4000
        case "fqi-trees": 600
        default: 1500
        }
    }

    /// How far a policy's exact value is below the best, as a share of what the best gains over random choices.
    static func regret(_ policy: any Policy, _ environment: TabularEnvironment) throws -> Double {
        let best = try environment.exactValue(of: environment.optimum()).value
        let random = try environment.exactValue(of: RandomPolicy()).value
        return (best - (try environment.exactValue(of: policy).value)) / (best - random)
    }
}

/// One continuous state, a drug's amount in the body, at which an amount between 8 and 12 is wanted: each dose adds to what
/// an elimination of 40 % has left, with a patient's own clearance that is not observed.
struct OneCompartment: Environment {
    let facts = EnvironmentFacts(
        name: "one-compartment", variant: "test",
        observations: [ObservedVariable("amount", low: 0), ObservedVariable("weight", low: 0)],
        actions: ActionSpace(
            components: [ActionSpace.Component(name: "dose", low: 0, high: 8)],
            levels: [0, 2, 4, 6, 8].map { ActionSpace.Level(name: "\($0)", values: [Double($0)]) }),
        horizon: 12, ends: ["toxicity"], measures: ["peak"])

    func rule(_ name: String) throws -> any Policy {
        throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: [])
    }

    func makeEpisodes(seed: UInt64) throws -> any EpisodeLanes { Lanes(seed) }

    private final class Lanes: EpisodeLanes {
        private let key: StreamKey
        private var streams: [RandomStream]
        private var decisions = Lane(repeating: 0)
        private var peak = Lane(repeating: 0)
        let observation: LanePointer = .allocate(capacity: 2)
        let allowed: LanePointer = .allocate(capacity: 5)
        private(set) var reward = Lane(repeating: 0)
        private(set) var ending = Lane(repeating: 0)

        init(_ seed: UInt64) {
            key = StreamKey(seed: seed, purpose: .environment)
            streams = [RandomStream](repeating: RandomStream(key: key, replicate: 0, patient: 0), count: laneCount)
            observation.initialize(repeating: Lane(repeating: 0), count: 2)
            allowed.initialize(repeating: Lane(repeating: 1), count: 5)
        }

        deinit {
            observation.deallocate()
            allowed.deallocate()
        }

        func begin(_ episodes: [Int], in lanes: LaneMask) {
            for lane in LaneSet(lanes) {
                streams[lane] = EpisodeStream.make(key, episode: episodes[lane])
                observation[0][lane] = 4 * streams[lane].nextUniform()
                observation[1][lane] = 50 + 50 * streams[lane].nextUniform()
                (decisions[lane], peak[lane], ending[lane]) = (0, 0, 0)
            }
        }

        func step(_ action: LanePointer, in lanes: LaneMask) {
            for lane in LaneSet(lanes) {
                let kept = 0.6 * (1 - 0.1 * streams[lane].nextUniform())
                let amount = kept * (observation[0][lane] + action[0][lane] * 75 / observation[1][lane])
                observation[0][lane] = amount
                peak[lane] = max(peak[lane], amount)
                reward[lane] = amount >= 6 && amount <= 9 ? 1 : -0.1 * min(abs(amount - 6), abs(amount - 9))
                decisions[lane] += 1
                let isToxic = amount > 11
                if isToxic { reward[lane] = -3 }
                ending[lane] = isToxic ? 1 : decisions[lane] >= 12 ? -1 : 0
            }
        }

        func measure(_: Int, lane: Int) -> Double { peak[lane] }
    }
}
