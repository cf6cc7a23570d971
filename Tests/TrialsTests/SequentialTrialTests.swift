import Cohorts
import ModelLanguage
import NumericsCore
import Outcomes
import Regimes
import Testing

@testable import Trials

/// Backed by hand computation on a model that keeps what it is given, and by replaying the draws from their stated keys.
@Suite struct SequentialTrialTests {
    /// First options give 1 or 2 a day; patients of an odd number respond on day 4; others then get 10 or 20 a day,
    /// responders go on.
    private static var trial: TinyTrial {
        var trial = TinyTrial()
        trial.columns = [("odd", { Double($0 % 2) })]
        trial.memory = [SequenceRegime.responded, "level", "start"]
        return trial
    }

    private func rule(_ start: String, _ later: String = "") throws -> RuleRegime {
        try RuleRegime(
            start: [SourceText(name: "start", text: start)],
            later: later.isEmpty ? [] : [SourceText(name: "later", text: later)], variables: Self.trial.variables)
    }

    private func arm(first: Int, others: Int, response: String = "odd") throws -> Arm {
        let trial = Self.trial
        let begin = try rule("dose <- \(first + 1)")
        let regime = SequenceRegime(
            first: begin, responders: begin, others: try rule("", "dose <- \(10 * (others + 1))"), visit: 2,
            response: try RowProgram(
                expression: SourceText(name: "r", text: response), inputs: trial.variables.symbols),
            baseline: try RowProgram(SourceText(name: "b", text: "start <- odd"), inputs: trial.variables.symbols),
            interim: try RowProgram(SourceText(name: "i", text: "level <- x"), inputs: trial.variables.symbols),
            variables: trial.variables)
        return Arm(name: "\(first)\(others)", regime: regime)
    }

    private func sequential(_ patients: Int) throws -> SequentialTrial {
        var arms: [Arm] = []
        var regimes: [EmbeddedRegime] = []
        for first in [0, 1] {
            for others in [0, 1] {
                arms.append(try arm(first: first, others: others))
                regimes.append(EmbeddedRegime(first: first, responders: 0, others: others))
            }
        }
        return SequentialTrial(
            plan: try Self.trial.plan(), arms: arms, regimes: regimes, options: [(2, 1), (2, 1)], visit: 2,
            endpoint: 0, patients: patients, blocks: 4, strata: [], baseline: ["start"], interim: ["level"])
    }

    @Test("A sequence begins as its first regime, and goes on by the response")
    func sequence() throws {
        let paths = try Self.trial.paths(arm(first: 0, others: 1), patients: 2)
        // Patient 0: 1 on days 0 to 3, 20 on days 4 to 9. Patient 1 responded: 1 every day.
        #expect(paths[0].amountTaken == 124)
        #expect(paths[1].amountTaken == 10)
        // What cannot be told is no response.
        let unknown = try Self.trial.paths(arm(first: 0, others: 1, response: "dose_proposed * odd"), patients: 2)
        #expect(unknown[1].amountTaken == 124)
    }

    @Test("What a trial observes: options as drawn, the response, the features, the known probabilities")
    func observed() throws {
        let trial = try sequential(120)
        let cohort = try Self.trial.cohort(120)
        let observed = try trial.run(3, cohort: cohort, worker: SequentialTrial.Worker(trial))
        let data = observed.data
        #expect(observed.lost == 0 && data.count == 120)
        #expect(data.first.count { $0 == 0 } == 60)
        for patient in 0..<120 {
            let isResponder = patient % 2 == 1
            let stream = RandomStream(
                seed: Self.trial.seed, purpose: .secondRandomisation, replicate: 3, patient: UInt32(patient))
            let option = isResponder ? 0 : (stream.uniform(at: 1) < 0.5 ? 0 : 1)
            let begin = Double(data.first[patient] + 1)
            #expect(data.responded[patient] == isResponder)
            #expect(data.second[patient] == option)
            #expect(data.probability[patient] == (isResponder ? 0.5 : 0.25))
            let late = isResponder ? begin : Double(10 * (option + 1))
            let mean: Double = (4 * begin + 6 * late) / 10
            #expect(abs(data.outcome[patient] - mean) < 1e-12)
            #expect(observed.baseline[0][patient] == Double(patient % 2))
            #expect(abs(observed.interim[0][patient] - 4 * begin) < 1e-12)
        }
        // Both second options were drawn about equally: 60 non-responders, four standard errors.
        let drawn = (0..<120).count { !data.responded[$0] && data.second[$0] == 1 }
        #expect(abs(Double(drawn) - 30) < 4 * 15.0.squareRoot())
    }

    @Test("Twins are the truth: of each embedded regime, and of a regime that chooses among their options")
    func truth() throws {
        let trial = try sequential(40)
        let runner = TrialRunner(trial.plan, cohort: try Self.trial.cohort(40), threads: 2, stop: StopSignal())
        var (records, logs) = ([ArmRecord](), [DecisionLog]())
        for arm in trial.arms {
            let run = try runner.run(
                arm, patients: TinyTrial.patients(40), replicate: 0, keepsDecisions: true, keeping: trial.kept)
            records.append(run.record)
            logs.append(try #require(run.log))
        }
        let truth = SequentialTruth(trial, records: records, logs: logs)
        #expect(truth.responseRate(first: 0) == 0.5 && truth.responseRate(first: 1) == 0.5)
        let observed = try trial.run(1, cohort: try Self.trial.cohort(40), worker: SequentialTrial.Worker(trial))
        let estimate = SequentialEstimate(observed, trial, contrast: (3, 0), isHigherBetter: true, truth: truth)
        // More drug is more outcome: begin with 2, then 20; responders go on with 2.
        let best: Double = (2 + (8 + 120) / 10.0) / 2
        // The features are constant within a cell, so nothing can be learned from them.
        #expect(estimate.learnedValue.isNaN)
        var plain = trial
        plain = SequentialTrial(
            plan: trial.plan, arms: trial.arms, regimes: trial.regimes, options: trial.options, visit: 2, endpoint: 0,
            patients: 40, blocks: 4, strata: [], baseline: [], interim: [])
        let learned = SequentialEstimate(
            observed.without(), plain, contrast: (3, 0), isHigherBetter: true,
            truth: SequentialTruth(plain, records: records, logs: logs))
        #expect(abs(learned.learnedValue - best) < 1e-12)
        #expect(learned.selected == 3)
        // Both methods see 4 regimes and the contrast.
        #expect(learned.byMethod.map(\.cells.count) == [5, 5])
        let difference = learned.byMethod[1].cells[4].value
        #expect(abs(difference - (learned.byMethod[1].cells[3].value - learned.byMethod[1].cells[0].value)) < 1e-12)
    }
}

extension SequentialTrial.Observed {
    /// The same without features.
    fileprivate func without() -> SequentialTrial.Observed {
        var other = self
        (other.baseline, other.interim) = ([], [])
        return other
    }
}
