import Testing

@testable import Trials

/// Backed by hand computation.
@Suite struct RegretTests {
    /// Thirty patients in three arms, in groups of three; in each group every arm is the best of one patient but for ties.
    private func records(_ nan: Bool = false) throws -> [ArmRecord] {
        let rows: [[Double]] = [[3, 1, 1], [1, 4, 1], [2, 2, 5]]
        return try (0..<3).map { arm in
            var values = (0..<30).map { rows[$0 % 3][arm] }
            if nan, arm == 2 { values[0] = .nan }
            return try HandRecord.record(values)
        }
    }

    @Test("The mean distance from each patient's best arm, and for how many an arm is the best")
    func higher() throws {
        let strata = try Strata(["sex"], of: HandRecord.cohort(30))
        let regret = try Regret(
            records(), among: [0, 1, 2], endpoint: 0, scale: .continuous, isHigherBetter: true, strata: strata)
        // Best 3, 4, 5; arm means 2, 7/3, 7/3.
        #expect(abs(regret.oracle.cells[0].value - 4) < 1e-15)
        let expected = [4 - 2.0, 4 - 7.0 / 3, 4 - 7.0 / 3]
        for arm in 0..<3 {
            #expect(abs(regret.regrets[arm].cells[0].value - expected[arm]) < 1e-15)
            #expect(abs(regret.best[arm].cells[0].value - 1.0 / 3) < 1e-15)
        }
        #expect(regret.bestSingle[0] == 1)
        #expect(abs(regret.gain[0].value - (4 - 7.0 / 3)) < 1e-15)
    }

    @Test("Where less is better the regret is not below 0 either, and the oracle keeps its unit")
    func lower() throws {
        let strata = try Strata(["sex"], of: HandRecord.cohort(30))
        let regret = try Regret(
            records(), among: [0, 1], endpoint: 0, scale: .continuous, isHigherBetter: false, strata: strata)
        // Best 1, 1, 2; means 2 and 7/3; the third patient is tied.
        #expect(abs(regret.oracle.cells[0].value - 4.0 / 3) < 1e-15)
        #expect(abs(regret.regrets[0].cells[0].value - 2.0 / 3) < 1e-15)
        #expect(abs(regret.best[0].cells[0].value - 2.0 / 3) < 1e-15)
        #expect(abs(regret.best[1].cells[0].value - 2.0 / 3) < 1e-15)
        #expect(regret.bestSingle[0] == 0)
    }

    @Test("Events are counted as 100; who lacks a value in one arm is left out of all")
    func eventsAndMissing() throws {
        let strata = try Strata(["sex"], of: HandRecord.cohort(30))
        let events = try [true, false].map { odd in
            try HandRecord.record(
                [Double](repeating: 5, count: 30), events: (0..<30).map { ($0 % 2 == 1) == odd })
        }
        let regret = try Regret(
            events, among: [0, 1], endpoint: 0, scale: .timeToEvent, isHigherBetter: false, strata: strata)
        #expect(regret.regrets[0].cells[0].value == 50 && regret.oracle.cells[0].value == 0)
        let missing = try Regret(
            records(true), among: [0, 1, 2], endpoint: 0, scale: .continuous, isHigherBetter: true, strata: strata)
        #expect(missing.regrets.map { $0.cells[0].count } == [29, 29, 29])
    }
}
