import Evaluation
import NumericsCore
import Outcomes

/// Backward induction for rules that are searched and not solved for: policy trees and weighted classification.
///
/// Each stage has an outcome model and a treatment model, fitted to the people of the other folds, and from them
///
/// ```
/// Γᵢ(a) = Q(hᵢ, a) + 1(Aᵢ = a)/π(a | hᵢ)·(Rᵢ + Γᵢ'(d') − Q(hᵢ, Aᵢ))
/// ```
///
/// with Γ'(d') of the next stage under its rule. The mean of Γ(d) is the doubly robust value of a rule d.
/// Source: Athey and Wager 2021, Econometrica 89:133; over stages Nordland and Holst 2023, arXiv 2212.02335, section 3.
struct ScoredInduction {
    /// What a rule of one stage is learned from.
    struct Input {
        let index: Int
        let stage: StageData
        /// Γ, row-major by action, larger being better.
        let scores: [Double]
        /// R + Γ'(d'), larger being better.
        let outcomes: [Double]
        let propensities: [Double]
        /// 0 for who is censored, else the weight of not being so.
        let known: [Double]
        /// Per person, whether all later recommendations were followed, with the weight Π 1/π; 0 where not.
        let followed: [Double]
        /// What was gained from this stage on, as it was; larger being better.
        let gained: [Double]
    }

    let learned: [LearnedStage]

    init(
        _ problem: RegimeProblem, _ request: RegimeRequest, folds: Int,
        learn: (Input) throws -> [Int]
    ) throws {
        let fold = Self.folds(problem.count, folds, seed: request.intervals.seed)
        let ones = [Double](repeating: 1, count: problem.count)
        var censoring: CensoringFit?
        if let survival = problem.survival, survival.outcome != .pseudo {
            censoring = try CensoringFit(survival, frequency: ones)
        }
        var learned = [LearnedStage?](repeating: nil, count: problem.stages.count)
        var (predicted, scored, gained) = (ones.map { _ in 0.0 }, ones.map { _ in 0.0 }, ones.map { _ in 0.0 })
        var followed = ones
        for index in problem.stages.indices.reversed() {
            let stage = problem.stages[index]
            let levels = stage.levels.count
            let known = try StageCensoring(
                problem, stage: index, fit: censoring, predictsLater: true, frequency: stage.persons.map { _ in 1 }
            ).weights
            func later(_ values: [Double]) -> [Double] {
                (0..<stage.count).map { row in
                    let person = stage.persons[row]
                    let next = index + 1 < problem.stages.count && problem.rowOf[index + 1][person] >= 0
                    return stage.reward[row] + (next ? values[person] : 0)
                }
            }
            let nuisance = try Nuisance(
                stage, outcomes: later(predicted), weights: known, fold: stage.persons.map { fold[$0] }, folds: folds)
            let outcomes = later(scored)
            var scores = [Double](repeating: 0, count: stage.count * levels)
            for row in 0..<stage.count {
                for action in 0..<levels { scores[row * levels + action] = nuisance.values[row * levels + action] }
                let at = row * levels + stage.actions[row]
                let p = nuisance.propensities[at]
                if p > 0, known[row] > 0 { scores[at] += known[row] * (outcomes[row] - nuisance.values[at]) / p }
            }
            let real = later(gained)
            let input = Input(
                index: index, stage: stage,
                scores: Self.masked(stage, scores.map { problem.direction * $0 }, nuisance, problem.direction),
                outcomes: outcomes.map { problem.direction * $0 }, propensities: nuisance.propensities, known: known,
                followed: stage.persons.map { followed[$0] }, gained: real.map { problem.direction * $0 })
            var actions = try learn(input)
            for row in 0..<stage.count where !stage.isAllowed(row, actions[row]) {
                actions[row] = Self.fallback(stage, row, nuisance, problem.direction)
            }
            for row in 0..<stage.count {
                let person = stage.persons[row]
                let at = row * levels + actions[row]
                predicted[person] = nuisance.values[at]
                scored[person] = scores[at]
                gained[person] = real[row]
                let p = nuisance.propensities[at]
                followed[person] *= stage.actions[row] == actions[row] && p > 0 ? 1 / p : 0
            }
            learned[index] = LearnedStage(
                recommended: actions.map(Double.init), actionValues: nuisance.values,
                observedValues: (0..<stage.count).map { nuisance.values[$0 * levels + stage.actions[$0]] },
                bestValues: (0..<stage.count).map { nuisance.values[$0 * levels + actions[$0]] },
                propensities: nuisance.propensities)
        }
        self.learned = learned.compactMap { $0 }
    }

    /// The fold of each person; all folds as equal in size as there can be.
    private static func folds(_ count: Int, _ folds: Int, seed: UInt64) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: .split, replicate: 0, patient: 0)
        var fold = [Int](repeating: 0, count: count)
        for (place, person) in stream.nextPermutation(count: count).enumerated() { fold[person] = place % folds }
        return fold
    }

    /// What is given where the rule's action is not allowed: the allowed one with the best predicted outcome.
    private static func fallback(_ stage: StageData, _ row: Int, _ nuisance: Nuisance, _ direction: Double) -> Int {
        let levels = stage.levels.count
        var best = 0
        var gain = -Double.infinity
        for action in 0..<levels where stage.isAllowed(row, action) {
            let value = direction * nuisance.values[row * levels + action]
            if value > gain { (best, gain) = (action, value) }
        }
        return best
    }

    /// Scores in which an action that is not allowed counts as what is given in its place.
    private static func masked(
        _ stage: StageData, _ scores: [Double], _ nuisance: Nuisance, _ direction: Double
    ) -> [Double] {
        guard stage.allowed != nil else { return scores }
        var scores = scores
        let levels = stage.levels.count
        for row in 0..<stage.count {
            let instead = fallback(stage, row, nuisance, direction)
            for action in 0..<levels where !stage.isAllowed(row, action) {
                scores[row * levels + action] = scores[row * levels + instead]
            }
        }
        return scores
    }
}

/// The outcome and treatment models of a stage, each person's from the people of other folds.
private struct Nuisance {
    /// Q(h, a), row-major by action.
    private(set) var values: [Double]
    private(set) var propensities: [Double]

    init(_ stage: StageData, outcomes: [Double], weights: [Double], fold: [Int], folds: Int) throws {
        let levels = stage.levels.count
        let design = stage.observedDesign()
        values = [Double](repeating: 0, count: stage.count * levels)
        propensities = values
        for own in 0..<folds {
            let outside = fold.map { folds == 1 || $0 != own ? 1.0 : 0 }
            let combined = zip(weights, outside).map { $0 * $1 }
            let coefficients = try WeightedRegression.solve(design, outcomes, combined, stage: stage.name)
            let treatment = try TreatmentFit(stage, frequency: outside)
            let effect = StageEffect(stage, coefficients, direction: 1)
            for row in 0..<stage.count where fold[row] == own {
                let free = stage.free.predictor(row, coefficients[..<stage.free.width])
                for action in 0..<levels {
                    values[row * levels + action] = free + effect.effect(row, action: action)
                    propensities[row * levels + action] = treatment.probabilities[row * levels + action]
                }
            }
        }
    }
}
