import Foundation
import ModelLanguage
import Regimes
import Scenarios
import Trials

/// The regimes of a scenario's arms: compiled rules, and how the learned ones are learned.
struct PlannedRegimes {
    /// For each arm its regime; nil for one that is yet to be learned.
    var regimes: [PlannedRegime] = []
    /// How each learned arm is learned, by arm.
    var learning: [Int: PlannedLearning] = [:]
}

/// How a learned arm is learned.
package struct PlannedLearning: Sendable {
    package var frame: LearningFrame
    /// Fitted Q iteration within the frame: the standard learner, and the reward for all of them.
    package var learner: FittedQIteration
    package var section: LearnSection
}

/// One arm's regime.
package struct PlannedRegime: Sendable {
    package var name: String
    package var title: String
    /// Nil for one that is yet to be learned.
    package var regime: (any Regime)?
    /// When doses are given; nil where the treatment says.
    package var schedule: DosingSchedule?
    /// The arm whose regime this is, where it is another's.
    package var follows: Int?
    /// What stands between its recommendations and the doses.
    package var clinic: Clinic?
}

extension PlanCheck {
    /// What regimes can see and set.
    mutating func variables(_ sample: SampleColumns) -> DecisionVariables {
        let actions = [scenario.treatment.action] + (scenario.treatment.hold.map { [$0] } ?? [])
        let measurements = scenario.visits.measures.map(\.name)
        let variables = DecisionVariables(
            columns: sample.symbols.map(\.symbol), measurements: measurements, actions: actions,
            memory: (scenario.adjusts ? LearningFrame.memory(for: actions) : []) + ruleMemory + sequenceMemory)
        for name in variables.collisions {
            if sample.names.contains(name) {
                refuse(
                    placeOfColumn(name),
                    "the column '\(name)' has the name of a variable that regimes use; choose another name")
            } else if measurements.contains(name) {
                refuse("visits.measure.\(name)", "'\(name)' is also the name of another variable that regimes use")
            } else {
                refuse(
                    "treatment.dose", "'\(name)' is also the name of another variable that regimes use; choose another")
            }
        }
        return variables
    }

    private func placeOfColumn(_ name: String) -> String {
        if scenario.cohort.columns.contains(where: { $0.declaration.name == name }) { return "cohort.columns.\(name)" }
        if scenario.cohort.draws.contains(where: { $0.name == name }) { return "cohort.draw.\(name)" }
        return "cohort.derive"
    }

    /// - Parameter schedules: for each arm with a regimen in words, when its doses are given.
    mutating func regimes(
        _ variables: DecisionVariables, _ schedules: [Int: PlannedSchedule]
    ) throws -> PlannedRegimes {
        var planned = PlannedRegimes()
        for (index, arm) in scenario.arms.enumerated() {
            guard case .rules(let start, let then) = arm.treatment else {
                planned.regimes.append(PlannedRegime(name: arm.name, title: arm.title))
                continue
            }
            let schedule = schedules[index]
            let first = (schedule?.start.map { [$0] } ?? []) + start
            let later = laterBlocks(then)
            let regime = try noting("arms[\(index)]") {
                try RuleRegime(
                    startBlocks: first.map { .statements($0) }, laterBlocks: later, variables: variables)
            }
            // A regimen that could not be read may have told the dose.
            if let regime, arm.regimen == nil || schedule != nil {
                checkAction(regime.start.outputs, "arms[\(index)].\(start.isEmpty ? "regimen" : "start")")
            }
            planned.regimes.append(
                PlannedRegime(name: arm.name, title: arm.title, regime: regime, schedule: schedule?.schedule))
        }
        let ruled = planned
        for (index, arm) in scenario.arms.enumerated() {
            guard case .learned(let section) = arm.treatment else { continue }
            planned.learning[index] = try learning(section, index, ruled, variables)
            planned.regimes[index].schedule = planned.regimes.first { $0.name == section.base }?.schedule
        }
        for (index, arm) in scenario.arms.enumerated() {
            guard case .policy(let section) = arm.treatment else { continue }
            planned.regimes[index].regime = try frozen(section, index, ruled, variables)
            planned.regimes[index].schedule = planned.regimes.first { $0.name == section.base }?.schedule
        }
        try sequences(&planned, variables)
        followers(&planned)
        try checkUnusedRules()
        return planned
    }

    /// The first decision must set the action, or nothing would ever be given.
    private mutating func checkAction(_ outputs: [InputSymbol], _ path: String) {
        let action = scenario.treatment.action
        guard let output = outputs.first(where: { $0.name == action }) else {
            let nearest = nearestName(to: action, among: outputs.map(\.name)).map { "; did you mean '\($0)' to be it?" }
            return refuse(path, "'\(action)' is never assigned here, so nothing would be given\(nearest ?? "")")
        }
        if output.levels != nil {
            refuse(path, "'\(action)' is a text here, allowed: a number, the amount of one dose")
        }
    }

    private mutating func learning(
        _ section: LearnSection, _ arm: Int, _ planned: PlannedRegimes, _ variables: DecisionVariables
    ) throws -> PlannedLearning? {
        let path = "arms[\(arm)].learn"
        let frame = try frame(
            path, base: section.base, section.features, section.apply, actions: section.actions,
            neutral: section.neutral, planned, variables)
        let learner = try noting(path) {
            try FittedQIteration(
                reward: section.reward, variables: variables,
                shape: PolicyBasis.Shape(rawValue: section.basis) ?? .quadratic, discount: section.discount,
                ridge: section.ridge)
        }
        guard let frame, let learner else { return nil }
        if learner.reward.outputs.contains(where: { $0.levels != nil }) {
            refuse("\(path).reward", "found a text, allowed: a number")
        }
        return PlannedLearning(frame: frame, learner: learner, section: section)
    }

    /// What a policy sees and does within an arm, learned or frozen.
    private mutating func frame(
        _ path: String, base name: String, _ features: SourceText, _ apply: SourceText, actions: [Double],
        neutral: Double, _ planned: PlannedRegimes, _ variables: DecisionVariables
    ) throws -> LearningFrame? {
        let ruled = scenario.arms.filter { planned.regimeStands(for: $0) }.map(\.name)
        let base = planned.regimes.first { $0.name == name }
        if !ruled.contains(name) { refuse("\(path).base", unknown: name, "arm with rules", known: ruled) }
        // Whatever the base, the texts are compiled, so that their problems show as well.
        let frame = try noting(path) {
            try LearningFrame(
                base: base?.regime ?? RuleRegime(start: [], later: [], variables: variables), features: features,
                apply: apply, actions: actions, neutral: neutral, variables: variables)
        }
        guard let frame else { return nil }
        checkAction(frame.apply.outputs, "\(path).apply")
        if frame.features.outputs.isEmpty { refuse("\(path).features", "found no variable, allowed: at least one") }
        for feature in frame.features.outputs where feature.levels != nil {
            refuse("\(path).features", "'\(feature.name)' is a text, allowed: numbers")
        }
        return frame
    }

    /// The regime of an arm that follows a policy from a file.
    private mutating func frozen(
        _ section: PolicySection, _ arm: Int, _ planned: PlannedRegimes, _ variables: DecisionVariables
    ) throws -> (any Regime)? {
        let path = "arms[\(arm)].policy"
        var file: PolicyFile?
        do { file = try PolicyFile(Data(section.text.text.utf8), path: section.text.name) } catch {
            refuse("\(path).file", "\(error)")
        }
        let values = file?.actions.levels.map { $0.values.first ?? 0 } ?? []
        let frame = try frame(
            path, base: section.base, section.features, section.apply, actions: values, neutral: values.first ?? 0,
            planned, variables)
        guard let frame, let file else { return nil }
        do {
            return LearnedRegime(
                frame: frame, choice: .frozen(try FrozenChoice(file, features: frame.featureNames)))
        } catch {
            refuse("\(path).file", "\(error)")
            return nil
        }
    }

    /// A rule that no arm names must still be in the language.
    private mutating func checkUnusedRules() throws {
        for rule in scenario.rules {
            _ = try noting("rules.\(rule.name)") { try ModelParser.parse(rule: rule.source) }
        }
        for rule in scenario.declaredRules {
            _ = try noting(rule.path) { try ModelParser.parse(expression: rule.condition) }
        }
    }
}

extension PlannedRegimes {
    /// Whether an arm is one with rules.
    fileprivate func regimeStands(for arm: ArmSection) -> Bool {
        if case .rules = arm.treatment { return true }
        return false
    }
}
