import Foundation
import NumericsCore
import Regimes

/// The choice of one policy among several on one half of a log, and its value on the other, which had no say.
package struct PolicySelection: Sendable {
    /// The estimator by which policies are compared.
    package let judge: String
    /// Each candidate's name and estimate on the half that chooses.
    package let candidates: [(name: String, estimate: OffPolicyEstimate)]
    /// The place of the best candidate.
    package let chosen: Int
    /// The chosen policy on the other half.
    package let report: OffPolicyEvaluation
    package let reporting: OffPolicyStudy

    /// The half of each episode: 0 chooses, 1 reports.
    package static func halves(_ episodes: Int, seed: UInt64) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: .split, replicate: 1, patient: 0)
        var half = [Int](repeating: 0, count: episodes)
        for (place, episode) in stream.nextPermutation(count: episodes).enumerated() { half[episode] = place % 2 }
        return half
    }

    /// - Throws: ``OffPolicyError`` where no candidate has an estimate, or episodes are too few.
    package init(
        _ candidates: [(name: String, policy: any Policy)], on log: LoggedEpisodes, _ settings: OffPolicySettings
    ) throws {
        guard log.episodes >= 4 else {
            throw OffPolicyError.tooFewEpisodes(found: log.episodes, needed: 4, purpose: "choosing on one half of them")
        }
        judge = OffPolicyReport.judge(settings.estimators)
        let half = Self.halves(log.episodes, seed: settings.seed)
        func study(_ part: Int, _ estimators: [String]) throws -> OffPolicyStudy {
            var settings = settings
            settings.estimators = estimators
            settings.horizon = settings.horizon ?? log.shownHorizon
            return try OffPolicyStudy(log.subset((0..<log.episodes).filter { half[$0] == part }), settings)
        }
        let choosing = try study(0, [judge])
        var estimates: [(name: String, estimate: OffPolicyEstimate)] = []
        for candidate in candidates {
            estimates.append((candidate.name, try choosing.evaluate(candidate.policy).estimates[0]))
        }
        self.candidates = estimates
        // A flagged estimate loses against any other: it is where flattery lives.
        let able = estimates.indices.filter { estimates[$0].estimate.value != nil }
        let sound = able.filter { !estimates[$0].estimate.isFlagged }
        func value(_ place: Int) -> Double { estimates[place].estimate.value ?? -.infinity }
        guard let best = (sound.isEmpty ? able : sound).max(by: { value($0) < value($1) }) else {
            throw OffPolicyError.unsuitable("no candidate has an estimate on the half that chooses")
        }
        chosen = best
        reporting = try study(1, settings.estimators)
        report = try reporting.evaluate(candidates[best].policy)
    }
}

extension LoggedEpisodes {
    /// Some of the episodes, in their order.
    package func subset(_ chosen: [Int]) -> LoggedEpisodes {
        var part = LoggedEpisodes(variables: variables, actions: actions, discount: discount)
        for episode in chosen {
            for decision in range(of: episode) {
                for variable in variables.indices {
                    part.observations[variable].append(observations[variable][decision])
                }
                part.chosen.append(self.chosen[decision])
                part.propensity.append(propensity[decision])
                part.allowed.append(allowed[decision])
                part.rewards.append(rewards[decision])
            }
            for variable in variables.indices { part.final[variable].append(final[variable][episode]) }
            part.finalAllowed.append(finalAllowed[episode])
            part.endedByEvent.append(endedByEvent[episode])
            part.starts.append(part.decisions)
        }
        part.groups = groups.map { group in (group.name, chosen.map { group.labels[$0] }) }
        return part
    }
}
