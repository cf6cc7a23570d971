import ModelLanguage
import NumericsCore

@testable import Regimes

/// A Markov decision problem with two states and two actions whose exact values the test finds by backward induction.
///
/// At the foot (0), action 1 costs 1 and climbs to the top; action 0 gains 0.4 and stays. At the top (1), action 0 gains 2
/// and falls, action 1 loses 0.5 and stays. So the best first move depends on how many visits are left.
struct Ladder {
    var visits = 3
    var discount = 0.9
    /// The chance that action 1 ends treatment by an event.
    var eventRate = 0.0

    func gain(_ state: Int, _ action: Int) -> Double {
        state == 0 ? (action == 1 ? -1 : 0.4) : (action == 1 ? -0.5 : 2)
    }

    func following(_ state: Int, _ action: Int) -> Int { action == 1 ? 1 : 0 }

    /// `values[visit][state][action]`: exact, from the last visit backwards.
    var exact: [[[Double]]] {
        var values = [[[Double]]](repeating: [], count: visits)
        var best = [0.0, 0.0]
        for visit in stride(from: visits - 1, through: 0, by: -1) {
            values[visit] = (0...1).map { state in
                (0...1).map { action in
                    let goesOn = action == 1 ? 1 - eventRate : 1
                    let later = visit + 1 < visits ? goesOn * best[following(state, action)] : 0
                    return gain(state, action) + discount * later
                }
            }
            best = values[visit].map { max($0[0], $0[1]) }
        }
        return values
    }

    static let variables = DecisionVariables(
        columns: [InputSymbol("state"), InputSymbol("noise")], measurements: [], actions: ["dose"],
        memory: LearningFrame.memory(for: ["dose"]))

    static func frame(features: String = "state_now <- state") throws -> LearningFrame {
        try LearningFrame(
            base: RuleRegime(start: [.rule("dose <- 0")], later: [], variables: variables), features: .rule(features),
            apply: .rule("dose <- action"), actions: [0, 1], neutral: 0, variables: variables)
    }

    static func learner(ridge: Double = 1e-9, discount: Double = 0.9) throws -> FittedQIteration {
        try FittedQIteration(
            reward: .rule("days_in_range"), variables: variables, shape: .linear, discount: discount, ridge: ridge)
    }

    /// Random play: each patient starts anywhere, takes random actions, meets events and, at this rate, drops out.
    func log(patients: Int, dropoutRate: Double = 0, seed: UInt64 = 5) -> DecisionLog {
        var log = DecisionLog(variables: Self.variables, visits: visits, patients: patients)
        let variables = Self.variables
        guard let stateSlot = variables.slot("state"), let actionSlot = variables.slot("action") else { return log }
        for patient in 0..<patients {
            var stream = RandomStream(seed: seed, purpose: .learning, replicate: 0, patient: UInt32(patient))
            var state = stream.nextUniform() < 0.5 ? 0 : 1
            var isPresent = true
            for visit in 0..<visits {
                let draws = (0..<3).map { _ in stream.nextUniform() }
                let action = draws[0] < 0.5 ? 0 : 1
                log.isPresent[visit][patient] = isPresent
                log.snapshots[visit][stateSlot][patient] = Double(state)
                log.snapshots[visit][actionSlot][patient] = Double(action)
                guard isPresent else { continue }
                log.outcomes[visit][1][patient] = gain(state, action)
                if action == 1, draws[1] < eventRate { log.endings[visit][patient] = .event }
                if draws[2] < dropoutRate {
                    // What the interval would have brought stays unseen.
                    log.endings[visit][patient] = .lost
                    log.outcomes[visit][1][patient] = 0
                }
                isPresent = log.endings[visit][patient] == .complete
                state = following(state, action)
            }
        }
        return log
    }
}
