import ModelLanguage
import NumericsCore

@testable import Regimes

/// A linear-quadratic problem of three visits: `x' = 0.8 x + 0.5 a + e`, gain `−x'² − 0.3 a²`, values by Riccati's recursion.
struct LinearQuadratic {
    let visits = 3
    let a = 0.8
    let b = 0.5
    let cost = 0.3
    /// The variance of e.
    var variance = 0.0

    /// The same problem with another noise.
    func noisy(variance: Double) -> LinearQuadratic { LinearQuadratic(variance: variance) }

    static let variables = DecisionVariables(
        columns: [InputSymbol("x")], measurements: [], actions: ["dose"], memory: LearningFrame.memory(for: ["dose"]))

    /// For each visit the curvature p and the constant c of `V(x) = −p x² − c`.
    private var riccati: [(p: Double, c: Double)] {
        var later = (p: 0.0, c: 0.0)
        var values = [(p: Double, c: Double)](repeating: later, count: visits)
        for visit in stride(from: visits - 1, through: 0, by: -1) {
            let weight = 1 + later.p
            // The best action is −(ab·weight) x / (cost + b²·weight).
            let p = weight * a * a - weight * weight * a * a * b * b / (cost + weight * b * b)
            later = (p, later.c + weight * variance)
            values[visit] = later
        }
        return values
    }

    /// `Q*(visit, x, action)`.
    func exact(_ visit: Int, _ x: Double, _ action: Double) -> Double {
        let later = visit + 1 < visits ? riccati[visit + 1] : (p: 0, c: 0)
        let next = a * x + b * action
        return -(1 + later.p) * (next * next + variance) - cost * action * action - later.c
    }

    /// The worst distance of a value function from `Q*` where the data lie.
    func worstError(_ found: (Int, Double, Double) -> Double) -> Double {
        var worst = 0.0
        for visit in 0..<visits {
            for x in stride(from: -1.0, through: 1, by: 0.25) {
                for action in stride(from: -1.0, through: 1, by: 0.25) {
                    worst = max(worst, abs(found(visit, x, action) - exact(visit, x, action)))
                }
            }
        }
        return worst
    }

    /// - Parameter step: the distance of the actions, from −3 to 3.
    func frame(step: Double) throws -> LearningFrame {
        try LearningFrame(
            base: RuleRegime(start: [.rule("dose <- 0")], later: [], variables: Self.variables),
            features: .rule("state <- x"), apply: .rule("dose <- action"),
            actions: Array(stride(from: -3, through: 3, by: step)), neutral: 0, variables: Self.variables)
    }

    func learner(ridge: Double) throws -> FittedQIteration {
        try FittedQIteration(
            reward: .rule("-days_above - \(cost) * action^2"), variables: Self.variables, discount: 1, ridge: ridge)
    }

    /// Random actions between −1 and 1 from random states.
    func log(patients: Int, noise: Double) -> DecisionLog {
        var log = DecisionLog(variables: Self.variables, visits: visits, patients: patients)
        guard let xSlot = Self.variables.slot("x"), let actionSlot = Self.variables.slot("action") else { return log }
        for patient in 0..<patients {
            var stream = RandomStream(seed: 11, purpose: .learning, replicate: 0, patient: UInt32(patient))
            var x = 2 * stream.nextUniform() - 1
            for visit in 0..<visits {
                let action = 2 * stream.nextUniform() - 1
                log.isPresent[visit][patient] = true
                log.snapshots[visit][xSlot][patient] = x
                log.snapshots[visit][actionSlot][patient] = action
                x = a * x + b * action + noise * stream.nextNormal()
                log.outcomes[visit][3][patient] = x * x
            }
        }
        return log
    }
}
