import Evaluation
import NumericsCore
import Outcomes

/// How treatment was chosen in a stage, as the treatment model has it.
struct TreatmentFit: Sendable {
    /// P(A = a | x), row-major by action; empty with doses.
    let probabilities: [Double]
    /// E(dose | x); empty with actions.
    let means: [Double]
    /// The dispersion of doses: Pearson's χ² over n − p.
    let dispersion: Double
    /// Of the logistic regression of a choice between two; empty otherwise.
    let coefficients: [Double]

    /// - Parameter frequency: how often each row of the stage counts.
    /// - Throws: ``EvaluationErrors`` where the covariates tell the treatments apart.
    init(_ stage: StageData, frequency: [Double]) throws {
        guard !stage.isDose else {
            (means, dispersion) = try Self.doses(stage, frequency)
            probabilities = []
            coefficients = []
            return
        }
        means = []
        dispersion = 1
        let levels = stage.levels.count
        // Where there was nothing to choose the choice says nothing about how it was made.
        let weights =
            stage.allowed == nil
            ? frequency : frequency.indices.map { stage.isOpen($0) ? frequency[$0] : 0 }
        var p: [Double]
        if levels == 2 {
            let fit = LogisticFit(stage.propensity, stage.actions.map(Double.init), weights)
            if let failure = fit.failure { throw Self.error(failure, stage) }
            coefficients = fit.coefficients
            p = [Double](repeating: 0, count: stage.count * 2)
            for row in 0..<stage.count {
                p[row * 2] = 1 - fit.probabilities[row]
                p[row * 2 + 1] = fit.probabilities[row]
            }
        } else {
            let choices = MultinomialLogistic.Choices(
                design: stage.propensity.values, columns: stage.propensity.width, chosen: stage.actions,
                levels: levels, weights: weights)
            guard let fit = try? MultinomialLogistic(choices) else { throw Self.error(.separated(0), stage) }
            coefficients = []
            p = fit.probabilities(choices)
        }
        if stage.allowed != nil { Self.mask(&p, stage) }
        probabilities = p
    }

    /// Probabilities among the allowed actions alone.
    private static func mask(_ p: inout [Double], _ stage: StageData) {
        let levels = stage.levels.count
        for row in 0..<stage.count {
            var sum = 0.0
            for action in 0..<levels {
                if !stage.isAllowed(row, action) { p[row * levels + action] = 0 }
                sum += p[row * levels + action]
            }
            for action in 0..<levels where sum > 0 { p[row * levels + action] /= sum }
        }
    }

    private static func doses(_ stage: StageData, _ frequency: [Double]) throws -> ([Double], Double) {
        let design = stage.propensity
        let family = stage.hasGammaDoses ? GeneralizedLinearModel.Family.gamma : .gaussian
        let n = frequency.reduce(0, +)
        var fitted: [Double]
        if family == .gaussian {
            guard let beta = WeightedRegression.solveFast(design, stage.doses, frequency) else {
                throw EvaluationErrors("the treatment model's covariates depend on each other", at: stage.name)
            }
            fitted = (0..<stage.count).map { design.predictor($0, beta[...]) }
        } else {
            let rows = frequency.indices.filter { frequency[$0] > 0 }
            let columns = (1..<max(1, design.width)).map { j in
                CovariateColumn(design.names[j], rows.map { design.values[$0 * design.width + j] })
            }
            let model = try GeneralizedLinearModel(
                rows.map { stage.doses[$0] }, covariates: columns, family: .gamma, link: .log,
                weights: rows.map { frequency[$0] })
            let beta = model.coefficients.map(\.estimate)
            fitted = (0..<stage.count).map { Elementary.exp(design.predictor($0, beta[...])) }
        }
        var squares = 0.0
        for row in 0..<stage.count where frequency[row] > 0 {
            let residual = stage.doses[row] - fitted[row]
            squares += frequency[row] * residual * residual / (stage.hasGammaDoses ? fitted[row] * fitted[row] : 1)
        }
        return (fitted, squares / (n - Double(design.width)))
    }

    private static func error(_ failure: LogisticFit.Failure, _ stage: StageData) -> EvaluationErrors {
        switch failure {
        case .collinear:
            EvaluationErrors(
                "the columns of the treatment model depend on each other: "
                    + stage.propensity.names.joined(separator: ", "), at: stage.name)
        case .separated(let column):
            EvaluationErrors(
                "the treatment model has no finite estimate: '\(stage.propensity.names[column])' tells the treatments apart, "
                    + "so some people could have had one action only; leave it out, or say who may have what by 'allowed'",
                at: stage.name)
        }
    }
}
