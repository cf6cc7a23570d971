import ModelLanguage
import NumericsCore

@testable import Regimes

extension SourceText {
    /// A text of the language as a test writes it.
    static func rule(_ text: String) -> SourceText { SourceText(name: "rule", text: text) }
}

extension DecisionVariables {
    /// A category, two numbers, one measurement, two actions, and what learned regimes remember.
    static let study = DecisionVariables(
        columns: [InputSymbol("sex", levels: ["male", "female"]), InputSymbol("age"), InputSymbol("weight")],
        measurements: ["INR"], actions: ["dose", "hold_days"], memory: LearningFrame.memory(for: ["dose", "hold_days"]))
}

extension DecisionLanes {
    /// Sixteen patients whose every variable is a number of its own, the same for a patient wherever the lane.
    static func filled(_ variables: DecisionVariables, patients: [UInt32], seed: UInt64 = 1) -> DecisionLanes {
        let history = DecisionLanes(variables)
        for (lane, patient) in patients.enumerated() {
            let stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: patient)
            for slot in variables.symbols.indices { history.lanes[slot][lane] = 1 + stream.uniform(at: UInt64(slot)) }
        }
        return history
    }

    /// The bits of every variable of one lane.
    func bits(lane: Int) -> [UInt64] { variables.symbols.indices.map { lanes[$0][lane].bitPattern } }
}

extension DecisionPoint {
    static func at(_ visit: Int, patients: [UInt32], replicate: UInt32 = 0, seed: UInt64 = 7) -> DecisionPoint {
        DecisionPoint(visit: visit, seed: seed, replicate: replicate, patients: patients)
    }
}

extension LaneMask {
    /// The lanes in a set.
    static func lanes(_ set: some Sequence<Int>) -> LaneMask {
        var mask = LaneMask(repeating: false)
        for lane in set { mask[lane] = true }
        return mask
    }

    static let everyone = LaneMask(repeating: true)
}
