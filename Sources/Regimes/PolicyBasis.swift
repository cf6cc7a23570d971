import NumericsCore

/// How a value function is written: standardised features of the state, and an action on one scale.
///
/// With features z and action a, `Q(s, a) = w·φ(z) + a u·ψ(z) + a² v·ψ(z)`, where φ holds 1, every z and (quadratic
/// basis) every product of two, and ψ holds 1 and every z. So the best action can depend on every feature.
package struct PolicyBasis: Sendable, Hashable {
    package enum Shape: String, Sendable, CaseIterable {
        case linear, quadratic
    }

    package let featureCount: Int
    package let shape: Shape
    /// Mean and standard deviation of each feature in the training data; a constant feature has deviation 0 and counts 0.
    package let means: [Double]
    package let deviations: [Double]

    package init(shape: Shape, means: [Double], deviations: [Double]) {
        self.featureCount = means.count
        self.shape = shape
        self.means = means
        self.deviations = deviations
    }

    /// The basis for the features of a log, `features[visit][feature][patient]`, standardised over all decisions present.
    package init(shape: Shape, standardising features: [[[Double]]], where isPresent: [[Bool]]) {
        let count = features.first?.count ?? 0
        var means = [Double](repeating: 0, count: count)
        var deviations = means
        for feature in 0..<count {
            var values: [Double] = []
            for visit in features.indices {
                values += zip(features[visit][feature], isPresent[visit]).filter { $1 && $0.isFinite }.map(\.0)
            }
            guard !values.isEmpty else { continue }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = (squares / Double(values.count)).squareRoot()
            means[feature] = mean
            // What varies by rounding alone is constant.
            deviations[feature] = deviation > 1e-12 * abs(mean) ? deviation : 0
        }
        self.init(shape: shape, means: means, deviations: deviations)
    }

    /// How many terms φ has.
    package var stateTerms: Int {
        let linear = 1 + featureCount
        return shape == .linear ? linear : linear + featureCount * (featureCount + 1) / 2
    }

    package var count: Int { stateTerms + 2 * (1 + featureCount) }

    /// Writes the terms for one state and action into `terms`, which holds ``count`` places.
    package func fill(_ terms: inout [Double], features: [Double], action: Double) {
        var z = features
        for i in 0..<featureCount {
            // A missing feature counts as average.
            let value = deviations[i] > 0 ? (features[i] - means[i]) / deviations[i] : 0
            z[i] = value.isFinite ? value : 0
        }
        terms[0] = 1
        for i in 0..<featureCount { terms[1 + i] = z[i] }
        var next = 1 + featureCount
        if shape == .quadratic {
            for i in 0..<featureCount {
                for j in i..<featureCount {
                    terms[next] = z[i] * z[j]
                    next += 1
                }
            }
        }
        for power in [action, action * action] {
            terms[next] = power
            for i in 0..<featureCount { terms[next + 1 + i] = power * z[i] }
            next += 1 + featureCount
        }
    }

    /// `Q(s, a)` under `weights`.
    package func value(_ weights: [Double], _ terms: inout [Double], features: [Double], action: Double) -> Double {
        fill(&terms, features: features, action: action)
        var sum = 0.0
        for i in weights.indices { sum += weights[i] * terms[i] }
        return sum
    }
}
