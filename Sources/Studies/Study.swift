import Cohorts
import Foundation
import NumericsCore
import Regimes
import Scenarios
import Trials

/// A scenario run end to end.
///
/// ```swift
/// let study = try Study(Scenario(path: "scenarios/warfarin-coag"))
/// try study.run(writingTo: "warfarin-coag.h5")
/// ```
public struct Study: Sendable {
    package let plan: StudyPlan
    /// How many threads simulate, at least 1. The numbers do not depend on it.
    public let threads: Int
    package let stop: StopSignal
    package let progress: @Sendable (StudyProgress) -> Void

    /// Replicate numbers that are no trial: the twins, and the patients that regimes are learned on.
    package enum ReplicateNumber {
        package static let twins: UInt32 = 0
        package static let training: UInt32 = 0x8000_0000
        /// The first trial of equal arms; the first trial proper is 1.
        package static let null: UInt32 = 0x4000_0000
    }

    /// Plans the study: reads the records and the model, and resolves every name against them.
    ///
    /// - Parameters:
    ///   - scenario: what to run.
    ///   - threads: 1 or more; as many as the machine has processors when nil.
    ///   - stop: raised from anywhere, it ends a run with `Interrupted`.
    ///   - progress: called each time a part of the work is done, from the threads that simulate and several at once;
    ///     ``workload`` says what the whole is.
    /// - Throws: `ScenarioErrors` with all that does not fit together.
    public init(
        _ scenario: Scenario, threads: Int? = nil, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (StudyProgress) -> Void = { _ in }
    ) throws {
        plan = try StudyPlan(scenario)
        self.threads = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
        self.stop = stop
        self.progress = progress
    }

    /// Where patients on whom regimes are judged come from.
    var judged: Population.Half { plan.scenario.adjusts ? .judging : .all }

    // MARK: Learning

    /// The arms with their regimes, the learned ones learned.
    ///
    /// - Parameter isNeeded: whether the arm of a name is wanted; the others are left out.
    package func arms(
        where isNeeded: (String) -> Bool = { _ in true }
    ) throws -> (arms: [Arm], learned: [Int: LearnedArm]) {
        var learned: [Int: LearnedArm] = [:]
        var arms: [Arm] = []
        for (index, entry) in plan.regimes.enumerated() where isNeeded(entry.name) {
            let source = entry.follows ?? index
            let regime: any Regime
            if let rule = entry.regime {
                regime = rule
            } else if let learning = plan.learning[source] {
                // Learned once, whoever follows it.
                let result = try learned[source] ?? learn(learning, arm: source)
                learned[source] = result
                regime = LearnedRegime(frame: learning.frame, choice: result.choice)
            } else {
                continue
            }
            arms.append(Arm(name: entry.name, regime: regime, schedule: entry.schedule, clinic: entry.clinic))
        }
        return (arms, learned)
    }

    private func learn(_ learning: PlannedLearning, arm: Int) throws -> LearnedArm {
        do {
            guard learning.learnsAsEnvironment else {
                let log = try explored(learning, arm: arm)
                return .fittedQ(try learning.learner.learn(from: log, frame: learning.frame))
            }
            let run = try LearnedArm.run(plan, learning, arm: arm, threads: threads, stop: stop)
            let learned = try LearnedArm.learned(by: run, name: plan.regimes[arm].name, frame: learning.frame)
            progress(.learning(learning.section.patients))
            return learned
        } catch let error as any LearningFailure {
            throw ScenarioErrors([plan.scenario.problem("\(error)", at: "arms[\(arm)].learn")])
        }
    }

    /// The decisions of the training patients while an arm explores.
    private func explored(_ learning: PlannedLearning, arm: Int) throws -> DecisionLog {
        let (frame, section) = (learning.frame, learning.section)
        let number = ReplicateNumber.training
        let cohort = try plan.population.cohort(count: section.patients, replicate: number, half: .training)
        let exploring = LearnedRegime(frame: frame, choice: .explore(rate: section.explore, following: nil))
        let runner = TrialRunner(plan.trial, cohort: cohort, threads: threads, stop: stop) { progress(.learning($0)) }
        let everyone = (0..<section.patients).map { TrialPatient(number: UInt32($0), row: $0) }
        let run = try runner.run(
            Arm(name: "exploring", regime: exploring, schedule: plan.regimes[arm].schedule), patients: everyone,
            replicate: number, keepsDecisions: true)
        guard let log = run.log else { throw Interrupted() }
        return log
    }

    // MARK: Twins

    /// Every patient in every arm, with the same random numbers.
    package func twins(_ arms: [Arm]) throws -> (cohort: Cohort, records: [ArmRecord]) {
        let count = plan.scenario.cohort.patients
        let cohort = try plan.population.cohort(count: count, replicate: ReplicateNumber.twins, half: judged)
        let runner = TrialRunner(plan.trial, cohort: cohort, threads: threads, stop: stop) { progress(.twins($0)) }
        let everyone = (0..<count).map { TrialPatient(number: UInt32($0), row: $0) }
        let records = try arms.map { try runner.run($0, patients: everyone, replicate: ReplicateNumber.twins).record }
        return (cohort, records)
    }
}

/// How far a study has come.
public enum StudyProgress: Sendable {
    /// Patients of the training half just followed.
    case learning(Int)
    /// Twins just followed, over all arms.
    case twins(Int)
    /// Trials just finished.
    case replicates(Int)
}
