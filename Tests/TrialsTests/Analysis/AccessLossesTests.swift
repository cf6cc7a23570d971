import Testing

@testable import Trials

/// Backed by counts made by hand.
@Suite struct AccessLossesTests {
    @Test("Who is lost at a step is not counted at a later one; groups add up to all")
    func byHand() throws {
        var record = try HandRecord.record([Double](repeating: 1, count: 12))
        record.droppedOut[0] = true
        record.droppedOut[1] = true
        // Of ten doses: three missed is too many, two is not.
        record.dosesDue = [Int](repeating: 10, count: 12)
        record.dosesMissed[0] = 9
        record.dosesMissed[2] = 3
        record.dosesMissed[3] = 2
        record.decisionsWithoutDose[4] = 1
        let strata = try Strata(["sex"], of: HandRecord.cohort(12))
        let found = try AccessLosses(record, strata: strata)
        #expect(found.lost.map { $0[0].count } == [12, 10, 9, 12])
        #expect(found.lost.map { $0[0].events } == [2, 1, 1, 4])
        for step in found.lost {
            #expect(step[1].count + step[2].count == step[0].count)
            #expect((step[1].events ?? 0) + (step[2].events ?? 0) == step[0].events)
        }
        #expect(abs(found.lost[3][0].value - 4.0 / 12) < 1e-15)
        #expect(found.pValues.map(\.count) == [1, 1, 1, 1])
    }
}
