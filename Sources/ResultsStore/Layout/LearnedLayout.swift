import Regimes
import Trials

/// The group of a learned arm in `/regimes`: how it was learned, and what was found.
struct LearnedLayout {
    private let learned: TrialResults.LearnedResults
    private let results: TrialResults

    init(_ learned: TrialResults.LearnedResults, _ results: TrialResults) {
        self.learned = learned
        self.results = results
    }

    var group: ResultGroup {
        switch learned.found {
        case .fittedQ(let result, let exploration): fittedQ(result, exploration)
        case .policy(let policy): frozen(policy)
        }
    }

    private var name: String { results.arms[learned.arm].name }

    private func attributes(_ method: String, _ own: [ResultAttribute]) -> [ResultAttribute] {
        [ResultAttribute("method", method), ResultAttribute("training_patients", Double(learned.trainingPatients))]
            + own + [ResultAttribute("judged_patients", Double(results.cohort.count)), judged]
            + (learned.sharedRecords.map { [ResultAttribute("records_learned_and_judged_on", Double($0))] } ?? [])
    }

    /// What the learner never saw.
    private var judged: ResultAttribute {
        let words =
            learned.sharedRecords == nil
            ? "patients drawn anew, from streams that no patient of the training has"
            : "patients made from the other half of the real records, which the learner never saw"
        return ResultAttribute("judged_on", words)
    }

    private var features: ResultDimension {
        ResultDimension("feature", labels: learned.features, longName: "feature of the state")
    }

    private func fittedQ(_ result: FittedQIteration.Result, _ exploration: Double) -> ResultGroup {
        let policy = result.policy
        return ResultGroup(
            name,
            attributes: attributes(
                "fitted Q iteration",
                [
                    ResultAttribute("basis", policy.basis.shape.rawValue), ResultAttribute("exploration", exploration),
                ]),
            dimensions: [
                ResultDimension("visit", identifiers: policy.weights.indices.map { Int32($0) }, longName: "visit"),
                ResultDimension("term", size: policy.basis.count), features,
                ResultDimension("action", numbers: policy.actions, unit: "1", longName: "action"),
            ],
            variables: [
                ResultVariable(
                    "weights", ["visit", "term"], policy.weights.flatMap { $0 }, unit: "1",
                    longName: "weights of the value function"),
                ResultVariable(
                    "feature_mean", ["feature"], policy.basis.means, unit: "1", longName: "mean in training"),
                ResultVariable(
                    "feature_deviation", ["feature"], policy.basis.deviations, unit: "1",
                    longName: "standard deviation in training"),
                ResultVariable(
                    "decisions", ["visit"], result.decisions.map { Int32($0) }, longName: "decisions learned from"),
                ResultVariable(
                    "residual", ["visit"], result.residuals, unit: "1",
                    longName: "root mean square residual of the fit"),
            ])
    }

    private func frozen(_ policy: TrialResults.LearnedPolicy) -> ResultGroup {
        let texts = [
            ResultVariable("policy", policy.file, longName: "the policy's file"),
            ResultVariable("card", policy.card, longName: "the regime as a clinician reads it"),
        ]
        let curve = policy.curve.isEmpty ? [] : curve(policy)
        return ResultGroup(
            name,
            attributes: attributes(
                policy.method,
                [ResultAttribute("settings", policy.settings), ResultAttribute("engine_steps", Double(policy.steps))]),
            dimensions: curve.isEmpty ? [features] : [ResultDimension("point", size: policy.curve.count), features],
            variables: texts + curve)
    }

    private func curve(_ policy: TrialResults.LearnedPolicy) -> [ResultVariable] {
        [
            ResultVariable(
                "curve_steps", ["point"], policy.curve.map { Double($0.steps) }, unit: "1",
                longName: "decisions learned from so far"),
            ResultVariable(
                "curve_value", ["point"], policy.curve.map(\.value), unit: "1",
                longName: "mean return of the latest episodes"),
            ResultVariable(
                "curve_loss", ["point"], policy.curve.map(\.loss), unit: "1", longName: "loss of the learner"),
        ]
    }
}
