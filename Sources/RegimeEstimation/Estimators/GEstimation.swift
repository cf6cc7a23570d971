import Evaluation
import NumericsCore

/// G-estimation of a stage: the coefficients at which instruments and residuals are uncorrelated.
///
/// ```
/// Σ wᵢ (freeᵢ, (g(Aᵢ) − E[g(A) | hᵢ])·blipᵢ)ᵀ (yᵢ − freeᵢ·β − g(Aᵢ)·blipᵢ·ψ) = 0
/// ```
///
/// The estimate of ψ is right where the treatment model is, or the treatment-free model. Source: Robins 2004, section 3;
/// Wallace, Moodie and Stephens 2017, J Stat Softw 80(2), equation 4.
enum GEstimation {
    /// - Throws: ``EvaluationErrors`` where the equations have no one solution.
    static func solve(
        _ stage: StageData, _ design: Design, _ outcomes: [Double], _ weights: [Double], _ treatment: TreatmentFit
    ) throws -> [Double] {
        let width = design.width
        let instruments = instruments(stage, treatment)
        var scales = [Double](repeating: 0, count: width)
        for row in 0..<stage.count {
            for j in 0..<width { scales[j] += design.values[row * width + j] * design.values[row * width + j] }
        }
        scales = scales.map { $0 > 0 ? $0.squareRoot() : 1 }
        var left = Matrix(rows: width, columns: width)
        var right = [Double](repeating: 0, count: width)
        for row in 0..<stage.count where weights[row] > 0 {
            for i in 0..<width {
                let z = weights[row] * instruments[row * width + i] / scales[i]
                right[i] += z * outcomes[row]
                for j in 0..<width { left[i, j] += z * design.values[row * width + j] / scales[j] }
            }
        }
        do {
            return zip(try LUFactorization(of: left).solve(right), scales).map { $0 / $1 }
        } catch {
            throw EvaluationErrors(
                "the estimating equations have no one solution: covariates of the blip or of the treatment-free model "
                    + "depend on each other", at: stage.name)
        }
    }

    /// Row-major beside the design: the treatment-free columns, and those of the effect with g(A) − E[g(A) | h] for g(A).
    static func instruments(_ stage: StageData, _ treatment: TreatmentFit) -> [Double] {
        let width = stage.width
        let levels = stage.levels.count
        var values = [Double](repeating: 0, count: stage.count * width)
        for row in 0..<stage.count {
            let start = row * width
            for j in 0..<stage.free.width { values[start + j] = stage.free.values[row * stage.free.width + j] }
            var at = start + stage.free.width
            for block in stage.blocks {
                let factor: Double
                switch block.function {
                case .action(let code):
                    factor = (stage.actions[row] == code ? 1 : 0) - treatment.probabilities[row * levels + code]
                case .dose: factor = stage.doses[row] - treatment.means[row]
                case .square:
                    factor =
                        stage.doses[row] * stage.doses[row] - treatment.dispersion
                        - treatment.means[row] * treatment.means[row]
                }
                let own = block.design.width
                for j in 0..<own { values[at + j] = factor * block.design.values[row * own + j] }
                at += own
            }
        }
        return values
    }
}
