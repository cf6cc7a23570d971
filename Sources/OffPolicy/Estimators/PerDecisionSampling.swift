/// Per-decision importance sampling: V̂ = (1 / n) Σᵢ Σₜ γᵗ wᵢₜ rᵢₜ: a reward is weighed by what led to it and by nothing after
/// (Precup, Sutton and Singh 2000, equation 6). Unbiased.
package struct PerDecisionSampling: OffPolicyEstimator {
    package static let name = "pdis"
    package static let title = "per-decision importance sampling"
    package static let needsModel = false
    package static let needsWeights = true
    private let mean: EpisodeMean
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        mean = EpisodeMean(
            scores: (0..<evidence.episodes).map { episode in
                var sum = 0.0
                for step in 0..<evidence.length(episode) {
                    let decision = evidence.starts[episode] + step
                    sum += evidence.discounts[step] * evidence.weights[decision] * evidence.rewards[decision]
                }
                return sum
            })
        effectiveSampleSize = evidence.smallestSampleSize
    }

    package func value(counts: [Double]) -> Double { mean.value(counts) }
    package func influence() -> [Double] { mean.influence() }
}

/// The same with weights that add up to 1 at each step: V̂ = Σₜ γᵗ Σᵢ wᵢₜ rᵢₜ / Σᵢ wᵢₜ, the episodes that are over among the sums
/// (Thomas 2015, chapter 3).
package struct WeightedPerDecisionSampling: OffPolicyEstimator {
    package static let name = "wpdis"
    package static let title = "self-normalised per-decision importance sampling"
    package static let needsModel = false
    package static let needsWeights = true
    private let evidence: OffPolicyEvidence
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        self.evidence = evidence.withoutModel
        effectiveSampleSize = evidence.smallestSampleSize
    }

    package func value(counts: [Double]) -> Double {
        StageAverages(evidence, counts: counts).partial(evidence.longest, evidence)
    }

    package func influence() -> [Double] {
        let ones = [Double](repeating: 1, count: evidence.episodes)
        return StageAverages(evidence, counts: ones).influence(evidence.longest, evidence)
    }
}
