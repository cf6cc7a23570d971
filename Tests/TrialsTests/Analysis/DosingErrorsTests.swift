import Outcomes
import Testing

@testable import Trials

/// Backed by counts made by hand.
@Suite struct DosingErrorsTests {
    @Test("More than a fifth from the dose needed is wrong; who has no dose, no need or no solution is not judged")
    func byHand() throws {
        var record = try HandRecord.record([Double](repeating: 1, count: 45))
        record.lastDose = [Double](repeating: 5, count: 45)
        // Need 5: 4 to 6 are right. Rows 0, 3, 6 are female, the others male.
        record.lastDose[0] = 6.01
        record.lastDose[1] = 3.99
        record.lastDose[2] = 6
        record.lastDose[3] = 4
        record.lastDose[4] = 0
        record.lastDose[5] = .nan
        record.failures[6] = .tooManySteps
        var needed = [Double](repeating: 5, count: 45)
        needed[7] = .nan
        needed[8] = 0
        let found = try DosingErrors(record, needed: needed, strata: Strata(["sex"], of: HandRecord.cohort(45)))
        #expect(found.wrong.cells.map(\.count) == [41, 27, 14])
        #expect(found.wrong.cells.map(\.events) == [3, 2, 1])
        #expect(found.tooHigh == [1, 0, 1])
        let wilson = try Proportion(events: 3, of: 41)
        #expect(found.wrong.cells[0].lower == wilson.interval.lower)
        #expect(found.wrong.heterogeneity.count == 1)
    }
}
