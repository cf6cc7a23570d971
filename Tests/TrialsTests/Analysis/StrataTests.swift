import Cohorts
import Outcomes
import Testing

@testable import Trials

/// Backed by plain masks over the rows, and by the limits: missing values, small and empty groups.
@Suite struct StrataTests {
    @Test("Every group of every column, the missing ones among them, in the stated order")
    func groups() throws {
        let strata = try Strata(["sex", "smoker", "group"], of: HandRecord.cohort(40))
        #expect(
            strata.labels == [
                "all", "sex=male", "sex=female", "smoker=no", "smoker=yes", "smoker=missing", "group=common",
                "group=rare",
                "group=none",
            ])
        #expect(strata.groupsOfColumn == [1..<3, 3..<6, 6..<9])
        #expect(strata.rows[0] == Array(0..<40))
        #expect(strata.rows[2] == (0..<40).filter { $0 % 3 == 0 })
        #expect(strata.rows[4] == (0..<40).filter { $0 % 4 == 1 })
        #expect(strata.rows[5] == (0..<40).filter { $0 % 4 == 3 })
        #expect(strata.rows[7] == [7, 27])
        #expect(strata.rows[8].isEmpty)
        for groups in strata.groupsOfColumn { #expect(groups.flatMap { strata.rows[$0] }.sorted() == strata.rows[0]) }
    }

    @Test("A level that is itself called missing stays apart from missing values")
    func aLevelCalledMissing() throws {
        let cohort = try Cohort(
            count: 3, columns: [CohortColumn("race", levels: ["missing", "white"], texts: ["missing", nil, "white"])])
        let strata = try Strata(["race"], of: cohort)
        #expect(strata.labels == ["all", "race=missing", "race=white", "race=missing (no value)"])
        #expect(strata.rows.dropFirst().map { $0 } == [[0], [2], [1]])
    }

    @Test("A column that is none, or has no groups, is refused by name or row")
    func refusals() throws {
        let cohort = try HandRecord.cohort(4)
        #expect(throws: CohortError.self) { try Strata(["sexx"], of: cohort) }
        let odd = try Cohort(count: 2, columns: [CohortColumn("age", values: [0, 1.5])])
        do {
            _ = try Strata(["age"], of: odd)
            Issue.record("accepted")
        } catch {
            #expect("\(error)".contains("code -1"))
            #expect("\(error)".contains("row 2"))
        }
    }

    @Test("A group too small to estimate is reported with its size and the reason, an empty one too")
    func smallGroups() throws {
        let values = HandRecord.normals(100, seed: 1)
        let strata = try Strata(["group", "smoker"], of: HandRecord.cohort(100))
        let cells = try HandRecord.record(values).summary(of: 0, scale: .continuous, strata: strata).cells
        #expect(cells.map(\.count) == strata.rows.map(\.count))
        #expect(cells[2].value.isNaN && cells[2].lower.isNaN && cells[2].standardError.isNaN)
        #expect(cells[2].reason == "the group has 5 patients, below the minimum of 10")
        #expect(cells[3].reason == "the group has no patient")
        for (group, rows) in strata.rows.enumerated() where rows.count >= 10 {
            let (mean, error) = meanAndError(rows.map { values[$0] })
            #expect(abs(cells[group].value - mean) < 1e-14)
            #expect(abs(cells[group].standardError - error) < 1e-14)
            #expect(cells[group].reason.isEmpty)
        }
    }

    @Test("Groups are compared by Cochran's Q of their own estimates; the gap names its ends")
    func heterogeneity() throws {
        let shift = HandRecord.normals(90, seed: 2).enumerated().map { $1 + ($0 % 3 == 0 ? 1.5 : 0) }
        let strata = try Strata(["sex"], of: HandRecord.cohort(90))
        let table = try HandRecord.record(shift).summary(of: 0, scale: .continuous, strata: strata)
        let groups = table.cells.dropFirst()
        let weights = groups.map { 1 / ($0.standardError * $0.standardError) }
        let pooled = zip(groups, weights).reduce(0) { $0 + $1.0.value * $1.1 } / weights.reduce(0, +)
        let statistic = zip(groups, weights).reduce(0) { $0 + $1.1 * ($1.0.value - pooled) * ($1.0.value - pooled) }
        #expect(table.heterogeneity.count == 1)
        #expect(abs(table.heterogeneity[0].statistic - statistic) < 1e-10 * statistic)
        #expect(table.heterogeneity[0].degreesOfFreedom == 1)
        #expect(table.heterogeneity[0].pValue < 0.001)
        #expect(table.heterogeneity[0].largest == "female" && table.heterogeneity[0].smallest == "male")
        #expect(abs(table.heterogeneity[0].gap - (table.cells[2].value - table.cells[1].value)) < 1e-14)
    }
}
