import ModelLanguage
import Pharmacology
import Regimes
import Scenarios
import Trials

/// When an arm's doses are given, from its regimen in words.
struct PlannedSchedule {
    var schedule: DosingSchedule
    /// Statements that set the action to the regimen's own amount; nil where the arm's `start` decides it.
    var start: SourceText?
}

extension PlanCheck {
    // MARK: Declared rules

    /// The declared rules that arms name, each once, in the order of the arms.
    private var rulesInUse: [DoseRuleSection] {
        var rules: [DoseRuleSection] = []
        for arm in scenario.arms {
            let blocks: [RuleBlock] =
                switch arm.treatment {
                case .rules(_, let then): then
                case .sequence(let sequence): (sequence.responders ?? []) + (sequence.others ?? [])
                case .learned, .policy, .follows: []
                }
            for case .declared(let rule) in blocks where !rules.contains(where: { $0.name == rule.name }) {
                rules.append(rule)
            }
        }
        return rules
    }

    /// What declared rules remember.
    var ruleMemory: [String] { rulesInUse.compactMap { $0.rule.memory } }

    /// The blocks of later visits, declared rules as the statements that they mean.
    func laterBlocks(_ blocks: [RuleBlock]) -> [RowProgram.Block] {
        var rules: [DoseRule] = []
        var compiled: [RowProgram.Block] = []
        for block in blocks {
            switch block {
            case .statements(let source): compiled.append(.statements(source))
            case .declared(let section):
                rules.append(section.rule)
                compiled += section.rule.blocks(action: scenario.treatment.action)
            }
        }
        if let hold = scenario.treatment.hold, let closing = DoseRule.closing(rules, hold: hold) {
            compiled.append(.statements(closing))
        }
        return compiled
    }

    /// What declared rules need of the treatment and the model.
    mutating func checkDoseRules(_ document: ModelDocument?) {
        for rule in rulesInUse {
            if rule.rule.holds, scenario.treatment.hold == nil {
                refuse(
                    rule.path,
                    "the rule '\(rule.name)' keeps doses back, which needs 'treatment.dose.hold', the name of the variable for "
                        + "days without a dose, such as hold_days")
            }
            for unit in rule.units {
                guard let dosing = document?.dosingUnit, unit != dosing else { continue }
                refuse(rule.path, "found an amount in \(unit), allowed: in \(dosing), as the model's doses are")
            }
        }
    }

    // MARK: Regimens in words

    /// For each arm with a regimen in words, when its doses are given.
    mutating func schedules(_ model: SimulationModel) -> [Int: PlannedSchedule] {
        var schedules: [Int: PlannedSchedule] = [:]
        for (index, arm) in scenario.arms.enumerated() {
            guard let regimen = arm.regimen, case .rules(let start, _) = arm.treatment else { continue }
            schedules[index] = schedule(
                regimen.text, model, hasStart: !start.isEmpty, path: "arms[\(index)].regimen")
        }
        return schedules
    }

    private mutating func schedule(
        _ text: String, _ model: SimulationModel, hasStart: Bool, path: String
    ) -> PlannedSchedule? {
        // Where every amount is a multiple of DOSE, twice the dose is twice each of them; where none is, it is the same.
        guard let once = records(text, model, dose: 1, path), let twice = records(text, model, dose: 2, nil) else {
            return nil
        }
        let pairs = zip(once, twice)
        let areFixed = pairs.allSatisfy { $0.amount == $1.amount }
        if !areFixed, !pairs.allSatisfy({ 2 * $0.amount == $1.amount }) {
            refuse(path, "found amounts with and without DOSE in '\(text)', allowed: all with it, or none")
            return nil
        }
        if areFixed == hasStart {
            let allowed =
                hasStart
                ? "DOSE in the place of the amounts, for the dose that 'start' decides, or no 'start'"
                : "a 'start' that decides what DOSE is, or amounts"
            refuse(path, "found '\(text)' \(hasStart ? "beside" : "without") 'start', allowed: \(allowed)")
            return nil
        }
        let perDay = 1 / model.model.document.daysPerUnitOfTime
        let amount = areFixed ? once.first?.amount ?? 1 : 1
        let multiples = once.map { record in
            var record = record
            record.amount /= amount
            return record
        }
        let schedule = DosingSchedule(multiples, modelTimePerDay: perDay, end: scenario.visits.end)
        if schedule.entries.count > Self.mostDoses {
            refuse(path, "found \(schedule.entries.count) doses, allowed: at most \(Self.mostDoses)")
        }
        let start = SourceText(name: path, text: "\(scenario.treatment.action) <- \(amount)")
        return PlannedSchedule(schedule: schedule, start: areFixed ? start : nil)
    }

    private static let mostDoses = 50_000

    /// - Parameter path: where problems are noted; nil for nowhere.
    private mutating func records(
        _ text: String, _ model: SimulationModel, dose: Double, _ path: String?
    ) -> [DosingRecord]? {
        let document = model.model.document
        var setting = RegimenText.Setting(
            compartments: Array(model.model.states.dropLast(scenario.events.count)), timeUnit: document.timeUnit,
            doseUnit: document.dosingUnit, dose: dose)
        setting.compartment = model.model.stateIndex(scenario.treatment.compartment) ?? 0
        setting.end = scenario.visits.end / document.daysPerUnitOfTime
        do { return try RegimenText.records(text, setting) } catch {
            guard let path else { return nil }
            for problem in error.problems {
                refuse(path, "'\(text)', character \(problem.column): \(problem.message)")
            }
            return nil
        }
    }
}

extension DoseRuleSection {
    /// The rule as regimes know it.
    var rule: DoseRule {
        let effect: DoseRule.Effect =
            switch self.effect {
            case .hold(let resume): .hold(resume: resume)
            case .reduce(let share, let least): .reduce(to: share, least: least ?? 0)
            case .titrate(let share, let least, let most):
                .titrate(to: share, least: least ?? 0, most: most ?? .greatestFiniteMagnitude)
            case .stop: .stop
            }
        return DoseRule(name: name, condition: condition, effect: effect)
    }
}

extension RuleBlock {
    /// The block as text, for people.
    func text(action: String) -> String {
        switch self {
        case .statements(let source): source.text
        case .declared(let section): section.rule.text(action: action)
        }
    }
}
