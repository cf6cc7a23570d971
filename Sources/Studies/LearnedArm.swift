import Environments
import Learning
import NumericsCore
import Regimes
import Scenarios
import Trials

/// What learning found for an arm.
package enum LearnedArm: Sendable {
    /// By fitted Q iteration from one exploring round.
    case fittedQ(FittedQIteration.Result)
    /// By a method of `trialist regime learn`, in the trial as an environment; with the regime's card as text.
    case policy(LearningOutcome, FrozenChoice, card: String)

    /// How the arm acts.
    var choice: ActionChoice {
        switch self {
        case .fittedQ(let result): .follow(result.policy)
        case .policy(_, let choice, _): .frozen(choice)
        }
    }

    /// Patients on whom the learner's candidates are compared and the policy's value is found; the study judges the arm on
    /// its own.
    private static let judged = 1000

    /// The run that learns an arm as `trialist regime learn` would.
    ///
    /// - Throws: ``LearningProblem`` for a method or settings that there are not.
    static func run(
        _ plan: StudyPlan, _ learning: PlannedLearning, arm: Int, threads: Int, stop: StopSignal = StopSignal()
    ) throws -> LearningRun {
        let environment = try TrialEnvironment(plan, arm: arm, named: plan.scenario.name)
        let section = learning.section
        let method = try LearningMethod.named(section.method)
        let request = try LearningRequest(section.settings, method, environment.facts)
        var run = LearningRun(
            environment, method, request: request, seed: plan.scenario.seed, episodes: section.patients,
            threads: threads, judged: judged)
        run.stop = stop
        return run
    }

    /// Learns an arm as ``run(_:_:arm:threads:stop:)`` says, and makes its card.
    static func learned(by run: LearningRun, name: String, frame: LearningFrame) throws -> LearnedArm {
        let outcome = try run.run()
        let choice = try FrozenChoice(outcome.file, features: frame.featureNames)
        var request = CardRequest(
            run.environment, policy: "of arm '\(name)'", limits: try CardLimits(), episodes: judged / 2, seed: run.seed,
            threads: run.threads)
        request.file = outcome.file
        return .policy(outcome, choice, card: CardReport(try RegimeCard(request)).text)
    }

    /// What is wrong with a method or its settings, in the scenario's words.
    static func words(_ problem: LearningProblem) -> String {
        if case .method(let found, let allowed) = problem {
            return
                "method: found '\(found)', allowed: \(([LearnSection.standardMethod] + allowed).joined(separator: ", "))"
        }
        return "\(problem)".replacing("--set ", with: "settings.")
    }

    /// What the results file holds of it.
    func found(_ section: LearnSection) throws -> TrialResults.LearnedResults.Found {
        switch self {
        case .fittedQ(let result): return .fittedQ(result, exploration: section.explore)
        case .policy(let outcome, _, let card):
            let settings = outcome.report.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return .policy(
                TrialResults.LearnedPolicy(
                    method: outcome.report.method, settings: settings.joined(separator: "\n"),
                    file: try outcome.file.text(), card: card, steps: outcome.report.steps,
                    curve: outcome.curve.points.map { ($0.steps, $0.value, $0.loss) }))
        }
    }
}

extension PlannedLearning {
    /// Whether a method of `trialist regime learn` learns it.
    var learnsAsEnvironment: Bool { section.method != LearnSection.standardMethod }
}

/// Why an arm could not be learned, where the scenario is what to change.
protocol LearningFailure: Error {}
extension LearningError: LearningFailure {}
extension LearningProblem: LearningFailure {}
extension PolicyError: LearningFailure {}
