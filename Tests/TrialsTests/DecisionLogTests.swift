import NumericsCore
import Regimes
import Testing

@testable import Trials

/// Backed by following decisions by hand in a model that keeps what it is given, and by the patient's own streams.
@Suite struct DecisionLogTests {
    private func log(
        _ trial: TinyTrial, _ arm: Arm, patients: Int, keeping: Set<String>? = nil
    ) throws -> (log: DecisionLog, record: ArmRecord) {
        let runner = TrialRunner(try trial.plan(), cohort: try trial.cohort(patients), threads: 2, stop: StopSignal())
        let run = try runner.run(
            arm, patients: TinyTrial.patients(patients), replicate: 0, keepsDecisions: true, keeping: keeping)
        return (try #require(run.log), run.record)
    }

    @Test("The log holds the variables as they stood after each decision")
    func snapshots() throws {
        var trial = TinyTrial()
        trial.columns = [("weight", { 40 + Double($0) })]
        let (log, _) = try log(trial, trial.arm("dose <- weight", then: "dose <- 2 * dose"), patients: 20)
        func value(_ name: String, _ visit: Int, _ patient: Int) throws -> Double {
            log.snapshots[visit][try #require(log.variables.slot(name))][patient]
        }
        for patient in 0..<20 {
            let weight = 40 + Double(patient)
            #expect(try (0..<4).map { try value("dose", $0, patient) } == [1, 2, 4, 8].map { $0 * weight })
            #expect(try (1..<4).map { try value("dose_previous", $0, patient) } == [1, 2, 4].map { $0 * weight })
            #expect(try (0..<4).map { try value("x", $0, patient) } == [0, 2, 6, 18].map { $0 * weight })
            #expect(try (0..<4).map { try value("day", $0, patient) } == trial.days)
            #expect(try value("weight", 3, patient) == weight)
        }
        #expect(log.isPresent.allSatisfy { $0.allSatisfy { $0 } })
    }

    @Test("What followed: days in, below and above the range on the true path")
    func outcomes() throws {
        var trial = TinyTrial()
        trial.learningRange = 2...5
        // The amount rises by 1 each day at the start of it; between samples the path is a straight line.
        let (log, _) = try log(trial, trial.arm("dose <- 1"), patients: 2)
        for patient in 0..<2 {
            // Days 0 to 2, 2 to 4, 4 to 7, 7 to 10: the path is x(day) = day.
            #expect((0..<4).map { log.outcomes[$0][0][patient] } == [2, 2, 3, 3])
            #expect((0..<4).map { log.outcomes[$0][1][patient] } == [0, 2, 1, 0])
            #expect((0..<4).map { log.outcomes[$0][2][patient] } == [2, 0, 0, 0])
            #expect((0..<4).map { log.outcomes[$0][3][patient] } == [0, 0, 2, 3])
        }
    }

    @Test("A range that no sample of the visit's day shows: visits between samples are interpolated")
    func visitsBetweenSamples() throws {
        var trial = TinyTrial()
        trial.learningRange = 2...5
        trial.days = [0, 1.5, 3.25, 7.75]
        let (log, _) = try log(trial, trial.arm("dose <- 1"), patients: 1)
        let inRange = (0..<4).map { log.outcomes[$0][1][0] }
        #expect(zip(inRange, [0, 1.25, 1.75, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
        for visit in 0..<4 {
            let parts = (1...3).map { log.outcomes[visit][$0][0] }
            #expect(abs(parts.reduce(0, +) - log.outcomes[visit][0][0]) < 1e-12)
        }
    }

    @Test("Who leaves between two visits lives the interval until then; events and dropouts are kept apart")
    func leaving() throws {
        var trial = TinyTrial()
        trial.learningRange = 2...5
        trial.dropoutPerDay = 0.1
        trial.hazards = [("death", .followUp, "hazard <- 0.1"), ("rash", .nothing, "hazard <- 0.3")]
        let (log, record) = try log(trial, trial.arm("dose <- 1"), patients: 600)
        var counts: [IntervalEnding: Int] = [:]
        for patient in 0..<600 {
            let out = trial.dropoutDay(patient)
            let death = trial.threshold(patient) / 0.1
            let last = min(out, death, 10)
            for (visit, day) in trial.days.enumerated() {
                #expect(log.isPresent[visit][patient] == (day <= last))
                guard day <= last else {
                    #expect(log.outcomes[visit].allSatisfy { $0[patient].isNaN })
                    continue
                }
                let next = visit < 3 ? trial.days[visit + 1] : 10
                #expect(abs(log.outcomes[visit][0][patient] - (min(next, last) - day)) < 1e-8)
                let parts = (1...3).map { log.outcomes[visit][$0][patient] }
                #expect(abs(parts.reduce(0, +) - log.outcomes[visit][0][patient]) < 1e-8)
                let ending: IntervalEnding = last >= next ? .complete : out < death ? .lost : .event
                #expect(log.endings[visit][patient] == ending)
                counts[ending, default: 0] += 1
            }
            #expect(abs(record.lastDay[patient] - last) < 1e-8)
        }
        #expect(counts.values.allSatisfy { $0 > 150 } && counts.count == 3)
    }

    @Test("An event that stops treatment ends the interval, which is lived to its end")
    func treatmentStops() throws {
        var trial = TinyTrial()
        trial.hazards = [("rash", .treatment, "hazard <- 0.2")]
        let (log, _) = try log(trial, trial.arm("dose <- 1"), patients: 100)
        for patient in 0..<100 {
            let rash = trial.threshold(patient) / 0.2
            for (visit, day) in trial.days.enumerated() {
                #expect(log.isPresent[visit][patient] == (day < rash))
                guard day < rash else { continue }
                let next = visit < 3 ? trial.days[visit + 1] : 10
                #expect(log.outcomes[visit][0][patient] == next - day)
                #expect(log.endings[visit][patient] == (rash <= next ? .event : .complete))
            }
        }
    }

    @Test("A log keeps what is asked for, the same bits as the whole")
    func keeping() throws {
        let trial = SameBitsTests.trial
        let arm = try SameBitsTests.arm(trial)
        let whole = try log(trial, arm, patients: 40).log
        let thin = try log(trial, arm, patients: 40, keeping: ["x", "dose", "weight"]).log
        for visit in 0..<4 {
            for (slot, symbol) in whole.variables.symbols.enumerated() {
                let kept = ["x", "dose", "weight"].contains(symbol.name)
                #expect(
                    thin.snapshots[visit][slot].map(\.bitPattern)
                        == (kept ? whole.snapshots[visit][slot].map(\.bitPattern) : []))
            }
            #expect(thin.isPresent[visit] == whole.isPresent[visit])
            #expect(thin.endings[visit] == whole.endings[visit])
            for kind in 0..<4 {
                #expect(thin.outcomes[visit][kind].map(\.bitPattern) == whole.outcomes[visit][kind].map(\.bitPattern))
            }
        }
    }

    /// A whole loop on the trial's own engine: explore, learn, follow. The amount decays, and 5 is to be held; the base
    /// regime gives far too little, and only the learner finds out.
    @Test("Learning on the trial's own log beats the base regime on other patients, by more than ten standard errors")
    func learningLoop() throws {
        var trial = TinyTrial()
        trial.model = "model({\nd/dt(a) <- -0.5 * a\nx <- a\nx ~ add(sd)\n})"
        trial.constants["sd"] = 0.2
        trial.learningRange = 3...6
        trial.dropoutPerDay = 0.02
        trial.trackInterval = 0.25
        trial.endpoints = [
            Endpoint(
                name: "in_range", title: "", unit: "percent",
                measure: PercentTimeInRange(source: .track(0), range: 3...6, days: 0...10))
        ]
        let base = try trial.arm("dose <- 1", then: "dose <- 1", name: "base")
        let frame = try LearningFrame(
            base: base.regime, features: .init(name: "f", text: "level <- x"),
            apply: .init(name: "a", text: "dose <- dose_proposed * action"), actions: [1, 2, 3, 4, 5], neutral: 1,
            variables: trial.variables)
        let exploring = Arm(
            name: "exploring", regime: LearnedRegime(frame: frame, choice: .explore(rate: 1, following: nil)))
        let learner = try FittedQIteration(
            reward: .init(name: "r", text: "days_in_range"), variables: trial.variables)
        let log = try log(trial, exploring, patients: 1500, keeping: learner.variablesRead(frame)).log
        let result = try learner.learn(from: log, frame: frame)
        // The last interval is lost to those who drop out in it, and only to them.
        #expect(
            result.decisions[3]
                == log.isPresent[3].indices.count { log.isPresent[3][$0] && log.endings[3][$0] == .complete })
        let learned = Arm(name: "learned", regime: LearnedRegime(frame: frame, choice: .follow(result.policy)))
        let before = try trial.record(base, patients: 300, replicate: 9).values[0].filter { $0.isFinite }
        let after = try trial.record(learned, patients: 300, replicate: 9).values[0].filter { $0.isFinite }
        let (old, new) = (meanAndError(before), meanAndError(after))
        #expect(new.mean - old.mean > 10 * (old.error * old.error + new.error * new.error).squareRoot())
        #expect(new.mean > 60)
    }
}
