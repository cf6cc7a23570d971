import Cohorts
import Outcomes
import Testing

@testable import Trials

/// Backed by ``TrialEstimate`` and direct formulas for gaps, and by effects put into the twins.
@Suite struct BenefitGapsTests {
    /// A trial of 120 patients, every second treated, in which treatment brings 1 to men and 3 to women.
    private func gaps(scale: EndpointScale = .continuous) throws -> (
        found: BenefitGaps, trial: TrialEstimate, strata: Strata
    ) {
        let count = 120
        let base = HandRecord.normals(count, seed: 31).map { 10 + $0 }
        // Women are patients 0, 3, 6, …
        let treated = base.indices.map { base[$0] + ($0 % 3 == 0 ? 3 : 1) }
        let cohort = try HandRecord.cohort(count)
        let strata = try Strata(["sex", "group"], of: cohort)
        let arm = base.indices.map { $0 % 2 }
        let records = try (0...1).map { side in
            try HandRecord.record(base.indices.filter { arm[$0] == side }.map { side == 1 ? treated[$0] : base[$0] })
        }
        let replicate = Replicate(
            number: 1, enrolmentDay: base.map { _ in 0 }, arm: arm, stratum: base.map { _ in 0 }, records: records,
            cohort: cohort)
        let twins = (treated: try HandRecord.record(treated), control: try HandRecord.record(base))
        let found = try BenefitGaps(replicate, strata, twins: twins, strata, endpoint: 0, scale: scale)
        return (found, try TrialEstimate(replicate, endpoint: 0, scale: scale, strata: strata), strata)
    }

    @Test("The gap is the difference of the groups' effects with its error; the truth is what was put in")
    func knownGap() throws {
        let (found, trial, strata) = try gaps()
        #expect(strata.labels[1...2] == ["sex=male", "sex=female"])
        let (men, women) = (found.groups[1], found.groups[2])
        #expect(men.reference.isEmpty && men.gap.reason == "nothing is compared with itself")
        #expect(women.reference == "male")
        #expect(men.effect.value == trial.cells[1].value && women.effect.value == trial.cells[2].value)
        #expect(abs(women.gap.value - (trial.cells[2].value - trial.cells[1].value)) < 1e-12)
        let error =
            (trial.cells[1].standardError * trial.cells[1].standardError
            + trial.cells[2].standardError * trial.cells[2].standardError).squareRoot()
        #expect(abs(women.gap.standardError - error) < 1e-12)
        #expect(abs(women.trueGap.value - 2) < 1e-12)
        // Statistical: within four of its own errors of the truth.
        #expect(abs(women.gap.value - 2) < 4 * error)
        #expect(found.furthest[0] == "female")
    }

    @Test("Groups too small say so, and have no part in the tests")
    func smallGroups() throws {
        let (found, _, strata) = try gaps()
        let rare = try #require(strata.labels.firstIndex(of: "group=rare"))
        #expect(found.groups[rare].effect.count == 6)
        #expect(found.groups[rare].gap.reason == "the group has 6 patients, below the minimum of 10")
        #expect(found.groups[rare].adjustedP.isNaN && found.tests[1].pValue.isNaN && found.adjustedP[1].isNaN)
        // One column with a test alone: Holm leaves its p-value as it is.
        #expect(found.adjustedP[0] == found.tests[0].pValue)
    }

    @Test("A trial on a time to event has no true gap, and says why")
    func timeToEvent() throws {
        let (found, _, _) = try gaps(scale: .timeToEvent)
        #expect(
            found.groups[0].trueEffect.reason
                == "the trial estimates a log hazard ratio, and twins give a difference of shares")
    }
}
