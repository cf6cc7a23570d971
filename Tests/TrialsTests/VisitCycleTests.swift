import NumericsCore
import Regimes
import Testing

@testable import Trials

/// Backed by hand computation on a model that keeps what it is given, by closed forms, and by the streams' stated keys.
@Suite struct VisitCycleTests {
    @Test("At each visit: observe, then decide, then dose; the response shows at the next")
    func phasesInOrder() throws {
        var trial = TinyTrial()
        trial.columns = [("weight", { 50 + Double($0) })]
        let watching = Watching { visit, patient in (dose: Double(visit + 1) + Double(patient) / 100, hold: 0) }
        let path = try trial.paths(Arm(name: "watching", regime: watching), patients: 3)[2]
        // Doses of 1.02 on days 0 and 1, 2.02 on 2 and 3, 3.02 on 4 to 6: the reading of a visit holds those before it.
        let readings = [0, 2.04, 6.08, 15.14]
        #expect(zip(path.measured[0], readings).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(path.measuredDays == [[0, 2, 4, 7]])
        #expect(path.measuredVisits == [[0, 1, 2, 3]])
        let sights = watching.sights(2)
        #expect(sights.map(\.visit) == [0, 1, 2, 3])
        #expect(
            sights[0].values == ["weight": 52, "day": 0, "visit": 0, "days_since_visit": 0, "x": 0, "x_day": 0])
        var last = sights[3].values
        #expect(abs((last["x"] ?? 0) - 15.14) < 1e-12)
        #expect(abs((last["x_previous"] ?? 0) - 6.08) < 1e-12)
        last["x"] = nil
        last["x_previous"] = nil
        #expect(
            last == [
                "weight": 52, "day": 7, "visit": 3, "days_since_visit": 3, "x_day": 7, "dose": 3.02,
                "dose_previous": 3.02,
                "hold_days": 0, "hold_days_previous": 0,
            ])
        // The last decision doses days 7 to 9: 4.02 each.
        #expect(path.dosesDue == 10)
        #expect(abs(path.amountTaken - (15.14 + 3 * 4.02)) < 1e-12)
        #expect(abs((path.lastDose ?? 0) - 4.02) < 1e-12)
        #expect(path.lastDay == 10)
        #expect(abs(path.tracks[0][10] - path.amountTaken) < 1e-12)
    }

    @Test("A measurement that is not taken keeps the value, and its day, of the latest that was")
    func unmeasuredVisits() throws {
        var plan = try TinyTrial().plan()
        plan.visits = VisitSchedule(days: [0, 2, 4, 7], isMeasured: [[false], [true], [false], [true]], end: 10)
        let watching = Watching { _, _ in (1, 0) }
        let path = try TinyTrial().paths(Arm(name: "watching", regime: watching), patients: 1, plan: plan)[0]
        #expect(path.measuredVisits == [[1, 3]])
        #expect(path.measured == [[2, 7]])
        let sights = watching.sights(0).map(\.values)
        #expect(sights.map { $0["x"] } == [nil, 2, 2, 7])
        #expect(sights.map { $0["x_day"] } == [nil, 2, 2, 7])
        #expect(sights.map { $0["x_previous"] } == [nil, nil, nil, 2])
        let record = ArmRecord(arm: "a", patients: TinyTrial.patients(1), paths: [path], plan: plan)
        #expect(record.measured[0].map { $0[0].isNaN } == [true, false, true, false])
    }

    @Test("A reading is the truth plus residual error of the stated size, one draw for each visit")
    func residualError() throws {
        var trial = TinyTrial()
        trial.model = "model({\nd/dt(a) <- -0.3 * a\nx <- 10 + a\nx ~ add(sd)\n})"
        trial.constants["sd"] = 0.4
        var errors: [Double] = []
        for (patient, path) in try trial.paths(trial.arm("dose <- 5"), patients: 1000).enumerated() {
            let stream = RandomStream(seed: trial.seed, purpose: .residualError, replicate: 0, patient: UInt32(patient))
            for (visit, value) in path.measured[0].enumerated() {
                let truth = path.tracks[0][Int(trial.days[visit])]
                // The path is read from the dense output, the reading from the state: one rounding apart.
                #expect(abs(value - truth - 0.4 * stream.normal(at: UInt64(visit))) < 1e-12)
                errors.append(value - truth)
            }
        }
        // Mean 0 and standard deviation 0.4 within four standard errors.
        let (mean, error) = meanAndError(errors)
        #expect(errors.count == 4000)
        #expect(abs(mean) < 4 * 0.4 / 4000.0.squareRoot())
        #expect(abs(error * 4000.0.squareRoot() - 0.4) < 4 * 0.4 / 8000.0.squareRoot())
    }

    @Test("Proportional and log-normal error: the closed forms of both")
    func otherErrorModels() throws {
        var trial = TinyTrial()
        for (law, expected) in [
            ("prop(sd)", { (f: Double, z: Double) in f + 0.2 * f * z }),
            ("lnorm(sd)", { (f: Double, z: Double) in f * Elementary.exp(0.2 * z) }),
        ] {
            trial.model = "model({\nd/dt(a) <- 0\nx <- 3 + a\nx ~ \(law)\n})"
            trial.constants["sd"] = 0.2
            for (patient, path) in try trial.paths(trial.arm("dose <- 1"), patients: 20).enumerated() {
                let stream = RandomStream(
                    seed: trial.seed, purpose: .residualError, replicate: 0, patient: UInt32(patient))
                for (visit, value) in path.measured[0].enumerated() {
                    let truth = 3 + trial.days[visit]
                    #expect(abs(value - expected(truth, stream.normal(at: UInt64(visit)))) < 1e-12, "\(law)")
                }
            }
        }
    }

    @Test("A patient's etas are drawn once, and shape the whole path: the closed form of decay")
    func randomEffects() throws {
        var trial = TinyTrial()
        trial.model =
            "ini({\neta_k ~ 0.25\n})\nmodel({\na(0) <- 8\nd/dt(a) <- -0.2 * exp(eta_k) * a\nx <- a\nx ~ add(sd)\n})"
        var etas: [Double] = []
        for (patient, path) in try trial.paths(trial.arm("dose <- 0"), patients: 2000).enumerated() {
            let stream = RandomStream(seed: trial.seed, purpose: .randomEffects, replicate: 0, patient: UInt32(patient))
            let eta = 0.5 * stream.normal(at: 0)
            etas.append(eta)
            for (day, value) in zip(path.days, path.tracks[0]) {
                #expect(abs(value - 8 * Elementary.exp(-0.2 * Elementary.exp(eta) * day)) < 1e-6)
            }
        }
        #expect(abs(meanAndError(etas).mean) < 4 * 0.5 / 2000.0.squareRoot())
    }

    @Test("The recorded path has a sample at every interval up to the end, also where rounding falls short")
    func gridReachesTheEnd() throws {
        var trial = TinyTrial()
        for (interval, end, count) in [(0.1, 0.3, 4), (0.7, 4.9, 8), (1.0 / 3, 5, 16), (3, 10, 4), (0.05, 1.15, 24)] {
            trial.trackInterval = interval
            trial.end = end
            trial.days = [0]
            let path = try trial.paths(trial.arm("dose <- 1"), patients: 1)[0]
            #expect(path.days.count == count, "\(interval) to \(end)")
            #expect(path.tracks[0].allSatisfy { $0.isFinite }, "\(interval) to \(end)")
            #expect((path.days.last ?? 0) <= end)
        }
    }
}
