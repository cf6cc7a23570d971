import Testing

@testable import Scenarios

/// The scenario with a trial and records, for the sections that the small one lacks.
private let trial = "trial:\n  arms: [low, low]\n  patients: 40\n  endpoint: mean_dose"
private let records = "  records: r.csv\n  columns:\n    "

/// What is said about a column declared as given; the declaration stands on line 7, from column 8.
private func column(_ declaration: String) -> String {
    SmallScenario.verdict(
        replacing: "  draw:\n    weight_kg: { normal: [70, 10] }\n", with: "\(records)x: \(declaration)\n")
}

/// The verdict without its place, for values of which the place is tested elsewhere.
private func message(_ verdict: String) -> String {
    guard let start = verdict.firstRange(of: "error: ") else { return verdict }
    return String(verdict[start.upperBound...])
}

// Backed by the rules of the format. What a section allows is stated case by case, with the whole message of what it
// refuses.
@Suite struct SectionTests {
    // MARK: visits

    @Test(
        arguments: [
            ("[1, 7]", "found day 1 first, allowed: day 0"), ("[0, 14, 7]", "visit days must grow, found 14 before 7"),
            ("[0, 7, 7]", "visit days must grow, found 7 before 7"), ("[]", "found no days, allowed: at least day 0"),
            ("[0, 7, 14, 29]", "the last visit, day 29, lies after the end, day 28"),
            (
                "[0, { every: 0.001, from: 0, to: 28 }]",
                "visits.days[1]: found more than 10000 days, allowed: at most 10000"
            ),
            (
                "[0, { every: 0, from: 0, to: 28 }]",
                "visits.days[1].every: found '0', allowed: a number from 0.001 to 36525"
            ),
            ("[0, { every: 7, from: 7, to: 6 }]", "visits.days[1].to: found '6', allowed: a number from 7 to 36525"),
            ("[0, { every: 7, from: 7 }]", "visits.days[1]: 'to' is missing"),
            ("[0, week]", "visits.days[1]: found 'week', allowed: a number from 0 to 36525"),
        ])
    func visitDays(_ days: String, _ expected: String) {
        let found = message(SmallScenario.verdict(replacing: "[0, 7, 14]", with: days))
        #expect(found == (expected.hasPrefix("visits.") ? expected : "visits.days: \(expected)"))
    }

    @Test func theLastVisitMayFallOnTheEnd() {
        #expect(SmallScenario.verdict(replacing: "[0, 7, 14]", with: "[0, 7, 14, 28]") == "valid")
    }

    @Test func seriesOfVisits() throws {
        let text = SmallScenario.with("[0, 7, 14]", "[0, 3, { every: 7, from: 7, to: 28 }]")
        #expect(try Scenario(text: text, file: "s.yaml").visits.days == [0, 3, 7, 14, 21, 28])
    }

    @Test func measurementsAreTakenAtVisits() {
        #expect(
            SmallScenario.verdict(replacing: "[7, 14]", with: "[7, 15]")
                == "s.yaml:16:17: error: visits.measure.cp.days: day 15 is no visit; visits: 0, 7, 14")
    }

    // MARK: cohort

    @Test(
        arguments: [
            (
                "{ type: number, range: [3, 1] }",
                "cohort.columns.x.range: impossible range from 3 to 1: the first must not be above the second"
            ),
            (
                "{ type: number, range: [3] }",
                "cohort.columns.x.range: found a list of 1, allowed: two numbers [low, high]"
            ),
            ("{ type: number, range: 3 }", "cohort.columns.x.range: found '3', allowed: two numbers [low, high]"),
            (
                "{ type: integer, range: [0, 1e300] }",
                "cohort.columns.x.range: found from 0 to 1e+300, allowed: two whole numbers"
            ),
            (
                "{ type: integer, range: [-9223372036854775809000, 0.5] }",
                "cohort.columns.x.range: found from -9.223372036854776e+21 to 0.5, allowed: two whole numbers"
            ),
            (
                "{ type: integer, range: [0, 9223372036854775808] }",
                "cohort.columns.x.range: found from 0 to 9.223372036854776e+18, allowed: two whole numbers"
            ),
            (
                "{ type: float }",
                "cohort.columns.x.type: found 'float', allowed: number, integer, category, flag, decade, identifier"
            ),
            ("{ type: category }", "cohort.columns.x: 'levels' is missing"),
            ("{ type: category, levels: [] }", "cohort.columns.x.levels: found no levels, allowed: at least one"),
            (
                "{ type: category, levels: [{ a: b, c: d }] }",
                "cohort.columns.x.levels[0]: found 2 codes, allowed: one, as { code: level }"
            ),
            ("{ type: category, levels: [a, [b]] }", "cohort.columns.x.levels[1]: found a list of 1, allowed: a text"),
            (
                "{ type: flag, range: [0, 1] }",
                "cohort.columns.x.range: a column of type 'flag' has no 'range'; leave it out"
            ),
            (
                "{ type: decade, as: middle }",
                "cohort.columns.x.as: found 'middle', allowed: lower bound, midpoint, decades"
            ),
            (
                "{ type: flag, missing: maybe }",
                "cohort.columns.x.missing: found 'maybe', allowed: complete case, category, keep, a number, or { hot deck: [columns] }"
            ),
            (
                "{ type: flag, missing: { hot deck: sex } }",
                "cohort.columns.x.missing.hot deck: found 'sex', allowed: a list"
            ),
            (
                "flag",
                "cohort.columns.x: found 'flag', allowed: a mapping with type, header, unit, range, levels, as, missing, markers, label"
            ),
        ])
    func columns(_ declaration: String, _ expected: String) { #expect(message(column(declaration)) == expected) }

    @Test(
        arguments: [
            "{ type: number, unit: kg, range: [0, 400], missing: 70 }", "{ type: integer, range: [0, 10] }",
            "{ type: category, levels: [1, 2, { 3: other }, yes, 010], missing: category, markers: [NA, 9] }",
            "{ type: decade, as: midpoint, missing: complete case }",
            "{ type: flag, missing: { hot deck: [y] }, header: X y }",
        ])
    func columnsThatAreDeclaredWell(_ declaration: String) { #expect(column(declaration) == "valid") }

    @Test func codesAreTextsWhateverTheyLookLike() throws {
        let text = SmallScenario.with(
            "  draw:\n    weight_kg: { normal: [70, 10] }\n",
            "\(records)x: { type: category, levels: [010, yes, 1.0, { 12:30: no }] }\n")
        let declaration = try #require(try Scenario(text: text, file: "s.yaml").cohort.columns.first?.declaration)
        #expect(declaration.levels == ["010", "yes", "1.0", "no"])
    }

    @Test(
        arguments: [
            ("{ normal: [70] }", "cohort.draw.weight_kg.normal: 'normal' takes 2 numbers, found 1"),
            ("{ normal: 70 }", "cohort.draw.weight_kg.normal: found '70', allowed: a list of 2 numbers"),
            ("{ normal: [70, ten] }", "cohort.draw.weight_kg.normal[1]: found 'ten', allowed: a number"),
            (
                "{ normal: [70, 10], uniform: [0, 1] }",
                "cohort.draw.weight_kg: found 2 keys, allowed: one of uniform, normal, lognormal, beta, gamma, exponential, bernoulli"
            ),
            (
                "{ }",
                "cohort.draw.weight_kg: found 0 keys, allowed: one of uniform, normal, lognormal, beta, gamma, exponential, bernoulli"
            ),
            (
                "{ gauss: [70, 10] }",
                "cohort.draw.weight_kg: unknown key 'gauss'; allowed: uniform, normal, lognormal, beta, gamma, exponential, bernoulli"
            ),
        ])
    func draws(_ draw: String, _ expected: String) {
        #expect(message(SmallScenario.verdict(replacing: "{ normal: [70, 10] }", with: draw)) == expected)
    }

    @Test func whatIsAboutRecordsNeedsThem() {
        let text = SmallScenario.with(
            "  patients: 100", "  eligible:\n    - where: weight_kg > 50\n  mix: { sex: { male: 1 } }\n  patients: 100")
        #expect(
            SmallScenario.verdict(text) == """
                s.yaml:8:5: error: cohort.eligible: this is about records, and 'records' names no file; add it or leave this out
                s.yaml:9:8: error: cohort.mix: this is about records, and 'records' names no file; add it or leave this out
                """)
        #expect(
            SmallScenario.verdict(replacing: "  patients: 100", with: "  records: r.csv")
                == "s.yaml:5:3: error: cohort: 'records' names a file, and 'columns' does not say what to read from it")
    }

    @Test(
        arguments: [
            ("{ sex: { male: 0.4, female: 0.5 } }", "cohort.mix.sex: the shares add up to 0.9, allowed: 1"),
            (
                "{ sex: { male: 1 }, race: { White: 1 } }",
                "cohort.mix: found 2 columns, allowed: one, as { column: { level: share } }"
            ),
            ("{ sex: { male: 1.5, female: -0.5 } }", "cohort.mix.sex.male: found '1.5', allowed: a number from 0 to 1"),
            ("{ sex: male }", "cohort.mix.sex: found 'male', allowed: a mapping"),
        ])
    func mixes(_ mix: String, _ expected: String) {
        let text = SmallScenario.with(
            "  patients: 100", "  records: r.csv\n  columns: { sex: { type: flag } }\n  mix: \(mix)")
        #expect(message(SmallScenario.verdict(text)).hasPrefix(expected))
    }

    // MARK: endpoints

    @Test(
        arguments: [
            ("kind: time in range, of: cp", "endpoints[0]: 'time in range' needs 'range'"),
            (
                "kind: time in range, of: cp, range: [3, 2]",
                "endpoints[0].range: impossible range from 3 to 2: the first must not be above the second"
            ),
            ("kind: first crossing, of: cp", "endpoints[0]: 'first crossing' needs either 'above' or 'below'"),
            (
                "kind: first crossing, of: cp, above: 3, below: 1",
                "endpoints[0]: 'first crossing' needs either 'above' or 'below'"
            ),
            ("kind: event", "endpoints[0]: 'event' needs 'of'"),
            (
                "kind: event, of: fall, range: [0, 1]",
                "endpoints[0].range: 'event' does not read this key; leave it out"
            ),
            ("kind: mean dose, harm: true", "endpoints[0].harm: 'mean dose' does not read this key; leave it out"),
            ("kind: event, of: fall, harm: perhaps", "endpoints[0].harm: found 'perhaps', allowed: true, false"),
            ("kind: mean dose, of: cp", "endpoints[0].of: 'mean dose' does not read this key; leave it out"),
        ])
    func endpoints(_ kind: String, _ expected: String) {
        #expect(message(SmallScenario.verdict(replacing: "kind: mean dose", with: kind)) == expected)
    }

    // MARK: arms

    @Test(
        arguments: [
            (
                "    start: dose <- 100\n    then: halve", "",
                "arms[0]: found none of 'start', 'regimen', 'learn', 'policy', 'sequence' and 'follows', allowed: one of them"
            ),
            ("then: halve", "then: [halve, double]", "arms[0].then[1]: 'double' is not a rule; rules: halve"),
            (
                "then: halve", "learn: { base: low }",
                "arms[0].start: an arm is learned, follows a policy or has rules, and this one has 'learn'; leave one out"
            ),
        ])
    func arms(_ part: String, _ other: String, _ expected: String) {
        #expect(message(SmallScenario.verdict(replacing: part, with: other)).hasPrefix(expected))
    }

    @Test func noArms() {
        let text = SmallScenario.with("arms:\n  - name: low\n    start: dose <- 100\n    then: halve", "arms: []")
        #expect(SmallScenario.verdict(text) == "s.yaml:21:7: error: arms: found no arms, allowed: at least one")
    }

    @Test(
        arguments: [
            ("actions: [0.5, 1, 2]", "actions: [1]", "actions: found 1 actions, allowed: from 2 to 100"),
            ("actions: [0.5, 1, 2]", "actions: [1, 2, 1]", "actions: found the action 1 twice"),
            (
                "actions: [0.5, 1, 2]", "actions: [0.5, 2]",
                "actions: found the neutral action 1, allowed: one of the actions (0.5, 2)"
            ),
            (
                "actions: [0.5, 1, 2]", "actions: [0.5, 1]\n      neutral: 2",
                "neutral: found the neutral action 2, allowed: one of the actions (0.5, 1)"
            ),
            ("low: 1", "low: 9", "range: impossible range from 9 to 3: 'low' must not be above 'high'"),
            ("patients: 200", "patients: 99", "patients: found '99', allowed: a whole number from 100 to 1000000"),
            ("basis: linear", "basis: cubic", "basis: found 'cubic', allowed: linear, quadratic"),
        ])
    func learning(_ part: String, _ other: String, _ expected: String) {
        let learned = """
            \(SmallScenario.text)
              - name: learned
                learn:
                  base: low
                  patients: 200
                  actions: [0.5, 1, 2]
                  basis: linear
                  apply: dose <- dose_proposed * action
                  features: x <- dose_proposed
                  range: { of: cp, low: 1, high: 3 }
                  reward: days_in_range
            """
        #expect(SmallScenario.verdict(learned) == "valid")
        let found = message(SmallScenario.verdict(learned.replacing(part, with: other)))
        #expect(found == "arms[1].learn.\(expected)")
    }

    // MARK: trial, report, published

    @Test(
        arguments: [
            ("arms: [low, low]", "arms: [low]", "trial.arms: found 1 arms, allowed: two, the control first"),
            (
                "patients: 40", "patients: 40\n  blocks: 3",
                "trial.blocks: a block of 3 cannot hold the allocation of 2 a whole number of times"
            ),
            (
                "patients: 40", "patients: 40\n  allocation: [2, 1]",
                "trial.allocation: a block of 4 cannot hold the allocation of 3 a whole number of times"
            ),
            (
                "patients: 40", "patients: 40\n  allocation: [2, 1, 1]",
                "trial.allocation: found 3 numbers, allowed: one for each arm"
            ),
            (
                "patients: 40", "patients: 40\n  enrolment: 0 per day",
                "trial.enrolment: found a rate of 0, allowed: above 0"
            ),
            ("patients: 40", "patients: 1", "trial.patients: found '1', allowed: a whole number from 2 to 1000000"),
            (
                "patients: 40", "patients: 40\n  alpha: 5 %",
                "trial.alpha: found '5 %', allowed: a number from 0.0001 to 0.5"
            ),
        ])
    func trials(_ part: String, _ other: String, _ expected: String) {
        let text = "\(SmallScenario.text)\n\(trial)"
        #expect(SmallScenario.verdict(text) == "valid")
        #expect(message(SmallScenario.verdict(text.replacing(part, with: other))) == expected)
    }

    @Test(
        arguments: [
            ("report:\n  survival: { endpoint: e, score: s }", "report.survival: 'days' is missing"),
            (
                "report:\n  survival: { endpoint: e, score: s, days: [] }",
                "report.survival.days: found a list of 0, allowed: from 1 to 1000 days"
            ),
            (
                "report:\n  survival: { endpoint: e, score: s, days: [7, 7] }",
                "report.survival.days: the days must grow, found 7 before 7"
            ),
            (
                "published:\n  - { contrast: [a], endpoint: e, value: 1 }",
                "published[0].contrast: found 1 arms, allowed: two, the treatment first"
            ),
            (
                "published:\n  - { contrast: [a, b], endpoint: e, value: 1, stratum: { x: y, z: w } }",
                "published[0].stratum: found 2 columns, allowed: one, as { column: level }"
            ),
            (
                "published:\n  - { contrast: [a, b], endpoint: e, value: none }",
                "published[0].value: found 'none', allowed: a number"
            ),
        ])
    func reports(_ lines: String, _ expected: String) {
        #expect(message(SmallScenario.verdict(adding: lines)) == expected)
    }
}
