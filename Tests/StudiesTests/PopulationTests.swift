import Cohorts
import Foundation
import Scenarios
import Testing

@testable import Studies

/// Whether two cohorts have the same bits, for the patients that both have.
private func agree(_ a: Cohort, _ b: Cohort) -> Bool {
    let count = min(a.count, b.count)
    return a.names == b.names && a.sourceRow.prefix(count) == b.sourceRow.prefix(count)
        && zip(a.columns, b.columns).allSatisfy { x, y in
            x.kind == y.kind
                && zip(x.values.prefix(count), y.values.prefix(count)).allSatisfy { $0.bitPattern == $1.bitPattern }
        }
}

// Backed by invariants: who a patient is depends on the seed, the replicate and the patient's number alone.
@Suite struct PopulationTests {
    private func population(_ overrides: String...) throws -> Population {
        let study = try SmallStudy()
        return try Population(Scenario(path: study.scenario, overrides: overrides))
    }

    @Test(arguments: [Population.Half.all, .training, .judging])
    func aPatientIsTheSameInACohortOfAnySize(_ half: Population.Half) throws {
        let population = try population()
        let some = try population.cohort(count: 17, replicate: 5, half: half)
        let more = try population.cohort(count: 60, replicate: 5, half: half)
        #expect(some.count == 17 && more.count == 60)
        #expect(agree(some, more))
    }

    @Test func replicatesAndSeedsDiffer() throws {
        let one = try population().cohort(count: 40, replicate: 1, half: .all)
        #expect(!agree(one, try population().cohort(count: 40, replicate: 2, half: .all)))
        #expect(!agree(one, try population("seed=8").cohort(count: 40, replicate: 1, half: .all)))
        #expect(agree(one, try population().cohort(count: 40, replicate: 1, half: .all)))
    }

    // Of the fixture's sixty records one, a light woman of 45 kg, fails the only rule.
    @Test func screeningCountsRecordsByGroup() throws {
        let found = try population().screening()
        #expect(found.groups == ["all", "sex=male", "sex=female", "band=heavy", "band=light"])
        #expect(found.references == ["", "", "male", "light", ""])
        #expect(found.excluded.map { $0.map(\.count) } == [[60, 30, 30, 25, 35], [60, 30, 30, 25, 35]])
        #expect(found.excluded.map { $0.map { $0.events ?? -1 } } == [[1, 0, 1, 0, 1], [1, 0, 1, 0, 1]])
        #expect(found.remarks.isEmpty)
    }

    @Test func whatScreeningCannotTellIsSaid() throws {
        #expect(
            try population("cohort.eligible=[]").screening().remarks == [
                "The scenario has no eligibility rule: no record was screened out."
            ])
        let drawn = try population(
            "cohort.draw={ smoker: { bernoulli: 0.5 } }", "strata=[sex, smoker]", "cohort.derive=[]")
        let found = try drawn.screening()
        #expect(found.stratifiers == ["sex"])
        #expect(found.remarks == ["'smoker' is drawn for each virtual patient: it is not known at screening."])
    }

    @Test func noRealPersonIsOnBothSides() throws {
        let population = try population()
        let training = Set(try population.cohort(count: 500, replicate: 0x8000_0000, half: .training).sourceRow)
        let judging = Set(try population.cohort(count: 500, replicate: 0, half: .judging).sourceRow)
        #expect(training.isDisjoint(with: judging))
        // With 500 draws from some thirty records each, every record comes up (the chance of one not to is 4e-8).
        #expect(training.count + judging.count == 59)
        #expect(min(training.count, judging.count) > 15)
    }

    @Test func withoutALearnedArmThereAreNoHalves() throws {
        let population = try population("arms=[{ name: low, start: dose <- 1 }]")
        #expect(Set(try population.cohort(count: 2000, replicate: 0, half: .all).sourceRow).count == 59)
    }

    // Shares of 0.8 and 0.2: with 4000 patients their standard error is 0.0063; allowed are four of them.
    @Test(arguments: [Population.Half.all, .training, .judging])
    func theMixHoldsInEveryHalf(_ half: Population.Half) throws {
        let cohort = try population("cohort.mix={ sex: { male: 0.2, female: 0.8 } }")
            .cohort(count: 4000, replicate: 3, half: half)
        let women = try cohort.column("sex").values.count { $0 == 1 }
        #expect(abs(Double(women) / 4000 - 0.8) < 4 * 0.0063)
    }

    @Test func derivedAndDrawnColumns() throws {
        let cohort = try population("model.set={ etalcl: log(weight_kg / 70) }").cohort(
            count: 30, replicate: 0, half: .all)
        #expect(cohort.names == ["id", "sex", "weight_kg", "luck", "heavy", "band", "model.etalcl"])
        let weight = try cohort.column("weight_kg").values
        #expect(try cohort.column("heavy").values == weight.map { $0 > 80 ? 1 : 0 })
        let set = try cohort.column("model.etalcl").values
        for (value, weight) in zip(set, weight) { #expect(abs(value - log(weight / 70)) < 1e-15) }
        #expect(try cohort.column("luck").values.allSatisfy { (0..<1).contains($0) })
        // Patients made from one record differ in what is drawn for each.
        #expect(Set(try cohort.column("luck").values).count == 30)
    }

    @Test func aPatientOfARecordKeepsItsValues() throws {
        let population = try population()
        let cohort = try population.cohort(count: 200, replicate: 9, half: .all)
        let place = Dictionary(
            population.records.sourceRow.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
        let (records, patients) = (
            try population.records.column("weight_kg").values, try cohort.column("weight_kg").values
        )
        for (patient, row) in cohort.sourceRow.enumerated() {
            let record = try #require(place[row])
            #expect(patients[patient] == records[record])
        }
    }

    // MARK: Without records

    private let drawn = [
        "cohort={ draw: { weight_kg: { lognormal: [70, 0.2] }, sex: { bernoulli: 0.5 }, luck: { exponential: [2] } }, patients: 48 }",
        "strata=[sex]", "report={}", "published=[]",
    ]

    @Test func patientsFromDistributionsAlone() throws {
        let study = try SmallStudy()
        let scenario = try Scenario(path: study.scenario, overrides: drawn)
        let population = try Population(scenario)
        let cohort = try population.cohort(count: 2000, replicate: 1, half: .all)
        #expect(cohort.names == ["weight_kg", "sex", "luck"])
        // Medians and means within four standard errors: 0.2 * sqrt(pi / 2) / sqrt(2000) on the logarithm; 0.011; 0.011.
        let weights = try cohort.column("weight_kg").values.sorted()
        #expect(abs(log(weights[1000] / 70)) < 4 * 0.0056)
        #expect(abs(try cohort.column("sex").values.reduce(0, +) / 2000 - 0.5) < 4 * 0.0112)
        #expect(abs(try cohort.column("luck").values.reduce(0, +) / 2000 - 0.5) < 4 * 0.0112)
        #expect(agree(cohort, try population.cohort(count: 30, replicate: 1, half: .all)))
        #expect(try Study(scenario, threads: 1).run().arms.count == 3)
    }

    // Without records the halves are told apart by their replicates: nobody who is learned on is judged on.
    @Test func learningAndJudgingDifferWithoutRecords() throws {
        let study = try SmallStudy()
        let population = try Population(Scenario(path: study.scenario, overrides: drawn))
        let training = try population.cohort(count: 300, replicate: Study.ReplicateNumber.training, half: .training)
        for replicate in [Study.ReplicateNumber.twins, 1, 2, Study.ReplicateNumber.null] {
            let judging = try population.cohort(count: 300, replicate: replicate, half: .judging)
            let weights = Set(try training.column("weight_kg").values)
            #expect(weights.isDisjoint(with: try judging.column("weight_kg").values))
        }
    }
}
