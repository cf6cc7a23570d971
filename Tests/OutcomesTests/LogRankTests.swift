import Outcomes
import Testing

@Suite struct LogRankTests {
    @Test("R survival 3.5-3: observed, expected, variance and chi-square", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let group = try set.grouping("group")
        let several = try set.grouping("strat")
        func check(_ test: LogRank, _ expected: RReference.LogRank) throws {
            #expect(agree(test.groups.map(\.observed), expected.observed))
            #expect(agree(test.groups.map(\.expected), expected.expected))
            #expect(agree(test.covariance.flatMap { $0 }, expected.variance.flatMap { $0 }))
            #expect(agree(try require(test.test).statistic, expected.chisq))
        }
        try check(LogRank(data, groups: group), set.r.logrank)
        try check(LogRank(data, groups: several), set.r.logrankManyGroups)
        try check(LogRank(data, groups: group, weight: .flemingHarrington(rho: 1, gamma: 0)), set.r.logrankRho1)
        try check(
            LogRank(data, groups: several, weight: .flemingHarrington(rho: 0.5, gamma: 0)),
            set.r.logrankRhoHalfManyGroups)
        try check(LogRank(data, groups: group, strata: several), set.r.logrankStratified)
        try check(
            LogRank(data, groups: group, strata: several, weight: .flemingHarrington(rho: 1, gamma: 0)),
            set.r.logrankStratifiedRho1)
    }

    @Test("lifelines 0.30.3: chi-square over several groups", arguments: ReferenceSet.all)
    func agreesWithLifelines(_ set: ReferenceSet) throws {
        let test = try LogRank(set.survival(), groups: set.grouping("strat"))
        #expect(agree(try require(test.test).statistic, set.python.logrankManyGroups))
    }

    /// U, V and z of simtrial 1.0.2 for veteran (treated minus expected), from the golden set with the same data.
    @Test(
        "simtrial 1.0.2: Fleming–Harrington weights on veteran",
        arguments: [
            (0, 0.5, -1.77638036966457, 13.8664399875525), (0, 1, -2.64196064314583, 8.65518781078836),
            (1, 0, 3.14215730674672, 11.3326962349423), (1, 1, 0.617290942356683, 1.05023601041063),
            (0.5, 0.5, 0.719069791838317, 5.21125217676411),
        ])
    func agreesWithSimtrial(rho: Double, gamma: Double, u: Double, variance: Double) throws {
        let set = try ReferenceSet.named("veteran")
        let test = try LogRank(
            set.survival(), groups: set.grouping("group"), weight: .flemingHarrington(rho: rho, gamma: gamma))
        #expect(agree(abs(test.groups[1].observed - test.groups[1].expected), abs(u)))
        #expect(agree(test.covariance[1][1], variance))
        let z = try require(test.normalStatistic(of: 1))
        #expect(agree(z * z, try require(test.test).statistic, 1e-12))
    }

    @Test("Closed form by hand: two patients in each group, no censoring")
    func byHand() throws {
        // Times 1(a) 2(b) 3(a) 4(b): expected of a = 2/4 + 1/3 + 1/2 + 0, variance = 1/4 + 2/9 + 1/4.
        let data = try SurvivalData(times: [1, 3, 2, 4], events: [true, true, true, true])
        let test = try LogRank(data, groups: Grouping(["a", "a", "b", "b"]))
        #expect(agree(test.groups[0].expected, 0.5 + 1 / 3.0 + 0.5, 1e-15))
        #expect(agree(test.covariance[0][0], 0.25 + 2 / 9.0 + 0.25, 1e-15))
        #expect(test.groups.map(\.count) == [2, 2])
        #expect(test.groups.map(\.events) == [2, 2])
    }

    @Test("Second route: recount every risk set; Gehan and Tarone–Ware weights, delayed entry, three groups")
    func agreesWithNaiveCount() throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 50, span: 10, seed: seed, delayed: seed % 2 == 0)
            var sequence = TestSequence(seed: 1000 + seed)
            let groups = try Grouping(
                codes: data.times.map { _ in sequence.integer(below: 3) }, labels: ["a", "b", "c"])
            for weight in [LogRank.Weight.gehanBreslow, .taroneWare, .logRank] {
                let test = try LogRank(data, groups: groups, weight: weight)
                for g in 0..<3 {
                    var observed = 0.0
                    var expected = 0.0
                    for time in Set(data.times).sorted() {
                        let risk = data.times.indices.filter {
                            data.times[$0] >= time && data.entries?[$0] ?? -1 < time
                        }
                        let died = risk.filter { data.times[$0] == time && data.events[$0] }
                        let n = Double(risk.count)
                        let w = weight == .gehanBreslow ? n : weight == .taroneWare ? n.squareRoot() : 1
                        guard n > 0 else { continue }
                        observed += w * Double(died.filter { groups.codes[$0] == g }.count)
                        expected += w * Double(died.count) * Double(risk.filter { groups.codes[$0] == g }.count) / n
                    }
                    #expect(agree(test.groups[g].observed, observed, 1e-12), "seed \(seed), \(weight)")
                    #expect(agree(test.groups[g].expected, expected, 1e-12), "seed \(seed), \(weight)")
                }
            }
        }
    }

    @Test("Invariants: observed and expected have one sum, rows of V sum to 0, labels do not matter")
    func invariants() throws {
        let set = try ReferenceSet.named("pbc")
        let data = try set.survival()
        let groups = try set.grouping("strat")
        let test = try LogRank(data, groups: groups, weight: .flemingHarrington(rho: 0.3, gamma: 0.7))
        let observed = test.groups.reduce(0) { $0 + $1.observed }
        #expect(agree(test.groups.reduce(0) { $0 + $1.expected }, observed, 1e-12))
        for row in test.covariance { #expect(abs(row.reduce(0, +)) < 1e-10 * abs(row[0]) + 1e-12) }
        let last = groups.labels.count - 1
        let reversed = try Grouping(codes: groups.codes.map { last - $0 }, labels: groups.labels.reversed())
        let mirrored = try LogRank(data, groups: reversed, weight: .flemingHarrington(rho: 0.3, gamma: 0.7))
        #expect(agree(try require(mirrored.test).statistic, try require(test.test).statistic, 1e-11))
    }

    @Test("Undefined: no events, one group, groups never at risk together; an empty group costs no freedom")
    func undefined() throws {
        let none = try SurvivalData(times: [1, 2], events: [false, false])
        let two = Grouping(["a", "b"])
        #expect(try LogRank(none, groups: two).test.undefined?.reason == "there is no event")
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        #expect(
            try LogRank(data, groups: Grouping(["a", "a"])).test.undefined?.reason
                == "only one group was ever at risk at an event: there is nothing to compare")
        let apart = try SurvivalData(times: [1, 2], events: [true, true], entries: [0, 1])
        #expect(
            try LogRank(apart, groups: two).test.undefined?.reason
                == "the groups were never at risk together at an event in a way that tells them apart")
        #expect(
            try LogRank(
                SurvivalData(times: [1, 1, 2], events: [true, true, false]), groups: Grouping(["a", "b", "b"]),
                weight: .flemingHarrington(rho: 0, gamma: 1)
            ).test.undefined?.reason == "every event time has weight 0")
        let empty = try Grouping(codes: [0, 2, 0, 2], labels: ["a", "none", "c"])
        let four = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, true])
        #expect(try require(LogRank(four, groups: empty).test).degreesOfFreedom == 1)
    }

    @Test("Failure: a column of another length, a weight that is none")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        let length = #expect(throws: InvalidInput.self) { try LogRank(data, groups: Grouping(["a"])) }
        #expect(length?.description == "group: found 1 rows, allowed is 2 rows, one for each patient")
        let rho = #expect(throws: InvalidInput.self) {
            try LogRank(data, groups: Grouping(["a", "b"]), weight: .flemingHarrington(rho: -1, gamma: 0))
        }
        #expect(rho?.description == "rho: found -1.0, allowed is a finite number ≥ 0")
    }
}
