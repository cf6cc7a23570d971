import NumericsCore

/// The meat of Fine and Gray's covariance: Σ (ηᵢ + ψᵢ)(ηᵢ + ψᵢ)ᵀ, on the scaled covariates.
///
/// ```
/// ηᵢ = ∫ (xᵢ − x̄(s))·wᵢ(s) dMᵢ(s)          ψᵢ = ∫ q(u)/π(u) dMᵢᶜ(u)          q(u) = −Σ_{Tᵢ < u} ∫_{s ≥ u} (xᵢ − x̄)·wᵢ dMᵢ
/// ```
///
/// ψ is what patient i adds by the estimate of G. With running sums of dΛ₀, x̄·dΛ₀ and of both times G(s−), every patient's
/// terms follow in p operations: O(n·p²) in all. With delayed entry the weights are taken as known: ψ is 0. Source: Fine and Gray 1999, equation 8.
struct FineGraySandwich {
    /// Λ₀ at each event time, of a patient at the means.
    private(set) var cumulativeHazard: [Double] = []
    private var scores: [Double]
    private let width: Int

    init(_ likelihood: FineGrayLikelihood, beta: [Double]) {
        width = likelihood.design.width
        scores = [Double](repeating: 0, count: likelihood.weights.strata.count * width)
        let (risk, largest) = likelihood.risks(beta)
        let means = Self.riskMeans(likelihood, risk: risk)
        addScores(likelihood, risk: risk, means: means)
        var sum = 0.0
        // Back from exp(β·x − largest) to the patient at the means, whose scaled covariates are 0.
        for increment in means.hazard where increment > 0 {
            sum += increment
            cumulativeHazard.append(sum * Elementary.exp(-largest))
        }
    }

    /// V = I⁻¹ · meat · I⁻¹.
    func covariance(inverse: [[Double]]) -> [[Double]] {
        var projected = [Double](repeating: 0, count: width)
        var result = [[Double]](repeating: projected, count: width)
        for start in stride(from: 0, to: scores.count, by: width) {
            for i in 0..<width {
                projected[i] = 0
                for j in 0..<width { projected[i] += inverse[i][j] * scores[start + j] }
            }
            for i in 0..<width { for j in 0...i { result[i][j] += projected[i] * projected[j] } }
        }
        for i in 0..<width { for j in 0..<i { result[j][i] = result[i][j] } }
        return result
    }

    private struct Means {
        /// dΛ₀ and, in `width` cells, x̄ at each step; 0 without an event.
        var hazard: [Double]
        var mean: [Double]
    }

    private static func riskMeans(_ likelihood: FineGrayLikelihood, risk: [Double]) -> Means {
        let (weights, design) = (likelihood.weights, likelihood.design)
        let width = design.width
        var means = Means(
            hazard: [Double](repeating: 0, count: weights.steps.count),
            mean: [Double](repeating: 0, count: weights.steps.count * width))
        var atRisk = [Double](repeating: 0, count: width + 1)
        var competing = [Double](repeating: 0, count: (width + 1) * weights.strataCount)
        func add(_ row: Int, _ weight: Double, to sums: inout [Double], at start: Int) {
            sums[start] += weight
            for j in 0..<width { sums[start + 1 + j] += weight * design.rows[row * width + j] }
        }
        for step in weights.steps {
            for row in step.competing {
                add(row, risk[row] * weights.reciprocal[row], to: &competing, at: weights.strata[row] * (width + 1))
            }
        }
        for (index, step) in weights.steps.enumerated().reversed() {
            for row in step.competing {
                add(row, -risk[row] * weights.reciprocal[row], to: &competing, at: weights.strata[row] * (width + 1))
                add(row, risk[row], to: &atRisk, at: 0)
            }
            for row in step.censored { add(row, risk[row], to: &atRisk, at: 0) }
            for row in step.events { add(row, risk[row], to: &atRisk, at: 0) }
            for row in step.entering { add(row, -risk[row], to: &atRisk, at: 0) }
            guard !step.events.isEmpty else { continue }
            var total = atRisk
            for code in 0..<weights.strataCount {
                for cell in total.indices { total[cell] += step.free[code] * competing[code * (width + 1) + cell] }
            }
            means.hazard[index] = Double(step.events.count) / total[0]
            for j in 0..<width { means.mean[index * width + j] = total[j + 1] / total[0] }
        }
        return means
    }

    /// One pass forwards for all that depends on the past, with the totals of the future known from a pass before it.
    private mutating func addScores(_ likelihood: FineGrayLikelihood, risk: [Double], means: Means) {
        let weights = likelihood.weights
        let rows = likelihood.design.rows
        let groups = weights.strataCount
        // Past: Σ dΛ₀ and Σ x̄·dΛ₀. Future of each stratum: the same with G(s−).
        var past = [Double](repeating: 0, count: width + 1)
        var future = [Double](repeating: 0, count: (width + 1) * groups)
        for (index, step) in weights.steps.enumerated() where means.hazard[index] > 0 {
            for code in 0..<groups { add(means, index, step.free[code], to: &future, at: code * (width + 1)) }
        }
        // Those with another cause so far: Σ r/G(T−) and Σ r·x/G(T−); and Σ q·dNᶜ/π² so far.
        var gone = [Double](repeating: 0, count: (width + 1) * groups)
        var drift = [Double](repeating: 0, count: width * groups)
        for (index, step) in weights.steps.enumerated() {
            if !step.censored.isEmpty, !weights.isDelayed {
                addCensoring(step, weights: weights, future: future, gone: gone, drift: &drift)
            }
            if means.hazard[index] > 0 {
                add(means, index, 1, to: &past, at: 0)
                for code in 0..<groups { add(means, index, -step.free[code], to: &future, at: code * (width + 1)) }
            }
            for row in step.entering {
                for j in 0..<width {
                    scores[row * width + j] += risk[row] * (rows[row * width + j] * past[0] - past[j + 1])
                }
            }
            for row in step.events + step.competing + step.censored {
                for j in 0..<width {
                    let x = rows[row * width + j]
                    scores[row * width + j] -= risk[row] * (x * past[0] - past[j + 1])
                    scores[row * width + j] -= drift[weights.strata[row] * width + j]
                }
            }
            for row in step.events {
                for j in 0..<width { scores[row * width + j] += rows[row * width + j] - means.mean[index * width + j] }
            }
            for row in step.competing {
                let start = weights.strata[row] * (width + 1)
                let weight = risk[row] * weights.reciprocal[row]
                gone[start] += weight
                for j in 0..<width {
                    let x = rows[row * width + j]
                    scores[row * width + j] -= weight * (x * future[start] - future[start + 1 + j])
                    gone[start + 1 + j] += weight * x
                }
            }
        }
    }

    /// q at a censoring time of the future that is still to come, this time included.
    private mutating func addCensoring(
        _ step: SubdistributionWeights.Step, weights: SubdistributionWeights, future: [Double], gone: [Double],
        drift: inout [Double]
    ) {
        for row in step.censored {
            let code = weights.strata[row]
            let start = code * (width + 1)
            let atRisk = Double(step.underObservation[code])
            for j in 0..<width {
                let q = gone[start + 1 + j] * future[start] - gone[start] * future[start + 1 + j]
                scores[row * width + j] += q / atRisk
                drift[code * width + j] += q / (atRisk * atRisk)
            }
        }
    }

    private func add(_ means: Means, _ index: Int, _ factor: Double, to sums: inout [Double], at start: Int) {
        let hazard = factor * means.hazard[index]
        sums[start] += hazard
        for j in 0..<width { sums[start + 1 + j] += hazard * means.mean[index * width + j] }
    }
}
