import Evaluation
import NumericsCore
import Outcomes

/// What a policy was found to be in every stage, whatever the method: enough to value it and to print it.
struct LearnedStage: Sendable {
    /// Codes of the recommended actions, or recommended doses, a row for each person of the stage.
    let recommended: [Double]
    /// Q(h, a) of the outcome from this stage on, row-major by action; empty with doses.
    let actionValues: [Double]
    /// Q(h, what was given).
    let observedValues: [Double]
    /// Q(h, what is recommended).
    let bestValues: [Double]
    /// P(A = a | h), row-major by action; empty with doses.
    let propensities: [Double]
}

extension LinearEstimator {
    /// The stages of a fit with their outcome models and propensities.
    func learned(_ fit: LinearFit) throws -> [LearnedStage] {
        try problem.stages.indices.map { index in
            let stage = problem.stages[index]
            let result = fit.stages[index]
            let effect = StageEffect(stage, result.coefficients, direction: problem.direction)
            let free = (0..<stage.count).map { stage.free.predictor($0, result.coefficients[..<stage.free.width]) }
            let ones = [Double](repeating: 1, count: stage.count)
            let treatment = try result.treatment ?? TreatmentFit(stage, frequency: ones)
            var values: [Double] = []
            if !stage.isDose {
                values.reserveCapacity(stage.count * stage.levels.count)
                for row in 0..<stage.count {
                    for action in stage.levels.indices { values.append(free[row] + effect.effect(row, action: action)) }
                }
            }
            return LearnedStage(
                recommended: result.recommended, actionValues: values,
                observedValues: (0..<stage.count).map { free[$0] + effect.observed($0) },
                bestValues: (0..<stage.count).map { free[$0] + effect.best($0).effect },
                propensities: treatment.probabilities)
        }
    }
}
