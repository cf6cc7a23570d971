import Foundation
import Testing

// Named failures of input, each with exit code and the whole of standard error: no stack trace, nothing on standard output.
@Suite struct InputErrorTests {
    /// What both `validate` and `run` say of the small study after a change.
    private func outcome(
        _ part: String, _ other: String, in file: String = "scenario.yaml", validating: Bool = true
    ) throws -> Command.Outcome {
        let command = try Command(with: "small-study")
        try command.replace(part, with: other, in: "small-study/\(file)")
        let validated = try command.run("validate", "small-study")
        let run = try command.run("run", "small-study", "--out", "r.h5")
        #expect(run == validated)
        #expect(try command.files() == ["small-study"])
        return validated
    }

    private func expect(_ found: Command.Outcome, _ status: Int32, _ message: String) {
        #expect(found == Command.Outcome(status: status, output: "", error: message + "\n"))
    }

    @Test func aScenarioThatIsNotThere() throws {
        for name in ["run", "validate"] {
            expect(try Command().run(name, "x.yaml"), 66, "x.yaml: no such file (a scenario file or folder)")
            expect(try Command().run(name, "."), 66, "./scenario.yaml: no such file (the scenario of the folder)")
        }
    }

    @Test func brokenScenarios() throws {
        expect(
            try outcome("end: 14 days", "end: 14"), 65,
            "small-study/scenario.yaml:28:8: error: visits.end: found '14', allowed: a time such as '28 days' (minutes, "
                + "hours, days, weeks, months, years)")
        expect(
            try outcome("seed: 7", "sed: 7"), 65,
            "small-study/scenario.yaml:4:1: error: unknown key 'sed'; did you mean 'seed'?")
        expect(
            try outcome("  end: 14 days", " end: 14 days"), 65,
            "small-study/scenario.yaml:28:2: error: not YAML: while parsing a block mapping, did not find expected key")
        expect(
            try outcome("dose <- 200", "dose <- 200 mg"), 65,
            """
            small-study/scenario.yaml:42:38: error: arms[1].start: found 'mg' right after an expression; an operator, ';' or a new line is missing before it
              - { name: high, start: dose <- 200 mg }
                                                 ^^
            """)
    }

    @Test func filesThatTheScenarioNames() throws {
        expect(
            try outcome("records: records.csv", "records: patients.csv"), 66,
            "small-study/scenario.yaml:6:12: error: cohort.records: there is no file 'small-study/patients.csv'")
        // A file is not all that is wrong.
        expect(
            try outcome(
                "file: model.R\n  record: { outputs: [cp], every: 1 day }\ntreatment:\n  dose: { into: depot, every: 1 day",
                "file: m.R\ntreatment:\n  dose: { into: depot, every: 0 days"), 65,
            "small-study/scenario.yaml:23:31: error: treatment.dose.every: found '0 days', allowed: a time from 1 minute to 36525 days"
        )
    }

    // MARK: Records

    @Test func aCellThatCannotBe() throws {
        expect(
            try outcome("p02,male,82.5", "p02,male,heavy", in: "records.csv"), 65,
            "small-study/records.csv:3:10: error: weight_kg: found 'heavy', allowed: a number from 30 to 200 (kg)")
        expect(
            try outcome("p02,male,82.5", "p02,male,20", in: "records.csv"), 65,
            "small-study/records.csv:3:10: error: weight_kg: found '20', allowed: a number from 30 to 200 (kg)")
        expect(
            try outcome("p02,male,82.5", "p02,Male,82.5", in: "records.csv"), 65,
            "small-study/records.csv:3:5: error: sex: found 'Male', allowed: 'male', 'female'")
        expect(
            try outcome("p03,female", "p02,female", in: "records.csv"), 65,
            "small-study/records.csv:4:1: error: id: found 'p02' again, first on line 3, allowed: a name that no other row has"
        )
    }

    @Test func aTableThatIsNone() throws {
        expect(
            try outcome("p02,male,82.5", "p02,male,82,5", in: "records.csv"), 65,
            "small-study/records.csv:3:1: error: the row has 4 cells, expected 3 as in the header")
        expect(
            try outcome("p02,male,82.5", "\"p02,male,82.5", in: "records.csv"), 65,
            "small-study/records.csv:3:1: error: the quote that opens this cell is never closed")
    }

    @Test func aColumnThatIsUnknown() throws {
        expect(
            try outcome("id,sex,weight_kg", "id,sex,weight", in: "records.csv"), 65,
            "small-study/records.csv:1:1: error: weight_kg: the file has no column 'weight_kg'; did you mean 'weight'? (columns: id, sex, weight)"
        )
    }

    @Test func aRangeThatIsImpossible() throws {
        expect(
            try outcome("range: [30, 200]", "range: [200, 30]"), 65,
            "small-study/scenario.yaml:10:49: error: cohort.columns.weight_kg.range: impossible range from 200 to 30: the "
                + "first must not be above the second")
    }

    @Test func everythingAtOnce() throws {
        let command = try Command(with: "small-study")
        try command.replace("p02,male,82.5", with: "p02,Male,820.5", in: "small-study/records.csv")
        try command.replace("null_arm: low", with: "null_arm: lw", in: "small-study/scenario.yaml")
        try command.replace("cl / v", with: "cl / w", in: "small-study/model.R")
        try command.replace("cp ~ prop(cp_sd)", with: "cp ~ poiss(cp_sd)", in: "small-study/model.R")
        expect(
            try command.run("validate", "small-study"), 65,
            """
            small-study/scenario.yaml:63:13: error: trial.null_arm: 'lw' is no arm; did you mean 'low'?
            small-study/records.csv:3:5: error: sex: found 'Male', allowed: 'male', 'female'
            small-study/records.csv:3:10: error: weight_kg: found '820.5', allowed: a number from 30 to 200 (kg)
            small-study/model.R:16:10: error: 'poiss' is not a function
                cp ~ poiss(cp_sd)
                     ^^^^^^^^^^^^
            """)
    }

    @Test func overridesReportThemselves() throws {
        let command = try Command(with: "small-study")
        expect(
            try command.run("validate", "small-study", "--set", "trial.replicates=many", "--set", "seed"), 65,
            """
            --set seed: error: found no '=', allowed: path=value, such as trial.replicates=10
            --set trial.replicates=many: error: trial.replicates: found 'many', allowed: a whole number from 0 to 1000000
            """)
    }

    @Test func tooFewPatientsToLearnFrom() throws {
        let command = try Command(with: "small-study")
        let outcome = try command.run(
            "run", "small-study", "--quiet", "--set", "arms[2].learn.basis=quadratic", "--set",
            "arms[2].learn.features=\"\(("a"..."z").letters.map { "\($0) <- weight_kg" }.joined(separator: ";"))\"")
        #expect(outcome.status == 65)
        #expect(outcome.error.contains("error: arms[2].learn: visit 2: "), "\(outcome.error)")
        #expect(try command.files() == ["small-study"])
    }
}

extension ClosedRange<Character> {
    /// The ASCII letters from the first to the last.
    fileprivate var letters: [Character] {
        let (first, last) = (lowerBound.asciiValue ?? 97, upperBound.asciiValue ?? 97)
        return (first...last).map { Character(Unicode.Scalar($0)) }
    }
}
