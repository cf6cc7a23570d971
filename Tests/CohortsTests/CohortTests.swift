import Testing

@testable import Cohorts

/// A small cohort with every kind of column.
func smallCohort() throws -> Cohort {
    try Cohort(
        count: 4,
        columns: [
            CohortColumn("weight_kg", unit: "kg", values: [70, 80, .nan, 60]),
            CohortColumn("race", levels: ["White", "Black"], texts: ["Black", nil, "White", "Black"]),
            CohortColumn("smoker", kind: .flag, values: [1, 0, .nan, 0]),
            CohortColumn("id", kind: .identifier(["A", "B", "C", "D"]), values: [0, 1, 2, 3]),
        ], sourceRow: [2, 3, 5, 9])
}

/// What a failing call says.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch { return "\(error)" }
}

@Suite struct CohortTests {
    @Test func subsetsCarryValuesNamesAndSourceRows() throws {
        let subset = try smallCohort().subset([3, 0, 3])
        #expect(subset.count == 3)
        #expect(subset.sourceRow == [9, 2, 9])
        #expect(try subset.column("id").text(0) == "D")
        #expect(try subset.column("id").text(1) == "A")
        #expect(try subset.column("weight_kg").values == [60, 70, 60])
        #expect(try subset.column("race").values == [1, 1, 1])
    }

    @Test func filterKeepsTheOrder() throws {
        let cohort = try smallCohort()
        let weights = try cohort.column("weight_kg").values
        #expect(cohort.filter { weights[$0] < 75 }.sourceRow == [2, 9])
        #expect(cohort.filter { _ in false }.count == 0)
    }

    @Test func missingValuesHaveNoText() throws {
        let cohort = try smallCohort()
        #expect(cohort.columns.map(\.missingCount) == [1, 1, 1, 0])
        #expect(cohort.columns.map { $0.text(2) } == [nil, "White", nil, "C"])
        #expect(cohort.columns.map { $0.text(1) } == ["80", nil, "no", "B"])
    }

    @Test func aCohortWithoutRecordsNumbersItsPatients() throws {
        #expect(try Cohort(count: 3).sourceRow == [1, 2, 3])
        #expect(try Cohort(count: 0).sourceRow == [])
    }

    @Test func columnsAreAddedAndReplaced() throws {
        var cohort = try smallCohort().appending([CohortColumn("age", unit: "year", values: [1, 2, 3, 4])])
        try cohort.replace(CohortColumn("weight_kg", unit: "kg", values: [1, 1, 1, 1]))
        #expect(cohort.names == ["weight_kg", "race", "smoker", "id", "age"])
        #expect(cohort.index(of: "age") == 4)
        #expect(try cohort.column("weight_kg").values == [1, 1, 1, 1])
    }

    @Test func refusals() throws {
        var cohort = try smallCohort()
        #expect(
            message { _ = try cohort.column("wieght_kg") }
                == "no column is named 'wieght_kg'; did you mean 'weight_kg'? (columns: weight_kg, race, smoker, id)")
        #expect(
            message { _ = try cohort.column("qq") }
                == "no column is named 'qq' (columns: weight_kg, race, smoker, id)")
        #expect(
            message { try cohort.append(CohortColumn("race", values: [1, 2, 3, 4])) }
                == "the cohort already has a column named 'race'; choose another name")
        #expect(
            message { try cohort.append(CohortColumn("age", values: [1])) }
                == "age: found 1 values, expected 4, one for each patient")
        #expect(
            message { _ = try Cohort(count: 2, sourceRow: [1]) }
                == "source rows: found 1 values, expected 2, one for each patient")
        #expect(message { _ = try Cohort(count: -1) } == "number of patients: found -1, allowed: 0 or more")
    }
}
