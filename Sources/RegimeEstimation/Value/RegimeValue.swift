import Evaluation
import NumericsCore
import Outcomes

/// The mean outcome if everybody was treated by the regime.
///
/// ```
/// AIPW:  ψᵢ = Q₁(hᵢ₁, d₁) + Σₖ ρᵢₖ (Rᵢₖ + Qₖ₊₁(hᵢₖ₊₁, dₖ₊₁) − Qₖ(hᵢₖ, Aᵢₖ)),     ρᵢₖ = Πⱼ≤ₖ 1(Aᵢⱼ = dⱼ)/π̂ⱼ(Aᵢⱼ)
/// IPW:   Σ ρᵢYᵢ / Σ ρᵢ          G-formula:  mean of Q₁(h₁, d₁)
/// ```
///
/// The error of AIPW is that of its influence function, ψᵢ − ψ̄, with nuisance models as good as known (right where both are
/// consistent; the regime counts as fixed). With censoring ρ holds the weights of not being censored too.
/// Source: Zhang, Tsiatis, Laber and Davidian 2013, Biometrika 100:681; Tsiatis and others 2019, Dynamic treatment regimes, section 6.4.
struct RegimeValue: Sendable {
    /// ψ of each person, nil where the regime is of doses or times on the log scale of several stages.
    let influence: [Double]?
    /// ρ over all stages that a person came to.
    let weights: [Double]
    let outcomes: [Double]
    /// Q₁ at the recommended treatment, of each person.
    let predicted: [Double]

    init(_ problem: RegimeProblem, _ stages: [LearnedStage]) throws {
        var weights = [Double](repeating: 1, count: problem.count)
        var influence = [Double](repeating: 0, count: problem.count)
        let hasDoses = problem.stages.contains(where: \.isDose)
        let isLog = problem.survival?.outcome == .log
        let censoring = try Self.censoring(problem)
        predicted = stages[0].bestValues
        for person in 0..<problem.count { influence[person] = stages[0].bestValues[problem.rowOf[0][person]] }
        for (index, stage) in problem.stages.enumerated() where !hasDoses {
            let learned = stages[index]
            for row in 0..<stage.count {
                let person = stage.persons[row]
                let action = stage.actions[row]
                let follows = Double(action) == learned.recommended[row]
                let p = learned.propensities[row * stage.levels.count + action]
                weights[person] *= follows && p > 0 ? 1 / p : 0
                let next = index + 1 < problem.stages.count ? problem.rowOf[index + 1][person] : -1
                var known = 1.0
                if let censoring { known = censoring.weight(problem, index, row, hasNext: next >= 0) }
                let gained =
                    isLog
                    ? Elementary.log(stage.time[row])
                    : stage.reward[row] + (next >= 0 ? stages[index + 1].bestValues[next] : 0)
                if weights[person] != 0, known != 0 {
                    influence[person] += weights[person] * known * (gained - learned.observedValues[row])
                }
            }
        }
        if let censoring {
            for person in 0..<problem.count { weights[person] *= censoring.total(problem, person) }
        }
        self.weights = weights
        self.influence = hasDoses || isLog && stages.count > 1 ? nil : influence
        outcomes = (0..<problem.count).map { person in
            isLog ? Elementary.log(problem.survival?.times[person] ?? 1) : problem.total(person)
        }
    }

    private static func censoring(_ problem: RegimeProblem) throws -> ValueCensoring? {
        guard let survival = problem.survival, survival.outcome != .pseudo else { return nil }
        let ones = [Double](repeating: 1, count: problem.count)
        return ValueCensoring(survival: survival, fit: try CensoringFit(survival, frequency: ones))
    }

    /// The mean of ψ over some people with its error.
    func doublyRobust(_ people: [Int], level: ConfidenceLevel) -> Estimated<Estimate> {
        guard let influence else {
            return .undefined(
                .init(
                    code: "no-aipw",
                    reason: "doubly robust values are of actions, and of times on the log scale with one stage"))
        }
        return Self.mean(people.map { influence[$0] }, level)
    }

    /// Σ ρY / Σ ρ with the error of its linear form.
    func weighted(_ people: [Int], level: ConfidenceLevel) -> Estimated<Estimate> {
        guard influence != nil else { return doublyRobust(people, level: level) }
        let total = people.reduce(0) { $0 + weights[$1] }
        guard total > 0 else {
            return .undefined(.init(code: "nobody-follows", reason: "nobody was treated as the regime recommends"))
        }
        let value = people.reduce(0) { $0 + weights[$1] * outcomes[$1] } / total
        let squares = people.reduce(0) { sum, person in
            let part = weights[person] * (outcomes[person] - value)
            return sum + part * part
        }
        return .value(Estimate(normal: value, standardError: squares.squareRoot() / total, level: level))
    }

    /// The mean of Q₁ at the recommended treatment; its error is that of the mean of the people alone.
    func predictedMean(_ people: [Int], level: ConfidenceLevel) -> Estimated<Estimate> {
        Self.mean(people.map { predicted[$0] }, level)
    }

    /// (Σ ρ)² / Σ ρ².
    func effectiveSampleSize(_ people: [Int]) -> Double {
        let (sum, squares) = people.reduce((0.0, 0.0)) { ($0.0 + weights[$1], $0.1 + weights[$1] * weights[$1]) }
        return squares > 0 ? sum * sum / squares : 0
    }

    private static func mean(_ values: [Double], _ level: ConfidenceLevel) -> Estimated<Estimate> {
        guard values.count > 1 else {
            return .undefined(
                .init(code: "few-people", reason: "\(values.count) people: a mean with an error needs two"))
        }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return .value(Estimate(normal: mean, standardError: (squares / (n - 1) / n).squareRoot(), level: level))
    }
}

/// Weights of not being censored, as the value needs them.
private struct ValueCensoring {
    let survival: SurvivalOutcome
    let fit: CensoringFit

    /// Of what is gained in a stage: up to the next stage where there is one and it has a time, else to the end.
    func weight(_ problem: RegimeProblem, _ index: Int, _ row: Int, hasNext: Bool) -> Double {
        let stage = problem.stages[index]
        let person = stage.persons[row]
        if hasNext {
            let next = problem.stages[index + 1]
            return 1 / max(fit.before(next.start[problem.rowOf[index + 1][person]], person), 1e-12)
        }
        return total(problem, person)
    }

    func total(_ problem: RegimeProblem, _ person: Int) -> Double {
        guard survival.isKnown(person) else { return 0 }
        let end = survival.outcome == .log ? survival.times[person] : min(survival.times[person], survival.tau)
        return 1 / max(fit.before(end, person), 1e-12)
    }
}
