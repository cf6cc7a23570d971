import Foundation
import NumericsCore
import Regimes

/// What a log says of a policy.
package struct PolicyEvidence: Sendable {
    package let evidence: OffPolicyEvidence
    package let support: ActionSupport
    /// Why there is no model; nil where there is one, or none is needed.
    package let modelProblem: String?
    let model: PreparedQEvaluation?
    /// The multiplications that a fit of the model takes.
    let work: Double
}

extension OffPolicyStudy {
    /// What the log says of a policy, by the model of the settings.
    package func evidence(for policy: any Policy) throws -> PolicyEvidence {
        let target = try TargetProbabilities(policy, on: log)
        let ratios = log.chosen.indices.map { target[$0, Int(log.chosen[$0])] / behaviour.chosen[$0] }
        var (values, work): (ModelValues?, Double) = (nil, 0)
        var (prepared, problem): (PreparedQEvaluation?, String?) = (nil, nil)
        if types.contains(where: { $0.needsModel }) {
            do {
                let ready = try PreparedQEvaluation(
                    model, log, target: target, cells: cells, variables: variables, seed: settings.seed)
                let fit = try ready.fit(counts: [Double](repeating: 1, count: log.episodes))
                (prepared, values, work) = (ready, fit.values, fit.work)
            } catch let error as OffPolicyError { problem = "\(error)" }
        }
        let evidence = OffPolicyEvidence(
            starts: log.starts, discount: log.discount, ratios: ratios, rewards: log.rewards, values: values,
            seed: settings.seed)
        return PolicyEvidence(
            evidence: evidence, support: ActionSupport(log, target, behaviour), modelProblem: problem,
            model: prepared, work: work)
    }

    /// A policy's value by all estimators, overall and by group.
    package func evaluate(_ policy: any Policy) throws -> OffPolicyEvaluation {
        let found = try evidence(for: policy)
        let parts = LogPart.all(of: log, found, types)
        let errors = try modelErrors(found, parts)
        let estimates = try zip(parts, errors).map { part, errors in
            let cut = part.episodes.count { cutOff[$0] }
            return try types.indices.map {
                try OffPolicyEstimate(
                    types[$0], part.estimators[$0], part.evidence, support: found.support,
                    modelProblem: found.modelProblem, modelError: errors[$0], cutOff: cut, settings.interval)
            }
        }
        let by = log.groups.map { grouping in
            let own = parts.indices.filter { parts[$0].grouping == grouping.name }
            let groups = own.map {
                OffPolicyEvaluation.Group(
                    name: parts[$0].name, episodes: parts[$0].episodes.count, estimates: estimates[$0])
            }
            return (grouping: grouping.name, groups: groups)
        }
        return OffPolicyEvaluation(
            estimates: estimates[0], weights: WeightSummary(found.evidence), support: found.support, by: by)
    }

    /// How the interval of each estimator in each part of the log knows of the model's error.
    private func modelErrors(_ found: PolicyEvidence, _ parts: [LogPart]) throws -> [[ModelError]] {
        // Without cross-fitting a doubly robust estimate, too, leans on the rows that its model was fitted to.
        let needs = types.map { $0.trustsModel || $0.needsModel && model.folds == 1 }
        let known = parts.map { _ in types.map { _ in ModelError.known } }
        guard let prepared = found.model, needs.contains(true), log.episodes > 1 else { return known }
        guard let number = RefittedEstimates.number(work: found.work, settings.interval) else {
            let reason = String(
                format: "a fit takes %.1g multiplications and all may take %.1g; "
                    + "take a simpler model or fewer resamples",
                found.work, settings.interval.mostWork)
            return parts.map { _ in needs.map { $0 ? .held(reason) : .known } }
        }
        let estimators = parts.map { part in types.indices.map { needs[$0] ? part.estimators[$0] : nil } }
        let refitted = try RefittedEstimates(
            found.evidence, prepared, estimators: estimators, parts: parts.map { Set($0.episodes) }, number: number,
            settings.interval)
        return refitted.of.map { part in part.map { $0.map { .refitted($0) } ?? .known } }
    }
}

/// Some of a log's episodes, and the estimators on them.
private struct LogPart {
    /// Empty for the whole log.
    let grouping: String
    let name: String
    let episodes: [Int]
    let evidence: OffPolicyEvidence
    /// Nil for one whose model is missing.
    let estimators: [(any OffPolicyEstimator)?]

    private init(
        _ grouping: String, _ name: String, _ episodes: [Int], _ evidence: OffPolicyEvidence,
        _ types: [any OffPolicyEstimator.Type], modelProblem: String?
    ) {
        (self.grouping, self.name, self.episodes, self.evidence) = (grouping, name, episodes, evidence)
        estimators = types.map { $0.needsModel && modelProblem != nil ? nil : $0.init(evidence) }
    }

    /// The whole log, and each group of each grouping.
    static func all(
        of log: LoggedEpisodes, _ found: PolicyEvidence, _ types: [any OffPolicyEstimator.Type]
    ) -> [LogPart] {
        let whole = LogPart(
            "", "", Array(0..<log.episodes), found.evidence, types, modelProblem: found.modelProblem)
        let groups = log.groups.flatMap { grouping in
            Set(grouping.labels).sorted().map { name in
                let members = grouping.labels.indices.filter { grouping.labels[$0] == name }
                return LogPart(
                    grouping.name, name, members, found.evidence.subset(members), types,
                    modelProblem: found.modelProblem)
            }
        }
        return [whole] + groups
    }
}
