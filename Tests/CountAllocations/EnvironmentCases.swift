import CAllocations
import EnvironmentServer
import Environments
import ModelEnvironments
import NumericsCore
import Regimes

/// Episodes of an environment under a policy, on one thread: so many, and twice as many, both within one block.
struct EnvironmentCase {
    var name: String
    var policy: String
    var episodes: Int

    static let all = [
        EnvironmentCase(name: "oberst-sepsis", policy: "random", episodes: 500),
        EnvironmentCase(name: "ahn-chemotherapy", policy: "constant:0.5", episodes: 32),
        EnvironmentCase(name: "epicare", policy: "random", episodes: 250),
        EnvironmentCase(name: "type1-diabetes", policy: "rule:basal-bolus", episodes: 32),
    ]

    /// Prints the line of ``CountAllocations``.
    func count() throws {
        let environment = try EnvironmentCatalog().entry(name).make()
        let policy = try environment.policy(PolicyChoice(policy))
        // What is made once, such as threads of the library, is there after the first time.
        _ = try run(environment, policy, 2 * episodes)
        let (steps, allocations) = try run(environment, policy, episodes)
        let (twice, more) = try run(environment, policy, 2 * episodes)
        print(name, steps, allocations, twice, more)
    }

    private func run(
        _ environment: any Environment, _ policy: any Policy, _ count: Int
    ) throws -> (steps: Int, allocations: UInt) {
        let before = trialist_allocations()
        let totals = try environment.simulate(policy, episodes: count, seed: 1, threads: 1)
        return (totals.steps, trialist_allocations() - before)
    }
}

/// Steps of the lanes of a client, whose episodes end and begin on the way: so many, and twice as many.
enum ServedCase {
    private static let lanes = 64

    /// Prints the line of ``CountAllocations``.
    static func count(steps: Int) throws {
        let environment = try EnvironmentCatalog().entry("oberst-sepsis").make()
        let batch = try EpisodeBatch(
            environment, seed: 1, firstEpisode: 0, lanes: lanes, mode: .nextStep, threads: 1)
        let levels = [Int32](repeating: 4, count: lanes)
        _ = try run(batch, levels, 2 * steps)
        print("served", steps, try run(batch, levels, steps), 2 * steps, try run(batch, levels, 2 * steps))
    }

    private static func run(_ batch: EpisodeBatch, _ levels: [Int32], _ count: Int) throws -> UInt {
        let before = trialist_allocations()
        for _ in 0..<count {
            try levels.withUnsafeBytes { try batch.step(levels: $0) }
            precondition(batch.bytes.count >= batch.layout.recordsStart, "A reply is shorter than its fixed part.")
        }
        return trialist_allocations() - before
    }
}
