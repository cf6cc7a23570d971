import Testing

@testable import Scenarios

// Backed by the rules of the format; every message is compared whole.
@Suite struct StructureTests {
    @Test func theSmallScenarioIsValid() { #expect(SmallScenario.verdict(SmallScenario.text) == "valid") }

    @Test func unknownKeysComeWithTheNearestThatIsAllowed() {
        #expect(
            SmallScenario.verdict(replacing: "title:", with: "titel:")
                == "s.yaml:2:1: error: unknown key 'titel'; did you mean 'title'?")
        #expect(
            SmallScenario.verdict(replacing: "end: 28 days", with: "end: 28 days\n  dropouts: 0.2 per year")
                == "s.yaml:15:3: error: visits: unknown key 'dropouts'; did you mean 'dropout'?")
        #expect(
            SmallScenario.verdict(replacing: "{ into: depot }", with: "{ into: depot, frequency: 1 day }")
                == "s.yaml:11:24: error: treatment.dose: unknown key 'frequency'; allowed: action, into, every, maximum, hold"
        )
    }

    @Test func keysThatStandTwice() {
        #expect(
            SmallScenario.verdict(replacing: "seed: 7", with: "seed: 7\nseed: 8")
                == "s.yaml:3:1: error: the key 'seed' stands twice in one mapping, first here")
        #expect(
            SmallScenario.verdict(replacing: "seed: 7", with: "seed: 7\n\"seed\": 8")
                == "s.yaml:3:1: error: the key 'seed' stands twice in one mapping, first here")
        #expect(
            SmallScenario.verdict(replacing: "end: 28 days", with: "end: 28 days\n  days: [0]\n  end: 1 day")
                == "s.yaml:13:3: error: the keys 'days', 'end' stand twice in one mapping, the first of them here")
    }

    @Test func namesThatStandTwice() {
        #expect(
            SmallScenario.verdict(adding: "  - { name: low, start: dose <- 1 }")
                == "s.yaml:25:5: error: arms[1]: the arm 'low' stands twice")
        #expect(
            SmallScenario.verdict(
                replacing: "kind: mean dose }", with: "kind: mean dose }\n  - { name: mean_dose, kind: mean dose }")
                == "s.yaml:19:5: error: endpoints[1]: the endpoint 'mean_dose' stands twice")
        #expect(
            SmallScenario.verdict(
                adding: "events:\n  - { name: fall, hazard: hazard <- 1 }\n  - { name: fall, hazard: hazard <- 2 }")
                == "s.yaml:27:5: error: events[1]: the event 'fall' stands twice")
    }

    @Test(
        arguments: [
            (
                "cohort:\n  draw:\n    weight_kg: { normal: [70, 10] }\n  patients: 100", "cohort: none",
                "s.yaml:4:9: error: cohort: found 'none', allowed: a mapping with records, columns, eligible, draw, mix, derive, patients"
            ),
            ("days: [0, 7, 14]", "days: 7", "s.yaml:13:9: error: visits.days: found '7', allowed: a list of days"),
            (
                "end: 28 days", "end: [28]",
                "s.yaml:14:8: error: visits.end: found a list of 1, allowed: a time such as '28 days' (minutes, hours, days, weeks, months, years)"
            ),
            (
                "arms:\n  - name: low\n    start: dose <- 100\n    then: halve", "arms: { name: low }",
                "s.yaml:21:7: error: arms: found a mapping, allowed: a list"
            ),
            (
                "then: halve", "then: { rule: halve }",
                "s.yaml:24:11: error: arms[0].then: found the key 'rule', allowed: file, or one of hold, reduce, titrate, stop"
            ),
            (
                "draw:\n    weight_kg: { normal: [70, 10] }", "draw: [70, 10]",
                "s.yaml:5:9: error: cohort.draw: found a list of 2, allowed: a mapping"
            ),
        ])
    func wrongKindsOfNode(_ part: String, _ other: String, _ expected: String) {
        #expect(SmallScenario.verdict(replacing: part, with: other) == expected)
    }

    @Test func missingSectionsAreAllNamed() {
        #expect(
            SmallScenario.verdict("title: nothing else")
                == ["trialist", "cohort", "model", "treatment", "visits", "endpoints", "arms"]
                .map { "s.yaml:1:1: error: '\($0)' is missing" }.joined(separator: "\n"))
        #expect(
            SmallScenario.verdict("just a text").hasPrefix(
                "s.yaml:1:1: error: found 'just a text', allowed: a mapping with trialist, "))
    }

    @Test func theFormatHasOneVersion() {
        #expect(
            SmallScenario.verdict(replacing: "trialist: 1", with: "trialist: 2")
                == "s.yaml:1:11: error: trialist: found '2', allowed: 1")
    }

    @Test func allProblemsAtOnceInTheOrderOfTheLines() {
        let text = SmallScenario.text.replacing("seed: 7", with: "seed: x").replacing("into: depot", with: "in: depot")
            .replacing("28 days", with: "28 dogs").replacing("kind: mean dose", with: "kind: dose")
            .replacing("then: halve", with: "then: halv")
        #expect(
            SmallScenario.verdict(text) == """
                s.yaml:3:7: error: seed: found 'x', allowed: a whole number from 0 to 9223372036854775807
                s.yaml:11:9: error: treatment.dose: 'into' is missing
                s.yaml:11:11: error: treatment.dose: unknown key 'in'; allowed: action, into, every, maximum, hold
                s.yaml:14:8: error: visits.end: found '28 dogs', allowed: a time such as '28 days' (minutes, hours, days, weeks, months, years)
                s.yaml:18:30: error: endpoints[0].kind: found 'dose', allowed: time in range, true time in range, first crossing, event, mean dose
                s.yaml:24:11: error: arms[0].then: 'halv' is not a rule; rules: halve; did you mean 'halve'?
                """)
    }

    // MARK: The parts of YAML that scenarios leave out

    @Test(
        arguments: [
            (
                "{ into: depot }", "&dose { into: depot }", "11:9",
                "the anchor '&dose': anchors and aliases are not read; write a shared block once under 'rules' and use its name"
            ),
            (
                "days: [0, 7, 14]", "days: &days [0, 7, 14]", "13:9",
                "the anchor '&days': anchors and aliases are not read; write a shared block once under 'rules' and use its name"
            ),
            ("seed: 7", "seed: !!int 7", "3:7", "the tag 'tag:yaml.org,2002:int': tags are not read; leave it out"),
            ("file: model.R", "file: !include model.R", "9:9", "the tag '!include': tags are not read; leave it out"),
            (
                "draw:\n", "<<: { patients: 3 }\n  draw:\n", "5:3",
                "the merge key '<<': merging is not read; write the keys out"
            ),
        ])
    func referencesAndTagsAreRefused(_ part: String, _ other: String, _ place: String, _ message: String) {
        #expect(SmallScenario.verdict(replacing: part, with: other) == "s.yaml:\(place): error: found \(message)")
    }

    @Test func aliasesOfAliasesDoNotMultiply() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        let lines = SmallScenario.verdict(text).split(separator: "\n")
        #expect(lines.count == 41)
        #expect(
            lines.first
                == "s.yaml:1:5: error: found the anchor '&a0': anchors and aliases are not read; write a shared block once under 'rules' and use its name"
        )
    }

    @Test func anAliasOfNothing() {
        #expect(
            SmallScenario.verdict(replacing: "{ into: depot }", with: "*dose")
                == "s.yaml:11:9: error: not YAML: found undefined alias")
    }

    @Test func keysThatAreNoTexts() {
        #expect(
            SmallScenario.verdict(replacing: "seed: 7", with: "? [a, b]\n: 7")
                == "s.yaml:3:3: error: found a key that is no text, allowed: a text")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "]) func deepNestingIsRefusedAndDoesNotOverflow(_ part: String) {
        let found = SmallScenario.verdict("trialist: " + String(repeating: part, count: 100_000))
        #expect(found.contains("error: "))
    }
}
