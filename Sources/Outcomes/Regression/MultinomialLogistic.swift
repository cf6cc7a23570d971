import NumericsCore

/// Multinomial logistic regression of the level that was chosen, among those that were allowed.
///
/// ```
/// Pr(a | x) = exp(x·βₐ) / Σ_{b allowed} exp(x·β_b)        β of the first level is 0
/// ```
///
/// The coefficients maximise Σ wᵢ log Pr(aᵢ | xᵢ) − ½ λ Σ β²; λ > 0 keeps them finite where covariates tell the levels apart.
/// Source: Böhning 1992, Annals of the Institute of Statistical Mathematics 44:197.
package struct MultinomialLogistic: Sendable {
    /// Those of level a begin at (a − 1) · ``columns``.
    package let coefficients: [Double]
    package let columns: Int
    package let levels: Int

    /// What was chosen.
    package struct Choices: Sendable {
        /// Row-major, with an intercept among the columns.
        package var design: [Double]
        package var columns: Int
        /// The level of each row, from 0 to ``levels`` − 1.
        package var chosen: [Int]
        package var levels: Int
        /// 0 or more, one for each row; nil for 1.
        package var weights: [Double]?
        /// A bit for each allowed level of each row; nil where all are.
        package var allowed: [UInt64]?

        package init(
            design: [Double], columns: Int, chosen: [Int], levels: Int, weights: [Double]? = nil,
            allowed: [UInt64]? = nil
        ) {
            (self.design, self.columns, self.chosen, self.levels) = (design, columns, chosen, levels)
            (self.weights, self.allowed) = (weights, allowed)
        }
    }

    /// - Parameter penalty: λ.
    /// - Throws: ``FitError`` where there is no finite estimate.
    package init(_ choices: Choices, penalty: Double = 0) throws(FitError) {
        (columns, levels) = (choices.columns, choices.levels)
        let likelihood = MultinomialLikelihood(choices: choices, penalty: penalty)
        let start = [Double](repeating: 0, count: likelihood.parameters)
        guard !start.isEmpty else {
            coefficients = []
            return
        }
        do { coefficients = try LikelihoodSearch(likelihood, from: start).parameters } catch {
            let names = start.indices.map { "level \($0 / choices.columns + 1), column \($0 % choices.columns)" }
            throw error.named("multinomial logistic regression", names)
        }
    }

    /// The probabilities of all rows' levels, row-major; 0 for what is not allowed.
    package func probabilities(_ choices: Choices) -> [Double] {
        var result = [Double](repeating: 0, count: choices.chosen.count * levels)
        for row in choices.chosen.indices {
            let own = MultinomialLikelihood.probabilities(choices, row, coefficients)
            for level in 0..<levels { result[row * levels + level] = own[level] }
        }
        return result
    }
}

/// The penalised log likelihood of choices.
private struct MultinomialLikelihood: SmoothLikelihood {
    let choices: MultinomialLogistic.Choices
    let penalty: Double

    var parameters: Int { max(0, choices.levels - 1) * choices.columns }

    var reaches: [Double] {
        var largest = [Double](repeating: 0, count: choices.columns)
        for (place, value) in choices.design.enumerated() {
            largest[place % choices.columns] = max(largest[place % choices.columns], abs(value))
        }
        return (0..<parameters).map { largest[$0 % choices.columns] }
    }

    static func probabilities(
        _ choices: MultinomialLogistic.Choices, _ row: Int, _ coefficients: [Double]
    ) -> [Double] {
        let columns = choices.columns
        let mask = choices.allowed?[row] ?? .max
        var scores = [Double](repeating: -.infinity, count: choices.levels)
        for level in 0..<choices.levels where mask & (1 << UInt64(level)) != 0 {
            var score = 0.0
            if level > 0 {
                for j in 0..<columns {
                    score += coefficients[(level - 1) * columns + j] * choices.design[row * columns + j]
                }
            }
            scores[level] = score
        }
        let top = scores.max() ?? 0
        guard top > -.infinity else { return scores.map { _ in 0 } }
        var sum = 0.0
        for level in scores.indices {
            scores[level] = scores[level] == -.infinity ? 0 : Elementary.exp(scores[level] - top)
            sum += scores[level]
        }
        return scores.map { $0 / sum }
    }

    func value(at coefficients: [Double]) -> LikelihoodValue {
        let q = parameters
        var value = LikelihoodValue(parameters: q)
        for row in choices.chosen.indices {
            let weight = choices.weights?[row] ?? 1
            guard weight > 0 else { continue }
            let p = Self.probabilities(choices, row, coefficients)
            value.logLikelihood += weight * Elementary.log(max(p[choices.chosen[row]], 1e-300))
            add(row, p, weight, to: &value)
        }
        for i in 0..<q {
            value.logLikelihood -= 0.5 * penalty * coefficients[i] * coefficients[i]
            value.score[i] -= penalty * coefficients[i]
            value.information[i * q + i] += penalty
        }
        return value
    }

    /// Adds a row's derivatives: slopes (1(a chosen) − pₐ) x, and curvatures pₐ (1(a = b) − p_b) x xᵀ.
    private func add(_ row: Int, _ p: [Double], _ weight: Double, to value: inout LikelihoodValue) {
        let (q, columns, first) = (parameters, choices.columns, row * choices.columns)
        choices.design.withUnsafeBufferPointer { x in
            value.information.withUnsafeMutableBufferPointer { information in
                for a in 1..<choices.levels {
                    let slope = weight * ((choices.chosen[row] == a ? 1 : 0) - p[a])
                    for j in 0..<columns { value.score[(a - 1) * columns + j] += slope * x[first + j] }
                    for b in 1...a {
                        let curvature = weight * (a == b ? p[a] * (1 - p[a]) : -p[a] * p[b])
                        guard curvature != 0 else { continue }
                        for i in 0..<columns {
                            let part = curvature * x[first + i]
                            let line = ((a - 1) * columns + i) * q + (b - 1) * columns
                            for j in 0...(a == b ? i : columns - 1) { information[line + j] += part * x[first + j] }
                        }
                    }
                }
            }
        }
    }
}
