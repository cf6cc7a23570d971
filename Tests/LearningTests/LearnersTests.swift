import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments
@testable import Learning

/// Backed by exact optima of small problems, and by properties that hold for every method.
@Suite struct LearnersTests {
    static let stationary = LearningMethod.all.map(\.name).filter { $0 != "linucb" && $0 != "thompson" }

    @Test(
        "Every method for several decisions comes within 6 % of the exact optimum of a masked problem",
        arguments: stationary)
    func optimum(_ name: String) throws {
        let environment = try SmallProblems.masked()
        let method = try LearningMethod.named(name)
        let task = LearningTask(environment, seed: 11, episodes: SmallProblems.episodes(method), threads: 2)
        let learned = try method.learner(SmallProblems.settings(method)).learn(task)
        let regret = try SmallProblems.regret(learned.policy, environment)
        #expect(regret < 0.06, "regret \(regret)")
        #expect(learned.steps > 0)
    }

    @Test(
        "Bandits come within 6 % of the exact optimum of a problem of one decision", arguments: ["linucb", "thompson"])
    func banditOptimum(_ name: String) throws {
        let environment = try SmallProblems.masked(horizon: 1)
        let method = try LearningMethod.named(name)
        let task = LearningTask(environment, seed: 11, episodes: 3000, threads: 2)
        let learned = try method.learner(SmallProblems.settings(method)).learn(task)
        #expect(try SmallProblems.regret(learned.policy, environment) < 0.06)
    }

    @Test("Fitted Q iteration by stage finds the policy that changes with the decision")
    func byStage() throws {
        for name in ["fqi-linear", "fqi-trees"] {
            let environment = try SmallProblems.masked(seed: 5, horizon: 3)
            let method = try LearningMethod.named(name)
            let settings = try LearningSettings(["stages": "each"], for: method.parameters)
            let learned = try method.learner(settings).learn(
                LearningTask(environment, seed: 2, episodes: 6000, threads: 2))
            #expect(try SmallProblems.regret(learned.policy, environment) < 0.06, "\(name)")
        }
    }

    /// A file of what a method learns from a few episodes, as bytes.
    private func file(_ method: LearningMethod, _ environment: any Environment, threads: Int) throws -> PolicyFile {
        let task = LearningTask(environment, seed: 3, episodes: 300, threads: threads)
        let learned = try method.learner(SmallProblems.settings(method, hidden: 8)).learn(task)
        return PolicyFile(
            environment: "small", variant: "masked", inputs: learned.inputs, actions: environment.facts.actions,
            training: ["method": method.name], policy: learned.policy)
    }

    private func bytes(_ file: PolicyFile) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(file)
    }

    @Test(
        "The same bits for one thread and for two, and from a file that was read",
        arguments: LearningMethod.all.map(\.name))
    func sameBits(_ name: String) throws {
        let environment = try SmallProblems.masked(seed: 9)
        let method = try LearningMethod.named(name)
        let one = try file(method, environment, threads: 1)
        let first = try bytes(one)
        #expect(try bytes(file(method, environment, threads: 2)) == first)
        let read = try JSONDecoder().decode(PolicyFile.self, from: first)
        #expect(try bytes(read) == first)
        let totals = try EpisodeRunner(environment, one.policy, seed: 4).run(200, threads: 1)
        #expect(try EpisodeRunner(environment, read.policy, seed: 4).run(200, threads: 2) == totals)
    }

    @Test(
        "No learned policy chooses what is not allowed or capped, whatever is observed",
        arguments: LearningMethod.all.map(\.name))
    func masks(_ name: String) throws {
        let environment = try SmallProblems.masked(seed: 21)
        let method = try LearningMethod.named(name)
        let permitted = [true, true, false, true]
        let task = LearningTask(environment, seed: 3, episodes: 200, threads: 1, permitted: permitted)
        let learned = try method.learner(SmallProblems.settings(method, hidden: 8)).learn(task)
        let facts = environment.facts
        let worker = try learned.policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        var stream = RandomStream(seed: 8, purpose: .analysis, replicate: 0, patient: 0)
        let observation = LanePointer.allocate(capacity: facts.observed.count)
        let allowed = LanePointer.allocate(capacity: 4)
        let weights = LanePointer.allocate(capacity: 4)
        defer { for lanes in [observation, allowed, weights] { lanes.deallocate() } }
        weights.initialize(repeating: Lane(repeating: 0), count: 4)
        for _ in 0..<50 {
            for variable in facts.observed.indices {
                var lane = Lane(repeating: 0)
                for place in 0..<laneCount {
                    let draw = stream.nextUniform()
                    lane[place] = draw < 0.2 ? .nan : 3 * draw - 1
                }
                (observation + variable).initialize(to: lane)
            }
            for level in 0..<4 { (allowed + level).initialize(to: Lane(repeating: 0)) }
            for lane in 0..<laneCount {
                for level in 0..<4 where stream.nextUniform() < 0.4 { allowed[level][lane] = 1 }
                allowed[Int(4 * stream.nextUniform())][lane] = 1
            }
            worker.weigh(
                PolicyPoint(
                    decision: Lane(repeating: 1), observation: observation, allowed: allowed,
                    uniform: Lane(repeating: 0.5)), into: weights)
            for lane in 0..<laneCount {
                let own = (0..<4).map { weights[$0][lane] }
                let open = (0..<4).map { allowed[$0][lane] > 0 }
                #expect(abs(own.reduce(0, +) - 1) < 1e-12)
                for level in 0..<4 where own[level] > 0 {
                    #expect(open[level])
                    #expect(permitted[level] || !open.indices.contains { open[$0] && permitted[$0] })
                }
            }
        }
    }

    @Test(
        "What logged episodes have never tried is not chosen by CQL and IQL, nor by fitted Q iteration",
        arguments: ["cql", "iql", "fqi-linear", "fqi-trees", "q-learning"])
    func unseen(_ name: String) throws {
        let environment = try SmallProblems.masked(seed: 30)
        // A bad behaviour: action 3 is never tried.
        let tried = [true, true, true, false]
        let log = try EpisodeCollector(environment, seed: 5, permitted: tried)
            .collect(RandomPolicy(), episodes: 0..<800, threads: 1)
        #expect(!log.log.chosen.contains(3))
        var given = CollectedEpisodes(environment.facts)
        given.append(log)
        // The log says that the untried level was allowed.
        for row in given.log.allowed.indices { given.log.allowed[row] |= 8 }
        for row in given.log.finalAllowed.indices { given.log.finalAllowed[row] |= 8 }
        let method = try LearningMethod.named(name)
        let task = LearningTask(environment, seed: 3, episodes: 1, threads: 1, log: given)
        let learned = try method.learner(SmallProblems.settings(method)).learn(task)
        #expect(learned.steps == 0)
        let played = try EpisodeCollector(environment, seed: 6).collect(learned.policy, episodes: 0..<200, threads: 1)
        #expect(!played.log.chosen.contains(3))
    }

    @Test("A continuous dosing problem is learned to at least 85 % of the gain of the best method")
    func dosing() throws {
        let environment = OneCompartment()
        func value(_ policy: any Policy) throws -> Double {
            try #require(environment.simulate(policy, episodes: 2000, seed: 99, threads: 2).value)
        }
        let random = try value(RandomPolicy())
        var gains: [String: Double] = [:]
        for name in ["fqi-linear", "fqi-trees", "double-dqn", "ppo"] {
            let method = try LearningMethod.named(name)
            let task = LearningTask(environment, seed: 1, episodes: name == "ppo" ? 4000 : 1500, threads: 2)
            let learned = try method.learner(SmallProblems.settings(method)).learn(task)
            gains[name] = try value(learned.policy) - random
        }
        let best = try #require(gains.values.max())
        for (name, gain) in gains.sorted(by: { $0.key < $1.key }) { #expect(gain > 0.85 * best, "\(name): \(gains)") }
    }
}
