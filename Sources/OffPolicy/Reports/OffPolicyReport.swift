import Foundation

/// An off-policy evaluation as it is printed: keys in alphabetical order, null where there is no number.
package struct OffPolicyReport: Sendable, Encodable {
    package let policy: String
    package let episodes: Int
    package let decisions: Int
    package let discount: Double
    package let horizon: Int?
    package let cutOff: Int
    package let propensities: String
    package let model: String?
    package let interval: String
    package let level: Double
    package let estimates: [Row]
    package let truth: Truth?
    package let support: Support
    package let weights: Weights
    package let by: [String: [String: Group]]
    package let worst: Worst?

    package struct Row: Sendable, Encodable {
        let estimator: String
        let value: Double?
        let se: Double?
        let lower: Double?
        let upper: Double?
        let effectiveSampleSize: Double
        /// The fits of the model to resamples that the interval comes from.
        let refits: Int?
        let flag: Bool
        let reason: String?
        /// Value less truth.
        let error: Double?
        let errorInSe: Double?

        private enum CodingKeys: String, CodingKey {
            case estimator, value, se, lower, upper, refits, flag, reason, error,
                effectiveSampleSize = "effective_sample_size",
                errorInSe = "error_in_se"
        }

        init(_ estimate: OffPolicyEstimate, truth: Double?, errorInSe: Double?) {
            estimator = estimate.estimator
            value = ShownNumber.finite(estimate.value)
            se = ShownNumber.finite(estimate.standardError)
            lower = ShownNumber.finite(estimate.lower)
            upper = ShownNumber.finite(estimate.upper)
            effectiveSampleSize = estimate.effectiveSampleSize
            refits = estimate.refits
            (flag, reason) = (estimate.isFlagged, estimate.reason)
            error = truth.flatMap { truth in ShownNumber.finite(estimate.value.map { $0 - truth }) }
            self.errorInSe = ShownNumber.finite(errorInSe)
        }
    }

    package struct Truth: Sendable, Encodable {
        let value: Double
        let se: Double
        let method: String
    }

    package struct Support: Sendable, Encodable {
        let unsupportedDecisions: Double
        let unsupportedMass: Double
        let unknownDecisions: Double
        let neverChosen: [String]
        let actions: [String: Share]

        struct Share: Sendable, Encodable {
            let policy: Double
            let log: Double
        }

        private enum CodingKeys: String, CodingKey {
            case unsupportedDecisions = "unsupported_decisions", unsupportedMass = "unsupported_mass",
                unknownDecisions = "unknown_decisions", neverChosen = "never_chosen", actions
        }
    }

    package struct Weights: Sendable, Encodable {
        let mean: Double?
        let se: Double?
        let largest: Double?
        let largestShare: Double
        let effectiveSampleSize: Double

        private enum CodingKeys: String, CodingKey {
            case mean, se, largest, largestShare = "largest_share", effectiveSampleSize = "effective_sample_size"
        }
    }

    package struct Group: Sendable, Encodable {
        let episodes: Int
        let truth: Double?
        let estimates: [Row]
    }

    package struct Worst: Sendable, Encodable {
        let estimator: String
        let grouping: String
        let group: String
        let value: Double
    }

    private enum CodingKeys: String, CodingKey {
        case policy, episodes, decisions, discount, horizon, cutOff = "cut_off", propensities, model, interval, level,
            estimates, truth, support, weights, by, worst
    }

    package init(policy: String, _ study: OffPolicyStudy, _ evaluation: OffPolicyEvaluation, truth: OffPolicyTruth?) {
        self.policy = policy
        episodes = study.log.episodes
        decisions = study.log.decisions
        discount = study.log.discount
        horizon = study.horizon
        cutOff = study.cutOff.count { $0 }
        propensities = study.behaviour.source.description
        let usesModel = study.settings.estimators.contains { (try? OffPolicyEstimators.named($0).needsModel) ?? false }
        model = usesModel ? study.model.description : nil
        interval = study.settings.interval.method.rawValue
        level = study.settings.interval.level
        estimates = evaluation.estimates.map {
            Row($0, truth: truth?.value, errorInSe: truth?.errorInStandardErrors($0))
        }
        self.truth = truth.map {
            Truth(value: $0.value, se: $0.standardError, method: $0.isExact ? "exact" : "simulated")
        }
        let support = evaluation.support
        self.support = Support(
            unsupportedDecisions: support.unsupportedDecisions, unsupportedMass: support.unsupportedMass,
            unknownDecisions: support.unknownDecisions, neverChosen: support.neverChosen,
            actions: support.shares.mapValues { Support.Share(policy: $0.policy, log: $0.log) })
        let weights = evaluation.weights
        self.weights = Weights(
            mean: ShownNumber.finite(weights.mean), se: ShownNumber.finite(weights.standardError),
            largest: ShownNumber.finite(weights.largest), largestShare: ShownNumber.finite(weights.largestShare) ?? 1,
            effectiveSampleSize: ShownNumber.finite(weights.effectiveSampleSize) ?? 0)
        var by: [String: [String: Group]] = [:]
        for (grouping, groups) in evaluation.by {
            for group in groups {
                let known = truth?.by[grouping]?[group.name]
                by[grouping, default: [:]][group.name] = Group(
                    episodes: group.episodes, truth: known,
                    estimates: group.estimates.map { Row($0, truth: known, errorInSe: nil) })
            }
        }
        self.by = by
        let judge = Self.judge(study.settings.estimators)
        worst = evaluation.worst(judge).map {
            Worst(estimator: judge, grouping: $0.grouping, group: $0.group, value: $0.value)
        }
    }

    /// The estimator that groups and policies are compared by: weighted doubly robust where it is asked for, else the first.
    package static func judge(_ estimators: [String]) -> String {
        estimators.contains(WeightedDoublyRobust.name) ? WeightedDoublyRobust.name : estimators.first ?? ""
    }

    /// Pretty-printed, with keys in alphabetical order.
    package func json() throws -> String { try ReportText.json(self) }

    /// A table for people.
    package var text: String {
        func pad(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let number = ShownNumber.fixed
        var lines = ["policy \(policy): \(episodes) episodes, \(decisions) decisions; propensities \(propensities)"]
        if let model { lines.append(model) }
        if let truth {
            lines.append("truth  \(number(truth.value)) (\(truth.method), standard error \(number(truth.se)))")
        }
        lines.append("estimator       value          se       lower       upper      ess  flag")
        for row in estimates {
            var line = row.estimator.padding(toLength: 9, withPad: " ", startingAt: 0)
            for value in [row.value, row.se, row.lower, row.upper] { line += pad(number(value), 12) }
            line += pad(ShownNumber.short(row.effectiveSampleSize), 9)
            if let reason = row.reason { line += "  \(reason)" }
            lines.append(line)
        }
        if let refits = estimates.compactMap(\.refits).first {
            let names = estimates.filter { $0.refits != nil }.map(\.estimator)
            lines.append("intervals of \(names.joined(separator: ", ")): the model fitted anew to \(refits) resamples")
        }
        lines.append(
            "unsupported decisions \(ShownNumber.percent(support.unsupportedDecisions)), largest weight "
                + "\(ShownNumber.percent(weights.largestShare)) of all")
        if let worst {
            lines.append(
                "worst group by \(worst.estimator): \(worst.grouping) = \(worst.group), \(number(worst.value))")
        }
        return lines.joined(separator: "\n")
    }
}

/// Text of reports.
enum ReportText {
    static func json(_ report: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}
