import Testing

@testable import Scenarios

// Backed by the rules of the format, case by case, each with its whole message.
@Suite struct ScalarTests {
    @Test(arguments: ["100", "100.0", "1e2", "+100", "1.0E+2"])
    func wholeNumbersInEveryNotation(_ text: String) throws {
        let scenario = try Scenario(
            text: SmallScenario.with("patients: 100", "patients: \(text)"), file: "s.yaml")
        #expect(scenario.cohort.patients == 100)
    }

    @Test(arguments: [
        "12:30", ".nan", "nan", "yes", "0x64", "0o144", "1_000", "1,000", "100 %", "inf", ".inf", "1e999", "--5", "1e",
        ".",
    ])
    func whatOtherReadersTakeForNumbersIsNone(_ text: String) {
        #expect(
            SmallScenario.verdict(replacing: "patients: 100", with: "patients: \(text)")
                == "s.yaml:7:13: error: cohort.patients: found '\(text)', allowed: a whole number from 1 to 10000000")
    }

    @Test(arguments: ["010", "-007", "00.5"]) func leadingZerosAreRefusedRatherThanReadAsOctal(_ text: String) {
        #expect(
            SmallScenario.verdict(replacing: "patients: 100", with: "patients: \(text)")
                == "s.yaml:7:13: error: cohort.patients: found '\(text)', allowed: a whole number from 1 to 10000000, "
                + "written without leading zeros")
    }

    @Test(
        arguments: [
            ("patients: 2.5", "found '2.5', allowed: a whole number from 1 to 10000000"),
            ("patients: 0", "found '0', allowed: a whole number from 1 to 10000000"),
            ("patients: -3", "found '-3', allowed: a whole number from 1 to 10000000"),
            (
                "patients: 99999999999999999999",
                "found '99999999999999999999', allowed: a whole number from 1 to 10000000"
            ),
            ("patients: \"100\"", "found the text '100', allowed: a whole number from 1 to 10000000, without quotes"),
            ("patients: '100'", "found the text '100', allowed: a whole number from 1 to 10000000, without quotes"),
            ("patients:", "found nothing, allowed: a whole number from 1 to 10000000"),
            ("patients: ~", "found nothing, allowed: a whole number from 1 to 10000000"),
            ("patients: null", "found nothing, allowed: a whole number from 1 to 10000000"),
            ("patients: [100]", "found a list of 1, allowed: a whole number from 1 to 10000000"),
            ("patients: { of: 100 }", "found a mapping, allowed: a whole number from 1 to 10000000"),
        ])
    func noWholeNumberInItsRange(_ line: String, _ message: String) {
        let found = SmallScenario.verdict(replacing: "patients: 100", with: line)
        #expect(found.drop { $0 != " " } == " error: cohort.patients: \(message)")
    }

    // A double holds whole numbers up to 2^53 only; seeds beyond must not turn into their neighbours.
    @Test func seedsAreReadToTheLastDigit() throws {
        for seed in [9_007_199_254_740_993, Int.max, 0] {
            let scenario = try Scenario(text: SmallScenario.with("seed: 7", "seed: \(seed)"), file: "s.yaml")
            #expect(scenario.seed == UInt64(seed))
        }
        #expect(
            SmallScenario.verdict(replacing: "seed: 7", with: "seed: 9223372036854775808")
                == "s.yaml:3:7: error: seed: found '9223372036854775808', allowed: a whole number from 0 to 9223372036854775807"
        )
    }

    @Test(arguments: ["yes", "12:30", "010", "no", "1e3", "~x", "null and void"])
    func textsStayAsTheyAreWritten(_ text: String) throws {
        let scenario = try Scenario(text: SmallScenario.with("A small study", text), file: "s.yaml")
        #expect(scenario.title == text)
    }

    @Test func numbersInRanges() {
        let tolerance = SmallScenario.with(
            "file: model.R", "file: model.R\n  tolerance: { relative: 0.5, absolute: .5 }")
        #expect(
            SmallScenario.verdict(tolerance)
                == "s.yaml:10:26: error: model.tolerance.relative: found '0.5', allowed: a number from 1e-13 to 0.1")
    }

    @Test func decimalNotation() {
        #expect(DecimalText.number("-12") == -12)
        #expect(DecimalText.number("3.") == 3)
        #expect(DecimalText.number(".5") == 0.5)
        #expect(DecimalText.number("0.1") == 0.1)
        #expect(DecimalText.number("0") == 0)
        #expect(DecimalText.number("-0.0") == 0)
        #expect(DecimalText.number("6.02214076e23") == 6.02214076e23)
        #expect(DecimalText.read("08") == .leadingZero)
        for text in ["", "+", "e5", "1e+", "٣", "½", "1 000", "infinity", "0x1p3", "1.2.3", " 1", "1 "] {
            #expect(DecimalText.read(text) == .none, "\(text)")
        }
    }

    @Test(
        arguments: [
            (
                "name: low", "name: 1low",
                "found '1low', allowed: a name of letters, digits, '_' and '.' that begins with a letter"
            ),
            (
                "name: low", "name: low dose",
                "found 'low dose', allowed: a name of letters, digits, '_' and '.' that begins with a letter"
            ),
            (
                "name: low", "name: größe",
                "found 'größe', allowed: a name of letters, digits, '_' and '.' that begins with a letter"
            ),
            (
                "name: low", "name: \"\"",
                "found '', allowed: a name of letters, digits, '_' and '.' that begins with a letter"
            ),
            ("name: low", "name:", "found nothing, allowed: a text"),
        ])
    func namesAreNamesOfTheLanguage(_ part: String, _ other: String, _ message: String) {
        #expect(SmallScenario.verdict(replacing: part, with: other).hasSuffix(": error: arms[0].name: \(message)"))
    }

    @Test func wordsOutOfAFew() {
        let found = SmallScenario.verdict(replacing: "kind: mean dose", with: "kind: mean doses")
        #expect(
            found
                == "s.yaml:18:30: error: endpoints[0].kind: found 'mean doses', allowed: time in range, true time in range, "
                + "first crossing, event, mean dose; did you mean 'mean dose'?")
    }
}
