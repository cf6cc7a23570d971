import NumericsCore
import Regimes

/// All that estimators see of a log and a policy: weights, rewards and a model's values, decision by decision.
///
/// For episode i with the decisions t = 0 … Tᵢ − 1: ρᵢₜ = π(aᵢₜ | sᵢₜ) / μ(aᵢₜ | sᵢₜ) and wᵢₜ = ρᵢ₀ … ρᵢₜ. Who is over keeps the
/// last weight and pays nothing (Thomas and Brunskill 2016, section 2).
package struct OffPolicyEvidence: Sendable {
    /// Episode i has the decisions `starts[i]..<starts[i + 1]`.
    package let starts: [Int]
    /// γᵗ for t = 0 … ``longest``.
    package let discounts: [Double]
    /// ρ of each decision.
    package let ratios: [Double]
    /// w of each decision.
    package let weights: [Double]
    package let rewards: [Double]
    /// What a model says of the action that was taken: Q̂(s, a).
    package private(set) var q: [Double]
    /// What a model says of the policy: V̂(s) = Σₐ π(a | s) Q̂(s, a).
    package private(set) var v: [Double]
    /// V̂ after the last decision of an episode that was cut off; 0 after an event or the horizon.
    package private(set) var final: [Double]
    package private(set) var hasModel: Bool
    /// Of the resamples that an estimator may take.
    package let seed: UInt64

    package var episodes: Int { starts.count - 1 }
    package var longest: Int { discounts.count - 1 }
    package func length(_ episode: Int) -> Int { starts[episode + 1] - starts[episode] }
    /// The weight of a whole episode; 1 for one without decisions.
    package func lastWeight(_ episode: Int) -> Double {
        length(episode) > 0 ? weights[starts[episode + 1] - 1] : 1
    }

    /// Σ γᵗ rₜ of an episode.
    package func total(_ episode: Int) -> Double {
        var sum = 0.0
        for step in 0..<length(episode) { sum += discounts[step] * rewards[starts[episode] + step] }
        return sum
    }

    /// - Parameter values: a model's values; nil for none.
    package init(
        starts: [Int], discount: Double, ratios: [Double], rewards: [Double], values: ModelValues?, seed: UInt64 = 1
    ) {
        self.starts = starts
        self.seed = seed
        self.ratios = ratios
        self.rewards = rewards
        var longest = 0
        var weights = ratios
        for episode in 0..<max(0, starts.count - 1) {
            longest = max(longest, starts[episode + 1] - starts[episode])
            var product = 1.0
            for decision in starts[episode]..<starts[episode + 1] {
                product *= ratios[decision]
                weights[decision] = product
            }
        }
        self.weights = weights
        var discounts = [1.0]
        for step in 0..<longest { discounts.append(discounts[step] * discount) }
        self.discounts = discounts
        let none = [Double](repeating: 0, count: ratios.count)
        q = values?.q ?? none
        v = values?.v ?? none
        final = values?.final ?? [Double](repeating: 0, count: max(0, starts.count - 1))
        hasModel = values != nil
    }

    /// These episodes, as often and in such order as they are named.
    package func subset(_ chosen: [Int]) -> OffPolicyEvidence {
        var starts = [0]
        var places: [Int] = []
        for episode in chosen {
            places += self.starts[episode]..<self.starts[episode + 1]
            starts.append(places.count)
        }
        let values = ModelValues(q: places.map { q[$0] }, v: places.map { v[$0] }, final: chosen.map { final[$0] })
        return OffPolicyEvidence(
            starts: starts, discount: discounts.count > 1 ? discounts[1] : 1, ratios: places.map { ratios[$0] },
            rewards: places.map { rewards[$0] }, values: hasModel ? values : nil, seed: seed)
    }

    /// The same with another model.
    func judged(by values: ModelValues) -> OffPolicyEvidence {
        var other = self
        (other.q, other.v, other.final, other.hasModel) = (values.q, values.v, values.final, true)
        return other
    }

    /// Σᵢ wᵢₜ and Σᵢ wᵢₜ² at each step, over all episodes, the finished ones with their last weight.
    package func stageSums() -> (sums: [Double], squares: [Double]) {
        var sums = [Double](repeating: 0, count: longest)
        var squares = sums
        for episode in 0..<episodes {
            let length = length(episode)
            for step in 0..<longest {
                let weight = step < length ? weights[starts[episode] + step] : lastWeight(episode)
                sums[step] += weight
                squares[step] += weight * weight
            }
        }
        return (sums, squares)
    }
}

/// What a model of the policy's value says at a log's decisions, see ``OffPolicyEvidence``.
package struct ModelValues: Sendable {
    package var q: [Double]
    package var v: [Double]
    package var final: [Double]

    package init(q: [Double], v: [Double], final: [Double]) { (self.q, self.v, self.final) = (q, v, final) }
}

/// How many equally weighted episodes weigh as much as these (Kish 1965): (Σ w)² / Σ w²; 0 where no weight is positive.
package func kish(_ sum: Double, _ squares: Double) -> Double { squares > 0 ? sum * sum / squares : 0 }
