import Foundation
import Scenarios
import Testing

@testable import Studies

/// What planning says of the small study with a part of a file replaced.
private func verdict(_ part: String, _ other: String, in file: String = "scenario.yaml") throws -> String {
    let study = try SmallStudy()
    try study.replace(part, with: other, in: file)
    return study.verdict()
}

// Named failures between the sections of a scenario, each with its whole message.
@Suite struct PlanCheckTests {
    @Test func theSmallStudyIsValid() throws { #expect(try SmallStudy().verdict() == "valid") }

    @Test(
        arguments: [
            // Model
            (
                "weight_kg / 70", "wight_kg / 70", "model.R",
                "scenario.yaml:21:9: error: model.file: the model reads 'wight_kg', which no column of the cohort and no entry of model.set gives; did you mean 'weight_kg'?"
            ),
            (
                "weight_kg / 70", "sex / 70", "model.R",
                "scenario.yaml:21:9: error: model.file: the model reads 'sex' as a number, but the column is a category; derive a number from it"
            ),
            (
                "weight_kg / 70", "ifelse(sex == \"female\", 0.8, 1)", "model.R",
                "scenario.yaml:21:9: error: model.file: the model compares 'sex' with texts, which studies do not give it; let the model read a number, derived from the column"
            ),
            (
                "weight_kg / 70", "id / 70", "model.R",
                "scenario.yaml:21:9: error: model.file: the model reads 'id', which no column of the cohort and no entry of model.set gives; known: sex, weight_kg, luck, heavy, band"
            ),
            (
                "time = \"h\"", "time = \"fortnight\"", "model.R",
                "scenario.yaml:21:9: error: model.file: the model's unit of time is 'fortnight', allowed: minutes, hours, days, weeks, months, years"
            ),
            (
                "outputs: [cp]", "outputs: [cp, cpp]", "scenario.yaml",
                "scenario.yaml:22:27: error: model.record.outputs[1]: 'cpp' is no variable of the model; did you mean 'cp'?"
            ),
            (
                "record:", "set: { etalc: 0 }\n  record:", "scenario.yaml",
                "scenario.yaml:22:17: error: model.set.etalc: 'etalc' is no parameter, random effect or input of the model; did you mean 'etalcl'?"
            ),
            (
                "record:", "set: { etalcl: band }\n  record:", "scenario.yaml",
                "scenario.yaml:22:18: error: model.set.etalcl: found a text, allowed: a number for the model"
            ),
            (
                "record:", "set: { etalcl: log(wight_kg) }\n  record:", "scenario.yaml",
                "scenario.yaml:22:22: error: model.set.etalcl: 'wight_kg' is not known here; did you mean 'weight_kg'?\n  set: { etalcl: log(wight_kg) }\n                     ^^^^^^^^"
            ),
            // Treatment
            (
                "into: depot", "into: dept", "scenario.yaml",
                "scenario.yaml:24:17: error: treatment.dose.into: 'dept' is no compartment of the model; did you mean 'depot'?"
            ),
            (
                "into: depot", "into: cumulative_hazard_harm", "scenario.yaml",
                "scenario.yaml:24:17: error: treatment.dose.into: 'cumulative_hazard_harm' is no compartment of the model; known: depot, central"
            ),
            (
                "maximum: 500 mg", "maximum: 0.5 g", "scenario.yaml",
                "scenario.yaml:24:47: error: treatment.dose.maximum: found an amount in g, allowed: in mg, as the model's doses are"
            ),
            (
                "missed: 0.1", "missed: lucks", "scenario.yaml",
                "scenario.yaml:25:11: error: treatment.missed: 'lucks' is no column of the cohort; did you mean 'luck'?"
            ),
            (
                "missed: 0.1", "missed: band", "scenario.yaml",
                "scenario.yaml:25:11: error: treatment.missed: 'band' is a category, allowed: a column of probabilities"
            ),
            (
                "missed: 0.1", "missed: weight_kg", "scenario.yaml",
                "scenario.yaml:25:11: error: treatment.missed: the column 'weight_kg' has 82.5 in records.csv, line 3, allowed: the probability of a missed dose, from 0 to 1"
            ),
            // Visits, events, endpoints
            (
                "    cp: { days: [3, 7] }", "    cp: { days: [3, 7] }\n    central: { days: [3] }", "scenario.yaml",
                "scenario.yaml:31:14: error: visits.measure.central: 'central' is no observed variable of the model; known: cp"
            ),
            (
                "hazard <- 0.0004", "hazard <- weigth_kg", "scenario.yaml",
                "scenario.yaml:33:45: error: events[0].hazard: the model reads 'weigth_kg', which no column of the cohort and no entry of model.set gives; did you mean 'weight_kg'?"
            ),
            (
                "hazard: hazard <-", "hazard: risk <-", "scenario.yaml",
                "scenario.yaml:33:45: error: events[0].hazard: the hazard of event 'harm' must assign 'hazard' (events per unit of the model's time)\n  - { name: harm, stops: follow-up, hazard: risk <- 0.0004 * exp(0.1 * cp) }\n                                            ^"
            ),
            (
                "kind: event, of: harm", "kind: event, of: ham", "scenario.yaml",
                "scenario.yaml:36:36: error: endpoints[1].of: 'ham' is no event; did you mean 'harm'?"
            ),
            (
                "range: [1, 3] }\n  - { name: harm", "range: [1, 3], days: [3, 15] }\n  - { name: harm",
                "scenario.yaml",
                "scenario.yaml:35:73: error: endpoints[0].days: found days outside the visits, allowed: from 0 to 14"
            ),
            // Regimens and declared rules
            (
                "start: dose <- 200", "regimen: 200 mg q1d x 5 into dept", "scenario.yaml",
                "scenario.yaml:42:28: error: arms[1].regimen: '200 mg q1d x 5 into dept', character 21: found 'dept' after 'into', allowed: a compartment, depot, central; did you mean 'depot'?"
            ),
            (
                "start: dose <- 200", "regimen: DOSE mg q1d x 5", "scenario.yaml",
                "scenario.yaml:42:28: error: arms[1].regimen: found 'DOSE mg q1d x 5' without 'start', allowed: a 'start' that decides what DOSE is, or amounts"
            ),
            (
                "start: dose <- 200", "regimen: 100 mg q1d x 5, start: dose <- 200", "scenario.yaml",
                "scenario.yaml:42:28: error: arms[1].regimen: found '100 mg q1d x 5' beside 'start', allowed: DOSE in the place of the amounts, for the dose that 'start' decides, or no 'start'"
            ),
            (
                "start: dose <- 200", "regimen: DOSE mg; 100 mg at 12 h, start: dose <- 200", "scenario.yaml",
                "scenario.yaml:42:28: error: arms[1].regimen: found amounts with and without DOSE in 'DOSE mg; 100 mg at 12 h', allowed: all with it, or none"
            ),
            (
                "halve: dose <- ifelse(cp > 3, dose / 2, dose)", "halve: { hold: { while: cp > 3 } }", "scenario.yaml",
                "scenario.yaml:39:10: error: rules.halve: the rule 'halve' keeps doses back, which needs 'treatment.dose.hold', the name of the variable for days without a dose, such as hold_days"
            ),
            (
                "halve: dose <- ifelse(cp > 3, dose / 2, dose)",
                "halve: { reduce: { when: pc > 3, to: 50 %, least: 1 g } }",
                "scenario.yaml",
                "scenario.yaml:39:10: error: rules.halve: found an amount in g, allowed: in mg, as the model's doses are\nscenario.yaml:39:28: error: rules.halve.reduce.when: 'pc' is not known here; did you mean 'cp'?\n  halve: { reduce: { when: pc > 3, to: 50 %, least: 1 g } }\n                           ^^"
            ),
            // Arms
            (
                "start: dose <- 100", "start: dos <- 100", "scenario.yaml",
                "scenario.yaml:41:25: error: arms[0].start: 'dose' is never assigned here, so nothing would be given; did you mean 'dos' to be it?"
            ),
            (
                "start: dose <- 200", "start: dose <- band", "scenario.yaml",
                "scenario.yaml:42:26: error: arms[1].start: 'dose' is a text here, allowed: a number, the amount of one dose"
            ),
            (
                "start: dose <- 200", "start: dose <- 2 * wieght_kg", "scenario.yaml",
                "scenario.yaml:42:38: error: arms[1].start: 'wieght_kg' is not known here; did you mean 'weight_kg'?\n  - { name: high, start: dose <- 2 * wieght_kg }\n                                     ^^^^^^^^^"
            ),
            (
                "dose / 2, dose)", "dos / 2, dose)", "scenario.yaml",
                "scenario.yaml:39:33: error: rules.halve: 'dos' is not known here; did you mean 'dose'?\n  halve: dose <- ifelse(cp > 3, dos / 2, dose)\n                                ^^^"
            ),
            (
                "base: low", "base: lower", "scenario.yaml",
                "scenario.yaml:45:13: error: arms[2].learn.base: 'lower' is no arm with rules; known: low, high"
            ),
            (
                "base: low", "base: learned", "scenario.yaml",
                "scenario.yaml:45:13: error: arms[2].learn.base: 'learned' is no arm with rules; known: low, high"
            ),
            (
                "apply: dose <-", "apply: doze <-", "scenario.yaml",
                "scenario.yaml:48:14: error: arms[2].learn.apply: 'dose' is never assigned here, so nothing would be given; did you mean 'doze' to be it?"
            ),
            (
                "weight <- weight_kg", "weight <- band", "scenario.yaml",
                "scenario.yaml:49:17: error: arms[2].learn.features: 'weight' is a text, allowed: numbers"
            ),
            (
                "reward: days_in_range", "reward: days_in_rage", "scenario.yaml",
                "scenario.yaml:54:15: error: arms[2].learn.reward: 'days_in_rage' is not known here; did you mean 'days_in_range'?\n      reward: days_in_rage\n              ^^^^^^^^^^^^"
            ),
            (
                "of: cp, low: 1", "of: central, low: 1", "scenario.yaml",
                "scenario.yaml:53:20: error: arms[2].learn.range.of: 'central' is no recorded variable; known: cp"
            ),
            // Trial, strata, report, published
            (
                "strata: [sex, band]", "strata: [sex, bandage]", "scenario.yaml",
                "scenario.yaml:19:15: error: strata[1]: 'bandage' is no column of the cohort; known: sex, weight_kg, luck, heavy, band"
            ),
            (
                "strata: [sex, band]", "strata: [sex, weight_kg]", "scenario.yaml",
                "scenario.yaml:19:15: error: strata[1]: 'weight_kg' is a number; strata need a category or a flag (derive bands with ifelse)"
            ),
            (
                "strata: [sex, band]", "strata: [sex, id]", "scenario.yaml",
                "scenario.yaml:19:15: error: strata[1]: 'id' is no column of the cohort; known: sex, weight_kg, luck, heavy, band"
            ),
            (
                "strata: [sex, band]", "strata: [sex, sex]", "scenario.yaml",
                "scenario.yaml:19:15: error: strata[1]: the stratum 'sex' stands twice"
            ),
            (
                "arms: [low, high]", "arms: [low, hihg]", "scenario.yaml",
                "scenario.yaml:56:15: error: trial.arms[1]: 'hihg' is no arm; did you mean 'high'?"
            ),
            (
                "null_arm: low", "null_arm: none", "scenario.yaml",
                "scenario.yaml:63:13: error: trial.null_arm: 'none' is no arm; known: low, high, learned"
            ),
            (
                "endpoint: in_range", "endpoint: inrange", "scenario.yaml",
                "scenario.yaml:61:13: error: trial.endpoint: 'inrange' is no endpoint; did you mean 'in_range'?\nscenario.yaml:68:40: error: published[0].endpoint: 'inrange' is no endpoint; did you mean 'in_range'?"
            ),
            (
                "follow_up: 14 days", "follow_up: 3 weeks", "scenario.yaml",
                "scenario.yaml:60:14: error: trial.follow_up: found 21 days, allowed: at most the 14 days of the visits"
            ),
            (
                "stratify: [sex]", "stratify: [weight_kg]", "scenario.yaml",
                "scenario.yaml:58:14: error: trial.stratify[0]: 'weight_kg' has more than 20 values, which would leave each patient a stratum of their own (derive bands with ifelse)"
            ),
            (
                "stratify: [sex]", "stratify: [site]", "scenario.yaml",
                "scenario.yaml:58:14: error: trial.stratify[0]: 'site' is no column of the cohort; known: sex, weight_kg, luck, heavy, band"
            ),
            (
                "arms_against: low", "arms_against: lo", "scenario.yaml",
                "scenario.yaml:65:17: error: report.arms_against: 'lo' is no arm; did you mean 'low'?"
            ),
            (
                "endpoint: harm", "endpoint: mean_dose", "scenario.yaml",
                "scenario.yaml:66:25: error: report.survival.endpoint: 'mean_dose' is a mean dose, allowed: an endpoint of kind first crossing or event"
            ),
            (
                "score: weight_kg", "score: band", "scenario.yaml",
                "scenario.yaml:66:38: error: report.survival.score: 'band' is a category, allowed: a number"
            ),
            (
                "arms_against: low", "arms_against: low\n  dose_needed: band", "scenario.yaml",
                "scenario.yaml:66:16: error: report.dose_needed: 'band' is a category, allowed: a number"
            ),
            (
                "days: [7, 13]", "days: [7, 15]", "scenario.yaml",
                "scenario.yaml:66:55: error: report.survival.days: found day 15, allowed: at most day 14, the end of the visits"
            ),
            (
                "contrast: [high, low]", "contrast: [hi, low]", "scenario.yaml",
                "scenario.yaml:68:18: error: published[0].contrast[0]: 'hi' is no arm; known: low, high, learned"
            ),
            (
                "stratum: { sex: male }", "stratum: { sex: man }", "scenario.yaml",
                "scenario.yaml:68:66: error: published[0].stratum.sex: 'man' is no level of 'sex'; known: male, female, missing"
            ),
            (
                "stratum: { sex: male }", "stratum: { race: male }", "scenario.yaml",
                "scenario.yaml:68:67: error: published[0].stratum.race: 'race' is no stratum; known: sex, band"
            ),
            // Cohort
            (
                "where: weight_kg > 45", "where: weight > 45", "scenario.yaml",
                "scenario.yaml:12:36: error: cohort.eligible[0].where: 'weight' is not known here; known: sex, weight_kg\n    - { name: heavy enough, where: weight > 45 }\n                                   ^^^^^^"
            ),
            (
                "where: weight_kg > 45", "where: weight_kg > 450", "scenario.yaml",
                "scenario.yaml:12:5: error: cohort.eligible: none of the 60 records is eligible, at least one is needed"
            ),
            (
                "luck: { uniform: [0, 1] }", "luck: { beta: [0, -1] }", "scenario.yaml",
                "scenario.yaml:14:11: error: cohort.draw.luck: beta: alpha is 0.0, but must be positive and finite. beta: beta is -1.0, but must be positive and finite."
            ),
            (
                "luck: { uniform: [0, 1] }", "sex: { uniform: [0, 1] }", "scenario.yaml",
                "scenario.yaml:14:10: error: cohort.draw.sex: the cohort already has a column named 'sex'; choose another name"
            ),
            (
                "heavy <- weight_kg > 80", "heavy <- weight > 80", "scenario.yaml",
                "scenario.yaml:16:14: error: cohort.derive: 'weight' is not known here; known: sex, weight_kg, luck\n    heavy <- weight > 80\n             ^^^^^^"
            ),
            (
                "  patients: 48", "  mix: { sex: { male: 0.5, man: 0.5 } }\n  patients: 48", "scenario.yaml",
                "scenario.yaml:18:15: error: cohort.mix.sex: 'man' is no level of 'sex'; allowed: 'male', 'female'"
            ),
            (
                "  patients: 48", "  mix: { weight_kg: { male: 1 } }\n  patients: 48", "scenario.yaml",
                "scenario.yaml:18:21: error: cohort.mix.weight_kg: 'weight_kg' is no category; only a category has shares"
            ),
            (
                "{ type: category, levels: [male, female] }", "{ type: category, levels: [male, female], missing: 3 }",
                "scenario.yaml",
                "scenario.yaml:9:10: error: cohort.columns.sex: is a category, which cannot follow the rule 'constant 3', allowed here: complete case, hot deck, a category of its own, an existing level, keep"
            ),
        ])
    func namesAndKindsThatDoNotFit(_ part: String, _ other: String, _ file: String, _ expected: String) throws {
        let found = try verdict(part, other, in: file)
        #expect(found == expected)
    }

    @Test(
        arguments: [
            (
                "luck", "dose",
                "scenario.yaml:14:11: error: cohort.draw.dose: the column 'dose' has the name of a variable that regimes use; choose another name"
            ),
            (
                "heavy", "day",
                "scenario.yaml:15:11: error: cohort.derive: the column 'day' has the name of a variable that regimes use; choose another name"
            ),
            (
                "band", "cp_previous",
                "scenario.yaml:15:11: error: cohort.derive: the column 'cp_previous' has the name of a variable that regimes use; choose another name"
            ),
            (
                "luck", "action",
                "scenario.yaml:14:13: error: cohort.draw.action: the column 'action' has the name of a variable that regimes use; choose another name"
            ),
        ])
    func columnsWithNamesThatRegimesUse(_ name: String, _ other: String, _ expected: String) throws {
        let found = try verdict(name, other)
        #expect(found == expected)
    }

    @Test func filesThatAreNotThere() throws {
        let study = try SmallStudy()
        try study.replace("model.R", with: "modell.R")
        try study.replace("records.csv", with: "data/records.csv")
        try study.replace("halve: dose <- ifelse(cp > 3, dose / 2, dose)", with: "halve: { file: halve.R }")
        #expect(
            study.verdict()
                == "scenario.yaml:39:18: error: rules.halve.file: there is no file 'halve.R'")
        try study.replace("halve: { file: halve.R }", with: "halve: dose <- 2")
        let expected = """
            scenario.yaml:6:12: error: cohort.records: there is no file 'data/records.csv'
            scenario.yaml:21:9: error: model.file: there is no file 'modell.R'
            """
        #expect(study.verdict() == expected)
        let errors = try #require(throws: ScenarioErrors.self) { _ = try study.study() }
        #expect(errors.problems.count == 2)
        #expect(errors.problems.allSatisfy { $0.isMissingFile })
    }

    @Test func aFolderInThePlaceOfAFile() throws {
        let study = try SmallStudy()
        try study.replace("records: records.csv", with: "records: .")
        #expect(
            study.verdict()
                == "scenario.yaml:6:12: error: cohort.records: the file '.' cannot be read: Is a directory")
    }

    @Test func problemsOfModelAndRecordsHaveTheirOwnPlaces() throws {
        let study = try SmallStudy()
        try study.replace("d/dt(depot) <- -depot", with: "d/dt(depot) <- -depo t", in: "model.R")
        try study.replace("p02,male,82.5", with: "p02,mail,82.5", in: "records.csv")
        try study.replace("p04,male,96.0", with: "p04,male,960", in: "records.csv")
        try study.replace("arms: [low, high]", with: "arms: [low, higher]")
        #expect(
            study.verdict() == """
                scenario.yaml:56:15: error: trial.arms[1]: 'higher' is no arm; did you mean 'high'?
                records.csv:3:5: error: sex: found 'mail', allowed: 'male', 'female'
                records.csv:5:10: error: weight_kg: found '960', allowed: a number from 30 to 200 (kg)
                model.R:13:26: error: found 't' right after an expression; an operator, ';' or a new line is missing before it
                    d/dt(depot) <- -depo t
                                         ^
                """)
    }

    @Test func columnsThatTheFileLacks() throws {
        #expect(
            try verdict("weight_kg: { type: number", "weight: { header: wheight_kg, type: number")
                == "records.csv:1:1: error: weight: the file has no column 'wheight_kg'; did you mean 'weight_kg'? (columns: id, sex, weight_kg)"
        )
    }

    @Test func manyProblemsOfRecordsAreCounted() throws {
        let study = try SmallStudy()
        try study.replace("levels: [male, female]", with: "levels: [m, f]")
        let lines = study.verdict().split(separator: "\n")
        #expect(lines.first == "records.csv:2:5: error: sex: found 'female', allowed: 'm', 'f'" || lines.count == 21)
        #expect(lines.contains("scenario.yaml:6:12: error: cohort.records: 60 problems in all, the first 20 shown"))
    }

    @Test func everythingAtOnceInTheOrderOfTheLines() throws {
        let study = try SmallStudy()
        try study.replace("strata: [sex, band]", with: "strata: [sexes, weight_kg]")
        try study.replace("into: depot", with: "into: dept")
        try study.replace("kind: event, of: harm", with: "kind: event, of: ham")
        try study.replace("cp > 3", with: "cpp > 3")
        try study.replace("base: low", with: "base: lowest")
        try study.replace("arms_against: low", with: "arms_against: none")
        try study.replace("weight_kg / 70", with: "wkg / 70", in: "model.R")
        #expect(
            study.verdict() == """
                scenario.yaml:19:10: error: strata[0]: 'sexes' is no column of the cohort; known: sex, weight_kg, luck, heavy, band
                scenario.yaml:19:17: error: strata[1]: 'weight_kg' is a number; strata need a category or a flag (derive bands with ifelse)
                scenario.yaml:21:9: error: model.file: the model reads 'wkg', which no column of the cohort and no entry of model.set gives; known: sex, weight_kg, luck, heavy, band
                scenario.yaml:24:17: error: treatment.dose.into: 'dept' is no compartment of the model; did you mean 'depot'?
                scenario.yaml:36:36: error: endpoints[1].of: 'ham' is no event; did you mean 'harm'?
                scenario.yaml:39:25: error: rules.halve: 'cpp' is not known here; did you mean 'cp'?
                  halve: dose <- ifelse(cpp > 3, dose / 2, dose)
                                        ^^^
                scenario.yaml:45:13: error: arms[2].learn.base: 'lowest' is no arm with rules; known: low, high
                scenario.yaml:65:17: error: report.arms_against: 'none' is no arm; known: low, high, learned
                scenario.yaml:68:66: error: published[0].stratum.sex: 'sex' is no stratum; known: sexes, weight_kg
                """)
    }

    @Test func aRuleThatNoArmNamesMustStillBeInTheLanguage() throws {
        #expect(
            try verdict("rules:\n", "rules:\n  double: dose <- 2 * * dose\n").hasPrefix(
                "scenario.yaml:39:23: error: rules.double: "))
    }

    @Test func tooFewPatientsToLearnFrom() throws {
        let study = try SmallStudy()
        try study.replace("basis: linear", with: "basis: quadratic")
        try study.replace(
            "weight <- weight_kg", with: (1...14).map { "x\($0) <- weight_kg^\($0)" }.joined(separator: "; "))
        let error = try #require(throws: ScenarioErrors.self) { _ = try study.study().run() }
        #expect("\(error)".contains("scenario.yaml:45:7: error: arms[2].learn: visit 2: "), "\(error)")
    }

    @Test func pathsThatWouldFillTheMemory() throws {
        #expect(
            try SmallStudy().verdict(
                "visits.end=2 years", "model.record.every=10 minutes", "treatment.dose.every=15 minutes") == """
                    --set model.record.every=10 minutes: error: model.record.every: found more than 50000 points over 730.5 days; record less often
                    --set treatment.dose.every=15 minutes: error: treatment.dose.every: found more than 50000 doses over 730.5 days; dose less often
                    """)
    }

    @Test func overridesOfValuesThatOtherSectionsName() throws {
        let study = try SmallStudy()
        #expect(
            study.verdict("trial.arms=[low, lower]")
                == "--set trial.arms=[low, lower]: error: trial.arms[1]: 'lower' is no arm; known: low, high, learned")
    }
}
