import NumericsCore
import Regimes

/// A co-intervention with register files of its own, at work on one block of patients.
final class BoundCoIntervention {
    private let condition: BoundProgram
    private let statements: BoundProgram?
    private let amount: (program: BoundProgram, compartment: Int)?

    init(_ coIntervention: Clinic.CoIntervention, _ variables: DecisionVariables) {
        condition = BoundProgram(coIntervention.condition, variables)
        statements = coIntervention.statements.map { BoundProgram($0, variables) }
        amount = coIntervention.rescue.map { (BoundProgram($0.amount, variables), $0.compartment) }
    }

    /// Does it for the patients in whom its condition holds, who are returned.
    func run(_ facts: ClinicFacts, _ history: DecisionLanes, _ deciding: LaneMask) -> LaneMask {
        let nobody = LaneMask(repeating: false)
        let programs = [condition, statements, amount?.program].compactMap { $0 }
        for (name, value) in zip(Clinic.facts, facts.lanes) {
            for program in programs { program.setInput(name, to: value) }
        }
        condition.run(history, deciding: nobody)
        let holds = condition.value(ofOutput: 0)
        var acting = deciding
        for lane in 0..<laneCount { acting[lane] = deciding[lane] && !holds[lane].isNaN && holds[lane] != 0 }
        // The rescue dose is judged by what stands before the statements change it.
        amount?.program.run(history, deciding: nobody)
        statements?.run(history, deciding: acting)
        return acting
    }

    /// The single dose of a patient in whom it was just done.
    func rescue(_ lane: Int) -> (amount: Double, compartment: Int)? {
        amount.map { ($0.program.value(ofOutput: 0)[lane], $0.compartment) }
    }
}
