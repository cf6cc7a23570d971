/// Averages over the episodes at each step, weighted by themselves.
///
/// Aₜ = Σᵢ wᵢₜ (rᵢₜ − Q̂ᵢₜ) / Σᵢ wᵢₜ and Bₜ = Σᵢ wᵢ,ₜ₋₁ V̂ᵢₜ / Σᵢ wᵢ,ₜ₋₁ with wᵢ,₋₁ = 1. Their discounted sums are the weighted
/// per-decision estimator (no model), the weighted doubly robust one, and with fewer steps MAGIC's partial returns.
struct StageAverages: Sendable {
    /// Aₜ, t = 0 … L − 1.
    let corrections: [Double]
    /// Bₜ, t = 0 … L.
    let values: [Double]
    /// Σᵢ wᵢₜ / n, t = 0 … L − 1.
    let means: [Double]

    init(_ evidence: OffPolicyEvidence, counts: [Double]) {
        let longest = evidence.longest
        var corrections = [Double](repeating: 0, count: longest)
        var values = [Double](repeating: 0, count: longest + 1)
        var sums = corrections
        // What those who are over add from their end on.
        var ended = [Double](repeating: 0, count: longest + 1)
        var total = 0.0
        for episode in 0..<evidence.episodes where counts[episode] > 0 {
            let count = counts[episode]
            var before = count
            var step = 0
            for decision in evidence.starts[episode]..<evidence.starts[episode + 1] {
                let weight = count * evidence.weights[decision]
                corrections[step] += weight * (evidence.rewards[decision] - evidence.q[decision])
                values[step] += before * evidence.v[decision]
                sums[step] += weight
                before = weight
                step += 1
            }
            values[step] += before * evidence.final[episode]
            ended[step] += before
            total += count
        }
        var finished = 0.0
        var means = sums
        var previous = total
        for step in 0...longest {
            values[step] = previous > 0 ? values[step] / previous : 0
            guard step < longest else { break }
            finished += ended[step]
            let sum = sums[step] + finished
            corrections[step] = sum > 0 ? corrections[step] / sum : 0
            means[step] = sum / total
            previous = sum
        }
        (self.corrections, self.values, self.means) = (corrections, values, means)
    }

    /// The return of a model after `steps` decisions: Σ_{t < steps} γᵗ Aₜ + Σ_{t ≤ steps} γᵗ Bₜ. 0 steps is the direct method,
    /// all of them the weighted doubly robust estimator.
    func partial(_ steps: Int, _ evidence: OffPolicyEvidence) -> Double {
        var sum = evidence.discounts[0] * values[0]
        for step in 0..<steps {
            sum += evidence.discounts[step] * corrections[step]
            sum += evidence.discounts[step + 1] * values[step + 1]
        }
        return sum
    }

    /// The influence of each episode on ``partial(_:_:)``.
    func influence(_ steps: Int, _ evidence: OffPolicyEvidence) -> [Double] {
        let longest = evidence.longest
        // What an episode that is over adds at each step for a weight of 1, summed from the start.
        var idle = [Double](repeating: 0, count: longest + 1)
        for step in 0..<longest {
            let here = means[step] > 0 ? evidence.discounts[step] * corrections[step] / means[step] : 0
            let there = means[step] > 0 ? evidence.discounts[step + 1] * values[step + 1] / means[step] : 0
            idle[step + 1] = idle[step] + here + there
        }
        return (0..<evidence.episodes).map { episode in
            let start = evidence.starts[episode]
            let length = evidence.length(episode)
            let first = length > 0 ? evidence.v[start] : evidence.final[episode]
            var sum = first - values[0]
            for step in 0..<min(steps, length) where means[step] > 0 {
                let decision = start + step
                let weight = evidence.weights[decision] / means[step]
                let correction = evidence.rewards[decision] - evidence.q[decision] - corrections[step]
                let following = step + 1 < length ? evidence.v[decision + 1] : evidence.final[episode]
                sum += evidence.discounts[step] * weight * correction
                sum += evidence.discounts[step + 1] * weight * (following - values[step + 1])
            }
            if steps > length { sum -= evidence.lastWeight(episode) * (idle[steps] - idle[length]) }
            return sum
        }
    }
}

extension OffPolicyEvidence {
    /// The same without its model.
    var withoutModel: OffPolicyEvidence {
        OffPolicyEvidence(
            starts: starts, discount: discounts.count > 1 ? discounts[1] : 1, ratios: ratios, rewards: rewards,
            values: nil)
    }
}
