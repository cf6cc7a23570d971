import Outcomes
import Testing

@Suite struct RestrictedMeanContrastTests {
    private func check(_ estimate: Estimate, _ expected: [Double]) throws {
        #expect(agree(estimate.value, expected[0], 1e-8))
        let interval = try require(estimate.interval)
        #expect(agree(interval.lower, expected[1], 1e-8))
        #expect(agree(interval.upper, expected[2], 1e-8))
        #expect(agree(try require(estimate.nullTest).pValue, expected[3], 1e-8))
    }

    @Test(
        "survRM2 1.0.4: both arms, difference, ratio, ratio of times lost, with p-values", arguments: ReferenceSet.all)
    func agreesWithSurvRM2(_ set: ReferenceSet) throws {
        let expected = try #require(try TrialCurvesReference.load(set.name))
        let contrast = try require(
            RestrictedMeanContrast.between(
                treated: set.curve(group: 1), control: set.curve(group: 0), horizon: expected.tau))
        for (mean, arm) in [(contrast.treated, expected.treated), (contrast.control, expected.control)] {
            #expect(agree(mean.estimate.value, arm[0], 1e-8))
            #expect(agree(try require(mean.estimate.standardError), arm[1], 1e-8))
            #expect(agree(try require(mean.estimate.interval).lower, arm[2], 1e-8))
            #expect(agree(try require(mean.estimate.interval).upper, arm[3], 1e-8))
        }
        let lost = contrast.treated.timeLostEstimate
        #expect(agree(lost.value, expected.tau - expected.treated[0], 1e-8))
        #expect(agree(try require(lost.interval).lower, expected.tau - expected.treated[3], 1e-8))
        #expect(agree(try require(lost.interval).upper, expected.tau - expected.treated[2], 1e-8))
        #expect(lost.standardError == contrast.treated.estimate.standardError)
        try check(contrast.difference, expected.difference)
        try check(require(contrast.ratio), expected.ratio)
        try check(require(contrast.timeLostRatio), expected.timeLostRatio)
    }

    @Test("Closed form: without censoring the mean of min(T, τ) and its variance with divisor n")
    func withoutCensoring() throws {
        let times: [[Double]] = [[2, 4, 9, 9, 15], [1, 3, 3, 8]]
        let curves = try times.map { KaplanMeier(try SurvivalData(times: $0, events: $0.map { _ in true })) }
        let contrast = try require(
            RestrictedMeanContrast.between(treated: curves[0], control: curves[1], horizon: 10))
        let cut = times.map { $0.map { min($0, 10) } }
        let means = cut.map { $0.reduce(0, +) / Double($0.count) }
        let variances = zip(cut, means).map { values, mean in
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count * values.count)
        }
        #expect(agree(contrast.difference.value, means[0] - means[1], 1e-14))
        #expect(
            agree(try require(contrast.difference.standardError), (variances[0] + variances[1]).squareRoot(), 1e-14))
    }

    @Test("The latest valid horizon: the shortest arm that has not reached 0; the longest when all have")
    func maximumValidTime() throws {
        func curve(_ last: Double, event: Bool) throws -> KaplanMeier {
            KaplanMeier(try SurvivalData(times: [1, last], events: [true, event]))
        }
        let censoredShort = try curve(5, event: false)
        let censoredLong = try curve(9, event: false)
        let endedShort = try curve(5, event: true)
        let endedLong = try curve(9, event: true)
        #expect(RestrictedMeanContrast.maximumValidTime([censoredShort, censoredLong]) == 5)
        #expect(RestrictedMeanContrast.maximumValidTime([censoredShort, endedLong]) == 5)
        #expect(RestrictedMeanContrast.maximumValidTime([endedShort, censoredLong]) == 9)
        #expect(RestrictedMeanContrast.maximumValidTime([endedShort, endedLong]) == 9)
        #expect(RestrictedMeanContrast.maximumValidTime([]) == 0)
        // A tie of an event and a censoring at the last time leaves the curve above 0.
        let tied = KaplanMeier(try SurvivalData(times: [1, 4, 4], events: [true, true, false]))
        #expect(RestrictedMeanContrast.maximumValidTime([tied, endedLong]) == 4)
    }

    @Test("Undefined: beyond an arm's follow-up, no event in an arm or in both")
    func undefined() throws {
        let long = KaplanMeier(try SurvivalData(times: [2, 9], events: [true, false]))
        let short = KaplanMeier(try SurvivalData(times: [3, 5], events: [false, false]))
        #expect(
            RestrictedMeanContrast.between(treated: long, control: short, horizon: 6).undefined?.reason
                == "control arm: time 6.0 is after the last observed time 5.0, where the curve has not reached 0")
        #expect(
            RestrictedMeanContrast.between(treated: long, control: short, horizon: 0).undefined?.reason
                == "treated arm: horizon 0.0 is not a positive finite time")
        let contrast = try require(RestrictedMeanContrast.between(treated: long, control: short, horizon: 5))
        #expect(contrast.difference.value == -1.5)
        #expect(
            contrast.timeLostRatio.undefined?.reason
                == "an arm has no event before the horizon 5.0: the ratio has no logarithm")
        let nothing = try require(RestrictedMeanContrast.between(treated: short, control: short, horizon: 4))
        #expect(nothing.difference.value == 0)
        #expect(
            nothing.difference.nullTest.undefined?.reason
                == "the estimated error is 0: there is no variation to test against")
        #expect(nothing.ratio.value?.interval.undefined?.code == "no-variance")
        let atOnce = KaplanMeier(try SurvivalData(times: [0, 0], events: [true, true]))
        #expect(
            RestrictedMeanContrast.between(treated: atOnce, control: long, horizon: 5).value?.ratio.undefined?.code
                == "no-time")
    }

    @Test("Failure: means of different horizons")
    func horizonsDiffer() throws {
        let curve = KaplanMeier(try SurvivalData(times: [2, 9], events: [true, false]))
        let (first, second) = (try require(curve.restrictedMean(to: 3)), try require(curve.restrictedMean(to: 4)))
        let error = #expect(throws: InvalidInput.self) {
            try RestrictedMeanContrast(treated: first, control: second)
        }
        #expect(error?.description == "horizon: found 3.0 and 4.0, allowed is one horizon for both arms")
    }
}
