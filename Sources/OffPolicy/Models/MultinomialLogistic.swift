import NumericsCore

/// Multinomial logistic regression of the level that was chosen on what was observed, among the levels that were allowed.
///
/// Pr(a | x) = exp(xᵀβₐ) / Σ_{b allowed} exp(xᵀβ_b), the last level's β being 0. Maximises the log-likelihood less
/// ½ λ Σ β² (λ = 10⁻⁴ for each coefficient of a standardised column, which keeps separable data finite) by Newton's method
/// with halved steps (Böhning 1992, Annals of the Institute of Statistical Mathematics 44:197).
package struct MultinomialLogistic: Sendable {
    /// `coefficients[level · columns + column]`, 0 for the last level.
    let coefficients: [Double]
    let columns: Int
    let levels: Int

    static let penalty = 1e-4

    /// - Parameters:
    ///   - design: rows × columns, row after row, with an intercept among the columns.
    ///   - chosen: the level of each row.
    ///   - allowed: a bit for each allowed level of each row.
    /// - Throws: ``OffPolicyError/noFit(_:)`` where Newton's method does not come to an end.
    package init(design: [Double], columns: Int, chosen: [Int32], allowed: [UInt64], levels: Int) throws {
        self.columns = columns
        self.levels = levels
        var fit = Fit(design: design, columns: columns, chosen: chosen, allowed: allowed, levels: levels)
        coefficients = try fit.maximise()
    }

    /// The probabilities of a row's levels.
    package func probabilities(_ row: ArraySlice<Double>, allowed: UInt64) -> [Double] {
        Self.probabilities(coefficients, row, allowed, levels)
    }

    fileprivate static func probabilities(
        _ coefficients: [Double], _ row: ArraySlice<Double>, _ allowed: UInt64, _ levels: Int
    ) -> [Double] {
        let columns = row.count
        var scores = [Double](repeating: -.infinity, count: levels)
        for level in 0..<levels where allowed & (1 << UInt64(level)) != 0 {
            var score = 0.0
            for (column, value) in row.enumerated() { score += coefficients[level * columns + column] * value }
            scores[level] = score
        }
        let top = scores.max() ?? 0
        guard top > -.infinity else { return scores.map { _ in 0 } }
        var sum = 0.0
        for level in 0..<levels {
            scores[level] = scores[level] == -.infinity ? 0 : Elementary.exp(scores[level] - top)
            sum += scores[level]
        }
        return scores.map { $0 / sum }
    }

    private struct Fit {
        let design: [Double]
        let columns: Int
        let chosen: [Int32]
        let allowed: [UInt64]
        let levels: Int

        private func row(_ index: Int) -> ArraySlice<Double> { design[index * columns..<(index + 1) * columns] }

        private func objective(_ coefficients: [Double]) -> Double {
            var sum = 0.0
            for index in chosen.indices {
                let p = MultinomialLogistic.probabilities(coefficients, row(index), allowed[index], levels)
                sum += Elementary.log(max(p[Int(chosen[index])], 1e-300))
            }
            return sum - 0.5 * penalty * coefficients.reduce(0) { $0 + $1 * $1 }
        }

        mutating func maximise() throws -> [Double] {
            let free = (levels - 1) * columns
            var coefficients = [Double](repeating: 0, count: levels * columns)
            guard free > 0 else { return coefficients }
            var value = objective(coefficients)
            for _ in 0..<100 {
                let (gradient, information) = try derivatives(coefficients)
                let step: [Double]
                do { step = try Cholesky(of: information).solve(gradient) } catch {
                    throw OffPolicyError.noFit("the model of the behaviour is singular (\(error))")
                }
                // Twice the gain that a quadratic objective would have.
                let promise = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
                if promise < 1e-10 { return coefficients }
                var size = 1.0
                while true {
                    var trial = coefficients
                    for place in 0..<free { trial[place] += size * step[place] }
                    let reached = objective(trial)
                    if reached > value || size < 1e-6 {
                        if reached <= value { return coefficients }
                        (coefficients, value) = (trial, reached)
                        break
                    }
                    size /= 2
                }
            }
            throw OffPolicyError.noFit("the model of the behaviour has not come to an end in 100 steps")
        }

        private func derivatives(_ coefficients: [Double]) throws -> ([Double], Matrix) {
            let free = (levels - 1) * columns
            var gradient = (0..<free).map { -penalty * coefficients[$0] }
            var information = Matrix(rows: free, columns: free)
            for place in 0..<free { information[place, place] = penalty }
            for index in chosen.indices {
                let x = Array(row(index))
                let p = MultinomialLogistic.probabilities(coefficients, row(index), allowed[index], levels)
                for a in 0..<levels - 1 {
                    let residual = (Int(chosen[index]) == a ? 1 : 0) - p[a]
                    for j in 0..<columns { gradient[a * columns + j] += residual * x[j] }
                    for b in a..<levels - 1 where p[a] * p[b] > 0 {
                        let weight = a == b ? p[a] * (1 - p[a]) : -p[a] * p[b]
                        for j in 0..<columns {
                            let part = weight * x[j]
                            for k in 0..<columns { information[b * columns + k, a * columns + j] += part * x[k] }
                        }
                    }
                }
            }
            return (gradient, information)
        }
    }
}
