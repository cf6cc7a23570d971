import NumericsCore

/// A way to say what a policy is worth from episodes in which somebody else acted.
package protocol OffPolicyEstimator: Sendable {
    /// `wpdis`
    static var name: String { get }
    /// One line for people.
    static var title: String { get }
    /// Whether it uses a model of values.
    static var needsModel: Bool { get }
    /// Whether the error of the model is in the estimate to first order, so that an interval needs the model fitted anew. It is
    /// not in doubly robust estimates by a model that has not seen the episodes (Chernozhukov et al. 2018).
    static var trustsModel: Bool { get }
    /// Whether it weighs episodes.
    static var needsWeights: Bool { get }

    /// - Parameter evidence: at least one episode.
    init(_ evidence: OffPolicyEvidence)

    /// The estimate when episode i stands in the log `counts[i]` times. A model stays as it was fitted.
    func value(counts: [Double]) -> Double

    /// The estimate on resampled episodes that have a model of their own.
    func value(on resample: OffPolicyEvidence) -> Double

    /// What each episode adds to n times the estimate's error, to first order: the mean is 0 and the variance, divided by n,
    /// that of the estimate.
    func influence() -> [Double]

    /// How many equally weighted episodes are in the estimate (Kish).
    var effectiveSampleSize: Double { get }
}

extension OffPolicyEstimator {
    package static var trustsModel: Bool { false }

    package func value(on resample: OffPolicyEvidence) -> Double {
        Self(resample).value(counts: [Double](repeating: 1, count: resample.episodes))
    }
}

/// The estimators by name. A new one is a line here.
package enum OffPolicyEstimators {
    package static let all: [any OffPolicyEstimator.Type] = [
        ImportanceSampling.self, WeightedImportanceSampling.self, PerDecisionSampling.self,
        WeightedPerDecisionSampling.self, DirectMethod.self, DoublyRobust.self, WeightedDoublyRobust.self, Magic.self,
    ]

    package static var names: [String] { all.map { $0.name } }

    /// - Throws: ``OffPolicyError/unknownEstimator(_:allowed:)``.
    package static func named(_ name: String) throws(OffPolicyError) -> any OffPolicyEstimator.Type {
        guard let type = all.first(where: { $0.name == name }) else {
            throw .unknownEstimator(name, allowed: names)
        }
        return type
    }
}

/// The mean of one number for each episode: the estimate, and its influence.
struct EpisodeMean: Sendable {
    let scores: [Double]

    func value(_ counts: [Double]) -> Double {
        var (sum, total) = (0.0, 0.0)
        for (score, count) in zip(scores, counts) {
            sum += count * score
            total += count
        }
        return sum / total
    }

    func influence() -> [Double] {
        let mean = value(scores.map { _ in 1 })
        return scores.map { $0 - mean }
    }
}
