import ModelLanguage
import Testing

@testable import Cohorts

private func expression(_ text: String) -> SourceText { SourceText(name: "cohort.eligible", text: text) }

@Suite struct EligibilityTests {
    @Test func patientsLeaveAtTheFirstCriterionTheyFail() throws {
        let (eligible, flow) = try smallCohort().screened(
            by: [
                EligibilityCriterion("under 75 kg", columns: ["weight_kg"]) { $0[0] < 75 },
                EligibilityCriterion("non-smoker", columns: ["smoker"]) { $0[0] == 0 },
            ], strata: ["race", "smoker"])
        #expect(eligible.sourceRow == [9])
        #expect(flow.steps.map(\.excluded) == [2, 1])
        #expect(flow.steps.map(\.unknown) == [1, 0])
        #expect(flow.steps.map(\.failing) == [2, 2])
        #expect(flow.eligible == 1)
        #expect(
            flow.description == """
                                             all  race White  race Black  race missing  smoker no  smoker yes  smoker missing
                screened                       4           1           2             1          2           1               1
                not under 75 kg (1 unknown)    2           1           0             1          1           0               1
                not non-smoker                 1           0           1             0          0           1               0
                eligible                       1           0           1             0          1           0               0
                """)
    }

    // Second route: the language against the closure.
    @Test func expressionsAgreeWithClosures() throws {
        let cohort = try smallCohort()
        let (written, flow) = try cohort.screened(by: [
            EligibilityCriterion("light", expression("weight_kg < 75 && race == \"Black\""))
        ])
        let coded = try cohort.screened(by: [
            EligibilityCriterion("light", columns: ["weight_kg", "race"]) { $0[0] < 75 && $0[1] == 1 }
        ])
        #expect(written.sourceRow == coded.eligible.sourceRow)
        #expect(written.sourceRow == [2, 9])
        #expect(flow.steps.map(\.unknown) == coded.flow.steps.map(\.unknown))
        #expect(flow.steps[0].text == "weight_kg < 75 && race == \"Black\"")
    }

    @Test func aNegationLetsNobodyInUnseen() throws {
        let (eligible, flow) = try smallCohort().screened(by: [
            EligibilityCriterion("slim", expression("!(weight_kg > 75)"))
        ])
        #expect(eligible.sourceRow == [2, 9])
        #expect(flow.steps[0].unknown == 1)
    }

    @Test func anExpressionMayAskForMissingItself() throws {
        let (eligible, flow) = try smallCohort().screened(by: [
            EligibilityCriterion("slim or unknown", expression("is.na(weight_kg) || weight_kg < 75"))
        ])
        #expect(eligible.sourceRow == [2, 5, 9])
        #expect(flow.steps[0].unknown == 0)
    }

    @Test func noCriterionAndNoPatient() throws {
        let (everyone, flow) = try smallCohort().screened(by: [])
        #expect(everyone.count == 4 && flow.eligible == 4)
        let nobody = try smallCohort().subset([]).screened(by: [EligibilityCriterion("x", expression("weight_kg > 1"))])
        #expect(nobody.eligible.count == 0 && nobody.flow.screened == 0)
    }

    @Test func refusals() throws {
        let cohort = try smallCohort()
        #expect(
            message { _ = try cohort.screened(by: [EligibilityCriterion("x", columns: ["agee"]) { _ in true }]) }
                == "no column is named 'agee' (columns: weight_kg, race, smoker, id)")
        #expect(
            message { _ = try cohort.screened(by: [], strata: ["weight_kg"]) }
                == "weight_kg: is a number, allowed here: a category or a flag to stratify by")
        #expect(
            message { _ = try cohort.screened(by: [EligibilityCriterion("x", expression("race == \"Balck\""))]) }
                == """
                cohort.eligible:1:9: error: "Balck" is not a level here; allowed: "White", "Black"; did you mean "Black"?
                race == "Balck"
                        ^^^^^^^
                """)
    }
}

@Suite struct RowRuleTests {
    @Test func statementsBecomeColumnsWithUnits() throws {
        let source = SourceText(
            name: "cohort.derive",
            text:
                "grams <- 1000 * weight_kg\nband <- ifelse(weight_kg < 75, \"light\", \"heavy\")\nsmoker <- 1 - smoker")
        let cohort = try smallCohort().deriving(source, units: ["grams": "g"], longNames: ["grams": "body mass"])
        #expect(cohort.names == ["weight_kg", "race", "smoker", "id", "grams", "band"])
        let grams = try cohort.column("grams")
        #expect(
            grams.values[0] == 70_000 && grams.values[2].isNaN && grams.unit == "g" && grams.longName == "body mass")
        #expect(try cohort.column("band").text(0) == "light")
        #expect(try cohort.column("band").text(1) == "heavy")
        #expect(try Array(cohort.column("smoker").values.prefix(2)) == [0, 1])
    }

    @Test func aRuleNeedsTheColumnsItWasCompiledFor() throws {
        let cohort = try smallCohort()
        let rule = try RowRule(expression: SourceText(name: "r", text: "race == \"Black\""), for: cohort)
        #expect(rule.used == ["race"])
        var other = cohort
        try other.replace(CohortColumn("race", levels: ["Black", "White"], texts: [nil, nil, nil, nil]))
        #expect(
            message { _ = try rule.columns(of: other) }
                == "race: is a category, allowed here: the kind and levels that the rule was compiled for")
        #expect(
            message { _ = try rule.columns(of: Cohort(count: 1)) } == "no column is named 'race' (columns: )")
    }

    @Test func identifiersAreNotForExpressions() throws {
        let cohort = try smallCohort()
        #expect(throws: SourceErrors.self) {
            try RowRule(expression: SourceText(name: "r", text: "id == 1"), for: cohort)
        }
    }
}
