import Outcomes
import Testing

@Suite struct StratifiedTests {
    private func concordance(_ set: ReferenceSet, by column: String) throws -> Stratified<Estimate> {
        let data = try set.survival()
        return try Stratified(set.grouping(column), events: data.events) { rows in
            try Concordance(data.subset(rows), scores: rows.map { set.r.lp[$0] }).estimate
        }
    }

    @Test("Second route: each group recomputed with a plain mask", arguments: ReferenceSet.all)
    func groupsAgreeWithMasks(_ set: ReferenceSet) throws {
        let frame = try concordance(set, by: "strat")
        let codes = try set.column("strat")
        let data = try set.survival()
        for group in frame.groups {
            let rows = codes.indices.filter { "\(Int(codes[$0]))" == group.label }
            let expected = try Concordance(data.subset(rows), scores: rows.map { set.r.lp[$0] })
            #expect(group.count == rows.count)
            #expect(group.events == rows.filter { data.events[$0] }.count)
            #expect(group.estimate == expected.estimate)
        }
        #expect(frame.overall.count == data.count)
        #expect(frame.overall.events == data.eventCount)
        #expect(agree(try require(frame.overall.estimate).value, set.r.concordance.c))
    }

    @Test("Identity: one group is everyone; it has no gap and no test")
    func oneGroupIsOverall() throws {
        let data = try ReferenceSet.named("lung").survival()
        let frame = try Stratified(Grouping(data.times.map { _ in "all" })) { rows in
            KaplanMeier(try data.subset(rows)).estimate(at: 300)
        }
        #expect(frame.groups[0].estimate == frame.overall.estimate)
        #expect(frame.groups[0].events == nil)
        #expect(frame.gap.undefined?.reason == "1 groups have a value: two are needed to compare")
        #expect(frame.heterogeneity().undefined?.code == "few-groups")
    }

    /// Estimates 0.2 ± 0.1, 0.5 ± 0.1, 0.8 ± 0.2 by construction.
    private func constructed(_ scale: EstimateScale = .identity) throws -> Stratified<Estimate> {
        let values = [0.2, 0.5, 0.8]
        let errors = [0.1, 0.1, 0.2]
        return try Stratified(Grouping(["a", "b", "c"])) { rows in
            .value(Estimate(normal: values[rows[0]], standardError: errors[rows[0]], scale: scale))
        }
    }

    @Test("Closed form by hand: Cochran's Q, pooled value, I², gap, worst group, contrasts")
    func byHand() throws {
        let frame = try constructed()
        // Weights 100, 100, 25: mean (20 + 50 + 20)/225 = 0.4; Q = 100·0.04 + 100·0.01 + 25·0.16 = 9.
        let heterogeneity = try require(frame.heterogeneity())
        #expect(agree(heterogeneity.test.statistic, 9, 1e-13))
        #expect(heterogeneity.test.degreesOfFreedom == 2)
        // P(χ²₂ > 9) = exp(−4.5).
        #expect(agree(heterogeneity.test.pValue, 0.011108996538242306, 1e-13))
        #expect(agree(heterogeneity.pooled.value, 0.4, 1e-14))
        #expect(agree(try require(heterogeneity.pooled.standardError), 1 / 15.0, 1e-14))
        #expect(agree(heterogeneity.iSquared, 7 / 9.0, 1e-13))
        let gap = try require(frame.gap)
        #expect(agree(gap.difference, 0.6, 1e-15))
        #expect((gap.largest, gap.smallest) == ("c", "a"))
        #expect(try require(frame.worst(.higherIsBetter)).label == "a")
        #expect(try require(frame.worst(.lowerIsBetter)).label == "c")
        let contrasts = try frame.contrasts(to: "b")
        #expect(contrasts.map(\.label) == ["a", "c"])
        #expect(agree(try require(contrasts[1].estimate).value, 0.3, 1e-14))
        #expect(agree(try require(require(contrasts[1].estimate).standardError), 0.05.squareRoot(), 1e-14))
    }

    @Test("Ratios are compared on the log scale")
    func logScale() throws {
        let frame = try constructed(.log)
        let contrast = try require(frame.contrasts(to: "a")[0].estimate)
        #expect(agree(contrast.value, 2.5, 1e-15))
        #expect(contrast.scale == .log)
        #expect(agree(try require(contrast.standardError), 0.02.squareRoot(), 1e-14))
        let pooled = try require(frame.heterogeneity()).pooled
        // (0.2^100 · 0.5^100 · 0.8^25)^(1/225) = 0.1^(4/9) · 0.8^(1/9).
        #expect(agree(pooled.value, 0.350580516342, 1e-9))
    }

    @Test("Identity: Q of two groups is the squared z of their contrast", arguments: ReferenceSet.all)
    func twoGroups(_ set: ReferenceSet) throws {
        let frame = try concordance(set, by: "group")
        let contrast = try require(frame.contrasts(to: "0")[0].estimate)
        let z = contrast.value / (try require(contrast.standardError))
        #expect(agree(try require(frame.heterogeneity()).test.statistic, z * z, 1e-10))
    }

    @Test("Small and empty groups are reported with the reason, never dropped, and named where they are left out")
    func smallGroups() throws {
        let data = try SurvivalData(
            times: [1, 2, 3, 4, 5, 6], events: [true, false, true, true, false, false])
        let grouping = try Grouping(codes: [0, 0, 0, 1, 1, 2], labels: ["a", "b", "c", "d"])
        let frame = try Stratified(
            grouping, events: data.events, threshold: .init(minimumCount: 2, minimumEvents: 2)
        ) { rows in try SampleMean(rows.map { data.times[$0] }).estimate.asValue }
        #expect(frame.groups.map(\.label) == ["a", "b", "c", "d"])
        #expect(frame.groups.map(\.count) == [3, 2, 1, 0])
        #expect(frame.groups.map(\.events) == [2, 1, 0, 0])
        #expect(
            frame.groups.map { $0.estimate.undefined?.reason } == [
                nil, "the group has 1 events, below the minimum of 2",
                "the group has 1 patients, below the minimum of 2", "the group has no patient",
            ])
        let shown = try Stratified(grouping) { rows in
            try SampleMean(rows.map { data.times[$0] }).estimate.asValue
        }
        #expect(try require(shown.gap).leftOut == ["d"])
        let heterogeneity = try require(shown.heterogeneity())
        #expect(heterogeneity.compared == ["a", "b"])
        #expect(heterogeneity.leftOut.map(\.label) == ["c", "d"])
        #expect(heterogeneity.leftOut[0].reason.reason == "one value has no spread: two are needed for an error")
    }

    @Test("Any result: whole curves by group, compared by the median")
    func anyResult() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let frame = try Stratified(
            set.grouping("group"), events: data.events,
            metric: { rows in .value(KaplanMeier(try data.subset(rows))) },
            estimate: { curve in curve.restrictedMean(to: 1500).map(\.estimate) })
        let curve = try require(frame.groups[1].result)
        #expect(curve.count == frame.groups[1].count)
        #expect(try require(frame.gap).difference > 0)
    }

    @Test("Groups of two groupings at once: every combination, in order")
    func crossed() throws {
        let race = Grouping(["black", "white", "white"])
        let sex = Grouping(["f", "f", "m"])
        let both = try race.crossed(with: sex)
        #expect(both.labels == ["black, f", "black, m", "white, f", "white, m"])
        #expect(both.codes == [0, 2, 3])
    }

    @Test(
        "Failure: events of another length, no patient, a reference that does not exist; the metric's own error passes")
    func failures() throws {
        let grouping = Grouping(["a", "b"])
        let one = Estimate(normal: 1, standardError: 1)
        let events = #expect(throws: InvalidInput.self) {
            try Stratified(grouping, events: [true]) { _ in .value(one) }
        }
        #expect(events?.description == "event: found 1 rows, allowed is 2 rows, one for each patient")
        let empty = #expect(throws: InvalidInput.self) { try Stratified(Grouping([String]())) { _ in .value(one) } }
        #expect(empty?.description == "group: found no rows, allowed is at least one patient")
        let frame = try Stratified(grouping) { _ in .value(one) }
        let reference = #expect(throws: InvalidInput.self) { try frame.contrasts(to: "c") }
        #expect(reference?.description == "reference group: found \"c\", allowed is \"a\", \"b\"")
        let own = #expect(throws: CoxError.self) { try Stratified(grouping) { _ in throw CoxError.noEvents } }
        #expect(own == .noEvents)
    }
}

extension Estimate {
    fileprivate var asValue: Estimated<Estimate> { .value(self) }
}
