import Pharmacology
import Testing

// Regimens in words, each worked out by hand.
@Suite struct RegimenTextTests {
    private let setting = RegimenText.Setting(compartments: ["depot", "central"], timeUnit: "h", doseUnit: "mg")

    private func records(_ text: String) throws -> [DosingRecord] { try RegimenText.records(text, setting) }

    private func dose(
        _ amount: Double, at time: Double = 0, _ compartment: Int = 0, _ input: DosingRecord.Input = .bolus,
        every interval: Double = 0, _ additional: Int = 0, _ steadyState: DosingRecord.SteadyState = .none
    ) -> DosingRecord {
        DosingRecord(
            time: time, compartment: compartment, amount: amount, input: input, interval: interval,
            additional: additional, steadyState: steadyState)
    }

    @Test func regimens() throws {
        #expect(try records("100 mg q12h x 14") == [dose(100, every: 12, 13)])
        #expect(try records("100") == [dose(100)])
        #expect(try records("100mg Q12H X14") == [dose(100, every: 12, 13)])
        #expect(try records("100 mg q12h × 14") == [dose(100, every: 12, 13)])
        #expect(
            try records("100 q24h x 7 into depot over 1 h") == [dose(100, 0, .duration(1), every: 24, 6)])
        #expect(try records("5 mg qd x 28 from day 3") == [dose(5, at: 72, every: 24, 27)])
        #expect(try records("5 mg bid from 12") == [dose(5, at: 12, every: 12)])
        #expect(try records("2.5e1 mg every 2 weeks x 3 into 2 at 30 min") == [dose(25, at: 0.5, 1, every: 336, 2)])
        #expect(try records("5 mg q8h ss") == [dose(5, every: 8, 0, .replacing)])
        #expect(
            try records("100 mg qd x 3 from day 1; 200 mg into central over 30min ;") == [
                dose(200, 1, .duration(0.5)), dose(100, at: 24, every: 24, 2),
            ])
    }

    /// `DOSE` stands for a number, converted as any other, and only where one is given.
    @Test func theDoseThatIsTried() throws {
        var setting = self.setting
        setting.dose = 50
        #expect(
            try RegimenText.records("2 DOSE mg; DOSE mg q12h x 2 from 12 h; 0.1 DOSE g at 3; 7 mg at 4", setting) == [
                dose(100), dose(5000, at: 3), dose(7, at: 4), dose(50, at: 12, every: 12, 1),
            ])
        #expect(throws: RegimenText.Problems.self) { try records("DOSE mg q12h x 14") }
        #expect(throws: RegimenText.Problems.self) { try RegimenText.records("DOSE DOSE", setting) }
    }

    /// A dose due at the end of the time is not given: 7 days of twice a day are 14 doses, 25 h of every 8 h are 4.
    @Test func forALengthOfTime() throws {
        #expect(try records("1 mg bid for 7 days") == [dose(1, every: 12, 13)])
        #expect(try records("1 mg q8h for 25 h") == [dose(1, every: 8, 3)])
        #expect(try records("1 mg q8h for 24 h") == [dose(1, every: 8, 2)])
    }

    @Test func unitsAreConverted() throws {
        #expect(try records("0.1 g") == [dose(100)])
        #expect(try records("100 ug") == [dose(0.1)])
        #expect(try records("1 kg") == [dose(1e6)])
        let days = RegimenText.Setting(compartments: ["a"], timeUnit: "day", doseUnit: "nmol")
        #expect(
            try RegimenText.records("1.4 umol q3w x 6 over 1 h", days) == [
                dose(1400, 0, .duration(1.0 / 24), every: 21, 5)
            ])
        // A model without units: hours, and amounts as they are.
        let bare = RegimenText.Setting(compartments: ["a"])
        #expect(try RegimenText.records("7 tablets qd", bare) == [dose(7, every: 24)])
    }

    @Test(
        arguments: [
            ("", 1, "found no regimen, allowed: an amount first, such as '100 mg q12h x 14'"),
            ("mg 100", 1, "found 'mg', allowed: an amount above 0, such as '100 mg'"),
            ("-5 mg", 1, "found '-5', allowed: an amount above 0, such as '100 mg'"),
            ("5 nmol", 3, "found an amount in 'nmol', allowed: in mg, the model's unit of doses"),
            (
                "5 mg q12 x 3", 6,
                "found 'q12', allowed: a time between doses (q12h, q2d, q3w, 'every 12 h', qd, bid, tid, qid), 'x 14', "
                    + "'for 7 days', 'from day 3', 'at 24 h', 'into depot', 'over 1 h', 'ss'"
            ),
            (
                "5 mg q12h x", 12,
                "found '' after 'x', allowed: how many doses are given, a whole number from 1 to 1000000"
            ),
            (
                "5 mg q12h x 0", 13,
                "found '0' after 'x', allowed: how many doses are given, a whole number from 1 to 1000000"
            ),
            (
                "5 mg q12h into centrl", 16,
                "found 'centrl' after 'into', allowed: a compartment, depot, central; did you mean 'central'?"
            ),
            ("5 mg over 0 h", 11, "found '0 h' after 'over', allowed: a duration, such as '1 h'"),
            ("5 mg from day three", 11, "found 'day three' after 'from', allowed: a time, such as '24 h' or 'day 3'"),
            ("5 mg q5e-324s", 6, "found 'q5e-324s', allowed: a time above 0 between doses"),
            ("5 mg q12h bid", 11, "found the time between doses a second time at 'bid', allowed: once"),
            ("5 mg q12h x 3 for 2 days", 15, "found how many doses are given a second time at 'for', allowed: once"),
            ("5 mg x 3", 6, "found several doses without the time between them, allowed: with one, such as 'q12h'"),
            ("5 mg ss", 6, "found 'ss' without the time between doses, allowed: with one, such as 'q12h'"),
        ])
    func refusals(_ text: String, _ column: Int, _ problem: String) throws {
        let found = #expect(throws: RegimenText.Problems.self) { try records(text) }
        #expect(found?.description == "'\(text)', character \(column): error: \(problem)")
    }

    @Test func eachRegimenIsReadOn() throws {
        let found = #expect(throws: RegimenText.Problems.self) { try records("5 mg q12; 6 mg x 2; 7 mg") }
        #expect(found?.problems.map(\.column) == [6, 16])
    }

    @Test func modelsThatNoRegimenFits() {
        let years = RegimenText.Setting(compartments: ["a"], timeUnit: "fortnight")
        let found = #expect(throws: RegimenText.Problems.self) { try RegimenText.records("5 mg", years) }
        #expect(
            found?.problems.map(\.message) == ["the model's unit of time is 'fortnight', allowed: s, min, h, d or w"])
        let none = RegimenText.Setting(compartments: [])
        let other = #expect(throws: RegimenText.Problems.self) { try RegimenText.records("5 mg", none) }
        #expect(other?.problems.map(\.message) == ["the model has no compartment to give a dose to"])
    }
}
