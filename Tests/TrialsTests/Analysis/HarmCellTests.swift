import Outcomes
import Testing

@testable import Trials

/// Backed by counts made by hand, by the formula of a paired difference, and by the estimators of Outcomes.
@Suite struct HarmCellTests {
    /// 20 patients with a value, and one whose equations could not be solved.
    private func record(with harmed: Set<Int>) throws -> ArmRecord {
        try HandRecord.record(
            (0..<21).map { $0 == 20 ? .nan : 10 }, events: (0..<21).map { harmed.contains($0) })
    }

    @Test("Counts, Wilson's interval, the paired difference and the number needed to harm")
    func byHand() throws {
        // Treated: 0…5 harmed; control: 4, 5. Differences: +1 for 0…3, 0 for the other 16 patients.
        let cell = try HarmCell(record(with: Set(0...5)), against: record(with: [4, 5]), endpoint: 0)
        #expect(cell.risk.count == 20 && cell.risk.events == 6)
        let wilson = try Proportion(events: 6, of: 20)
        #expect(cell.risk.value == 0.3 && cell.risk.lower == wilson.interval.lower)
        let difference = try cell.difference.get()
        #expect(abs(difference.value - 0.2) < 1e-15)
        // s² = (4·0.8² + 16·0.2²)/19, SE = s/√20.
        let error = ((4 * 0.64 + 16 * 0.04) / 19.0 / 20).squareRoot()
        #expect(abs(try difference.standardError.get() - error) < 1e-15)
        let needed = try cell.numberNeeded.get()
        let number = try needed.value.get()
        #expect(needed.direction == .harm && abs(number - 5) < 1e-12)
    }

    @Test("The reference arm has a risk and no difference")
    func reference() throws {
        let cell = try HarmCell(record(with: [1]), against: nil, endpoint: 0)
        #expect(cell.risk.events == 1)
        #expect(cell.difference.undefined?.reason == "the arm is the reference")
    }

    @Test("Where no patient fares differently there is a difference of 0 and no interval of no width")
    func alike() throws {
        let cell = try HarmCell(record(with: [3]), against: record(with: [3]), endpoint: 0)
        let difference = try cell.difference.get()
        #expect(difference.value == 0)
        #expect(
            difference.interval.undefined?.reason
                == "every patient has the same difference between the arms: there is no error")
        #expect(
            try cell.numberNeeded.get().value.undefined?.reason
                == "the risks do not differ: the number is infinite")
    }

    @Test("Nobody with a value gives reasons and no number")
    func nobody() throws {
        let none = try HandRecord.record([.nan, .nan])
        let cell = try HarmCell(none, against: none, endpoint: 0)
        #expect(cell.risk.count == 0 && cell.risk.reason == "no patient of the group has a value")
        #expect(cell.difference.undefined?.reason == "no patient of the group has a value")
    }
}
