import Regimes
import Scenarios
import Testing
import Trials

@testable import Studies

// Backed by hand computation from the counts that were read: each decision of the bundled scenario, patient by patient.
@Suite struct DoseRuleScenarioTests {
    private let name = "docetaxel-neutropenia"

    private func run(_ arm: String, _ patients: Int) throws -> (record: ArmRecord, log: DecisionLogColumns) {
        let study = try Study(Scenario(path: BundledScenario.path(name)), threads: 2)
        let cohort = try study.plan.population.cohort(count: patients, replicate: 0, half: .all)
        let chosen = try #require(try study.arms().arms.first { $0.name == arm })
        let everyone = (0..<patients).map { TrialPatient(number: UInt32($0), row: $0) }
        let runner = TrialRunner(study.plan.trial, cohort: cohort, threads: 2, stop: StopSignal())
        let run = try runner.run(chosen, patients: everyone, replicate: 0, keepsDecisions: true)
        return (run.record, DecisionLogColumns(try #require(run.log)))
    }

    /// Hold below 1.0 and resume at 75 %; 75 % when the count falls below 0.5, no lower than 20; stop below 0.1.
    @Test func everyDecisionByHand() throws {
        let (record, log) = try run("managed", 160)
        var (held, resumed, reduced, stopped) = (0, 0, 0, 0)
        for patient in 0..<160 {
            var (dose, isHeld, isStopped, wasSevere, given) = (60.0, false, false, false, 0)
            for visit in 0..<12 {
                let count = log["circ", visit, patient]
                if visit > 0 {
                    if count < 1.0 {
                        isHeld = true
                    } else if isHeld {
                        (isHeld, dose) = (false, 0.75 * dose)
                        resumed += 1
                    }
                    if count < 0.5, !wasSevere {
                        dose = min(dose, max(20, 0.75 * dose))
                        reduced += 1
                    }
                    wasSevere = count < 0.5
                    if count < 0.1 { isStopped = true }
                }
                let isGiven = !isHeld && !isStopped
                #expect(log["dose", visit, patient] == dose, "patient \(patient), visit \(visit)")
                #expect((log["hold_days", visit, patient] > 0) == !isGiven, "patient \(patient), visit \(visit)")
                given += isGiven ? 1 : 0
                held += isHeld ? 1 : 0
            }
            stopped += isStopped ? 1 : 0
            #expect(record.dosesDue[patient] == given)
        }
        // Each rule acted: what it says was tested.
        #expect(held > 50 && resumed > 50 && reduced > 50 && stopped > 0)
        #expect(record.decisionsWithoutDose == Array(repeating: 0, count: 160))
    }

    /// The regimen in words: twelve weekly doses of 60 mg are 720 mg in 84 days, whatever the count.
    @Test func theRegimenIsGivenAsWritten() throws {
        let (record, log) = try run("planned", 32)
        #expect(record.dosesDue == Array(repeating: 12, count: 32))
        let endpoint = 2
        for patient in 0..<32 {
            #expect(abs(record.values[endpoint][patient] - 720.0 / 84) < 1e-12)
            #expect(log["dose", 11, patient] == 60)
        }
    }
}

/// A decision log by name, visit and patient.
private struct DecisionLogColumns {
    let log: DecisionLog

    init(_ log: DecisionLog) { self.log = log }

    subscript(_ name: String, _ visit: Int, _ patient: Int) -> Double {
        guard let slot = log.variables.slot(name) else { return .nan }
        return log.snapshots[visit][slot][patient]
    }
}
