import Outcomes
import Testing

@Suite struct CumulativeIncidenceTests {
    // MARK: Reference software

    private func check(_ data: CompetingRisksData, _ expected: StatesReference.Incidence) throws {
        let curve = CumulativeIncidence(data)
        for cause in 1...data.causeCount {
            for (i, time) in expected.times.enumerated() {
                let logLog = try require(curve.estimate(at: time, cause: cause))
                #expect(agree(logLog.value, expected.incidence[cause - 1][i], 1e-10))
                #expect(agree(try require(logLog.standardError), expected.se[cause - 1][i], 1e-10))
                #expect(agree(logLog.interval.value?.lower ?? -1, expected.lower[cause - 1][i] ?? -1, 1e-9))
                #expect(agree(logLog.interval.value?.upper ?? -1, expected.upper[cause - 1][i] ?? -1, 1e-9))
                let plain = try require(require(curve.estimate(at: time, cause: cause, .plain)).interval)
                #expect(agree(plain.lower, expected.plainLower[cause - 1][i], 1e-9))
                #expect(agree(plain.upper, expected.plainUpper[cause - 1][i], 1e-9))
            }
        }
    }

    @Test("R survival 3.5-3: probabilities, jackknife errors and intervals")
    func agreesWithSurvfit() throws {
        try check(StatesReference.pbc(), StatesReference.shared.competing.fine)
        try check(StatesReference.coarse(), StatesReference.shared.competing.coarse)
    }

    @Test("R survival 3.5-3: delayed entry")
    func delayedEntryAgreesWithSurvfit() throws {
        try check(StatesReference.coarse(delayed: true), StatesReference.shared.competing.delayed)
    }

    @Test("R cmprsk 2.2-11: cuminc's variance")
    func agreesWithCuminc() throws {
        let competing = StatesReference.shared.competing
        for (data, times, expected) in [
            (try StatesReference.pbc(), competing.fine.times, competing.fineAalen),
            (try StatesReference.coarse(), competing.coarse.times, competing.coarseAalen),
        ] {
            let curve = CumulativeIncidence(data, variance: .aalen)
            for cause in 1...data.causeCount {
                for (i, time) in times.enumerated() {
                    let estimate = try require(curve.estimate(at: time, cause: cause))
                    #expect(agree(estimate.value, expected.est[cause - 1][i], 1e-10))
                    let error = try require(estimate.standardError)
                    #expect(agree(error * error, expected.var[cause - 1][i], 1e-10))
                }
            }
        }
    }

    @Test("R cmprsk 2.2-11: cuminc's variance where the last patient has the event")
    func lastPatientAgreesWithCuminc() throws {
        let curve = CumulativeIncidence(
            try CompetingRisksData(times: [1, 2, 3, 4], causes: [2, 1, 2, 1]), variance: .aalen)
        #expect(
            agree(
                curve.standardErrors[0].map { $0 * $0 },
                [0.0, 0.06944444444444445, 0.06944444444444445, 0.1684027777777778]))
        #expect(
            agree(curve.standardErrors[1].map { $0 * $0 }, [0.0625, 0.0625, 0.1059027777777777, 0.1059027777777777]))
    }

    // MARK: Second routes and identities

    /// F by a weighted sum over patients, without any of the shared sums.
    private func weighted(_ data: CompetingRisksData, cause: Int, at time: Double, _ weights: [Double]) -> Double {
        var survival = 1.0
        var sum = 0.0
        for event in Set(data.times).sorted() where event <= time {
            let risk = data.times.indices.filter { data.times[$0] >= event && (data.entries?[$0] ?? -1) < event }
            let n = risk.reduce(0) { $0 + weights[$1] }
            let ended = risk.filter { data.times[$0] == event && data.causes[$0] != 0 }
            let own = ended.filter { data.causes[$0] == cause }.reduce(0) { $0 + weights[$1] }
            sum += survival * own / n
            survival *= 1 - ended.reduce(0) { $0 + weights[$1] } / n
        }
        return sum
    }

    @Test("Second route: the error is the sum of squared derivatives by each patient's weight")
    func jackknifeByDifferences() throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            let base = try SurvivalData.tied(count: 24, span: 9, seed: seed, delayed: seed % 2 == 0)
            var sequence = TestSequence(seed: 40 + seed)
            let causes = base.events.map { $0 ? 1 + sequence.integer(below: 3) : 0 }
            let data = try CompetingRisksData(
                times: base.times, causes: causes, entries: base.entries, causeCount: 3)
            let curve = CumulativeIncidence(data)
            for time in [2.0, 5, 9] {
                for cause in 1...3 {
                    // Central differences of step h: error of order h².
                    let h = 1e-4
                    var sum = 0.0
                    for row in 0..<data.count {
                        var weights = [Double](repeating: 1, count: data.count)
                        weights[row] = 1 + h
                        let up = weighted(data, cause: cause, at: time, weights)
                        weights[row] = 1 - h
                        let down = weighted(data, cause: cause, at: time, weights)
                        sum += ((up - down) / (2 * h)) * ((up - down) / (2 * h))
                    }
                    let estimate = try require(curve.estimate(at: time, cause: cause))
                    #expect(
                        abs(try require(estimate.standardError) - sum.squareRoot()) < 1e-6,
                        "seed \(seed), cause \(cause), time \(time)")
                }
            }
        }
    }

    @Test("Identity: one cause gives 1 − S, and the causes with S sum to 1")
    func oneCause() throws {
        for delayed in [false, true] {
            let base = try SurvivalData.tied(count: 200, span: 30, seed: 3, delayed: delayed)
            let one = CumulativeIncidence(
                try CompetingRisksData(
                    times: base.times, causes: base.events.map { $0 ? 1 : 0 }, entries: base.entries))
            let curve = KaplanMeier(base)
            #expect(one.times == curve.times && one.atRisk == curve.atRisk)
            #expect(agree(one.incidence[0], curve.survival.map { 1 - $0 }, 1e-12))
        }
        let data = try StatesReference.coarse()
        let curve = CumulativeIncidence(data)
        for i in curve.times.indices {
            let sum = curve.incidence.reduce(curve.survival[i]) { $0 + $1[i] }
            #expect(abs(sum - 1) < 1e-12)
        }
    }

    @Test("Identity: without censoring the jackknife error is the binomial one")
    func binomial() throws {
        let data = try CompetingRisksData(times: [1, 1, 2, 3, 3, 3, 4, 5], causes: [1, 2, 1, 2, 1, 1, 2, 1])
        let curve = CumulativeIncidence(data)
        for (i, f) in curve.incidence[0].enumerated() {
            #expect(abs(curve.standardErrors[0][i] - (f * (1 - f) / 8).squareRoot()) < 1e-14)
        }
    }

    // MARK: Limits

    @Test("Limits: one patient, nobody with an event, everybody at once, a time before and after the data")
    func limits() throws {
        let one = CumulativeIncidence(try CompetingRisksData(times: [2], causes: [2]))
        #expect(try require(one.incidence(at: 2, cause: 2)) == 1)
        #expect(try require(one.incidence(at: 9, cause: 1)) == 0)
        let none = CumulativeIncidence(try CompetingRisksData(times: [2, 3], causes: [0, 0]))
        #expect(try require(none.incidence(at: 3, cause: 1)) == 0)
        #expect(
            none.incidence(at: 4, cause: 1).undefined?.reason
                == "time 4.0 is after the last observed time 3.0, where the curve has not reached 0")
        let tied = CumulativeIncidence(try CompetingRisksData(times: [1, 1, 1, 1], causes: [1, 1, 2, 0]))
        let estimate = try require(tied.estimate(at: 1, cause: 1))
        #expect(estimate.value == 0.5)
        #expect(abs(try require(estimate.standardError) - 0.25) < 1e-15)
        let before = try require(tied.estimate(at: 0.5, cause: 1))
        #expect(before.value == 0)
        #expect(
            before.interval.undefined?.reason
                == "the probability at time 0.5 is 0.0: a log-log interval needs one inside 0 to 1")
        #expect(tied.incidence(at: 1, cause: 3).undefined?.reason == "cause 3 is not one of 1 to 2")
    }

    @Test("Failure: every bad row at once")
    func badRows() {
        let error = #expect(throws: InvalidInput.self) {
            try CompetingRisksData(times: [1, .nan, 3], causes: [1, 0, -1], entries: [0, 0, 3])
        }
        #expect(
            error?.description == """
                row 3, cause: found -1, allowed is 0 (censored) to 100
                row 2, time: found nan, allowed is a finite number ≥ 0
                row 2, entry: found 0.0, allowed is a finite number < time nan
                row 3, entry: found 3.0, allowed is a finite number < time 3.0
                """)
        #expect(throws: InvalidInput.self) { try CompetingRisksData(times: [], causes: []) }
        #expect(throws: InvalidInput.self) { try CompetingRisksData(times: [1], causes: [3], causeCount: 2) }
        #expect(throws: InvalidInput.self) { try CompetingRisksData(times: [1], causes: [1], causeCount: 0) }
        #expect(throws: InvalidInput.self) { try CompetingRisksData(times: [1, 2], causes: [1]) }
    }

    @Test("Identity: the cause-specific Cox model is Cox's model with the other causes censored")
    func causeSpecificCox() throws {
        let set = try ReferenceSet.named("pbc")
        let data = try StatesReference.pbc()
        let columns = try set.covariates(["age", "logbili"])
        let model = try CoxModel(data, cause: 2, covariates: columns)
        let same = try CoxModel(
            SurvivalData(times: data.times, events: data.causes.map { $0 == 2 }), covariates: columns)
        #expect(model.coefficients == same.coefficients)
        #expect(model.eventCount == data.eventCount(of: 2))
        let error = #expect(throws: InvalidInput.self) { try CoxModel(data, cause: 3, covariates: columns) }
        #expect(error?.description == "cause: found 3, allowed is 1 to 2")
    }
}
