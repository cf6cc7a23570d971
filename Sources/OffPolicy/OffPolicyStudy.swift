import NumericsCore
import Regimes

/// A log made ready for the evaluation of policies: probabilities of the behaviour, cells, and what stands against it.
package struct OffPolicyStudy: Sendable {
    package let log: LoggedEpisodes
    package let settings: OffPolicySettings
    package let behaviour: BehaviourPropensities
    package let horizon: Int?
    /// Episodes that were cut off before the horizon.
    package let cutOff: [Bool]
    let cells: StateCells?
    let variables: [Int]
    let types: [any OffPolicyEstimator.Type]

    /// - Throws: ``OffPolicyError`` for a log that holds no evidence.
    package init(_ log: LoggedEpisodes, _ settings: OffPolicySettings) throws {
        guard log.episodes > 0, log.decisions > 0 else { throw OffPolicyError.noEpisodes }
        self.log = log
        self.settings = settings
        types = try settings.estimators.map { try OffPolicyEstimators.named($0) }
        variables = try Self.places(settings.variables, log)
        try Self.check(log)
        let horizon = settings.horizon ?? log.shownHorizon
        self.horizon = horizon
        cutOff = (0..<log.episodes).map { !log.endedByEvent[$0] && log.range(of: $0).count != horizon }
        let isTable = settings.basis == nil || settings.basis == .table
        cells = isTable ? StateCells(log, variables: variables) : nil
        if settings.basis == .table, cells == nil {
            throw OffPolicyError.noFit("what is observed takes too many values for a table; choose another basis")
        }
        behaviour = try BehaviourPropensities(log, cells: cells, variables: variables)
    }

    private static func places(_ names: [String]?, _ log: LoggedEpisodes) throws -> [Int] {
        guard let names else { return Array(log.variables.indices) }
        return try names.map { name in
            guard let place = log.variables.firstIndex(of: name) else {
                throw OffPolicyError.unknownVariable(name, allowed: log.variables)
            }
            return place
        }
    }

    private static func check(_ log: LoggedEpisodes) throws {
        for episode in 0..<log.episodes {
            for (step, decision) in log.range(of: episode).enumerated() {
                guard log.rewards[decision].isFinite else {
                    throw OffPolicyError.notFinite("reward", episode: episode, step: step)
                }
                for variable in log.variables.indices where log.observations[variable][decision].isInfinite {
                    throw OffPolicyError.notFinite("'\(log.variables[variable])'", episode: episode, step: step)
                }
            }
        }
    }

    /// The model of values that the settings mean for this log.
    package var model: FittedQEvaluation {
        let longest = (0..<log.episodes).map { log.range(of: $0).count }.max() ?? 1
        let isShort = longest <= OffPolicySettings.mostStages
        let rich: FittedQEvaluation.Basis = variables.count <= OffPolicySettings.mostQuadratic ? .quadratic : .linear
        return FittedQEvaluation(
            basis: settings.basis ?? (cells != nil ? .table : rich),
            time: settings.time ?? (isShort ? .stages : .pooled),
            folds: min(max(1, settings.folds), log.episodes), horizon: horizon)
    }
}

/// What one policy is worth by several estimators.
package struct OffPolicyEvaluation: Sendable {
    package let estimates: [OffPolicyEstimate]
    package let weights: WeightSummary
    package let support: ActionSupport
    package let by: [(grouping: String, groups: [Group])]

    package struct Group: Sendable {
        package let name: String
        package let episodes: Int
        package let estimates: [OffPolicyEstimate]
    }

    /// The group with the least value by an estimator, of those that have one.
    package func worst(_ estimator: String) -> (grouping: String, group: String, value: Double)? {
        var worst: (grouping: String, group: String, value: Double)?
        for (grouping, groups) in by {
            for group in groups {
                guard let value = group.estimates.first(where: { $0.estimator == estimator })?.value else { continue }
                if value < (worst?.value ?? .infinity) { worst = (grouping, group.name, value) }
            }
        }
        return worst
    }
}

/// The weights of whole episodes.
package struct WeightSummary: Sendable, Hashable {
    /// Near 1 where the log covers what the policy does.
    package let mean: Double
    package let standardError: Double?
    package let largest: Double
    /// The largest weight's share of all.
    package let largestShare: Double
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        let weights = (0..<evidence.episodes).map { evidence.lastWeight($0) }
        let moments = RunningMoments(weights)
        mean = moments.mean ?? 0
        standardError = moments.standardError
        largest = weights.max() ?? 0
        let sum = weights.reduce(0, +)
        largestShare = sum > 0 ? largest / sum : 0
        effectiveSampleSize = evidence.finalSampleSize
    }

    /// Why the weights are to be doubted; nil for no reason. Their mean is 1 in expectation wherever the log covers the policy.
    package var doubt: String? {
        guard let standardError, mean > 0 else { return nil }
        guard abs(mean - 1) > 3 * standardError else { return nil }
        return String(format: "the weights average %.3f and not 1 (standard error %.3f)", mean, standardError)
    }
}
