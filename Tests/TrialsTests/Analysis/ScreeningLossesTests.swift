import Outcomes
import Testing

@testable import Trials

/// Backed by counts made by hand and the intervals of Outcomes.
@Suite struct ScreeningLossesTests {
    @Test("Each rule counts those who reach it; gaps are to the largest group, with Newcombe's interval")
    func byHand() throws {
        // Rows 0, 3, 6, 9 are female, the other eight male.
        let strata = try Strata(["sex"], of: HandRecord.cohort(12))
        let adult = (0..<12).map { $0 != 0 && $0 != 1 }
        let consented = (0..<12).map { $0 != 0 && $0 != 3 && $0 != 4 }
        let found = try ScreeningLosses(
            [.init("adult", passed: adult), .init("consented", passed: consented)], strata: strata)
        #expect(found.steps == ["adult", "consented", "all rules"])
        #expect(found.groups == ["all", "sex=male", "sex=female"])
        #expect(found.references == ["", "", "male"])
        #expect(found.excluded.map { $0.map(\.count) } == [[12, 8, 4], [10, 7, 3], [12, 8, 4]])
        #expect(found.excluded.map { $0.map { $0.events ?? -1 } } == [[2, 1, 1], [2, 1, 1], [4, 2, 2]])
        let (male, female) = (try Proportion(events: 2, of: 8), try Proportion(events: 2, of: 4))
        #expect(found.excluded[2][1].lower == male.interval.lower && found.excluded[2][1].value == 0.25)
        let gap = RiskDifference(treated: female, control: male).estimate
        #expect(found.gaps[2][2].value == 0.25 && found.gaps[2][2].lower == gap.interval.value?.lower)
        #expect(
            found.gaps[2].map(\.reason) == ["nothing is compared with itself", "nothing is compared with itself", ""])
        #expect(found.pValues.map(\.count) == [1, 1, 1])
        #expect(found.remarks.isEmpty)
    }

    @Test("A group that nobody of reaches a rule has a reason and no number")
    func emptied() throws {
        let strata = try Strata(["sex"], of: HandRecord.cohort(12))
        let male = (0..<12).map { $0 % 3 != 0 }
        let found = try ScreeningLosses([.init("male", passed: male), .init("any", passed: male)], strata: strata)
        #expect(found.excluded[0][2].value == 1 && found.excluded[1][2].count == 0)
        #expect(found.excluded[1][2].reason == "nobody of the group reaches the step")
        #expect(found.gaps[1][2].reason == "no patient of the group has a value")
    }
}
