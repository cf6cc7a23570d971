import Testing

@testable import Cohorts

/// Patients with values that are missing at random, from a fixed seed.
private func holedCohort(_ count: Int, seed: UInt64) throws -> Cohort {
    var random = TestRandom(seed: seed)
    func column(_ name: String, _ missingIn10: Int, _ value: (inout TestRandom) -> Double) -> CohortColumn {
        CohortColumn(
            name,
            values: (0..<count).map { _ in random.next(below: 10) < missingIn10 ? .nan : value(&random) })
    }
    var race = column("race", 2) { Double($0.next(below: 3)) }
    race.kind = .category(levels: ["White", "Asian", "Black"])
    var sex = column("sex", 1) { Double($0.next(below: 2)) }
    sex.kind = .category(levels: ["male", "female"])
    return try Cohort(
        count: count, columns: [race, sex, column("weight", 4) { Double($0.next(below: 100_000)) / 7 }],
        sourceRow: (0..<count).map { 2 + 3 * $0 })
}

@Suite struct MissingDataTests {
    @Test func everyRuleDoesWhatItSays() throws {
        let (treated, report) = try smallCohort().treatingMissing(
            [("weight_kg", .constant(75)), ("race", .category()), ("smoker", .constant(0))], seed: 1)
        #expect(try treated.column("weight_kg").values == [70, 80, 75, 60])
        #expect(try treated.column("race").levels == ["White", "Black", "unknown"])
        #expect(try treated.column("race").values == [1, 2, 0, 1])
        #expect(try treated.column("smoker").values == [1, 0, 0, 0])
        #expect(
            report.description == """
                weight_kg: 1 missing, constant 75, 1 filled
                race: 1 missing, level 'unknown', 1 filled
                smoker: 1 missing, constant 0, 1 filled
                4 patients, 4 after complete-case rules
                """)
    }

    @Test func completeCasesAreDroppedAndNamed() throws {
        let (treated, report) = try smallCohort().treatingMissing(
            [("weight_kg", .completeCase), ("smoker", .completeCase), ("race", .level("White"))], seed: 1)
        #expect(treated.sourceRow == [2, 3, 9])
        #expect(try treated.column("race").values == [1, 0, 1])
        #expect(report.dropped == [.init(sourceRow: 5, columns: ["weight_kg", "smoker"])])
        #expect(
            report.description == """
                weight_kg: 1 missing, complete case, 1 patients dropped
                smoker: 1 missing, complete case, 1 patients dropped
                race: 1 missing, level 'White', 1 filled
                4 patients, 3 after complete-case rules
                """)
    }

    @Test func columnsWithoutARuleAreReportedAsKept() throws {
        let (treated, report) = try smallCohort().treatingMissing([("smoker", .category(level: "not asked"))], seed: 1)
        #expect(try treated.column("smoker").levels == ["no", "yes", "not asked"])
        #expect(try treated.column("smoker").values == [1, 0, 2, 0])
        #expect(treated.columns[0].missingCount == 1)
        #expect(
            report.description == """
                smoker: 1 missing, level 'not asked', 1 filled
                weight_kg: 1 missing, kept missing, 1 still missing
                race: 1 missing, kept missing, 1 still missing
                4 patients, 4 after complete-case rules
                """)
    }

    // Invariant: a hot deck gives only values that a donor of the narrowest inhabited class has.
    @Test(arguments: 0..<40)
    func aHotDeckInventsNoValue(_ seed: UInt64) throws {
        let cohort = try holedCohort(60, seed: seed)
        let (treated, report) = try cohort.treatingMissing([("weight", .hotDeck(within: ["race", "sex"]))], seed: seed)
        let (race, sex) = (try cohort.column("race").values, try cohort.column("sex").values)
        let (before, after) = (try cohort.column("weight").values, try treated.column("weight").values)
        func same(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
        for patient in 0..<60 where before[patient].isNaN {
            let present = (0..<60).filter { !before[$0].isNaN }
            let byRace = present.filter { same(race[$0], race[patient]) }
            let byBoth = byRace.filter { same(sex[$0], sex[patient]) }
            let donors = !byBoth.isEmpty ? byBoth : !byRace.isEmpty ? byRace : present
            #expect(donors.contains { before[$0] == after[patient] }, "seed \(seed), patient \(patient)")
        }
        for patient in 0..<60 where !before[patient].isNaN { #expect(after[patient] == before[patient]) }
        let entry = try #require(report.columns.first)
        #expect(entry.filled == entry.missing && entry.filled == entry.donorClasses.reduce(0) { $0 + $1.filled })
    }

    @Test func aHotDeckWidensItsClassInTheStatedOrder() throws {
        func column(_ name: String, _ values: [Double]) -> CohortColumn { CohortColumn(name, values: values) }
        let cohort = try Cohort(
            count: 5,
            columns: [
                column("a", [1, 1, 1, 2, 3]), column("b", [1, 1, 2, 1, 9]), column("x", [10, .nan, .nan, 20, .nan]),
            ])
        let (treated, report) = try cohort.treatingMissing([("x", .hotDeck(within: ["a", "b"]))], seed: 7)
        let values = try treated.column("x").values
        #expect(values[1] == 10)  // patient 1 of the same a and b
        #expect(values[2] == 10)  // nobody of the same b: the same a
        #expect([10, 20].contains(values[4]))
        #expect(
            report.description == """
                x: 3 missing, hot deck within a, b, 3 filled
                  1 from donors by a, b
                  1 from donors by a
                  1 from donors by all patients
                5 patients, 5 after complete-case rules
                """)
    }

    // Statistic: 4,000 patients without a value draw from two donors; the share of the first is binomial(4000, 1/2).
    @Test func donorsAreEquallyLikely() throws {
        let cohort = try Cohort(
            count: 4_002, columns: [CohortColumn("x", values: [1, 0] + [Double](repeating: .nan, count: 4_000))])
        let values = try cohort.treatingMissing([("x", .hotDeck(within: []))], seed: 5).cohort.column("x").values
        let share = values.dropFirst(2).reduce(0, +) / 4_000
        #expect(abs(share - 0.5) < 4 * (0.25 / 4_000).squareRoot())  // four standard errors
    }

    @Test func aDrawDependsOnItsRecordAndColumnOnly() throws {
        let cohort = try holedCohort(200, seed: 3)
        let rules: [(column: String, rule: MissingDataRule)] = [("weight", .hotDeck(within: []))]
        let alone = try cohort.treatingMissing(rules, seed: 11).cohort.column("weight")
        let beside = try cohort.treatingMissing([("race", .hotDeck(within: ["sex"]))] + rules, seed: 11).cohort
        #expect(try beside.column("weight").values.map(\.bitPattern) == alone.values.map(\.bitPattern))
        // The same donors, one missing patient fewer: everyone else draws the same.
        let first = try #require(cohort.columns[2].values.firstIndex { $0.isNaN })
        let fewer = try cohort.filter { $0 != first }.treatingMissing(rules, seed: 11).cohort.column("weight")
        #expect(fewer.values == alone.values.indices.filter { $0 != first }.map { alone.values[$0] })
        #expect(try cohort.treatingMissing(rules, seed: 12).cohort.column("weight").values != alone.values)
        #expect(
            try cohort.treatingMissing(rules, seed: 11, replicate: 1).cohort.column("weight").values != alone.values)
    }

    @Test(
        arguments: [
            (
                [("wieght_kg", .keep)],
                "no column is named 'wieght_kg'; did you mean 'weight_kg'? (columns: weight_kg, race, smoker, id)"
            ),
            ([("race", .keep), ("race", .completeCase)], "race: found two rules for its missing values; give one"),
            (
                [("weight_kg", .category())],
                "weight_kg: is a number, which cannot follow the rule 'level 'unknown'', allowed here: complete case, hot deck, a constant, keep"
            ),
            (
                [("race", .constant(1))],
                "race: is a category, which cannot follow the rule 'constant 1', allowed here: complete case, hot deck, a category of its own, an existing level, keep"
            ),
            (
                [("id", .hotDeck(within: []))],
                "id: is an identifier, which cannot follow the rule 'hot deck', allowed here: complete case, keep"
            ),
            ([("race", .level("Asian"))], "race: 'Asian' is not a level; allowed: 'White', 'Black'"),
            (
                [("race", .category(level: "Black"))],
                "race: is a category with the level 'Black', allowed here: a new level"
            ),
            ([("smoker", .constant(2))], "smoker: found the constant 2, allowed: 0 or 1 for a flag"),
            ([("weight_kg", .constant(.infinity))], "weight_kg: found the constant inf, allowed: a finite number"),
            (
                [("race", .hotDeck(within: ["id"]))],
                "id: is an identifier, allowed here: classes by a number, a category or a flag"
            ),
            (
                [("race", .hotDeck(within: ["race"]))],
                "race: is the column to fill itself, allowed here: classes by other columns"
            ),
        ] as [([(column: String, rule: MissingDataRule)], String)])
    func rulesThatDoNotFit(_ rules: [(column: String, rule: MissingDataRule)], _ expected: String) throws {
        let cohort = try smallCohort()
        #expect(message { _ = try cohort.treatingMissing(rules, seed: 1) } == expected)
    }

    @Test func aHotDeckWithoutDonors() throws {
        let cohort = try Cohort(count: 2, columns: [CohortColumn("x", values: [.nan, .nan])])
        #expect(
            message { _ = try cohort.treatingMissing([("x", .hotDeck(within: []))], seed: 1) }
                == "x: no patient has a value to fill the missing ones with; use another rule for missing values")
    }
}
