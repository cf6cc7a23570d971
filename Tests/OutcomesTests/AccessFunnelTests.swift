import Outcomes
import Testing

@Suite struct AccessFunnelTests {
    let grouping = Grouping(["a", "a", "a", "a", "b", "b", "b", "c"])

    private func funnel() throws -> AccessFunnel {
        try AccessFunnel(
            grouping,
            steps: [
                .init("eligible", passed: [true, true, true, false, true, false, false, false]),
                .init("consented", passed: [true, false, true, true, true, true, true, true]),
                .init("dosed right", passed: [false, true, true, true, false, true, true, true]),
            ], reference: "a")
    }

    @Test("By hand: who reaches each step, who is lost there, ratios, the whole way")
    func byHand() throws {
        let funnel = try funnel()
        #expect(funnel.steps.map(\.name) == ["eligible", "consented", "dosed right"])
        #expect(funnel.steps.map { $0.byGroup.groups.map(\.count) } == [[4, 3, 1], [3, 1, 0], [2, 1, 0]])
        #expect(funnel.steps.map { $0.byGroup.groups.map(\.events) } == [[1, 2, 1], [1, 0, 0], [1, 1, 0]])
        #expect(funnel.whole.byGroup.groups.map(\.count) == [4, 3, 1])
        #expect(funnel.whole.byGroup.groups.map(\.events) == [3, 3, 1])
        let ratio = try require(funnel.steps[0].ratios[0].estimate)
        #expect(agree(ratio.value, (2.0 / 3) / (1.0 / 4), 1e-14))
        // √(1/2 − 1/3 + 1/1 − 1/4)
        #expect(agree(try require(ratio.standardError), (11.0 / 12).squareRoot(), 1e-14))
        let share = try require(funnel.steps[0].byGroup.groups[1].estimate)
        #expect(try share.interval == .value(Proportion(events: 2, of: 3).interval))
        #expect(
            funnel.steps[1].byGroup.groups[2].estimate.undefined?.reason == "nobody of the group reaches the step")
        #expect(
            funnel.steps[1].ratios[1].estimate.undefined?.reason == "nobody of one of the groups reaches the step")
        #expect(
            try funnel.steps[0].test == GroupProportionsTest.test(events: [1, 2, 1], of: [4, 3, 1]))
        #expect(try require(funnel.steps[0].test).method == .exact)
    }

    @Test("Invariant: losses of all steps sum to those of the whole way; labels only name")
    func invariants() throws {
        let funnel = try funnel()
        for code in 0..<3 {
            let lost = funnel.steps.reduce(0) { $0 + ($1.byGroup.groups[code].events ?? 0) }
            #expect(lost == funnel.whole.byGroup.groups[code].events)
        }
        #expect(funnel.whole.byGroup.overall.events == 7)
    }

    @Test("Failure: no step, a step of another length, a reference that does not exist")
    func failures() {
        let error = #expect(throws: InvalidInput.self) {
            try AccessFunnel(grouping, steps: [.init("eligible", passed: [true])], reference: "d")
        }
        #expect(
            error?.description == """
                eligible: found 1 rows, allowed is 8 rows, one for each patient
                reference group: found "d", allowed is "a", "b", "c"
                """)
        let none = #expect(throws: InvalidInput.self) { try AccessFunnel(grouping, steps: [], reference: "a") }
        #expect(none?.description == "steps: found none, allowed is at least one")
    }
}
