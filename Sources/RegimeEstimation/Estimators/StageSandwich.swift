import Evaluation
import NumericsCore

/// The error of the coefficients of linear stages from their estimating equations.
///
/// ```
/// IFᵢ = A⁻¹ Uᵢ      A = (1/n) Σ zᵢxᵢᵀ      Uᵢ = zᵢ(yᵢ − xᵢθ)      Var θ̂ = (1/n)·cov(IF)
/// ```
///
/// z is the weighted row of the design, or the instrument of G-estimation; the covariance has n − 1 below. As they stand these
/// are DTRreg's errors, which take weights and later stages as known. ``stacked(_:_:)`` adds what their estimation brings.
struct StageSandwich {
    let problem: RegimeProblem
    let estimator: LinearEstimator
    let fit: LinearFit

    /// Per stage, row-major influences of the coefficients, a row for each person of the stage.
    func influences() throws -> [[Double]] {
        try problem.stages.indices.map { index in
            let meat = scores(index)
            return try solved(index, meat)
        }
    }

    /// Standard errors of all coefficients of a stage from influences.
    static func errors(_ influences: [Double], width: Int, count: Int) -> [Double] {
        guard count > 1 else { return [Double](repeating: .nan, count: width) }
        let n = Double(count)
        return (0..<width).map { j in
            var (sum, squares) = (0.0, 0.0)
            for row in 0..<count { sum += influences[row * width + j] }
            for row in 0..<count {
                let deviation = influences[row * width + j] - sum / n
                squares += deviation * deviation
            }
            return (squares / (n - 1) / n).squareRoot()
        }
    }

    /// z of a stage, row-major: what residuals are multiplied with.
    private func multipliers(_ index: Int) -> [Double] {
        let stage = problem.stages[index]
        let result = fit.stages[index]
        let width = stage.width
        var values: [Double]
        if estimator.method == .a, let treatment = result.treatment {
            values = GEstimation.instruments(stage, treatment)
        } else {
            values = estimator.designs[index].values
        }
        for row in 0..<stage.count {
            for j in 0..<width { values[row * width + j] *= result.weights[row] }
        }
        return values
    }

    private func residual(_ index: Int, _ row: Int) -> Double {
        let result = fit.stages[index]
        return result.outcomes[row] - estimator.designs[index].predictor(row, result.coefficients[...])
    }

    private func scores(_ index: Int) -> [Double] {
        let stage = problem.stages[index]
        let width = stage.width
        var values = multipliers(index)
        for row in 0..<stage.count {
            let rest = residual(index, row)
            for j in 0..<width { values[row * width + j] *= rest }
        }
        return values
    }

    /// A⁻¹ times each row.
    private func solved(_ index: Int, _ rows: [Double]) throws -> [Double] {
        let stage = problem.stages[index]
        let width = stage.width
        let design = estimator.designs[index]
        let multipliers = multipliers(index)
        var left = Matrix(rows: width, columns: width)
        for row in 0..<stage.count {
            for i in 0..<width {
                let z = multipliers[row * width + i] / Double(stage.count)
                for j in 0..<width { left[i, j] += z * design.values[row * width + j] }
            }
        }
        // Columns in units of their size, so that the elimination does not depend on the covariates' units.
        let scales = (0..<width).map { abs(left[$0, $0]) > 0 ? abs(left[$0, $0]).squareRoot() : 1 }
        let scaled = Matrix(rows: width, columns: width) { left[$0, $1] / (scales[$0] * scales[$1]) }
        let factors: LUFactorization
        do { factors = try LUFactorization(of: scaled) } catch {
            throw EvaluationErrors("the error of the coefficients has no estimate: \(error)", at: stage.name)
        }
        var result = rows
        for row in 0..<stage.count {
            let right = (0..<width).map { rows[row * width + $0] / scales[$0] }
            for (j, value) in factors.solve(right).enumerated() { result[row * width + j] = value / scales[j] }
        }
        return result
    }
}

extension StageSandwich {
    /// Influences as ``influences()``, with what the estimation of treatment models and of later stages adds, for actions of
    /// two; regular where nobody's effect is 0.
    ///
    /// - Throws: ``EvaluationErrors`` for doses, more than two actions, ridge regression and censored outcomes.
    func stacked() throws -> [[Double]] {
        guard problem.survival == nil, estimator.ridge == nil,
            problem.stages.allSatisfy({ $0.levels.count == 2 })
        else {
            throw EvaluationErrors(
                "found 'stacked', allowed with two actions, no ridge penalty and no censoring alone; ask for the bootstrap",
                at: "intervals.method")
        }
        var later: [[Double]] = problem.stages.map { _ in [] }
        for index in problem.stages.indices.reversed() {
            let stage = problem.stages[index]
            let n = Double(stage.count)
            var rows = scores(index)
            if let treatment = fit.stages[index].treatment { addTreatment(index, treatment, to: &rows) }
            // The outcome holds later stages' coefficients; of who came there n/m, as their influence is a mean over m.
            for next in stage.persons.isEmpty ? 0..<0 : index + 1..<problem.stages.count {
                if estimator.pseudo == .predicted, next != index + 1 { break }
                let slopes = outcomeSlopes(index, next)
                let width = problem.stages[next].width
                let share = n / Double(problem.stages[next].count)
                for row in 0..<stage.count {
                    let other = problem.rowOf[next][stage.persons[row]]
                    guard other >= 0 else { continue }
                    for i in 0..<stage.width {
                        var sum = 0.0
                        for j in 0..<width { sum += slopes[i * width + j] * later[next][other * width + j] }
                        rows[row * stage.width + i] += share * sum
                    }
                }
            }
            later[index] = try solved(index, rows)
        }
        return later
    }

    /// (1/n) Σ z ∂y/∂θ of a later stage, row-major.
    private func outcomeSlopes(_ index: Int, _ next: Int) -> [Double] {
        let stage = problem.stages[index]
        let other = problem.stages[next]
        let (width, own) = (stage.width, other.width)
        let z = multipliers(index)
        var slopes = [Double](repeating: 0, count: width * own)
        var atBest = [Double](repeating: 0, count: own)
        var atObserved = [Double](repeating: 0, count: own)
        for row in 0..<stage.count {
            let place = problem.rowOf[next][stage.persons[row]]
            guard place >= 0 else { continue }
            other.fill(&atBest, at: 0, row: place, treatment: fit.stages[next].recommended[place])
            if estimator.pseudo == .observed {
                other.fill(&atObserved, at: 0, row: place, treatment: Double(other.actions[place]))
            }
            for i in 0..<width {
                let factor = z[row * width + i] / Double(stage.count)
                for j in 0..<own { slopes[i * own + j] += factor * (atBest[j] - atObserved[j]) }
            }
        }
        return slopes
    }

    /// Adds (1/n) Σ ∂U/∂α times the influence of the treatment model's coefficients.
    private func addTreatment(_ index: Int, _ treatment: TreatmentFit, to rows: inout [Double]) {
        let stage = problem.stages[index]
        let design = stage.propensity
        let (width, own) = (stage.width, design.width)
        let n = Double(stage.count)
        var information = Matrix(rows: own, columns: own)
        var slopes = [Double](repeating: 0, count: width * own)
        for row in 0..<stage.count where stage.isOpen(row) {
            let p = treatment.probabilities[row * 2 + 1]
            let rest = residual(index, row)
            let x = design.row(row)
            let step = p * (1 - p)
            for i in 0..<own {
                for j in 0..<own { information[i, j] += step * x[x.startIndex + i] * x[x.startIndex + j] / n }
            }
            let slope = multiplierSlope(index, row, p)
            for i in 0..<width {
                for j in 0..<own { slopes[i * own + j] += rest * slope[i] * step * x[x.startIndex + j] / n }
            }
        }
        guard let factor = try? Cholesky(of: information) else { return }
        for row in 0..<stage.count where stage.isOpen(row) {
            let rest = Double(stage.actions[row]) - treatment.probabilities[row * 2 + 1]
            let influence = factor.solve(design.row(row).map { $0 * rest })
            for i in 0..<width {
                var sum = 0.0
                for j in 0..<own { sum += slopes[i * own + j] * influence[j] }
                rows[row * width + i] += sum
            }
        }
    }

    /// ∂z/∂p of a person.
    private func multiplierSlope(_ index: Int, _ row: Int, _ p: Double) -> [Double] {
        let stage = problem.stages[index]
        let width = stage.width
        let treated = stage.actions[row] == 1
        if estimator.method == .a {
            var slope = [Double](repeating: 0, count: width)
            for j in 0..<(width - stage.free.width) {
                slope[stage.free.width + j] = -stage.blocks[0].design.values[row * (width - stage.free.width) + j]
            }
            return slope
        }
        let factor: Double =
            switch estimator.weight {
            case .overlap: treated ? -1 : 1
            case .ipw, .cipw: treated ? -1 / (p * p) : 1 / ((1 - p) * (1 - p))
            case .qpom, .none: 0
            }
        return estimator.designs[index].row(row).map { factor * $0 }
    }
}
