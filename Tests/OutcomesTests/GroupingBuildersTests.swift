import Outcomes
import Testing

@Suite struct GroupingBuildersTests {
    let race = Grouping(["b", "a", "a", "b", "a"])
    let sex = Grouping(["f", "m", "f", "f", "f"])

    @Test("By hand: three columns crossed, first slowest, with empty combinations reported or left out")
    func crossing() throws {
        let age = Grouping([2, 1, 1, 1, 2])
        let all = try Grouping(crossing: [race, sex, age], separator: "/")
        #expect(all.labels == ["a/f/1", "a/f/2", "a/m/1", "a/m/2", "b/f/1", "b/f/2", "b/m/1", "b/m/2"])
        #expect(all.codes == [5, 2, 0, 4, 1])
        let present = try Grouping(crossing: [race, sex, age], separator: "/", empty: .leftOut)
        #expect(present.labels == ["a/f/1", "a/f/2", "a/m/1", "b/f/1", "b/f/2"])
        #expect(present.codes == [4, 2, 0, 3, 1])
    }

    @Test("Identity: two columns as `crossed(with:)`, one column as itself")
    func crossingOfTwo() throws {
        #expect(try Grouping(crossing: [race, sex]) == race.crossed(with: sex))
        #expect(try Grouping(crossing: [race]) == race)
    }

    @Test("Many columns: only combinations that occur are made")
    func manyColumns() throws {
        let columns = (0..<30).map { bit in Grouping((0..<50).map { ($0 >> (bit % 6)) & 1 }) }
        let crossed = try Grouping(crossing: columns, empty: .leftOut)
        #expect(crossed.labels.count == 50)
        let refused = #expect(throws: InvalidInput.self) { try Grouping(crossing: columns) }
        #expect(
            refused?.description
                == "groupings: found more than 10000 combinations, allowed is fewer, or empty combinations left out")
    }

    @Test("Bands are half-open, empty ones stay, no value is a group of its own at the end")
    func bands() throws {
        let grouping = try Grouping(bands: [39.9, 40, 64.5, 65, nil, 80], cuts: [40, 65, 75.5])
        #expect(grouping.labels == ["< 40", "[40, 65)", "[65, 75.5)", "≥ 75.5", "missing"])
        #expect(grouping.codes == [0, 1, 1, 2, 4, 3])
        #expect(try Grouping(bands: [1, 2], cuts: [5]).labels == ["< 5", "≥ 5"])
    }

    @Test("Quantile bands: R's quantile(c(1, 2, 4, 8, 16), 1:3/4) is 2, 4, 8; equal cuts are one")
    func quantileBands() throws {
        let grouping = try Grouping(quantiles: [16, 1, 8, 2, 4, nil], count: 4)
        #expect(grouping.labels == ["< 2", "[2, 4)", "[4, 8)", "≥ 8", "missing"])
        #expect(grouping.codes == [3, 0, 3, 1, 2, 4])
        #expect(try Grouping(quantiles: [1, 1, 1, 1, 9], count: 4).labels == ["< 1", "≥ 1"])
        #expect(try Grouping(quantiles: [7], count: 10).labels == ["< 7", "≥ 7"])
        // R: quantile(c(1, 2, 3, 10), 1:2/3) is 2, 3.
        #expect(try Grouping(quantiles: [1, 2, 3, 10], count: 3).labels == ["< 2", "[2, 3)", "≥ 3"])
    }

    @Test("Missing values are a group, and only where there are any")
    func missing() throws {
        let grouping = try Grouping(["b", nil, "a"], missing: "unknown")
        #expect(grouping.labels == ["a", "b", "unknown"])
        #expect(grouping.codes == [1, 2, 0])
        #expect(try Grouping([2, 1] as [Int?], missing: "unknown") == Grouping([2, 1]))
        let clash = #expect(throws: InvalidInput.self) { try Grouping(["unknown", nil], missing: "unknown") }
        #expect(clash?.description == "group labels: found \"unknown\" twice, allowed is each label once")
    }

    @Test("Failure: no grouping, other patients, cuts that do not ascend, values that are none")
    func failures() {
        let none = #expect(throws: InvalidInput.self) { try Grouping(crossing: []) }
        #expect(none?.description == "groupings: found none, allowed is at least one")
        let other = #expect(throws: InvalidInput.self) { try Grouping(crossing: [race, Grouping([1])]) }
        #expect(other?.description == "grouping 2: found 1 rows, allowed is 5 rows, one for each patient")
        let cuts = #expect(throws: InvalidInput.self) { try Grouping(bands: [.nan], cuts: [2, 2]) }
        #expect(
            cuts?.description == """
                row 2, cut: found 2.0 after 2.0, allowed is strictly ascending cuts
                row 1, value: found nan, allowed is a finite number or none
                """)
        let quantiles = #expect(throws: InvalidInput.self) { try Grouping(quantiles: [nil], count: 1) }
        #expect(
            quantiles?.description == """
                bands: found 1, allowed is 2 or more
                value: found no value, allowed is at least one
                """)
    }
}
