import NumericsCore
import Outcomes
import Testing

@Suite struct BrierScoreTests {
    // MARK: Reference software

    @Test(
        "riskRegression 2022.11.28: score, both errors, null model, accuracy, integral",
        arguments: CalibrationReference.all)
    func agreesWithRiskRegression(_ reference: CalibrationReference) throws {
        let data = try reference.set.survival()
        let full = try BrierScore(data, risks: reference.risks())
        let known = try BrierScore(data, risks: reference.risks(), errors: .knownWeights)
        let r = reference.r.brier
        for (index, point) in full.points.enumerated() {
            let score = try require(point.score)
            #expect(agree(score.value, r.brier[index], 1e-10), "t = \(point.time)")
            #expect(agree(try require(score.standardError), r.se[index], 1e-8), "t = \(point.time)")
            let error = try require(require(known.points[index].score).standardError)
            #expect(agree(error, r.seKnownWeights[index], 1e-8), "t = \(point.time)")
            #expect(agree(try require(point.null), r.null[index], 1e-10))
            #expect(agree(try require(point.accuracy), r.ipa[index], 1e-9))
        }
        #expect(agree(try require(full.integrated(.steps)).value, r.running[5], 1e-10))
    }

    @Test("scikit-survival 0.28: weights 1/G(T), trapezoid integral", arguments: CalibrationReference.all)
    func agreesWithScikitSurvival(_ reference: CalibrationReference) throws {
        let score = try BrierScore(reference.set.survival(), risks: reference.risks(), weights: .atEvent)
        #expect(agree(try score.points.map { try require($0.score).value }, reference.python.brier, 1e-10))
        #expect(agree(try require(score.integrated()).value, reference.python.integrated, 1e-10))
    }

    @Test("riskRegression 2022.11.28 with competing risks: score, errors, null model, accuracy, integral")
    func agreesWithCompetingRisks() throws {
        let reference = CalibrationReference.competing
        let set = try ReferenceSet.named("pbc")
        let event = try set.column("event")
        let data = try SurvivalData(times: set.column("time"), events: event.map { $0 > 0 })
        let competing = event.map { $0 == 2 }
        let risks = try CalibrationReference.risks(
            CalibrationReference.relative(set.r.lp),
            hazard: reference.incidence.map { -Elementary.log1p(-$0) }, times: reference.times)
        let full = try BrierScore(data, risks: risks, competing: competing)
        let known = try BrierScore(data, risks: risks, competing: competing, errors: .knownWeights)
        for (index, point) in full.points.enumerated() {
            let score = try require(point.score)
            #expect(agree(score.value, reference.brier.brier[index], 1e-10))
            #expect(agree(try require(score.standardError), reference.brier.se[index], 1e-8), "t = \(point.time)")
            let error = try require(require(known.points[index].score).standardError)
            #expect(agree(error, reference.brier.seKnownWeights[index], 1e-8))
            #expect(agree(try require(point.null), reference.brier.null[index], 1e-10))
            #expect(agree(try require(point.accuracy), reference.brier.ipa[index], 1e-9))
        }
        #expect(agree(try require(full.integrated(.steps)).value, reference.brier.running[4], 1e-10))
    }

    // MARK: Second routes and identities

    @Test("Own weights equal to the Kaplan–Meier ones give the same score; the error is that of known weights")
    func ownWeights() throws {
        let reference = try CalibrationReference.named("gbsg2")
        let data = try reference.set.survival()
        let g = CensoringDistribution(data)
        let own = try CensoringProbabilities(
            beforeOwnTime: data.times.map(g.before),
            atTimes: data.times.flatMap { _ in reference.r.times.map(g.at) })
        let a = try BrierScore(data, risks: reference.risks(), censoring: own)
        let b = try BrierScore(data, risks: reference.risks(), errors: .knownWeights)
        for (x, y) in zip(a.points, b.points) {
            #expect(agree(try require(x.score).value, try require(y.score).value, 1e-12))
            #expect(
                agree(try require(require(x.score).standardError), try require(require(y.score).standardError), 1e-12))
            #expect(agree(try require(x.null), try require(y.null), 1e-12))
        }
    }

    @Test("Identity: a model of one group is the Kaplan–Meier estimate, errors and integral included, in both weights")
    func modelOfOneGroup() throws {
        let reference = try CalibrationReference.named("pbc")
        let data = try reference.set.survival()
        let one = try CensoringWeights(data, model: .stratified(Grouping(data.times.map { _ in 0 })))
        for kind in TimeDependentAUC.CaseWeight.allCases {
            let a = try BrierScore(data, risks: reference.risks(), weights: kind, censoring: one)
            let b = try BrierScore(data, risks: reference.risks(), weights: kind)
            for (x, y) in zip(a.points, b.points) {
                let (x, y) = (try require(x.score), try require(y.score))
                #expect(agree(x.value, y.value, 1e-12))
                #expect(agree(try require(x.standardError), try require(y.standardError), 1e-10))
            }
            let (x, y) = (try require(a.integrated()), try require(b.integrated()))
            #expect(agree(x.value, y.value, 1e-12))
            #expect(agree(try require(x.standardError), try require(y.standardError), 1e-10))
        }
        let plain = try BrierScore(data, risks: reference.risks(), censoring: CensoringWeights(data))
        #expect(try plain.points == BrierScore(data, risks: reference.risks()).points)
    }

    @Test("Failure: weights of other patients; a weight that is not finite is said to be so")
    func otherWeights() throws {
        let data = try SurvivalData(times: [2, 2, 3, 4], events: [true, false, true, false])
        let risks = try PredictedRisks(times: [2.5], rows: [0.5, 0.5, 0.5, 0.5])
        let other = try CensoringWeights(SurvivalData(times: [1, 2, 3, 4], events: [true, false, true, false]))
        let problem = #expect(throws: InvalidInput.self) { try BrierScore(data, risks: risks, censoring: other) }
        #expect(
            problem?.description
                == "censoring weights: found weights of other data, allowed is weights of the same data")
        let groups = try CensoringWeights(data, model: .stratified(Grouping([0, 0, 1, 1])))
        let score = try BrierScore(data, risks: risks, weights: .atEvent, censoring: groups)
        #expect(score.points[0].score.undefined?.code == "vanishing-censoring-probability")
        #expect(score.points[0].accuracy.undefined?.code == "vanishing-censoring-probability")
    }

    @Test("Without censoring: the mean squared error, its SD over √n, and the binomial null model p(1 − p)")
    func uncensored() throws {
        var sequence = TestSequence(seed: 3)
        let times = (0..<60).map { _ in 10 * sequence.uniform() }
        let risks = times.map { _ in sequence.uniform() }
        let data = try SurvivalData(times: times, events: times.map { _ in true })
        let point = try BrierScore(data, risks: PredictedRisks(at: 4, risks)).points[0]
        let squares = zip(times, risks).map { time, risk in ((time <= 4 ? 1 : 0) - risk) * ((time <= 4 ? 1 : 0) - risk)
        }
        let mean = squares.reduce(0, +) / 60
        let spread = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59
        #expect(agree(try require(point.score).value, mean, 1e-13))
        #expect(agree(try require(require(point.score).standardError), (spread / 60).squareRoot(), 1e-12))
        let share = Double(times.filter { $0 <= 4 }.count) / 60
        #expect(agree(try require(point.null), share * (1 - share), 1e-13))
    }

    @Test("Second route: the definition, term by term, on data full of ties, both weights, with competing events")
    func agreesWithDefinition() throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 60, span: 12, seed: seed)
            var sequence = TestSequence(seed: 70 + seed)
            let competing = data.events.map { $0 && sequence.uniform() < 0.3 }
            let rows = (0..<(60 * 3)).map { _ in sequence.uniform() }
            let times = [2, 5.5, 8.0]
            let g = CensoringDistribution(data)
            for weights in TimeDependentAUC.CaseWeight.allCases {
                let score = try BrierScore(
                    data, risks: PredictedRisks(times: times, rows: rows), competing: competing, weights: weights)
                for (k, point) in score.points.enumerated() {
                    var sum = 0.0
                    for i in data.times.indices {
                        let risk = rows[i * 3 + k]
                        let outcome = data.events[i] && !competing[i] ? 1.0 : 0
                        let own = weights == .beforeEvent ? g.before(data.times[i]) : g.at(data.times[i])
                        if data.times[i] > times[k] {
                            sum += risk * risk / g.at(times[k])
                        } else if data.events[i] {
                            sum += (outcome - risk) * (outcome - risk) / own
                        }
                    }
                    #expect(agree(try require(point.score).value, sum / 60, 1e-12), "seed \(seed)")
                    #expect(abs(score.influences(atIndex: k).reduce(0, +)) < 1e-10)
                }
            }
        }
    }

    @Test("Simulation: 400 samples of 300; the mean error is within 8 % of the spread (3 standard errors are 10.6 %)")
    func errorIsTheSpread() throws {
        var scores: [Double] = []
        var errors: [Double] = []
        for seed in 0..<400 {
            var sequence = TestSequence(seed: UInt64(5_000 + seed))
            let hazards = (0..<300).map { _ in 0.5 + sequence.uniform() }
            let deaths = hazards.map { -Elementary.log(sequence.uniform()) / $0 }
            let ends = deaths.map { _ in -Elementary.log(sequence.uniform()) / 0.8 }
            let data = try SurvivalData(
                times: zip(deaths, ends).map(min), events: zip(deaths, ends).map { $0 <= $1 })
            let risks = hazards.map { 1 - Elementary.exp(-$0 * 0.8) }
            let score = try require(BrierScore(data, risks: PredictedRisks(at: 0.8, risks)).points[0].score)
            scores.append(score.value)
            errors.append(try require(score.standardError))
        }
        let mean = scores.reduce(0, +) / 400
        let spread = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        #expect(abs(errors.reduce(0, +) / 400 / spread - 1) < 0.08)
    }

    @Test("The difference of two models: its error knows the patients are the same; a model against itself has none")
    func difference() throws {
        let reference = try CalibrationReference.named("pbc")
        let data = try reference.set.survival()
        let good = try BrierScore(data, risks: reference.risks())
        let poor = try BrierScore(
            data, risks: PredictedRisks(times: reference.r.times, rows: [Double](repeating: 0.5, count: 312 * 6)))
        let difference = try require(good.difference(from: poor, atIndex: 2))
        #expect(
            agree(
                difference.value,
                try require(good.points[2].score).value - require(poor.points[2].score).value, 1e-12))
        let errors = try [good, poor].map { try require(require($0.points[2].score).standardError) }
        let error = try require(difference.standardError)
        #expect(error < errors[0] + errors[1] && error > abs(errors[0] - errors[1]))
        let itself = try require(good.difference(from: good, atIndex: 2))
        #expect(itself.value == 0 && itself.standardError.undefined?.code == "no-spread")
    }

    // MARK: Limits and failures

    @Test("Undefined: after follow-up, without a case, a single time, an error not asked for")
    func undefined() throws {
        let data = try SurvivalData(times: [2, 3, 4, 5], events: [true, false, true, false])
        let score = try BrierScore(data, risks: PredictedRisks(times: [1, 2, 5], rows: (0..<12).map { _ in 0.25 }))
        #expect(try require(score.points[0].score).value == 0.0625)
        #expect(score.points[0].accuracy.undefined?.reason == "no event by time 1.0")
        #expect(score.points[1].cases == 1 && score.points[1].controls == 3)
        #expect(score.points[2].score.undefined?.reason == "nobody is under observation after time 5.0")
        #expect(score.integrated().undefined?.code == "no-controls")
        #expect(try require(score.integrated(.steps)).value > 0)
        let one = try BrierScore(data, risks: PredictedRisks(at: 2, [0, 0, 0, 0]), errors: .none)
        #expect(one.integrated().undefined?.reason == "an integral over time needs two times or more")
        #expect(
            try require(one.points[0].score).standardError.undefined?.reason == "the standard error was not asked for")
        let patient = try SurvivalData(times: [1], events: [true])
        let single = try require(BrierScore(patient, risks: PredictedRisks(at: 1, [0.5])).points[0].score)
        #expect(single.value == 0.25 && single.standardError.undefined?.code == "no-spread")
        // All censored at one time: before it nobody is a case, at it nobody is left.
        let tied = try SurvivalData(times: [2, 2, 2], events: [false, false, false])
        let flat = try BrierScore(tied, risks: PredictedRisks(times: [1, 2], rows: (0..<6).map { _ in 0.5 }))
        #expect(try require(flat.points[0].score).value == 0.25)
        #expect(flat.points[0].accuracy.undefined?.code == "no-cases")
        #expect(flat.points[1].score.undefined?.code == "no-controls")
        let dead = try SurvivalData(times: [1, 2], events: [true, true])
        #expect(try require(BrierScore(dead, risks: PredictedRisks(at: 3, [0.5, 1])).points[0].score).value == 0.125)
    }

    @Test("Failure: risks outside 0 to 1, times that do not ascend, wrong numbers, weights, delayed entry")
    func inputIsChecked() throws {
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: InvalidInput.self, performing: body)?.description
        }
        #expect(
            message { _ = try PredictedRisks(times: [1, 2], rows: [0, 1.5, .nan, 1]) } == """
                row 1, risk at time 2.0: found 1.5, allowed is a probability from 0 to 1
                row 2, risk at time 1.0: found nan, allowed is a probability from 0 to 1
                """)
        #expect(
            message { _ = try PredictedRisks(times: [2, 2], rows: [0, 1, 1]) } == """
                row 2, evaluation time: found 2.0 after 2.0, allowed is strictly ascending times
                risk: found 3 numbers, allowed is 2, one for each time, for each patient
                """)
        let data = try SurvivalData(times: [1, 2], events: [true, false])
        #expect(
            message { _ = try BrierScore(data, risks: PredictedRisks(at: 1, [0.5]), competing: [false, true]) } == """
                risk: found 1 rows, allowed is 2 rows, one for each patient
                row 2, competing event: found true for a censored patient, allowed is an event
                """)
        #expect(
            message { _ = try CensoringProbabilities(beforeOwnTime: [0, 1], atTimes: [1, 2]) } == """
                row 1, G before own time: found 0.0, allowed is a probability over 0 and at most 1
                row 2, G at the evaluation times: found 2.0, allowed is a probability over 0 and at most 1
                """)
        let late = try SurvivalData(times: [1, 2], events: [true, false], entries: [0, 1])
        #expect(
            message { _ = try BrierScore(late, risks: PredictedRisks(at: 1, [0, 0])) }
                == "entry: found delayed entry, allowed is no entry times for the Brier score")
    }

    /// Measured: 7 ms on one core, 70 ms with the error at every time; the bound is for a slow machine and an unoptimised build.
    @Test(
        "Cost: the integrated score of 100 000 patients at 20 times takes no n² route, with the same value with errors")
    func cost() throws {
        let data = try SurvivalData.tied(count: 100_000, span: 50_000, seed: 4)
        let times = (1...20).map { Double($0 * 2_000) }
        let rows = data.times.indices.flatMap { i in (0..<20).map { k in Double((i * 7 + k) % 101) / 101 } }
        let start = ContinuousClock.now
        let risks = try PredictedRisks(times: times, rows: rows)
        let value = try require(BrierScore(data, risks: risks, errors: .none).integrated()).value
        let full = try require(BrierScore(data, risks: risks).integrated())
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(full.value == value)
    }
}
