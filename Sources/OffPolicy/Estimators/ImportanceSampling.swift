/// Importance sampling: V̂ = (1 / n) Σᵢ wᵢ Gᵢ, wᵢ the weight of the whole episode and Gᵢ its return. Unbiased where every action
/// of the policy has a chance in the log (Precup, Sutton and Singh 2000, equation 5).
package struct ImportanceSampling: OffPolicyEstimator {
    package static let name = "is"
    package static let title = "importance sampling"
    package static let needsModel = false
    package static let needsWeights = true
    private let mean: EpisodeMean
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        mean = EpisodeMean(
            scores: (0..<evidence.episodes).map { evidence.lastWeight($0) * evidence.total($0) })
        effectiveSampleSize = evidence.finalSampleSize
    }

    package func value(counts: [Double]) -> Double { mean.value(counts) }
    package func influence() -> [Double] { mean.influence() }
}

/// Self-normalised importance sampling: V̂ = Σᵢ wᵢ Gᵢ / Σᵢ wᵢ. Consistent, bounded by the returns that were seen, and biased in small
/// samples. Influence wᵢ (Gᵢ − V̂) / w̄.
package struct WeightedImportanceSampling: OffPolicyEstimator {
    package static let name = "wis"
    package static let title = "self-normalised importance sampling"
    package static let needsModel = false
    package static let needsWeights = true
    private let weights: [Double]
    private let returns: [Double]
    package let effectiveSampleSize: Double

    package init(_ evidence: OffPolicyEvidence) {
        weights = (0..<evidence.episodes).map { evidence.lastWeight($0) }
        returns = (0..<evidence.episodes).map { evidence.total($0) }
        effectiveSampleSize = evidence.finalSampleSize
    }

    package func value(counts: [Double]) -> Double {
        var (sum, total) = (0.0, 0.0)
        for episode in weights.indices {
            sum += counts[episode] * weights[episode] * returns[episode]
            total += counts[episode] * weights[episode]
        }
        return sum / total
    }

    package func influence() -> [Double] {
        let value = value(counts: weights.map { _ in 1 })
        let mean = weights.reduce(0, +) / Double(weights.count)
        return weights.indices.map { weights[$0] * (returns[$0] - value) / mean }
    }
}

extension OffPolicyEvidence {
    /// Kish's size of whole episodes.
    var finalSampleSize: Double {
        var (sum, squares) = (0.0, 0.0)
        for episode in 0..<episodes {
            let weight = lastWeight(episode)
            sum += weight
            squares += weight * weight
        }
        return kish(sum, squares)
    }

    /// The smallest of Kish's sizes over the steps: an estimate is no better than its worst step.
    var smallestSampleSize: Double {
        let (sums, squares) = stageSums()
        return zip(sums, squares).map(kish).min() ?? Double(episodes)
    }

    /// The episodes in which the single decisions carry weight for a model: Kish's size of ρ over all decisions, divided by the
    /// mean length of an episode. A model learns from single decisions, and from those that the policy might have made.
    var decisionSampleSize: Double {
        guard episodes > 0, !ratios.isEmpty else { return Double(episodes) }
        var (sum, squares) = (0.0, 0.0)
        for ratio in ratios {
            sum += ratio
            squares += ratio * ratio
        }
        return kish(sum, squares) * Double(episodes) / Double(ratios.count)
    }
}
