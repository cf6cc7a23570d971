import NumericsCore
import Outcomes
import Testing

@Suite struct MilestoneContrastTests {
    @Test("R survival 3.5-3, delta method: difference, ratio, ratio of cumulative hazards", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let expected = try #require(try CurvesReference.load().sets[set.name]).milestone
        let (treated, control) = (try set.curve(group: 1), try set.curve(group: 0))
        for (index, time) in expected.times.enumerated() {
            let contrast = try require(
                MilestoneContrast.between(treated: treated, control: control, time: time, .logLog))
            #expect(agree(contrast.difference.value, expected.difference[index], floor: 1e-3))
            #expect(agree(try require(contrast.difference.standardError), expected.se[index]))
            let interval = try require(contrast.difference.interval)
            #expect(agree(interval.lower, expected.lower[index], floor: 1e-3))
            #expect(agree(interval.upper, expected.upper[index], floor: 1e-3))
            let ratio = try require(contrast.ratio)
            #expect(agree(Elementary.log(ratio.value), expected.logRatio[index], floor: 1e-3))
            #expect(agree(try require(ratio.standardError), expected.logRatioSE[index]))
            let hazards = try require(contrast.cumulativeHazardRatio)
            #expect(agree(Elementary.log(hazards.value), expected.logHazardRatio[index], floor: 1e-3))
            #expect(agree(try require(hazards.standardError), expected.logHazardRatioSE[index]))
            #expect(
                agree(
                    try require(hazards.nullTest).statistic,
                    expected.logHazardRatio[index] / expected.logHazardRatioSE[index], floor: 1e-3))
        }
    }

    @Test("Closed form: without censoring the plain difference is that of two proportions")
    func withoutCensoring() throws {
        let curves = try [[1.0, 2, 3, 4, 5], [1, 1, 2, 7]].map {
            KaplanMeier(try SurvivalData(times: $0, events: $0.map { _ in true }))
        }
        let contrast = try require(MilestoneContrast.between(treated: curves[0], control: curves[1], time: 2.5))
        let proportions = RiskDifference(
            treated: try Proportion(events: 3, of: 5), control: try Proportion(events: 1, of: 4))
        #expect(agree(contrast.difference.value, proportions.estimate.value, 1e-14))
        #expect(
            agree(
                try require(contrast.difference.standardError), try require(proportions.estimate.standardError), 1e-14))
    }

    @Test("Undefined: beyond follow-up, curves at 0 and 1")
    func undefined() throws {
        let ended = KaplanMeier(try SurvivalData(times: [1, 4], events: [true, true]))
        let open = KaplanMeier(try SurvivalData(times: [2, 5], events: [true, false]))
        let untouched = KaplanMeier(try SurvivalData(times: [6, 7], events: [false, false]))
        #expect(
            MilestoneContrast.between(treated: ended, control: open, time: 6).undefined?.reason
                == "control arm: time 6.0 is after the last observed time 5.0, where the curve has not reached 0")
        let zero = try require(MilestoneContrast.between(treated: ended, control: open, time: 4))
        #expect(zero.difference.value == -0.5)
        #expect(zero.difference.standardError.undefined?.code == "curve-at-zero")
        #expect(
            zero.ratio.undefined?.reason == "the curve of an arm has reached 0 by time 4.0: a ratio has no error")
        let one = try require(MilestoneContrast.between(treated: untouched, control: open, time: 4))
        #expect(one.difference.value == 0.5)
        #expect(
            one.cumulativeHazardRatio.undefined?.reason
                == "the curve of an arm is 0 or 1 at time 4.0: a ratio of cumulative hazards needs curves between")
        let both = try require(MilestoneContrast.between(treated: untouched, control: untouched, time: 4))
        #expect(both.difference.standardError.undefined?.code == "no-variance")
    }
}

@Suite struct StratifiedMilestoneDifferenceTests {
    @Test("Second route: the strata's differences, weighted by hand", arguments: ReferenceSet.all)
    func weightedByHand(_ set: ReferenceSet) throws {
        let (data, strata) = (try set.survival(), try set.grouping("strat"))
        let treated = try set.column("group").map { $0 == 1 }
        let time = set.r.times[3]
        for weighting in StratifiedMeanDifference.Weighting.allCases {
            let found = try StratifiedMilestoneDifference(
                data, treated: treated, strata: strata, time: time, weighting: weighting)
            var (total, sum, variance) = (0.0, 0.0, 0.0)
            for rows in strata.rows {
                let arms = [true, false].map { arm in rows.filter { treated[$0] == arm } }
                let curves = try arms.map { KaplanMeier(try data.subset($0)) }
                let estimates = try curves.map { try require($0.estimate(at: time)) }
                let squared = try estimates.map { try require($0.standardError) }.reduce(0) { $0 + $1 * $1 }
                let (n1, n0) = (Double(arms[0].count), Double(arms[1].count))
                let w =
                    switch weighting {
                    case .inverseVariance: 1 / squared
                    case .stratumSize: n1 + n0
                    case .mantelHaenszel: n1 * n0 / (n1 + n0)
                    }
                total += w
                sum += w * (estimates[0].value - estimates[1].value)
                variance += w * w * squared
            }
            let estimate = try require(found.estimate)
            #expect(agree(estimate.value, sum / total, 1e-12, floor: 1e-3))
            #expect(agree(try require(estimate.standardError), variance.squareRoot() / total, 1e-12))
        }
    }

    @Test("A stratum without an event counts with error 0, but not under inverse variance; a lone arm is named")
    func strataWithoutEvents() throws {
        let data = try SurvivalData(
            times: [1, 5, 2, 5, 5, 5], events: [true, false, true, false, false, false])
        let treated = [true, true, false, false, true, false]
        let strata = Grouping(["a", "a", "a", "a", "b", "b"])
        let mantel = try StratifiedMilestoneDifference(data, treated: treated, strata: strata, time: 1.5)
        #expect(agree(try require(mantel.estimate).value, -0.5 * 1 / 1.5, 1e-15))
        #expect(mantel.strata.map(\.treatedCount) == [2, 1])
        let inverse = try StratifiedMilestoneDifference(
            data, treated: treated, strata: strata, time: 1.5, weighting: .inverseVariance)
        #expect(
            inverse.estimate.undefined?.reason
                == "stratum \"b\": the estimated error is 0: there is no variation to test against")
        let lone = try StratifiedMilestoneDifference(
            data, treated: [true, true, false, false, true, true], strata: strata, time: 1.5)
        #expect(
            lone.estimate.undefined?.reason == "stratum \"b\": 2 treated and 0 control: one of each is needed")
    }

    @Test("Failure: columns of another length")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        let error = #expect(throws: InvalidInput.self) {
            try StratifiedMilestoneDifference(data, treated: [true], strata: Grouping(["a"]), time: 1)
        }
        #expect(
            error?.description == """
                treated: found 1 rows, allowed is 2 rows, one for each patient
                stratum: found 1 rows, allowed is 2 rows, one for each patient
                """)
    }
}
