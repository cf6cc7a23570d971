import Outcomes
import Testing

@Suite struct KaplanMeierTests {
    // MARK: Reference software

    @Test("R survival 3.5-3: curve, Greenwood error, intervals, risk sets", arguments: ReferenceSet.all)
    func curveAgreesWithR(_ set: ReferenceSet) throws {
        let curve = KaplanMeier(try set.survival())
        for kind in KaplanMeier.IntervalKind.allCases {
            let expected = try #require(set.r.km[kind.rawValue])
            for (index, time) in set.r.times.enumerated() {
                let estimate = try require(curve.estimate(at: time, kind))
                #expect(agree(estimate.value, expected.survival[index]))
                #expect(agree(try require(estimate.standardError), expected.se[index]))
                let interval = try require(estimate.interval)
                #expect(agree(interval.lower, expected.lower[index]))
                #expect(agree(interval.upper, expected.upper[index]))
                #expect(curve.numberAtRisk(at: time) == expected.atRisk[index])
            }
        }
    }

    @Test("R survival 3.5-3 and scikit-survival 0.28: the whole curve", arguments: ReferenceSet.all)
    func wholeCurveAgrees(_ set: ReferenceSet) throws {
        let curve = KaplanMeier(try set.survival())
        #expect(curve.times == set.r.kmFull.time)
        #expect(agree(curve.survival, set.r.kmFull.survival))
        #expect(agree(curve.standardErrors.map { $0 ?? -1 }, set.r.kmFull.se))
        #expect(curve.times == set.python.kmTime)
        #expect(agree(curve.survival, set.python.kmSurvival))
    }

    @Test("R survival 3.5-3: quantiles with intervals; lifelines 0.30.3: the median", arguments: ReferenceSet.all)
    func quantilesAgree(_ set: ReferenceSet) throws {
        let curve = KaplanMeier(try set.survival())
        for kind in KaplanMeier.IntervalKind.allCases {
            let expected = try #require(set.r.km[kind.rawValue])
            for (index, probability) in [0.25, 0.5, 0.75].enumerated() {
                let quantile = try curve.quantile(probability, kind)
                #expect(quantile.time.value == expected.quantile[index])
                #expect(quantile.lower.value == expected.quantileLower[index])
                #expect(quantile.upper.value == expected.quantileUpper[index])
            }
        }
        #expect(curve.median(convention: .firstTime).time.value == set.python.median)
    }

    @Test("R survival 3.5-3: delayed entry", arguments: ReferenceSet.all)
    func delayedEntryAgreesWithR(_ set: ReferenceSet) throws {
        let curve = KaplanMeier(try set.delayedSurvival())
        for (index, time) in set.r.times.enumerated() {
            let estimate = try require(curve.estimate(at: time))
            #expect(agree(estimate.value, set.r.kmDelayed.survival[index]))
            #expect(agree(try require(estimate.standardError), set.r.kmDelayed.se[index]))
            #expect(curve.numberAtRisk(at: time) == set.r.kmDelayed.atRisk[index])
        }
    }

    @Test("R survival 3.5-3 and lifelines 0.30.3: restricted mean", arguments: ReferenceSet.all)
    func restrictedMeanAgrees(_ set: ReferenceSet) throws {
        let mean = try require(KaplanMeier(try set.survival()).restrictedMean(to: set.r.horizon))
        #expect(agree(mean.estimate.value, set.r.restrictedMean[0]))
        #expect(agree(try require(mean.estimate.standardError), set.r.restrictedMean[1]))
        #expect(agree(mean.estimate.value, set.python.restrictedMean))
        #expect(mean.timeLost == set.r.horizon - mean.estimate.value)
    }

    // MARK: Closed forms

    @Test("Closed form: without censoring S = share alive and Greenwood = binomial variance")
    func withoutCensoring() throws {
        let times: [Double] = [5, 2, 8, 2, 9, 1, 7, 3]
        let curve = KaplanMeier(try SurvivalData(times: times, events: times.map { _ in true }))
        for time in [0, 1, 2, 2.5, 7, 8.0] {
            let share = Double(times.filter { $0 > time }.count) / 8
            let estimate = try require(curve.estimate(at: time))
            #expect(estimate.value == share)
            #expect(agree(try require(estimate.standardError), (share * (1 - share) / 8).squareRoot(), 1e-14))
        }
        #expect(curve.survival(at: 100) == .value(0))
        #expect(curve.maximumHorizon == .infinity)
        #expect(agree(try require(curve.restrictedMean(to: 9)).estimate.value, times.reduce(0, +) / 8, 1e-15))
    }

    @Test("Closed form by hand: 1, 2+, 2, 4 with the tie ordered event first")
    func eventBeforeCensoring() throws {
        let curve = KaplanMeier(try SurvivalData(times: [1, 2, 2, 4], events: [true, false, true, true]))
        #expect(curve.atRisk == [4, 3, 1])
        #expect(curve.events == [1, 1, 1])
        #expect(curve.censored == [0, 1, 0])
        #expect(curve.survival == [0.75, 0.5, 0])
        #expect(curve.greenwoodSums == [1.0 / 12, 1.0 / 12 + 1.0 / 6, nil])
        #expect(curve.standardErrors.last == .some(nil))
    }

    @Test("Second route: the product over every patient, recounted at each time")
    func agreesWithNaiveProduct() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 40, span: 12, seed: seed, delayed: seed % 2 == 0)
            let curve = KaplanMeier(data)
            for time in stride(from: 0.5, through: 12, by: 0.5) {
                var product = 1.0
                for event in Set(data.times.filter { $0 <= time }).sorted() {
                    let n = data.times.indices.filter { data.times[$0] >= event && data.entries?[$0] ?? -1 < event }
                        .count
                    let d = data.times.indices.filter { data.times[$0] == event && data.events[$0] }.count
                    if n > 0 { product *= 1 - Double(d) / Double(n) }
                }
                guard let survival = curve.survival(at: time).value else { continue }
                #expect(agree(survival, product, 1e-13), "seed \(seed), time \(time)")
                let n = data.times.indices.filter { data.times[$0] >= time && data.entries?[$0] ?? -1 < time }.count
                #expect(curve.numberAtRisk(at: time) == n, "seed \(seed), time \(time)")
            }
        }
    }

    // MARK: Limits and undefined results

    @Test("R's convention: along the level the quantile is the middle of the flat stretch")
    func quantileOnFlatStretch() throws {
        let four = KaplanMeier(try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, true]))
        #expect(try four.quantile(0.25).time == .value(1.5))
        #expect(four.median().time == .value(2.5))
        #expect(four.median(convention: .firstTime).time == .value(2))
        let censored = KaplanMeier(try SurvivalData(times: [1, 2, 3, 4], events: [true, true, false, false]))
        #expect(censored.median().time == .value(3))
        #expect(censored.median().lower == .value(1))
        #expect(
            try censored.quantile(0.75).time.undefined?.reason == "the curve ends at 0.5, above 0.25")
    }

    @Test("Limits: one patient, no events, before the first time, after the last")
    func limits() throws {
        let one = KaplanMeier(try SurvivalData(times: [3], events: [true]))
        #expect(one.survival(at: 2.9) == .value(1))
        #expect(one.survival(at: 3) == .value(0))
        #expect(one.median().time == .value(3))
        #expect(
            try require(one.estimate(at: 3)).standardError.undefined?.reason
                == "the curve has reached 0 at time 3.0: its error has no estimate")
        let none = KaplanMeier(try SurvivalData(times: [3, 5], events: [false, false]))
        #expect(none.survival(at: 5) == .value(1))
        #expect(try require(none.estimate(at: 5, .log)).interval.value?.lower == 1)
        #expect(
            try require(none.estimate(at: 5, .logLog)).interval.undefined?.reason
                == "no event by time 5.0: a log-log interval needs a curve below 1")
        #expect(
            none.survival(at: 6).undefined?.reason
                == "time 6.0 is after the last observed time 5.0, where the curve has not reached 0")
        #expect(
            none.restrictedMean(to: 6).undefined?.reason
                == "time 6.0 is after the last observed time 5.0, where the curve has not reached 0")
        #expect(try require(none.restrictedMean(to: 5)).estimate.value == 5)
        #expect(none.restrictedMean(to: -1).undefined?.reason == "horizon -1.0 is not a positive finite time")
        #expect(none.median().time.undefined?.reason == "the curve ends at 1.0, above 0.5")
    }

    @Test("Failure: a probability that is none")
    func probabilityIsChecked() throws {
        let curve = KaplanMeier(try SurvivalData(times: [3], events: [true]))
        let error = #expect(throws: InvalidInput.self) { try curve.quantile(1.5) }
        #expect(error?.description == "probability: found 1.5, allowed is a number between 0 and 1")
    }

    @Test("Invariants: S never rises, the band holds it, at risk falls by those who left")
    func invariants() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let curve = KaplanMeier(try SurvivalData.tied(count: 60, span: 15, seed: seed))
            for index in curve.times.indices.dropFirst() {
                #expect(curve.survival[index] <= curve.survival[index - 1], "seed \(seed)")
                #expect(
                    curve.atRisk[index]
                        == curve.atRisk[index - 1] - curve.events[index - 1] - curve.censored[index - 1])
            }
            for kind in KaplanMeier.IntervalKind.allCases {
                for (survival, interval) in zip(curve.survival, curve.intervals(kind)) {
                    guard let interval else { continue }
                    #expect(interval.lower <= survival && survival <= interval.upper, "seed \(seed), \(kind)")
                }
            }
        }
    }
}

@Suite struct NelsonAalenTests {
    @Test("R survival 3.5-3: hazard and standard error", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let hazard = NelsonAalen(try set.survival())
        for (index, time) in set.r.times.enumerated() {
            let estimate = try require(hazard.estimate(at: time))
            #expect(agree(estimate.value, set.r.nelsonAalen.hazard[index]))
            #expect(agree(try require(estimate.standardError), set.r.nelsonAalen.se[index]))
        }
    }

    @Test("Closed form: n events at n times sum to the harmonic number; all tied to d/n")
    func closedForms() throws {
        let spread = NelsonAalen(try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, true]))
        #expect(agree(try require(spread.estimate(at: 4)).value, 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0, 1e-15))
        let tied = NelsonAalen(try SurvivalData(times: [2, 2, 2], events: [true, true, false]), variance: .binomial)
        #expect(tied.cumulativeHazard == [2.0 / 3])
        #expect(agree(tied.standardErrors[0], (2.0 * 1 / 27).squareRoot(), 1e-15))
        #expect(try require(tied.estimate(at: 1)).value == 0)
        #expect(tied.estimate(at: 3).undefined?.reason == "time 3.0 is after the last observed time 2.0")
    }

    @Test("Invariant: exp(-H) is never below the Kaplan–Meier curve")
    func aboveKaplanMeier() throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 50, span: 20, seed: seed)
            for (fleming, kaplan) in zip(NelsonAalen(data).survival, KaplanMeier(data).survival) {
                #expect(fleming >= kaplan, "seed \(seed)")
            }
        }
    }
}
