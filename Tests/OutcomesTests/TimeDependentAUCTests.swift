import Outcomes
import Testing

@Suite struct TimeDependentAUCTests {
    // MARK: Reference software

    @Test("riskRegression 2022.11.28: cases T ≤ t, 1/G(T−), with standard error", arguments: ReferenceSet.all)
    func agreesWithRiskRegression(_ set: ReferenceSet) throws {
        let auc = try TimeDependentAUC(set.survival(), scores: set.r.lp, times: set.r.times)
        for (index, point) in auc.points.enumerated() {
            let estimate = try require(point.auc)
            #expect(agree(estimate.value, set.r.auc.auc[index]), "t = \(point.time)")
            let se = try require(estimate.standardError)
            #expect(agree(se, set.r.auc.se[index]), "t = \(point.time)")
        }
    }

    @Test("scikit-survival 0.28: cases T ≤ t, 1/G(T), and the mean by the survival drop", arguments: ReferenceSet.all)
    func agreesWithScikitSurvival(_ set: ReferenceSet) throws {
        let auc = try TimeDependentAUC(set.survival(), scores: set.r.lp, times: set.r.times, weights: .atEvent)
        #expect(agree(try auc.points.map { try require($0.auc).value }, set.python.auc))
        #expect(agree(try require(auc.mean(.survivalDrop)).value, set.python.meanAUC))
    }

    /// timeROC's influence function differs in how it takes tied times; its errors are the same to four digits.
    @Test("timeROC 0.4.1: cases T < t; standard error to 2e-4", arguments: ReferenceSet.all)
    func agreesWithTimeROC(_ set: ReferenceSet) throws {
        let auc = try TimeDependentAUC(
            set.survival(), scores: set.r.lp, times: set.timeROC.times, cases: .before)
        let estimates = try auc.points.map { try require($0.auc) }
        #expect(agree(estimates.map(\.value), set.timeROC.auc))
        #expect(agree(try estimates.map { try require($0.standardError) }, set.timeROC.se, 2e-4))
    }

    @Test(
        "A convention is its options: riskRegression, scikit-survival with its mean, timeROC",
        arguments: ReferenceSet.all)
    func conventions(_ set: ReferenceSet) throws {
        let data = try set.survival()
        func auc(_ times: [Double], _ convention: TimeDependentAUC.Convention) throws -> TimeDependentAUC {
            try TimeDependentAUC(data, scores: set.r.lp, times: times, convention: convention)
        }
        let riskRegression = try auc(set.r.times, .riskRegression)
        #expect(agree(try riskRegression.points.map { try require($0.auc).value }, set.r.auc.auc))
        #expect(try require(riskRegression.mean()) == require(riskRegression.mean(.time)))
        let python = try auc(set.r.times, .scikitSurvival)
        #expect(agree(try python.points.map { try require($0.auc).value }, set.python.auc))
        #expect(agree(try require(python.mean()).value, set.python.meanAUC))
        let timeROC = try auc(set.timeROC.times, .timeROC)
        #expect(agree(try timeROC.points.map { try require($0.auc).value }, set.timeROC.auc))
    }

    @Test("Without errors the numbers are the same; influences sum to 0 and their squares to the error")
    func errorsWhenAsked() throws {
        let set = try ReferenceSet.named("pbc")
        let data = try set.survival()
        let full = try TimeDependentAUC(data, scores: set.r.lp, times: [500, 2000])
        let quick = try TimeDependentAUC(data, scores: set.r.lp, times: [500, 2000], withErrors: false)
        for (index, point) in full.points.enumerated() {
            let estimate = try require(quick.points[index].auc)
            #expect(estimate.value == (try require(point.auc).value))
            #expect(estimate.interval.undefined?.reason == "no standard error was asked for")
            let influences = try require(full.influences(at: index))
            #expect(abs(influences.reduce(0, +)) < 1e-14)
            let n = Double(data.count)
            let error = (influences.reduce(0) { $0 + $1 * $1 } * n / (n - 1)).squareRoot()
            #expect(agree(error, try require(require(point.auc).standardError), 1e-12))
        }
        #expect(quick.influences(at: 2).undefined?.reason == "there is no point 2: 2 were asked for")
        #expect(try require(quick.mean()) == require(full.mean()))
    }

    // MARK: Second routes and identities

    /// AUC by its definition over all pairs, each patient counted `mass` times.
    private func naive(
        _ data: SurvivalData, _ scores: [Double], _ time: Double, mass: [Double], strict: Bool, atEvent: Bool
    ) -> Double {
        let factors = Set(data.times).sorted().map { u in
            var risk = 0.0
            var lost = 0.0
            for k in data.times.indices where data.times[k] > u || (data.times[k] == u && !data.events[k]) {
                risk += mass[k]
                if data.times[k] == u { lost += mass[k] }
            }
            return (time: u, stay: lost > 0 ? 1 - lost / risk : 1)
        }
        func censoringSurvival(_ limit: Double, including: Bool) -> Double {
            factors.filter { including ? $0.time <= limit : $0.time < limit }.reduce(1) { $0 * $1.stay }
        }
        var won = 0.0
        var all = 0.0
        for i in data.times.indices where data.events[i] {
            guard strict ? data.times[i] < time : data.times[i] <= time else { continue }
            let weight = mass[i] / censoringSurvival(data.times[i], including: atEvent)
            for j in data.times.indices where data.times[j] > time {
                all += weight * mass[j]
                won += weight * mass[j] * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
            }
        }
        return won / all
    }

    @Test("Second route: every pair by the definition, tied times and scores, all options")
    func agreesWithAllPairs() throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 40, span: 12, seed: seed)
            var sequence = TestSequence(seed: 900 + seed)
            let scores = data.times.map { _ in Double(sequence.integer(below: 8)) }
            let mass = [Double](repeating: 1, count: data.count)
            for cases in TimeDependentAUC.CaseSet.allCases {
                for weights in TimeDependentAUC.CaseWeight.allCases {
                    let auc = try TimeDependentAUC(
                        data, scores: scores, times: [3, 6.5, 9], cases: cases, weights: weights)
                    for point in auc.points {
                        let expected = naive(
                            data, scores, point.time, mass: mass, strict: cases == .before, atEvent: weights == .atEvent
                        )
                        #expect(agree(try require(point.auc).value, expected, 1e-12), "seed \(seed), t \(point.time)")
                    }
                }
            }
        }
    }

    /// The influence function is the derivative of AUC with respect to a patient's mass. Its censoring part is the large
    /// sample form, off by the order of (censored at one time)/(under observation): n = 400 gives about a percent.
    @Test("Second route: the standard error from numerical derivatives in each patient's mass")
    func errorAgreesWithDerivatives() throws {
        var sequence = TestSequence(seed: 41)
        let risk = (0..<150).map { _ in sequence.uniform() }
        let times = risk.map { (1.2 - $0) * (0.2 + sequence.uniform()) }
        let events = times.map { _ in sequence.uniform() < 0.6 }
        let data = try SurvivalData(times: times, events: events)
        let point = try #require(TimeDependentAUC(data, scores: risk, times: [0.5]).points.first)
        var sum = 0.0
        for k in risk.indices {
            let step = 1e-4
            func at(_ shift: Double) -> Double {
                let mass = risk.indices.map { $0 == k ? 1 + shift : 1 }
                return naive(data, risk, 0.5, mass: mass, strict: false, atEvent: false)
            }
            let slope = (at(step) - at(-step)) / (2 * step)
            sum += slope * slope
        }
        let error = (sum * 150 / 149).squareRoot()
        #expect(agree(try require(require(point.auc).standardError), error, 2e-3))
    }

    @Test("Identity: without censoring AUC(t) is the ROC area of the indicator T ≤ t (Mann–Whitney)")
    func withoutCensoring() throws {
        let set = try ReferenceSet.named("lung")
        let times = try set.column("time")
        let data = try SurvivalData(times: times, events: times.map { _ in true })
        for weights in TimeDependentAUC.CaseWeight.allCases {
            let auc = try TimeDependentAUC(data, scores: set.r.lp, times: [100, 300, 500], weights: weights)
            for point in auc.points {
                var won = 0.0
                for i in times.indices where times[i] <= point.time {
                    for j in times.indices where times[j] > point.time {
                        won += set.r.lp[i] > set.r.lp[j] ? 1 : set.r.lp[i] == set.r.lp[j] ? 0.5 : 0
                    }
                }
                let cases = times.filter { $0 <= point.time }.count
                #expect(point.cases == cases)
                #expect(point.controls == times.count - cases)
                let expected = won / Double(cases * point.controls)
                #expect(agree(try require(point.auc).value, expected, 1e-13))
            }
        }
    }

    @Test("Identity: 1 − AUC with the direction reversed; constant scores give 1/2; order of rows does not matter")
    func identities() throws {
        let set = try ReferenceSet.named("veteran")
        let data = try set.survival()
        let risk = try require(TimeDependentAUC(data, scores: set.r.lp, times: [80]).points[0].auc)
        let later = try require(
            TimeDependentAUC(data, scores: set.r.lp, times: [80], direction: .higherIsLater).points[0].auc)
        #expect(agree(risk.value + later.value, 1, 1e-14))
        #expect(agree(try require(risk.standardError), try require(later.standardError), 1e-12))
        let flat = try require(
            TimeDependentAUC(data, scores: data.times.map { _ in 1 }, times: [80]).points[0].auc)
        #expect(flat.value == 0.5)
        let rows = Array(data.times.indices.reversed())
        let mirrored = try TimeDependentAUC(data.subset(rows), scores: rows.map { set.r.lp[$0] }, times: [80])
        #expect(agree(try require(mirrored.points[0].auc).value, risk.value, 1e-13))
    }

    @Test("The mean over time is the trapezoid rule; its error is that of the weighted influences")
    func meanOverTime() throws {
        let set = try ReferenceSet.named("pbc")
        let auc = try TimeDependentAUC(set.survival(), scores: set.r.lp, times: [500, 1000, 2000])
        let values = try auc.points.map { try require($0.auc).value }
        let mean = try require(auc.mean(.time))
        #expect(
            agree(mean.value, (500 * (values[0] + values[1]) / 2 + 1000 * (values[1] + values[2]) / 2) / 1500, 1e-14))
        let errors = try auc.points.map { try require(require($0.auc).standardError) }
        let error = try require(mean.standardError)
        // The error of a mean lies below the mean of the errors, and above it if the estimates were independent.
        let weights = [1.0 / 6, 0.5, 1.0 / 3]
        #expect(error < zip(weights, errors).reduce(0) { $0 + $1.0 * $1.1 })
        #expect(error > zip(weights, errors).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }.squareRoot())
        let single = try TimeDependentAUC(set.survival(), scores: set.r.lp, times: [1000])
        #expect(try require(single.mean(.survivalDrop)) == require(single.points[0].auc))
    }

    // MARK: Limits and failures

    @Test("Undefined: no case yet, no control left, a perfect order has no error; the mean takes the reason over")
    func undefined() throws {
        let data = try SurvivalData(times: [2, 3, 4, 5], events: [true, false, true, false])
        let auc = try TimeDependentAUC(data, scores: [4, 3, 2, 1], times: [1, 2, 5])
        #expect(auc.points[0].auc.undefined?.reason == "no event by time 1.0")
        #expect(try require(auc.points[1].auc).value == 1)
        #expect(
            try require(auc.points[1].auc).standardError.undefined?.reason
                == "all pairs are ordered alike: their error has no estimate")
        #expect(auc.points[2].auc.undefined?.reason == "nobody is under observation after time 5.0")
        #expect(auc.points[2].cases == 2)
        #expect(auc.mean().undefined?.reason == "no event by time 1.0")
        let before = try TimeDependentAUC(data, scores: [4, 3, 2, 1], times: [2], cases: .before)
        #expect(before.points[0].auc.undefined?.reason == "no event before time 2.0")
        #expect(auc.mean(.time).undefined?.code == "no-cases")
        #expect(
            try TimeDependentAUC(data, scores: [4, 3, 2, 1], times: [2]).mean(.time).undefined?.reason
                == "an average over time needs two times or more")
        #expect(try TimeDependentAUC(data, scores: [4, 3, 2, 1], times: []).mean().undefined?.code == "no-times")
        let one = try SurvivalData(times: [1], events: [true])
        #expect(try TimeDependentAUC(one, scores: [1], times: [1]).points[0].auc.undefined?.code == "no-controls")
    }

    @Test("Failure: times that do not ascend or are not finite, scores that are not finite")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        func message(_ scores: [Double], _ times: [Double]) -> String? {
            #expect(throws: InvalidInput.self) { try TimeDependentAUC(data, scores: scores, times: times) }?.description
        }
        #expect(
            message([1, 2], [1, 1])
                == "row 2, evaluation time: found 1.0 after 1.0, allowed is strictly ascending times")
        #expect(
            message([.infinity, 2], [.nan]) == """
                row 1, score: found inf, allowed is a finite number
                row 1, evaluation time: found nan, allowed is a finite number
                """)
    }
}
