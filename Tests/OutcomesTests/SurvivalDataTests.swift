import Outcomes
import Testing

@Suite struct SurvivalDataTests {
    @Test("Failure: every bad row is named, in one error")
    func everyBadRowIsNamed() {
        let error = #expect(throws: InvalidInput.self) {
            try SurvivalData(times: [1, -2, .nan, 4], events: [true, false, true, true], entries: [0, -5, 0, 4])
        }
        #expect(
            error?.description == """
                row 2, time: found -2.0, allowed is a finite number ≥ 0
                row 3, time: found nan, allowed is a finite number ≥ 0
                row 3, entry: found 0.0, allowed is a finite number < time nan
                row 4, entry: found 4.0, allowed is a finite number < time 4.0
                """)
    }

    @Test("Failure: no rows; columns of different length; a long list of problems is cut")
    func shapesAreChecked() {
        let empty = #expect(throws: InvalidInput.self) { try SurvivalData(times: [], events: []) }
        #expect(empty?.description == "time: found no rows, allowed is at least one patient")
        let short = #expect(throws: InvalidInput.self) { try SurvivalData(times: [1, 2], events: [true]) }
        #expect(short?.description == "event: found 1 rows, allowed is 2 rows, one for each patient")
        let entry = #expect(throws: InvalidInput.self) {
            try SurvivalData(times: [1], events: [true], entries: [0, 0])
        }
        #expect(entry?.description == "entry: found 2 rows, allowed is 1 rows, one for each patient")
        let many = #expect(throws: InvalidInput.self) {
            try SurvivalData(
                times: [Double](repeating: .infinity, count: 13), events: [Bool](repeating: true, count: 13))
        }
        #expect(many?.description.hasSuffix("\nand 3 more") == true)
        #expect(many?.problems.count == 13)
    }

    @Test("Sums: events and person-time, with and without delayed entry")
    func sums() throws {
        let data = try SurvivalData(times: [3, 5, 2], events: [true, false, true])
        #expect(data.eventCount == 2)
        #expect(data.personTime == 10)
        let delayed = try SurvivalData(times: [3, 5, 2], events: [true, false, true], entries: [1, 0, 0.5])
        #expect(delayed.personTime == 8.5)
    }

    @Test("A subset keeps rows in the order asked, with repeats; a row that does not exist is refused")
    func subsets() throws {
        let data = try SurvivalData(times: [3, 5, 2], events: [true, false, true], entries: [1, 0, 0.5])
        let subset = try data.subset([2, 0, 2])
        #expect(subset.times == [2, 3, 2])
        #expect(subset.entries == [0.5, 1, 0.5])
        let error = #expect(throws: InvalidInput.self) { try data.subset([3]) }
        #expect(error?.description == "subset: found row index 3, allowed is 0 to 2")
    }

    @Test("Failure: a confidence level that is none; a group code without label, a label given twice")
    func levelsAndGroups() {
        let level = #expect(throws: InvalidInput.self) { try ConfidenceLevel(95) }
        #expect(level?.description == "confidence level: found 95.0, allowed is a number between 0 and 1")
        let group = #expect(throws: InvalidInput.self) { try Grouping(codes: [0, 2], labels: ["a", "a"]) }
        #expect(
            group?.description == """
                row 2, group: found code 2, allowed is 0 to 1
                group labels: found "a" twice, allowed is each label once
                """)
    }

    @Test("Groups by value are reported in ascending order of the value")
    func groupsByValue() {
        let grouping = Grouping(["white", "asian", "black", "asian"])
        #expect(grouping.labels == ["asian", "black", "white"])
        #expect(grouping.codes == [2, 0, 1, 0])
        #expect(grouping.rows == [[1, 3], [2], [0]])
    }
}
