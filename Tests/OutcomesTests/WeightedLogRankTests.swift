import Outcomes
import Testing

@Suite struct WeightedLogRankTests {
    @Test("simtrial 1.0.2: Fleming–Harrington U, V, z and p, one stratum and several", arguments: ReferenceSet.all)
    func agreesWithSimtrial(_ set: ReferenceSet) throws {
        let reference = try #require(try TrialCurvesReference.load(set.name))
        let (data, groups, strata) = (try set.survival(), try set.grouping("group"), try set.grouping("strat"))
        for (expected, strata) in reference.weighted.map({ ($0, nil) }) + reference.stratified.map({ ($0, strata) }) {
            let test = try LogRank(
                data, groups: groups, strata: strata,
                weight: .flemingHarrington(rho: expected.rho, gamma: expected.gamma))
            #expect(agree(test.groups[1].observed - test.groups[1].expected, expected.u, 1e-9, floor: 1e-3))
            #expect(agree(test.covariance[1][1], expected.variance))
            let normal = try require(test.normalTest(of: 1))
            #expect(agree(normal.statistic, expected.z, 1e-9, floor: 1e-3))
            #expect(agree(normal.pValue, expected.p))
            #expect(agree(normal.lowerPValue + normal.upperPValue, 1, 1e-15))
        }
    }

    @Test("R survival 3.5-3: the trend test is the score test of a Cox model without ties", arguments: ReferenceSet.all)
    func trendAgreesWithScoreTest(_ set: ReferenceSet) throws {
        let expected = try #require(try CurvesReference.load().sets[set.name]).trend
        let times = try set.column("time")
        let data = try SurvivalData(
            times: times.indices.map { times[$0] + Double($0 + 1) / 1e4 }, events: set.survival().events)
        let groups = try set.grouping("strat")
        let scores = try groups.labels.map { try #require(Double($0)) }
        let plain = try require(LogRank(data, groups: groups).trend(scores: scores))
        #expect(agree(plain.statistic * plain.statistic, expected.chisq))
        #expect((plain.statistic > 0) == (expected.sign > 0))
        let moved = try require(LogRank(data, groups: groups).trend(scores: scores.map { 1e6 - 3 * $0 }))
        #expect(agree(moved.statistic, -plain.statistic))
        let stratified = try require(
            LogRank(data, groups: groups, strata: set.grouping("group")).trend(scores: scores))
        #expect(agree(stratified.statistic * stratified.statistic, expected.stratified))
    }

    @Test("Closed form: of two groups the trend is the log-rank test")
    func trendOfTwoGroups() throws {
        let set = try ReferenceSet.named("veteran")
        let test = try LogRank(set.survival(), groups: set.grouping("group"), weight: .taroneWare)
        #expect(
            agree(
                try require(test.trend(scores: [3, 5])).statistic, try require(test.normalStatistic(of: 1)), 1e-12))
    }

    @Test("Second route: modest weights recounted from the pooled curve of each stratum", arguments: ReferenceSet.all)
    func modestWeights(_ set: ReferenceSet) throws {
        let (data, groups, strata) = (try set.survival(), try set.grouping("group"), try set.grouping("strat"))
        let until = set.r.times[2]
        for weight in [
            LogRank.Weight.modestlyWeighted(until: until), .modestlyWeightedToFloor(survivalFloor: 0.5),
        ] {
            var (u, v) = (0.0, 0.0)
            for rows in strata.rows where !rows.isEmpty {
                let stratum = try data.subset(rows)
                let curve = KaplanMeier(stratum)
                let treated = rows.map { groups.codes[$0] == 1 }
                let last = try #require(curve.times.last)
                let atUntil = try require(curve.survival(at: min(until, last)))
                for index in curve.times.indices where curve.events[index] > 0 {
                    let time = curve.times[index]
                    let floor = if case .modestlyWeighted = weight { atUntil } else { 0.5 }
                    let w = 1 / max(index == 0 ? 1 : curve.survival[index - 1], floor)
                    let (n, d) = (Double(curve.atRisk[index]), Double(curve.events[index]))
                    let n1 = Double(rows.indices.filter { treated[$0] && stratum.times[$0] >= time }.count)
                    let d1 = rows.indices.filter { treated[$0] && stratum.times[$0] == time && stratum.events[$0] }
                    u += w * (Double(d1.count) - d * n1 / n)
                    if n > 1 { v += w * w * d * (n - d) / (n - 1) * n1 / n * (1 - n1 / n) }
                }
            }
            let test = try LogRank(data, groups: groups, strata: strata, weight: weight)
            #expect(agree(test.groups[1].observed - test.groups[1].expected, u, 1e-9, floor: 1e-3))
            #expect(agree(test.covariance[1][1], v))
        }
    }

    @Test("Limits of modest weights: no delay is the log-rank test; without a floor the weight is 1/S")
    func modestLimits() throws {
        let set = try ReferenceSet.named("gbsg2")
        let (data, groups) = (try set.survival(), try set.grouping("group"))
        let plain = try LogRank(data, groups: groups)
        #expect(try LogRank(data, groups: groups, weight: .modestlyWeighted(until: 0)).covariance == plain.covariance)
        #expect(
            try LogRank(data, groups: groups, weight: .modestlyWeightedToFloor(survivalFloor: 1)).covariance
                == plain.covariance)
        let whole = try LogRank(data, groups: groups, weight: .modestlyWeighted(until: 1e9))
        #expect(
            try LogRank(data, groups: groups, weight: .modestlyWeightedToFloor(survivalFloor: 0)).covariance
                == whole.covariance)
    }

    @Test("Second route: stratified and delayed counts in one sweep are sums over strata counted alone")
    func strataAddUp() throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 80, span: 9, seed: seed, delayed: seed % 2 == 0)
            var sequence = TestSequence(seed: 50 + seed)
            let groups = try Grouping(codes: data.times.map { _ in sequence.integer(below: 2) }, labels: ["a", "b"])
            let strata = try Grouping(
                codes: data.times.map { _ in sequence.integer(below: 3) }, labels: ["x", "y", "z", "empty"])
            for weight in [LogRank.Weight.gehanBreslow, .flemingHarrington(rho: 1, gamma: 0.5)] {
                let together = try LogRank(data, groups: groups, strata: strata, weight: weight)
                let alone = try strata.rows.filter { !$0.isEmpty }.map { rows in
                    try LogRank(
                        data.subset(rows), groups: Grouping(codes: rows.map { groups.codes[$0] }, labels: ["a", "b"]),
                        weight: weight)
                }
                let expected = alone.reduce(0) { $0 + $1.groups[1].expected }
                #expect(agree(together.groups[1].expected, expected, 1e-12), "seed \(seed)")
                let variance = alone.reduce(0) { $0 + $1.covariance[0][1] }
                #expect(agree(together.covariance[0][1], variance, 1e-12), "seed \(seed)")
            }
        }
    }

    @Test("Undefined: one score, a group never at risk, a weight that divides by 0")
    func undefined() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, true])
        let groups = try Grouping(codes: [0, 2, 0, 2], labels: ["a", "none", "c"])
        let test = try LogRank(data, groups: groups)
        #expect(
            try test.trend(scores: [1, 5, 1]).undefined?.reason
                == "the groups that were at risk together have one score: there is no trend to test")
        #expect(
            test.normalTest(of: 1).undefined?.reason
                == "the groups were never at risk together at an event in a way that tells them apart")
        // The first patient alone has the event at 1: the pooled curve is 0 from then on.
        let gap = try SurvivalData(times: [1, 5, 6], events: [true, true, false], entries: [0, 2, 2])
        #expect(
            try LogRank(gap, groups: Grouping(["a", "a", "b"]), weight: .modestlyWeighted(until: 9)).test.undefined?
                .reason == "the pooled curve is 0 before the last event: a modest weight would divide by it")
    }

    @Test("Failure: parameters of a weight, scores")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        let groups = Grouping(["a", "b"])
        let until = #expect(throws: InvalidInput.self) {
            try LogRank(data, groups: groups, weight: .modestlyWeighted(until: -1))
        }
        #expect(until?.description == "until: found -1.0, allowed is a finite number ≥ 0")
        let floor = #expect(throws: InvalidInput.self) {
            try LogRank(data, groups: groups, weight: .modestlyWeightedToFloor(survivalFloor: 1.5))
        }
        #expect(floor?.description == "survival floor: found 1.5, allowed is a number from 0 to 1")
        let count = #expect(throws: InvalidInput.self) { try LogRank(data, groups: groups).trend(scores: [1]) }
        #expect(count?.description == "score: found 1 scores, allowed is 2, one for each group")
        let finite = #expect(throws: InvalidInput.self) {
            try LogRank(data, groups: groups).trend(scores: [1, .nan])
        }
        #expect(finite?.description == "row 2, score: found nan, allowed is a finite number")
    }
}
