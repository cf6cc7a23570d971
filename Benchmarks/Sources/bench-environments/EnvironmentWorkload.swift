import Environments
import ModelEnvironments
import Regimes

/// Episodes of an environment under a policy.
struct EnvironmentWorkload: Sendable {
    let environment: String
    /// As `trialist regime evaluate --policy` takes it.
    let policy: String
    let episodes: Int
    /// Decisions per CPU-second that are aimed at.
    let aim: Double

    static let all = [
        EnvironmentWorkload(environment: "oberst-sepsis", policy: "random", episodes: 500_000, aim: 20e6),
        EnvironmentWorkload(environment: "ahn-chemotherapy", policy: "constant:0.5", episodes: 5000, aim: 1e6),
        EnvironmentWorkload(environment: "epicare", policy: "random", episodes: 100_000, aim: 1e6),
        EnvironmentWorkload(environment: "type1-diabetes", policy: "rule:basal-bolus", episodes: 300, aim: 1e5),
    ]

    /// The environment and the policy, ready: reading files is not what is timed.
    func prepare() throws -> PreparedWorkload {
        let environment = try EnvironmentCatalog().entry(environment).make()
        return PreparedWorkload(
            workload: self, environment: environment, policy: try environment.policy(PolicyChoice(policy)))
    }
}

/// A workload whose environment has been made.
struct PreparedWorkload {
    let workload: EnvironmentWorkload
    let environment: any Environment
    let policy: any Policy

    /// One run, with what `trialist regime evaluate` times: the policy's table, the episodes, and their sums.
    func run(threads: Int) throws -> EpisodeTotals {
        try environment.simulate(policy, episodes: workload.episodes, seed: 1, threads: threads)
    }
}
