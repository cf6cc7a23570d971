import Cohorts
import Foundation
import ModelLanguage
import Pharmacology
import Regimes
import Scenarios
import Trials

/// A scenario whose names fit together: compiled model, bound inputs, regimes, endpoints.
///
/// Everything that can be wrong between the sections of a scenario is found here, all of it at once, before anything is
/// simulated.
package struct StudyPlan: Sendable {
    package let scenario: Scenario
    package let population: Population
    /// The trial without its learned arms.
    package let trial: TrialPlan
    /// For each arm of the scenario, its regime; nil for one that is yet to be learned.
    package let regimes: [(name: String, title: String, regime: RuleRegime?)]
    /// How each learned arm is learned, by arm.
    package let learning: [Int: (frame: LearningFrame, learner: FittedQIteration, section: LearnSection)]
    /// The groups by which every number is reported.
    package let strata: Strata.Design
    /// The cohort on which names were resolved: one patient.
    package let sample: Cohort

    package init(_ scenario: Scenario) throws {
        let population = try Population(scenario)
        let sample = try population.cohort(count: 1, replicate: 0, half: .all)
        var check = PlanCheck(scenario, sample)
        let model = try check.model()
        let variables = check.variables()
        let trial = check.trial(model, variables)
        var regimes: [(name: String, title: String, regime: RuleRegime?)] = []
        var learning: [Int: (frame: LearningFrame, learner: FittedQIteration, section: LearnSection)] = [:]
        for arm in scenario.arms {
            guard case .rules(let start, let then) = arm.treatment else {
                regimes.append((arm.name, arm.title, nil))
                continue
            }
            regimes.append((arm.name, arm.title, check.rule(start: start, then: then, variables)))
        }
        for (index, arm) in scenario.arms.enumerated() {
            guard case .learned(let section) = arm.treatment else { continue }
            guard let base = regimes.first(where: { $0.name == section.base })?.regime else {
                check.refuse(
                    "arms[\(index)].learn.base", section.line, "'\(section.base)' is no arm with rules",
                    scenario.arms.map(\.name))
                continue
            }
            if let (frame, learner) = check.learning(section, base: base, variables) {
                learning[index] = (frame, learner, section)
            }
        }
        check.namesOfTrial()
        try check.throwIfAny()
        strata = try Strata.Design(scenario.strata, of: population.everyone())
        guard let trial else { throw ScenarioErrors([]) }
        self.scenario = scenario
        self.population = population
        self.trial = trial
        self.regimes = regimes
        self.learning = learning
        self.sample = sample
    }
}
