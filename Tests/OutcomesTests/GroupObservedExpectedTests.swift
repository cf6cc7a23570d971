import Outcomes
import Testing

@Suite struct GroupObservedExpectedTests {
    @Test(
        "Second route: each group's curve by a plain mask, the error of log(1 − S) by the delta method",
        arguments: ReferenceSet.all)
    func masks(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let codes = try set.column("group")
        let predicted = codes.indices.map { 0.1 + 0.8 * Double(($0 * 7) % 10) / 10 }
        let check = try GroupObservedExpected(
            data, predicted: predicted, horizon: set.r.horizon, grouping: set.grouping("group"))
        for group in check.byGroup.groups {
            let rows = codes.indices.filter { "\(Int(codes[$0]))" == group.label }
            let curve = try require(KaplanMeier(data.subset(rows)).estimate(at: set.r.horizon))
            let expected = rows.reduce(0) { $0 + predicted[$1] } / Double(rows.count)
            let ratio = try require(group.estimate)
            #expect(agree(ratio.value, (1 - curve.value) / expected, 1e-12))
            #expect(
                agree(try require(ratio.standardError), try require(curve.standardError) / (1 - curve.value), 1e-12))
            #expect(agree(try require(group.result).difference.value, 1 - curve.value - expected, 1e-12))
        }
    }

    @Test("By hand: outcomes; no predicted risk, no event")
    func byHand() throws {
        let check = try GroupObservedExpected(
            outcomes: [true, false, false, false, true, false], predicted: [0.5, 0.25, 0, 0, 1, 0],
            grouping: Grouping(["a", "a", "b", "b", "c", "c"]))
        let results = try check.byGroup.groups.map { try require($0.result) }
        #expect(agree(try require(results[0].ratio).value, 0.5 / 0.375, 1e-14))
        #expect(results[1].ratio.undefined?.reason == "the predicted risk is 0: no ratio to it")
        #expect(try require(results[2].ratio).value == 1)
        let error = #expect(throws: InvalidInput.self) {
            try GroupObservedExpected(outcomes: [true], predicted: [1.5], grouping: Grouping(["a"]))
        }
        #expect(error?.description == "row 1, predicted risk: found 1.5, allowed is a number from 0 to 1")
    }
}
