import Environments
import Foundation
import NumericsCore
import Regimes
import Scenarios
import Studies
import Trials

/// A learned arm of a scenario as an environment: the trial's patients, visits, doses and events, and whoever plays it chooses
/// what the arm's policy would.
///
/// What is observed are the arm's `features`, after its base regime has proposed; an action is one of the arm's `actions`, which
/// `apply` turns into the treatment; the reward is the arm's `reward`. So a policy that is learned here is an arm of the trial as
/// it stands. Nobody drops out: what a dropout hides would have had a value. Events that end treatment or follow-up end an
/// episode; the trial's last visit cuts it off.
///
/// Policies are judged on patients made from one half of the records and learned on the other half (``training``), as the
/// trial's own learned arms are.
package struct TrialEnvironment: Environment {
    package let facts: EnvironmentFacts
    let plan: TrialPlan
    let frame: LearningFrame
    let learner: FittedQIteration
    let schedule: DosingSchedule?
    let cohorts: TrialCohorts
    /// The places of the plan's events that end an episode.
    let ends: [Int]
    /// The endpoints that are measures: all but those that the ends tell already. What stops treatment alone may be followed by
    /// other events.
    let measured: [Int]
    private let population: Population
    private let strata: Strata.Design
    private let isTraining: Bool

    /// The names of a scenario's learned arms: the variants of its environment.
    ///
    /// - Throws: ``NoLearnedArm`` where there is none.
    package static func arms(of scenario: Scenario) throws(NoLearnedArm) -> [String] {
        let learned = scenario.arms.compactMap { arm -> String? in
            if case .learned = arm.treatment { arm.name } else { nil }
        }
        guard !learned.isEmpty else { throw NoLearnedArm(file: scenario.file, found: nil, allowed: []) }
        return learned
    }

    /// - Parameter arm: the name of a learned arm; the first one when nil.
    /// - Throws: `ScenarioErrors` where the scenario does not fit together, ``NoLearnedArm``.
    package init(_ scenario: Scenario, arm: String? = nil) throws {
        let plan = try StudyPlan(scenario)
        let learned = plan.learning.keys.sorted()
        guard let index = learned.first(where: { arm == nil || plan.regimes[$0].name == arm }) else {
            throw NoLearnedArm(file: scenario.file, found: arm, allowed: learned.map { plan.regimes[$0].name })
        }
        try self.init(plan, arm: index, named: scenario.name)
    }

    /// - Parameter index: the place of a learned arm.
    init(_ study: StudyPlan, arm index: Int, named name: String) throws {
        guard let learning = study.learning[index] else {
            throw NoLearnedArm(file: study.scenario.file, found: study.regimes[index].name, allowed: [])
        }
        guard learning.frame.actions.count <= ActionSpace.maximumLevels else {
            throw ScenarioErrors([
                study.scenario.problem(
                    "found \(learning.frame.actions.count) actions, allowed: \(ActionSpace.maximumLevels) at most for an environment",
                    at: "arms[\(index)].learn.actions")
            ])
        }
        plan = study.trial.withoutDropout
        (frame, learner, schedule) = (learning.frame, learning.learner, study.regimes[index].schedule)
        (population, strata, isTraining) = (study.population, study.strata, false)
        cohorts = TrialCohorts(population, strata, half: .judging)
        let events = study.trial.events
        let last = events.indices.filter { events[$0].stops != .nothing }
        ends = last
        let told = last.allSatisfy { events[$0].stops == .followUp } ? last.map { events[$0].name } : []
        measured = plan.endpoints.indices.filter { !told.contains(study.trial.endpoints[$0].name) }
        facts = EnvironmentFacts(
            name: name, variant: study.regimes[index].name,
            observations: frame.featureNames.map { ObservedVariable($0) }, actions: frame.actionSpace,
            horizon: plan.visits.days.count, discount: learner.discount,
            ends: last.map { events[$0].name },
            groupings: try cohorts.groupings(seed: study.scenario.seed),
            measures: measured.map { study.trial.endpoints[$0].name },
            rules: [learning.section.base])
    }

    private init(training other: TrialEnvironment) {
        facts = other.facts
        plan = other.plan
        (frame, learner, schedule) = (other.frame, other.learner, other.schedule)
        (ends, measured) = (other.ends, other.measured)
        (population, strata) = (other.population, other.strata)
        isTraining = true
        cohorts = TrialCohorts(population, strata, half: .training)
    }

    package var training: any Environment { isTraining ? self : TrialEnvironment(training: self) }

    /// The base regime: whoever takes the neutral action leaves its proposals as they are.
    package func rule(_ name: String) throws -> any Policy {
        guard facts.rules.contains(name) else {
            throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
        }
        return ConstantPolicy([frame.neutral])
    }

    package func makeEpisodes(seed: UInt64) throws -> any EpisodeLanes { try TrialEpisodes(self, seed: seed) }
}

extension TrialPlan {
    /// The same trial with patients who stay.
    fileprivate var withoutDropout: TrialPlan {
        var plan = self
        plan.dropoutPerDay = 0
        return plan
    }
}

extension Scenario {
    /// The name of the scenario's folder.
    package var name: String {
        URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent().lastPathComponent
    }
}

extension LearningFrame {
    /// The actions as learners know them: one number, the levels named by it.
    package var actionSpace: ActionSpace {
        let component = ActionSpace.Component(
            name: Self.action, low: actions.min() ?? 0, high: actions.max() ?? 0)
        return ActionSpace(
            components: [component], levels: actions.map { ActionSpace.Level(name: "\($0)", values: [$0]) })
    }
}

/// An arm was asked for that is learned, and there is none of this name.
package struct NoLearnedArm: Error, CustomStringConvertible {
    package var file: String
    package var found: String?
    package var allowed: [String]

    package var description: String {
        allowed.isEmpty
            ? "\(file): arms: none has 'learn', which says what a policy sees, does and is paid; an environment needs one"
            : "\(file): variant: found \(found.map { "'\($0)'" } ?? "none"), allowed: \(allowed.joined(separator: ", "))"
    }
}
