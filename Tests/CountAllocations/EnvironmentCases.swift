import CAllocations
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
