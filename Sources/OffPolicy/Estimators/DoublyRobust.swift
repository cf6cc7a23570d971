/// The doubly robust estimator: V̂ = (1 / n) Σᵢ [V̂(sᵢ₀) + Σₜ γᵗ wᵢₜ (rᵢₜ + γ V̂(sᵢ,ₜ₊₁) − Q̂(sᵢₜ, aᵢₜ))]. Unbiased where either the weights
/// or the model is right (Jiang and Li 2016, equation 10).
package struct DoublyRobust: OffPolicyEstimator {
    package static let name = "dr"
    package static let title = "doubly robust"
    package static let needsModel = true
    package static let needsWeights = true
    private let mean: EpisodeMean
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        mean = EpisodeMean(
            scores: (0..<evidence.episodes).map { episode in
                var sum = evidence.startValue(episode)
                let length = evidence.length(episode)
                for step in 0..<length {
                    let decision = evidence.starts[episode] + step
                    let following = step + 1 < length ? evidence.v[decision + 1] : evidence.final[episode]
                    let surprise =
                        evidence.discounts[step] * (evidence.rewards[decision] - evidence.q[decision])
                        + evidence.discounts[step + 1] * following
                    sum += evidence.weights[decision] * surprise
                }
                return sum
            })
        effectiveSampleSize = evidence.smallestSampleSize
    }

    package func value(counts: [Double]) -> Double { mean.value(counts) }
    package func influence() -> [Double] { mean.influence() }
}

/// The doubly robust estimator with weights that add up to 1 at each step (Thomas and Brunskill 2016, section 5).
package struct WeightedDoublyRobust: OffPolicyEstimator {
    package static let name = "wdr"
    package static let title = "weighted doubly robust"
    package static let needsModel = true
    package static let needsWeights = true
    private let evidence: OffPolicyEvidence
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        self.evidence = evidence
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
