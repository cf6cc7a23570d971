import NumericsCore
import Regimes
import Testing

@testable import Trials

/// Backed by counting doses by hand in a model that keeps what it is given, and by closed forms of missed doses.
@Suite struct DosingTests {
    /// The amount that a patient's path gained on each day.
    private func gains(_ path: PatientPath) -> [Double] {
        zip(path.tracks[0], path.tracks[0].dropFirst()).map { $1 - $0 }
    }

    @Test("A dose is given at every interval from the visit until the next", arguments: [0.25, 0.5, 1.0, 2, 3])
    func dosesAtEveryInterval(_ interval: Double) throws {
        var trial = TinyTrial()
        trial.doseInterval = interval
        trial.trackInterval = 0.25
        let path = try trial.paths(trial.arm("dose <- 2", then: "dose <- 2"), patients: 1)[0]
        let doses = Int((10 / interval).rounded(.up))
        #expect(path.dosesDue == doses)
        #expect(path.amountTaken == 2 * Double(doses))
        // A sample at the time of a dose sees the state before it.
        let days = zip(path.days, gains(path)).filter { $0.1 > 0 }.map(\.0)
        #expect(days == (0..<doses).map { Double($0) * interval })
    }

    @Test("Intervals that are no binary fraction: no dose twice, none left out, none in the past")
    func awkwardIntervals() throws {
        var trial = TinyTrial()
        trial.trackInterval = 10
        for interval in [0.1, 0.7, 1.0 / 3, 1.0 / 7, 0.3] {
            trial.doseInterval = interval
            // Visits off the doses, and on them but for rounding: 7 · 0.7 lies just below 4.9, 3 · 0.1 just above 0.3.
            for days in [(0..<20).map { 0.49 * Double($0) }, (0..<100).map { Double($0) / 10 }] {
                trial.days = days
                let path = try trial.paths(trial.arm("dose <- 1", then: "dose <- 1"), patients: 1)[0]
                let expected = (0..<1000).count { Double($0) * interval < 10 }
                #expect(path.failure == nil)
                #expect(path.dosesDue == expected, "every \(interval)")
                #expect(abs(path.tracks[0][1] - Double(expected)) < 1e-9)
            }
        }
    }

    @Test("Missed doses: each with its probability, within four standard errors, the same in every arm")
    func missedDoses() throws {
        var trial = TinyTrial()
        trial.missed = .probability(0.3)
        let low = try trial.record(trial.arm("dose <- 1"), patients: 2000)
        let high = try trial.record(trial.arm("dose <- 20", then: "dose <- 2 * dose"), patients: 2000)
        #expect(low.dosesMissed == high.dosesMissed)
        #expect(low.dosesDue == [Int](repeating: 10, count: 2000))
        let share = Double(low.dosesMissed.reduce(0, +)) / 20_000
        #expect(abs(share - 0.3) < 4 * (0.3 * 0.7 / 20_000).squareRoot())
        // What is missed is not taken.
        for patient in 0..<2000 { #expect(low.values[0][patient] == Double(10 - low.dosesMissed[patient]) / 10) }
    }

    @Test("A column gives each patient a probability of their own")
    func missedByColumn() throws {
        var trial = TinyTrial()
        trial.columns = [("missed", { [0, 0.5, 1][$0 % 3] })]
        trial.missed = .column(0)
        let record = try trial.record(trial.arm("dose <- 1"), patients: 900)
        var missed = [0, 0, 0]
        for patient in 0..<900 { missed[patient % 3] += record.dosesMissed[patient] }
        #expect(missed[0] == 0)
        #expect(missed[2] == 3000)
        #expect(abs(Double(missed[1]) / 3000 - 0.5) < 4 * (0.25 / 3000).squareRoot())
    }

    @Test("No dose is given for the days held after a visit; the next visit decides anew")
    func holdDays() throws {
        let trial = TinyTrial()
        let holds = [0.0, 1, 2.5, 0.5]
        let arm = Arm(name: "holding", regime: Watching { visit, _ in (1, holds[visit]) })
        let path = try trial.paths(arm, patients: 1)[0]
        // Visits on days 0, 2, 4 and 7; day 2 is held, 4 to 6 are, and 7.5 rounds up to day 8.
        #expect(gains(path) == [1, 1, 0, 1, 0, 0, 0, 0, 1, 1])
        #expect(path.dosesDue == 5)
    }

    @Test("A hold without end holds until the next visit; one that is no number, or negative, holds nothing")
    func oddHolds() throws {
        let trial = TinyTrial()
        let holds = [Double.infinity, 1e300, .nan, -3]
        let path = try trial.paths(
            Arm(name: "holding", regime: Watching { visit, _ in (1, holds[visit]) }), patients: 1)[0]
        #expect(gains(path) == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
        #expect(path.decisionsWithoutDose == 0)
    }

    @Test("The maximum caps every dose")
    func maximumDose() throws {
        var trial = TinyTrial()
        trial.maximum = 7.5
        let doses = [5.0, 7.5, 8, 1e300]
        let path = try trial.paths(
            Arm(name: "growing", regime: Watching { visit, _ in (doses[visit], 0) }), patients: 1)[0]
        #expect(gains(path) == [5, 5, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5])
    }

    @Test("A decision that leaves no amount gives no dose, is counted, and touches no neighbour")
    func decisionsWithoutDose() throws {
        var trial = TinyTrial()
        trial.maximum = 30
        let bad = [Double.nan, .infinity, -.infinity, -1]
        let arm = Arm(
            name: "odd", regime: Watching { visit, patient in (patient == 5 ? bad[visit] : Double(patient), 0) })
        let record = try trial.record(arm, patients: 20)
        for patient in 0..<20 {
            #expect(record.decisionsWithoutDose[patient] == (patient == 5 ? 4 : 0))
            #expect(record.values[0][patient] == (patient == 5 ? 0 : Double(patient)))
            // A dose of 0 is a decision, and no dose falls due.
            #expect(record.dosesDue[patient] == (patient == 5 || patient == 0 ? 0 : 10))
            #expect(record.failures[patient] == nil)
        }
        let forgetful = try trial.record(trial.arm("hold_days <- 0", then: "dose <- 1"), patients: 1)
        #expect(forgetful.decisionsWithoutDose == [1])
        #expect(forgetful.dosesDue == [8])
    }
}
