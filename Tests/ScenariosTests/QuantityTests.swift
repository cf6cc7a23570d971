import Testing

@testable import Scenarios

// Backed by the definitions of the units: a month is a twelfth of a year of 365.25 days.
@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("28 days", 28), ("4 weeks", 28), ("672 hours", 28), ("40320 minutes", 28), ("1 month", 30.4375),
            ("2 years", 730.5), ("2.8e1 d", 28), ("28 Days", 28), ("28  days", 28), ("\"28 days\"", 28),
        ])
    func timesAreConvertedToDays(_ text: String, _ days: Double) throws {
        let scenario = try Scenario(text: SmallScenario.with("28 days", text), file: "s.yaml")
        #expect(abs(scenario.visits.end - days) < 1e-12)
    }

    @Test(arguments: [
        "28", "days", "28 day s", "28 fortnights", "x days", "010 days", "28days", "1/2 day", "28 days later",
    ])
    func noTimes(_ text: String) {
        #expect(
            SmallScenario.verdict(replacing: "28 days", with: text)
                == "s.yaml:14:8: error: visits.end: found '\(text)', allowed: a time such as '28 days' (minutes, hours, "
                + "days, weeks, months, years)")
    }

    @Test(arguments: ["-1 days", "101 years", "0 days"]) func timesOutOfRange(_ text: String) {
        #expect(
            SmallScenario.verdict(replacing: "28 days", with: text)
                == "s.yaml:14:8: error: visits.end: found '\(text)', allowed: a time from 2 minutes to 36525 days")
    }

    @Test(
        arguments: [
            ("0.2 per year", 0.2 / 365.25), ("3 per week", 3.0 / 7), ("0 per day", 0), ("1e-3 per hour", 0.024),
        ])
    func ratesAreConvertedToDays(_ text: String, _ perDay: Double) throws {
        let scenario = try Scenario(
            text: SmallScenario.with("end: 28 days", "end: 28 days\n  dropout: \(text)"), file: "s.yaml")
        #expect(abs(scenario.visits.dropoutPerDay - perDay) < 1e-15)
    }

    @Test(arguments: ["0.2", "0.2 year", "0.2 per", "0.2 per annum", "-0.2 per year", "20 % per year", "0.2 a year"])
    func noRates(_ text: String) {
        #expect(
            SmallScenario.verdict(replacing: "end: 28 days", with: "end: 28 days\n  dropout: \(text)")
                == "s.yaml:15:12: error: visits.dropout: found '\(text)', allowed: a rate such as '0.2 per year' (per "
                + "minutes, hours, days, weeks, months, years)")
    }

    @Test func amountsKeepTheirUnit() throws {
        func maximum(_ text: String) throws -> (Double, String?) {
            let scenario = try Scenario(
                text: SmallScenario.with("into: depot", "into: depot, maximum: \(text)"), file: "s.yaml")
            return (scenario.treatment.maximum, scenario.treatment.maximumUnit)
        }
        #expect(try maximum("30 mg") == (30, "mg"))
        #expect(try maximum("30") == (30, nil))
        for text in ["0 mg", "-1 mg", "mg", "30 mg daily", "thirty mg"] {
            #expect(
                SmallScenario.verdict(replacing: "into: depot", with: "into: depot, maximum: \(text)")
                    == "s.yaml:11:33: error: treatment.dose.maximum: found '\(text)', allowed: an amount above 0, such as '30 mg'"
            )
        }
    }
}
