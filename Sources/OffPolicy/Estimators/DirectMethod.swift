/// The direct method: V̂ = (1 / n) Σᵢ V̂(sᵢ₀), what a model says of the patients at their start. No weights, and all of the model's bias.
/// The influence is that of the patients at their start alone; the model's own error comes from fits to resamples.
package struct DirectMethod: OffPolicyEstimator {
    package static let name = "dm"
    package static let title = "direct method by fitted Q evaluation"
    package static let needsModel = true
    package static let trustsModel = true
    package static let needsWeights = false
    private let mean: EpisodeMean
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        mean = EpisodeMean(scores: (0..<evidence.episodes).map { evidence.startValue($0) })
        effectiveSampleSize = evidence.decisionSampleSize
    }

    package func value(counts: [Double]) -> Double { mean.value(counts) }
    package func influence() -> [Double] { mean.influence() }
}

extension OffPolicyEvidence {
    /// V̂ at the start of an episode.
    func startValue(_ episode: Int) -> Double { length(episode) > 0 ? v[starts[episode]] : final[episode] }
}
