import Cohorts
import Learning
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
    /// SHA-256 of everything that decides the numbers, as it was when the study was planned.
    package let inputHash: String
    package let population: Population
    /// The trial without its learned arms.
    package let trial: TrialPlan
    /// For each arm of the scenario, its regime.
    package let regimes: [PlannedRegime]
    /// How each learned arm is learned, by arm.
    package let learning: [Int: PlannedLearning]
    /// The groups by which every number is reported.
    package let strata: Strata.Design
    /// The few patients on whom names were resolved.
    package let sample: Cohort

    /// - Throws: ``ScenarioErrors`` with everything that does not fit.
    package init(_ scenario: Scenario) throws {
        var check = PlanCheck(scenario)
        check.namesOfArmsAndEndpoints()
        let cohort = try check.cohort()
        let model = try check.model()
        let measures = model.map { check.measures($0) }
        var trial: TrialPlan?
        var regimes = PlannedRegimes()
        if let sample = cohort?.sample {
            let variables = check.variables(sample)
            check.checkDoseRules(model?.model.document)
            regimes = try check.regimes(variables, model.map { check.schedules($0) } ?? [:])
            try check.clinics(&regimes, variables, model)
            if let model, let measures { trial = check.trial(model, measures, sample, variables) }
            check.namesOfColumns(sample)
            if let cohort {
                try check.missedProbabilities(cohort.population, sample)
                try check.followProbabilities(regimes, variables, cohort.population, sample)
            }
        }
        try check.throwIfAny()
        guard let cohort, let trial else { throw ScenarioErrors([scenario.problem("it cannot be planned", at: "")]) }
        strata = try Strata.Design(scenario.strata, of: cohort.population.everyone())
        try check.publishedGroups(among: strata.labels)
        self.scenario = scenario
        inputHash = try scenario.inputHash()
        population = cohort.population
        self.trial = trial
        self.regimes = regimes.regimes
        learning = regimes.learning
        sample = cohort.sample.cohort
        try checkLearners()
    }

    /// The methods and settings of arms that are learned as `trialist regime learn` does it.
    private func checkLearners() throws {
        var problems: [ScenarioProblem] = []
        for (arm, learning) in learning.sorted(by: { $0.key < $1.key }) where learning.learnsAsEnvironment {
            do { _ = try LearnedArm.run(self, learning, arm: arm, threads: 1) } catch let error as LearningProblem {
                problems.append(scenario.problem(LearnedArm.words(error), at: "arms[\(arm)].learn"))
            }
        }
        guard problems.isEmpty else { throw ScenarioErrors(problems) }
    }
}
