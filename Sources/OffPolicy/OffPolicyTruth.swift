import Environments
import NumericsCore
import Regimes

/// What a policy is really worth, from the engine.
package struct OffPolicyTruth: Sendable, Hashable {
    package let value: Double
    /// 0 for an exact value.
    package let standardError: Double
    package let isExact: Bool
    /// `by[grouping][group]`
    package let by: [String: [String: Double]]

    /// Exact where the environment knows how, else by simulation.
    package init(
        of policy: any Policy, in environment: any Environment, episodes: Int, seed: UInt64, threads: Int
    ) throws {
        if let exact = try? environment.exactValue(of: policy) {
            (value, standardError, isExact, by) = (exact.value, 0, true, exact.by)
            return
        }
        let totals = try environment.simulate(policy, episodes: episodes, seed: seed, threads: threads)
        guard let mean = totals.value else { throw OffPolicyError.noEpisodes }
        (value, standardError, isExact) = (mean, totals.standardError ?? 0, false)
        var groups: [String: [String: Double]] = [:]
        for (grouping, moments) in zip(environment.facts.groupings, totals.by) {
            for (name, moment) in zip(grouping.groups, moments) {
                groups[grouping.name, default: [:]][name] = moment.mean
            }
        }
        by = groups
    }

    /// An estimate's error in standard errors, the truth's own among them; nil where there are none.
    package func errorInStandardErrors(_ estimate: OffPolicyEstimate) -> Double? {
        guard let value = estimate.value, let own = estimate.standardError else { return nil }
        let error = (own * own + standardError * standardError).squareRoot()
        return error > 0 ? (value - self.value) / error : nil
    }
}
