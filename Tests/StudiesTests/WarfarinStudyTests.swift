import Cohorts
import NumericsCore
import Scenarios
import Testing

@testable import Studies

/// The records of the bundled scenario with its derived columns, screened by criteria of this test.
private func records(eligible: String, _ more: String...) throws -> Cohort {
    let overrides = ["cohort.eligible=\(eligible)", "cohort.columns.sex.missing=keep"] + more
    let path = BundledScenario.path("warfarin-coag")
    return try Population(Scenario(path: path, overrides: overrides)).everyone()
}

private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

// The scenario's own columns, derived in the language, against numbers computed from the same file by another program and
// published by the consortium (N Engl J Med 2009;360:753: 9.9 and 8.5 mg/week in its own validation set). Tolerance: half
// of the last digit given.
@Suite struct WarfarinStudyTests {
    @Test(
        arguments: [
            (nil, 4_302, 10.00, 8.65), ("White", 2_458, 11.09, 9.19), ("Asian", 1_140, 7.01, 6.54),
            ("Black or African American", 445, 12.02, 11.86), ("unknown", 259, 9.27, 7.29),
        ] as [(String?, Int, Double, Double)])
    func dosingErrorsOfTheConsortiumsAlgorithms(
        _ race: String?, _ count: Int, _ clinical: Double, _ genotype: Double
    ) throws {
        let all = try records(eligible: "[{ where: stable == 1 }, { where: weekly_dose_mg >= 0 }]")
        let races = try all.column("race")
        let cohort = race.map { race in all.filter { races.text($0) == race } } ?? all
        #expect(cohort.count == count)
        let taken = try cohort.column("weekly_dose_mg").values
        for (name, expected) in [("iwpc_clinical", clinical), ("iwpc_genotype", genotype)] {
            let doses = try cohort.column(name).values
            let error = zip(doses, taken).reduce(0) { $0 + abs(7 * $1.0 - $1.1) } / Double(count)
            #expect(abs(error - expected) <= 0.005, "\(name)")
        }
    }

    /// Who enters the medians: the scenario's own rule.
    @Test func backSolvedEC50() throws {
        let path = BundledScenario.path("warfarin-coag")
        let scenario = try Scenario(path: path, overrides: ["cohort.columns.sex.missing=keep"])
        let cohort = try Population(scenario).everyone()
        #expect(cohort.count == 3_439)
        let vkorc1 = try cohort.column("vkorc1_1639")
        let ec50 = try cohort.column("ec50_individual").values
        for (genotype, expected) in [("A/A", 2.19), ("A/G", 2.92), ("G/G", 3.77)] {
            let found = median((0..<cohort.count).filter { vkorc1.text($0) == genotype }.map { ec50[$0] })
            #expect(abs(found - expected) <= 0.005, "\(genotype): \(found)")
        }
    }

    // Invariant: the individual EC50, put into the model run forward at steady state, gives the INR that it was solved from.
    @Test func theModelRunForwardGivesTheINRBack() throws {
        let cohort = try Population(Scenario(path: BundledScenario.path("warfarin-coag"))).everyone()
        let (ec50, cs) = (try cohort.column("ec50_individual").values, try cohort.column("cs").values)
        let inr = try cohort.column("stable_inr").values
        for patient in 0..<cohort.count {
            let power = Elementary.pow(cs[patient], 0.424)
            let remaining = 1 - power / (Elementary.pow(ec50[patient], 0.424) + power)
            let forward = 1 + 20 * Elementary.pow(1 - remaining * remaining, 3.61)
            #expect(abs(forward - inr[patient]) < 1e-9)
        }
    }

    @Test(arguments: ["warfarin-coag", "warfarin-eu-pact", "warfarin-clinic", "smart-warfarin"])
    func theBundledScenariosArePlanned(_ name: String) throws {
        let study = try Study(Scenario(path: BundledScenario.path(name)), threads: 1)
        #expect(study.plan.population.records.count == 3_437)
        #expect(study.workload.total > 0)
    }
}
