import Cohorts
import NumericsCore
import Regimes
import Testing

@testable import Trials

/// Backed by invariants: a patient's numbers depend on the scenario, the seed and the patient alone.
@Suite struct SameBitsTests {
    /// A trial with everything that draws: effects, noise, missed doses, dropout, events, and some failed solves.
    static var trial: TinyTrial {
        var trial = TinyTrial()
        trial.model = """
            ini({
              eta_k ~ 0.16
            })
            model({
              d/dt(a) <- -0.4 * exp(eta_k) * a / (1 + 0.2 * a) + boom * a * a * a
              x <- a * weight / 70
              x ~ add(sd)
            })
            """
        trial.constants["sd"] = 0.3
        trial.columns = [("weight", { 50 + Double($0 * 7 % 40) }), ("boom", { $0 % 11 == 4 ? 0.05 : 0 })]
        trial.missed = .probability(0.2)
        trial.dropoutPerDay = 0.03
        trial.hazards = [("bleed", .followUp, "hazard <- 0.004 * x"), ("rash", .treatment, "hazard <- 0.02")]
        trial.endpoints = [
            Endpoint(name: "mean_dose", title: "", unit: "mg/d", measure: MeanDose()),
            Endpoint(
                name: "true", title: "", unit: "percent",
                measure: PercentTimeInRange(source: .track(0), range: 2...5, days: 1...10)),
            Endpoint(
                name: "measured", title: "", unit: "percent",
                measure: PercentTimeInRange(source: .measurement(0), range: 2...5, days: 0...10)),
            Endpoint(name: "bleed", title: "", unit: "d", measure: EventTime(event: 0)),
            Endpoint(
                name: "high", title: "", unit: "d",
                measure: FirstCrossing(measurement: 0, threshold: 4, direction: .above, until: 10)),
        ]
        trial.learningRange = 2...5
        trial.tolerance = 1e-6
        return trial
    }

    static func arm(_ trial: TinyTrial) throws -> Arm {
        try trial.arm(
            "dose <- weight / 30",
            then: "if (x > 4) { dose <- 0.7 * dose\nhold_days <- 1 } else { dose <- 1.2 * dose\nhold_days <- 0 }")
    }

    static let cohort = Result { try trial.cohort(40) }

    private func run(
        _ patients: [TrialPatient], lanes: Int = laneCount, threads: Int = 1
    ) throws -> (record: ArmRecord, log: DecisionLog?) {
        let trial = Self.trial
        let runner = TrialRunner(try trial.plan(), cohort: try Self.cohort.get(), threads: threads, stop: StopSignal())
        return try runner.run(
            Self.arm(trial), patients: patients, replicate: 2, lanesPerBlock: lanes, keepsDecisions: true)
    }

    /// What a log says of one patient, as bits.
    private func bits(_ log: DecisionLog?, _ place: Int) -> [UInt64] {
        guard let log else { return [] }
        return (0..<log.visits).flatMap { visit -> [UInt64] in
            guard log.isPresent[visit][place] else { return [0] }
            return (log.snapshots[visit] + log.outcomes[visit]).map { $0[place].bitPattern }
                + [UInt64(log.endings[visit][place].rawValue)]
        }
    }

    private func expectSame(
        _ a: (record: ArmRecord, log: DecisionLog?), _ b: (record: ArmRecord, log: DecisionLog?), _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let places = Dictionary(uniqueKeysWithValues: b.record.patients.enumerated().map { ($1, $0) })
        for (place, number) in a.record.patients.enumerated() {
            guard let other = places[number] else { continue }
            #expect(a.record.bits(place) == b.record.bits(other), comment, sourceLocation: sourceLocation)
            #expect(bits(a.log, place) == bits(b.log, other), comment, sourceLocation: sourceLocation)
        }
    }

    @Test("The trial has what could go wrong: events, dropouts, failures, missed doses")
    func theTrialIsRich() throws {
        let record = try run(TinyTrial.patients(40)).record
        #expect(record.failures.contains { $0 != nil } && record.failures.contains { $0 == nil })
        #expect(
            record.droppedOut.contains(true) && record.hasEvent[3].contains(true) && record.hasEvent[4].contains(true))
        #expect(record.dosesMissed.contains { $0 > 0 } && Set(record.dosesDue).count > 3)
        #expect(record.values[1].contains { $0 > 0 && $0 < 100 })
    }

    @Test("Any width of the blocks", arguments: 1...16)
    func anyBlockWidth(_ lanes: Int) throws {
        let whole = try run(TinyTrial.patients(40))
        expectSame(whole, try run(TinyTrial.patients(40), lanes: lanes), "lanes \(lanes)")
    }

    @Test("Any order of the patients, one thread or two", arguments: 1...2)
    func anyOrder(_ threads: Int) throws {
        let whole = try run(TinyTrial.patients(40))
        for seed in 0..<6 as Range<UInt64> {
            let stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
            let order = TinyTrial.patients(40).sorted {
                stream.bits(at: UInt64($0.number)) < stream.bits(at: UInt64($1.number))
            }
            let shuffled = try run(order, lanes: 1 + Int(seed) * 3, threads: threads)
            #expect(shuffled.record.patients == order.map(\.number))
            expectSame(whole, shuffled, "order \(seed)")
        }
    }

    @Test("More patients beside them, or fewer")
    func otherPatients() throws {
        let whole = try run(TinyTrial.patients(40))
        expectSame(try run(TinyTrial.patients(13)), whole, "the first 13")
        let some = TinyTrial.patients(40).filter { $0.number % 3 == 1 }
        expectSame(try run(some), whole, "every third")
        #expect(try run([]).record.patients.isEmpty)
    }

    @Test("Twins: equal regimes under two names give the same record; another regime shares all chance")
    func twins() throws {
        let trial = Self.trial
        let runner = TrialRunner(try trial.plan(), cohort: try Self.cohort.get(), threads: 2, stop: StopSignal())
        var other = try Self.arm(trial)
        other.name = "other"
        let first = try runner.run(Self.arm(trial), patients: TinyTrial.patients(40), replicate: 2).record
        let second = try runner.run(other, patients: TinyTrial.patients(40), replicate: 2).record
        #expect(second.arm == "other")
        for place in 0..<40 { #expect(first.bits(place) == second.bits(place)) }
        // Before any dose shows, another regime reads the same noise.
        let high = try runner.run(trial.arm("dose <- 9"), patients: TinyTrial.patients(40), replicate: 2).record
        #expect(first.measured[0][0] == high.measured[0][0])
        #expect(first.measured[0][1] != high.measured[0][1])
        let again = try runner.run(Self.arm(trial), patients: TinyTrial.patients(40), replicate: 3).record
        #expect(first.measured[0][0] != again.measured[0][0])
    }

    @Test("A shortened trial is the first part of the long one")
    func shortenedTrials() throws {
        let trial = Self.trial
        let plan = try trial.plan()
        let long = try trial.paths(Self.arm(trial), patients: 40)
        for days in [4.0, 7] {
            let short = try trial.paths(Self.arm(trial), patients: 40, plan: plan.shortened(to: days))
            for (a, b) in zip(short, long) {
                #expect(a.days == Array(b.days.prefix(Int(days) + 1)))
                #expect(a.tracks[0].map(\.bitPattern) == b.tracks[0].prefix(Int(days) + 1).map(\.bitPattern))
                #expect(a.measured[0] == Array(b.measured[0].prefix(a.measured[0].count)))
                #expect(b.measuredDays[0].dropFirst(a.measured[0].count).allSatisfy { $0 > days })
                #expect(a.lastDay == min(days, b.lastDay))
                #expect(a.droppedOut == (b.droppedOut && b.lastDay < days))
                #expect(a.eventDays == b.eventDays.map { $0 <= days ? $0 : .infinity })
                #expect((a.failure != nil) == (b.failure != nil && b.lastDay <= days))
            }
        }
    }
}
