import ModelLanguage
import Testing

import Cohorts

// The example of the module's page, run as it stands there.
@Test func theExampleOfTheModulesPageRuns() throws {
    let text =
        "sex,age_decade,height_cm,weight_kg\nmale,60-69,180,81\nfemale,30-39,NA,60\nfemale,10-19,160,50\nmale,,170,70\nfemale,90+,150,45\n"
    let bytes = Array(text.utf8)
    let columns = [
        ColumnDeclaration("sex", .category(levels: ["male", "female"])),
        ColumnDeclaration("age", header: "age_decade", .decade(as: .midpoint)),
        ColumnDeclaration("height_cm", .number(unit: "cm", lower: 100, upper: 230), missingMarkers: ["NA"]),
        ColumnDeclaration("weight_kg", .number(unit: "kg", lower: 25, upper: 250)),
    ]
    let records = try Cohort(csv: bytes, file: "data/records.csv", columns: columns)
    let (complete, missing) = try records.treatingMissing(
        [("height_cm", .hotDeck(within: ["sex"])), ("age", .completeCase)], seed: 2013)
    let (eligible, flow) = try complete.screened(
        by: [EligibilityCriterion("adult", SourceText(name: "cohort.eligible", text: "age >= 18"))], strata: ["sex"])
    let derived = try eligible.deriving(
        SourceText(name: "cohort.derive", text: "bmi <- weight_kg / (height_cm / 100)^2"), units: ["bmi": "kg/m2"])
    let patients = try derived.resampled(to: 4_000, seed: 2013).cohort
        .drawing([CovariateDraw("missed_fraction", .described(.beta(alpha: 0.5, beta: 6)))], seed: 2013)
    #expect(missing.patientsAfter == 4 && missing.columns[0].filled == 1)
    #expect(flow.screened == 4 && flow.eligible == 3)
    #expect(abs(try derived.column("bmi").values[0] - 25) < 1e-12)
    #expect(patients.count == 4_000)
    #expect(Set(patients.sourceRow) == [2, 3, 6])
}
