import Environments
import Foundation
import Learning
import NumericsCore
import Scenarios
import Testing
import Trials

@testable import Regimes
@testable import Studies

/// Backed by a second route (the trial itself, run on the same patients) and by invariants.
@Suite struct TrialEnvironmentTests {
    /// A hazard at which every second patient has the event.
    private static let harmful = ["events[0].hazard=hazard <- 0.002"]
    /// The same, and it stops treatment alone.
    private static let stopping = harmful + ["events[0].stops=treatment"]

    /// An arm of the trial on the environment's first patients.
    private func trial(
        _ study: Study, _ arm: Arm, count: Int
    ) throws -> (record: ArmRecord, log: DecisionLog) {
        let cohort = try study.plan.population.cohort(count: TrialCohorts.batchSize, replicate: 0, half: .judging)
        let everyone = (0..<count).map { TrialPatient(number: UInt32($0), row: $0) }
        let run = try TrialRunner(study.plan.trial, cohort: cohort, threads: 1, stop: StopSignal())
            .run(arm, patients: everyone, replicate: 0, keepsDecisions: true)
        return (run.record, try #require(run.log))
    }

    @Test(
        "Who leaves the base regime's proposals as they are lives through its arm, to the last bit",
        arguments: [[], harmful, stopping])
    func neutralIsBase(overrides: [String]) throws {
        let small = try SmallStudy()
        let scenario = try small.stayingScenario(overrides)
        let study = try Study(scenario, threads: 1)
        let low = try #require(try study.arms { $0 == "low" }.arms.first)
        let record = try trial(study, low, count: 100).record
        let environment = try small.environment(overrides)
        let played = try PlayedEpisodes(environment, level: 1, count: 100, seed: scenario.seed)
        let dose = try #require(environment.facts.measures.firstIndex(of: "mean_dose"))
        for patient in 0..<100 {
            #expect(played.measures[patient][0] == record.values[0][patient].bitPattern)
            #expect((played.endings[patient] == 1) == record.hasEvent[1][patient])
            #expect(played.measures[patient][dose] == record.values[2][patient].bitPattern)
        }
        let events = played.endings.count { $0 == 1 }
        #expect(overrides.isEmpty ? events < 20 : events > 30)
    }

    @Test("An episode pays what the trial's learner reckons from its log", arguments: [[], harmful])
    func rewards(overrides: [String]) throws {
        let small = try SmallStudy()
        let scenario = try small.stayingScenario(overrides)
        let study = try Study(scenario, threads: 1)
        let learning = try #require(study.plan.learning.values.first)
        let arm = Arm(
            name: "neutral", regime: LearnedRegime(frame: learning.frame, choice: .explore(rate: 0, following: nil)))
        let log = try trial(study, arm, count: 100).log
        let rewards = (0..<log.visits).map { learning.learner.rewards(log, visit: $0) }
        let played = try PlayedEpisodes(small.environment(overrides), level: 1, count: 100, seed: scenario.seed)
        for patient in 0..<100 {
            var sum = 0.0
            for visit in 0..<log.visits where log.isPresent[visit][patient] { sum += rewards[visit][patient] }
            #expect(Double(bitPattern: played.returns[patient]) == sum)
        }
    }

    /// A level that rises by a quarter a day lies within 1 to 3 from day 4 to day 12.
    @Test(
        "Visits between samples are paid by the path to the visit's own day",
        arguments: ["1 day", "2 days", "4 days", "5 h", "20 days"])
    func visitsBetweenSamples(every: String) throws {
        let small = try SmallStudy()
        try small.replace("cp <- central / v", with: "cp <- t / 96", in: "model.R")
        let played = try PlayedEpisodes(
            small.environment(["model.record.every=\(every)"]), level: 1, count: 100, seed: 3)
        let whole = played.returns.indices.filter { played.endings[$0] == -1 }
        #expect(whole.count > 50)
        // Sums of times in hours over a few pieces.
        for episode in whole { #expect(abs(Double(bitPattern: played.returns[episode]) - 8) < 1e-9) }
    }

    @Test("Lanes at different visits have the numbers of lanes at the same visit")
    func outOfStep() throws {
        let small = try SmallStudy()
        let environment = try small.environment(Self.harmful)
        let together = try PlayedEpisodes(environment, level: 2, count: 80, seed: 11, together: true)
        let apart = try PlayedEpisodes(environment, level: 2, count: 80, seed: 11, together: false)
        #expect(together == apart)
        #expect(Set(together.endings) == [1, -1])
        // Nothing is observed behind the last decision.
        #expect(together.isBlindAtEnd && apart.isBlindAtEnd)
    }

    @Test("The same totals for any number of threads")
    func threads() throws {
        let small = try SmallStudy()
        let environment = try small.environment(Self.harmful)
        let totals = try [1, 2, 3].map {
            try environment.simulate(RandomPolicy(), episodes: 1300, seed: 5, threads: $0)
        }
        #expect(totals[0] == totals[1])
        #expect(totals[0] == totals[2])
        #expect(totals[0].returns.count == 1300)
        #expect(totals[0].by.map { $0.map(\.count).reduce(0, +) } == [1300, 1300])
    }

    @Test("Policies are learned on one half of the records and judged on the other")
    func halves() throws {
        let small = try SmallStudy()
        let environment = try small.environment()
        let training = try #require(environment.training as? TrialEnvironment)
        func rows(_ cohorts: TrialCohorts) throws -> Set<Int> {
            Set(try cohorts.patient(of: 0, seed: 1).batch.cohort.sourceRow)
        }
        let (one, other) = (try rows(environment.cohorts), try rows(training.cohorts))
        #expect(one.isDisjoint(with: other))
        #expect(one.count > 15)
        #expect(other.count > 15)
        let again = try #require(training.training as? TrialEnvironment)
        #expect(try rows(again.cohorts) == other)
    }

    @Test("A policy that is learned here is an arm of the trial, and does there what it does here")
    func learnedPolicyIsArm() throws {
        let small = try SmallStudy()
        let environment = try small.environment()
        let method = try LearningMethod.named("fqi-linear")
        let outcome = try LearningRun(
            environment, method, request: LearningRequest([], method, environment.facts), seed: 4, episodes: 400,
            judged: 200
        ).run()
        try outcome.file.write(small.folder.appending(path: "policy.json").path)
        let scenario = try small.stayingScenario()
        let report = try environment.simulate(
            environment.policy(.file(small.folder.appending(path: "policy.json").path)), episodes: 100,
            seed: scenario.seed, threads: 1)
        try small.letLearnedArmFollowItsFile()
        let study = try Study(try small.stayingScenario(), threads: 1)
        let arm = try #require(try study.arms { $0 == "learned" }.arms.first)
        let record = try trial(study, arm, count: 100).record
        let values = record.values[0].filter { !$0.isNaN }
        #expect(values.count == report.measures[0].count)
        // Sums of a hundred numbers in two orders.
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(try #require(report.measures[0].mean) - mean) < 1e-12 * abs(mean))
        #expect(Set(record.lastDose).count > 1)
    }

    @Test("What an environment is like follows from the learned arm and the trial")
    func facts() throws {
        let small = try SmallStudy()
        let facts = try small.environment().facts
        #expect(facts.name == small.folder.lastPathComponent)
        #expect(facts.variant == "learned")
        #expect(facts.observations.map(\.name) == ["level", "weight"])
        #expect(facts.actions.names == ["0.5", "1.0", "2.0"])
        #expect(facts.rules == ["low"])
        #expect(facts.ends == ["harm"])
        #expect(facts.measures == ["in_range", "mean_dose"])
        #expect(facts.groupings.map(\.name) == ["sex", "band"])
        #expect(facts.horizon == 3)
    }

    @Test("An arm that no learner adjusts is no environment")
    func refusals() throws {
        let small = try SmallStudy()
        var message = ""
        do { _ = try TrialEnvironment(small.stayingScenario(), arm: "high") } catch { message = "\(error)" }
        #expect(message == "\(small.scenario): variant: found 'high', allowed: learned")
        let many = (1...65).map { "\($0)" }.joined(separator: ", ")
        do { _ = try small.environment(["arms[2].learn.actions=[\(many)]"]) } catch { message = "\(error)" }
        #expect(message.hasSuffix("arms[2].learn.actions: found 65 actions, allowed: 64 at most for an environment"))
        try small.replaceLearnedArm(with: "")
        do { _ = try small.environment() } catch { message = "\(error)" }
        #expect(
            message
                == "\(small.scenario): arms: none has 'learn', which says what a policy sees, does and is paid; an environment needs one"
        )
    }
}
