import NumericsCore
import Pharmacology
import Regimes
import Testing

@testable import Trials

/// Backed by invariants: a patient whose equations cannot be solved is counted, enters no mean, and disturbs nobody.
@Suite struct FailureTests {
    /// Patients with `boom` > 0 reach infinity on day 1/boom; the others decay.
    private func trial(_ isFailing: @escaping @Sendable (Int) -> Bool) -> TinyTrial {
        var trial = TinyTrial()
        trial.model = "model({\na(0) <- 1\nd/dt(a) <- boom * a * a - 0.1 * a\nx <- a\nx ~ add(sd)\n})"
        trial.constants["sd"] = 0.1
        trial.columns = [("boom", { isFailing($0) ? 0.3 : 0 })]
        trial.endpoints = [
            Endpoint(name: "mean_dose", title: "", unit: "mg/d", measure: MeanDose()),
            Endpoint(
                name: "in_range", title: "", unit: "percent",
                measure: PercentTimeInRange(source: .track(0), range: 0.2...0.8, days: 0...10)),
        ]
        trial.learningRange = 0.2...0.8
        return trial
    }

    @Test("Failed solves are named and have no endpoint; every other patient keeps every bit")
    func failuresAreContained() throws {
        let failing: @Sendable (Int) -> Bool = { $0 % 7 == 3 }
        let mixed = trial(failing)
        let sound = trial { _ in false }
        let arm = try mixed.arm("dose <- 0.01")
        let record = try mixed.record(arm, patients: 40)
        let reference = try sound.record(arm, patients: 40)
        for patient in 0..<40 {
            if failing(patient) {
                #expect(record.failures[patient] != nil)
                #expect(record.values.allSatisfy { $0[patient].isNaN })
                #expect(record.hasEvent.allSatisfy { !$0[patient] })
                // Lost where the path went to infinity; the doses move that day a little.
                #expect(abs(record.lastDay[patient] - 4.05) < 0.3)
                #expect(!record.droppedOut[patient])
                #expect(
                    record.measured[0].map { !$0[patient].isNaN } == [true, true, record.lastDay[patient] >= 4, false])
            } else {
                #expect(record.bits(patient) == reference.bits(patient))
                #expect(record.failures[patient] == nil)
            }
        }
        #expect(record.failures.count { $0 != nil } == 6)
    }

    @Test("A patient who left before the equations failed is no failure")
    func failureAfterLeaving() throws {
        var trial = trial { _ in true }
        trial.dropoutPerDay = 0.4
        let record = try trial.record(trial.arm("dose <- 0"), patients: 200)
        var kinds = Set<Bool>()
        for patient in 0..<200 {
            let failed = record.failures[patient] != nil
            let out = trial.dropoutDay(patient)
            #expect(record.droppedOut[patient] == !failed)
            #expect(record.lastDay[patient] == (failed ? record.lastDay[patient] : out))
            #expect(failed ? record.lastDay[patient] < out : out < 4.1)
            kinds.insert(failed)
        }
        #expect(kinds.count == 2)
    }

    @Test("No mean, effect or level takes a failed patient in")
    func failuresEnterNoMean() throws {
        let failing: @Sendable (Int) -> Bool = { $0 % 3 == 0 }
        let mixed = trial(failing)
        let low = try mixed.record(mixed.arm("dose <- 0.01"), patients: 60)
        let high = try mixed.record(mixed.arm("dose <- 0.03"), patients: 60)
        let cohort = try mixed.cohort(60)
        let strata = try Strata([], of: cohort)
        let kept = (0..<60).filter { !failing($0) }
        for endpoint in 0..<2 {
            let level = try low.summary(of: endpoint, scale: .continuous, strata: strata).cells[0].value
            let mean = kept.map { low.values[endpoint][$0] }.reduce(0, +) / 40
            #expect(abs(level - mean) < 1e-12 * abs(mean))
            let effect = try TwinEffect(
                treated: high, control: low, endpoint: endpoint, scale: .continuous, strata: strata)
            let expected = kept.map { high.values[endpoint][$0] - low.values[endpoint][$0] }.reduce(0, +) / 40
            #expect(abs(effect.cells.cells[0].value - expected) < 1e-9)
        }
    }

    @Test("A decision whose interval failed is no material to learn from; those before it are")
    func failuresInTheLog() throws {
        let trial = trial { $0 == 1 }
        let runner = TrialRunner(try trial.plan(), cohort: try trial.cohort(3), threads: 1, stop: StopSignal())
        let arm = try trial.arm("dose <- 0")
        let run = try runner.run(arm, patients: TinyTrial.patients(3), replicate: 0, keepsDecisions: true)
        let log = try #require(run.log)
        // Infinity comes in the interval from day 2 to day 4, or from 4 to 7.
        let visits = (0..<4).filter { log.isPresent[$0][1] }
        let last = try #require(visits.last)
        #expect(visits == Array(0...last) && last < 3)
        #expect((0...last).map { log.endings[$0][1] } == (0..<last).map { _ in .complete } + [.lost])
        #expect(log.outcomes[last][0][1] == run.record.lastDay[1] - trial.days[last])
        #expect((0..<last).map { log.outcomes[$0][0][1] } == (0..<last).map { trial.days[$0 + 1] - trial.days[$0] })
        for patient in [0, 2] { #expect((0..<4).allSatisfy { log.endings[$0][patient] == .complete }) }
    }
}
