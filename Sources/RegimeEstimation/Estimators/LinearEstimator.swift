import Evaluation
import NumericsCore
import Outcomes

/// Backward induction with linear models: Q-learning, A-learning and dynamic weighted least squares.
///
/// Stage by stage from the last: the outcome is what was gained there and later under the rules found so far; the model is
/// `free(h)·β + g(a)·blip(h)·ψ`; the rule takes the allowed treatment with the largest effect.
///
/// - Q-learning (Murphy 2005): least squares; ridge where it is asked for.
/// - dWOLS (Wallace and Moodie 2015): weighted least squares with balancing weights.
/// - A-learning by G-estimation (Robins 2004): Σ (free, (g(a) − E g(A | h))·blip)·(y − model) = 0.
struct LinearEstimator: Sendable {
    let problem: RegimeProblem
    let method: RegimeRequest.Method
    let weight: RegimeRequest.Weight
    let pseudo: RegimeRequest.Pseudo
    let ridge: Double?
    /// Per stage, the columns at what was given.
    let designs: [Design]

    init(_ problem: RegimeProblem, _ request: RegimeRequest) {
        self.problem = problem
        method = request.method
        weight = request.weight
        pseudo = request.pseudo ?? (request.method == .q ? .predicted : .observed)
        if case .ridge(let penalty) = request.learner { ridge = penalty } else { ridge = nil }
        designs = problem.stages.map { $0.observedDesign() }
    }

    private var isLog: Bool { problem.survival?.outcome == .log }

    /// Fits all stages.
    ///
    /// - Parameters:
    ///   - frequency: how often each person counts.
    ///   - isPrinted: whether digits matter: by QR, with an error that names what is wrong.
    func fit(frequency: [Double], isPrinted: Bool) throws -> LinearFit {
        var stages = [LinearFit.Stage?](repeating: nil, count: problem.stages.count)
        let censoring = try censoringFit(frequency)
        // What is gained from the next stage on, by person.
        var later = [Double](repeating: 0, count: problem.count)
        for index in problem.stages.indices.reversed() {
            let stage = problem.stages[index]
            let counts = stage.persons.map { frequency[$0] }
            let outcomes = outcomes(stage, index, later)
            let isTreatmentNeeded = method == .a || method == .dwols && weight != .none
            let treatment = isTreatmentNeeded ? try TreatmentFit(stage, frequency: counts) : nil
            var weights = try StageCensoring(
                problem, stage: index, fit: censoring, predictsLater: pseudo == .predicted && !isLog,
                frequency: counts
            ).weights
            if method == .dwols, let treatment {
                let balancing = try BalancingWeights.weights(weight, stage, treatment, frequency: counts)
                for row in weights.indices { weights[row] *= balancing[row] }
            }
            let coefficients = try solve(
                index, outcomes, weights, counts, treatment, isPrinted: isPrinted)
            let effect = StageEffect(stage, coefficients, direction: problem.direction)
            var best = [Double](repeating: 0, count: stage.count)
            for row in 0..<stage.count {
                let choice = effect.best(row)
                best[row] = choice.treatment
                later[stage.persons[row]] = carried(
                    stage, row, outcomes[row], choice.effect, effect, coefficients, later)
            }
            stages[index] = LinearFit.Stage(
                coefficients: coefficients, outcomes: outcomes, weights: weights, treatment: treatment,
                recommended: best)
        }
        return LinearFit(stages: stages.compactMap { $0 }, carried: later)
    }

    /// The outcome of a stage: its reward and what follows under the later rules; the log of the time on that scale.
    private func outcomes(_ stage: StageData, _ index: Int, _ later: [Double]) -> [Double] {
        (0..<stage.count).map { row in
            let person = stage.persons[row]
            let follows = index + 1 < problem.stages.count && problem.rowOf[index + 1][person] >= 0
            let gained = follows ? later[person] : 0
            return isLog ? Elementary.log(stage.time[row] + gained) : stage.reward[row] + gained
        }
    }

    /// What a person gains from this stage on under the rules.
    private func carried(
        _ stage: StageData, _ row: Int, _ outcome: Double, _ best: Double, _ effect: StageEffect,
        _ coefficients: [Double], _ later: [Double]
    ) -> Double {
        if isLog {
            let time = stage.time[row]
            let follows = Elementary.exp(outcome) - time
            return time * Elementary.exp(best - effect.observed(row)) + follows
        }
        switch pseudo {
        case .observed: return outcome + best - effect.observed(row)
        case .predicted: return stage.free.predictor(row, coefficients[..<stage.free.width]) + best
        }
    }

    private func censoringFit(_ frequency: [Double]) throws -> CensoringFit? {
        guard let survival = problem.survival, survival.outcome != .pseudo, survival.model != .logistic else {
            return nil
        }
        return try CensoringFit(survival, frequency: frequency)
    }

    private func solve(
        _ index: Int, _ outcomes: [Double], _ weights: [Double], _ counts: [Double], _ treatment: TreatmentFit?,
        isPrinted: Bool
    ) throws -> [Double] {
        let stage = problem.stages[index]
        let design = designs[index]
        let combined = zip(weights, counts).map { $0 * $1 }
        if method == .a, let treatment {
            return try GEstimation.solve(stage, design, outcomes, combined, treatment)
        }
        if let ridge {
            if let found = WeightedRegression.ridge(design, outcomes, combined, penalty: ridge) { return found }
            throw EvaluationErrors("the ridge regression has no solution; ask for a larger penalty", at: stage.name)
        }
        if isPrinted { return try WeightedRegression.solve(design, outcomes, combined, stage: stage.name) }
        guard let found = WeightedRegression.solveFast(design, outcomes, combined) else {
            throw EvaluationErrors("the columns of the outcome model depend on each other", at: stage.name)
        }
        return found
    }
}

/// Coefficients of every stage, and what followed from them.
struct LinearFit: Sendable {
    struct Stage: Sendable {
        /// Treatment-free ones first, then those of each block of the effect.
        let coefficients: [Double]
        /// What was regressed.
        let outcomes: [Double]
        /// Balancing times censoring weights.
        let weights: [Double]
        let treatment: TreatmentFit?
        /// The code of the recommended action, or the recommended dose.
        let recommended: [Double]
    }

    let stages: [Stage]
    /// Per person, what is gained from the first stage on under the regime, as the pseudo-outcomes have it.
    let carried: [Double]
}
