import NumericsCore
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

    /// Hold below 1.0 and resume at 75 %; 75 % when the count falls below 0.5, no lower than 20; stop below 0.2.
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
                    if count < 0.2 { isStopped = true }
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
        #expect(held > 50 && resumed > 50 && reduced > 10 && stopped > 0, "\(held) \(resumed) \(reduced) \(stopped)")
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

// Backed by counting doses by hand.
@Suite struct RegimenScenarioTests {
    /// The mean dose of everybody in an arm of the small study, with nobody missing or leaving: doses × amount / 14 days.
    private func totals(_ arm: String) throws -> [Double] {
        let small = try SmallStudy()
        try small.replace("missed: 0.1", with: "missed: 0")
        try small.replace("  dropout: 0.5 per year\n", with: "")
        try small.replace("hazard <- 0.0004 * exp(0.1 * cp)", with: "hazard <- 0")
        try small.replace("- { name: high, start: dose <- 200 }", with: arm)
        let study = try small.study()
        let arms = try study.arms { $0 == "high" }.arms
        let record = try #require(try study.twins(arms).records.first)
        return record.values[2].map { ($0 * 14 * 1e6).rounded() / 1e6 }
    }

    @Test(
        arguments: [
            // Five doses; until the visits end, 28 of them; a loading dose of twice the rest, as decided at the start.
            ("regimen: 100 mg q12h x 5", 500.0), ("regimen: 10 mg q12h", 280), ("regimen: 10 mg qd from day 10", 40),
            ("regimen: 2 DOSE mg; DOSE mg q24h x 3 from 24 h, start: dose <- 30", 150),
            ("regimen: 2 DOSE mg; DOSE mg q24h x 3 from 24 h, start: dose <- 30, then: dose <- 7", 60 + 30 + 30 + 7),
            // No more than the largest dose at once.
            ("regimen: 1 g qd x 2 into central over 2 h", 1000),
        ] as [(String, Double)])
    func amounts(_ regimen: String, _ expected: Double) throws {
        let found = try totals("- { name: high, \(regimen) }")
        #expect(found == Array(repeating: expected, count: 48))
    }

    /// From the end of an infusion over T on, one compartment holds (e^(kT) - 1) / (kT) times what a bolus leaves: more
    /// than 1, and the same at every later time, with the same residual errors.
    @Test func infusionsLast() throws {
        // Days 1 and 3 after a bolus and an infusion: [bolus 1, infusion 1, bolus 3, infusion 3].
        var levels = [[Double]](repeating: [], count: 4)
        var compared = 0
        for (index, words) in ["50 mg into central", "50 mg into central over 24 h"].enumerated() {
            let small = try SmallStudy()
            try small.replace("missed: 0.1", with: "missed: 0")
            try small.replace("- { name: high, start: dose <- 200 }", with: "- { name: high, regimen: \(words) }")
            try small.replace("days: [0, 3, 7]", with: "days: [0, 1, 3, 7]")
            try small.replace("cp: { days: [3, 7] }", with: "cp: { days: [1, 3, 7] }")
            let study = try small.study()
            let arms = try study.arms { $0 == "high" }.arms
            let measured = try #require(try study.twins(arms).records.first).measured[0]
            (levels[index], levels[index + 2]) = (measured[1], measured[2])
        }
        for patient in levels[0].indices where levels[0][patient].isFinite && levels[2][patient].isFinite {
            let ratio = levels[1][patient] / levels[0][patient]
            #expect(ratio > 1 && abs(ratio / (levels[3][patient] / levels[2][patient]) - 1) < 1e-4)
            compared += 1
        }
        #expect(compared > 40)
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
