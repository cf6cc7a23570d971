import Cohorts
import Foundation
import ModelLanguage
import Pharmacology
import Regimes
import Scenarios
import Trials

/// Resolves the names of a scenario against each other, and collects what does not fit.
struct PlanCheck {
    private let scenario: Scenario
    private let sample: Cohort
    private var problems: [ScenarioProblem] = []
    private var symbols: [(symbol: InputSymbol, column: Int)] = []

    init(_ scenario: Scenario, _ sample: Cohort) {
        self.scenario = scenario
        self.sample = sample
        for (index, column) in sample.columns.enumerated() {
            if case .identifier = column.kind { continue }
            if column.name.hasPrefix(Population.setterPrefix) { continue }
            symbols.append((InputSymbol(column.name, levels: column.levels), index))
        }
    }

    func throwIfAny() throws {
        if !problems.isEmpty { throw ScenarioErrors(problems) }
    }

    /// Notes a name that is not known, with the nearest that is.
    mutating func refuse(_ path: String, _ line: Int?, _ message: String, _ known: [String] = []) {
        var text = message
        if !known.isEmpty {
            let name = message.split(separator: "'").dropFirst().first.map(String.init) ?? ""
            text +=
                nearestName(to: name, among: known).map { "; did you mean '\($0)'?" }
                ?? "; known: \(known.joined(separator: ", "))"
        }
        problems.append(
            ScenarioProblem(file: scenario.file, line: line, column: nil, path: path, message: text, excerpt: nil))
    }

    private mutating func note(_ errors: SourceErrors, _ path: String) {
        for diagnostic in errors.diagnostics {
            problems.append(
                ScenarioProblem(
                    file: scenario.file, line: diagnostic.place.line, column: diagnostic.place.column, path: path,
                    message: diagnostic.message, excerpt: diagnostic.description))
        }
    }

    // MARK: Model

    /// The compiled model with the scenario's hazards.
    func model() throws -> SimulationModel {
        let path = scenario.path(of: scenario.model.file)
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw MissingFile(path: path, purpose: "the drug model of the scenario")
        }
        let document = try ModelParser.parse(model: SourceText(name: path, text: text))
        let hazards = scenario.events.map { HazardRule(event: $0.name, source: $0.hazard) }
        let model = try Model(document, hazards: hazards)
        var outputs = scenario.model.outputs
        for measure in scenario.visits.measures where !outputs.contains(measure.name) { outputs.append(measure.name) }
        return try SimulationModel(model, outputs: outputs)
    }

    /// Days in one unit of the model's time: an hour where the model does not say.
    private func daysPerModelTime(_ model: Model) -> Double {
        model.document.timeUnit.flatMap { TimeUnit.days($0) } ?? 1.0 / 24
    }

    private mutating func inputs(_ model: Model) -> [InputSource] {
        let values = Dictionary(
            model.parameters.map { ($0.name, $0.value) } + model.defaults.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
        for setter in scenario.model.set where model.inputSlot(setter.name) == nil {
            refuse(
                "model.set.\(setter.name)", setter.expression.firstLine,
                "'\(setter.name)' is no parameter, eta or input of the model", model.inputs)
        }
        return model.inputs.map { name in
            if let column = sample.index(of: Population.setterPrefix + name) { return .column(column) }
            if let eta = model.etas.firstIndex(of: name) { return .eta(eta) }
            if let value = values[name] { return .constant(value) }
            if let column = sample.index(of: name) {
                if sample.columns[column].levels != nil {
                    refuse(
                        "model", scenario.model.line,
                        "the model reads '\(name)' as a number, but the column is a category")
                }
                return .column(column)
            }
            refuse(
                "model", scenario.model.line,
                "the model reads '\(name)', which no column of the cohort and no entry of model.set gives", sample.names
            )
            return .constant(.nan)
        }
    }

    // MARK: Regimes

    mutating func variables() -> DecisionVariables {
        let actions = [scenario.treatment.action] + (scenario.treatment.hold.map { [$0] } ?? [])
        let learns = scenario.arms.contains { arm in
            if case .learned = arm.treatment { return true }
            return false
        }
        let variables = DecisionVariables(
            columns: symbols.map(\.symbol), measurements: scenario.visits.measures.map(\.name), actions: actions,
            memory: learns ? LearningFrame.memory(for: actions) : [])
        for name in variables.collisions {
            refuse("cohort", nil, "the column '\(name)' has the name of a variable that regimes use; rename the column")
        }
        return variables
    }

    mutating func rule(start: [SourceText], then: [SourceText], _ variables: DecisionVariables) -> RuleRegime? {
        do { return try RuleRegime(start: start, later: then, variables: variables) } catch {
            note(error, "arms")
            return nil
        }
    }

    mutating func learning(
        _ section: LearnSection, base: RuleRegime, _ variables: DecisionVariables
    ) -> (LearningFrame, FittedQIteration)? {
        do {
            let frame = try LearningFrame(
                base: base, features: section.features, apply: section.apply, actions: section.actions,
                neutral: section.neutral, variables: variables)
            let learner = try FittedQIteration(
                reward: section.reward, variables: variables,
                shape: PolicyBasis.Shape(rawValue: section.basis) ?? .quadratic,
                discount: section.discount, ridge: section.ridge)
            return (frame, learner)
        } catch {
            note(error, "arms.learn")
            return nil
        }
    }

    // MARK: Trial

    mutating func trial(_ model: SimulationModel, _ variables: DecisionVariables) -> TrialPlan? {
        let section = scenario.treatment
        let measurements = self.measurements(model)
        let visits = VisitSchedule(
            days: scenario.visits.days,
            isMeasured: scenario.visits.days.map { day in scenario.visits.measures.map { $0.days.contains(day) } },
            end: scenario.visits.end)
        let compartment = model.model.stateIndex(section.compartment)
        if compartment == nil {
            refuse(
                "treatment.dose.into", nil, "'\(section.compartment)' is no compartment of the model",
                model.model.states)
        }
        let inputs = self.inputs(model.model)
        let endpoints = self.endpoints(model)
        return TrialPlan(
            seed: scenario.seed, model: model,
            solver: SolverOptions(
                relativeTolerance: scenario.model.relativeTolerance, absoluteTolerance: scenario.model.absoluteTolerance
            ),
            modelTimePerDay: 1 / daysPerModelTime(model.model), visits: visits, trackInterval: scenario.model.every,
            measurements: measurements,
            treatment: Treatment(
                action: section.action, compartment: compartment ?? 0, interval: section.every,
                maximum: section.maximum,
                hold: section.hold, missed: missedDoses()),
            dropoutPerDay: scenario.visits.dropoutPerDay, inputs: inputs,
            events: scenario.events.map {
                TrialEvent(name: $0.name, stops: TrialEvent.Consequence(rawValue: $0.stops) ?? .nothing)
            },
            endpoints: endpoints, arms: [], variables: variables, decisionColumns: symbols.map(\.column),
            learningRange: learningRange(model))
    }

    private mutating func missedDoses() -> Treatment.MissedDoses {
        switch scenario.treatment.missed {
        case .probability(let value): return .probability(value)
        case .column(let name):
            guard let column = sample.index(of: name) else {
                refuse("treatment.missed", nil, "'\(name)' is no column of the cohort", sample.names)
                return .probability(0)
            }
            return .column(column)
        }
    }

    private mutating func measurements(_ model: SimulationModel) -> [Trials.Measurement] {
        scenario.visits.measures.enumerated().compactMap { _, measure in
            guard let endpoint = model.model.endpoints.firstIndex(where: { $0.name == measure.name }) else {
                refuse(
                    "visits.measure", measure.line, "'\(measure.name)' is no observed variable of the model",
                    model.model.endpoints.map(\.name))
                return nil
            }
            return Trials.Measurement(
                name: measure.name, endpoint: endpoint, track: model.outputs.firstIndex(of: measure.name) ?? 0)
        }
    }

    private mutating func learningRange(_ model: SimulationModel) -> (track: Int, low: Double, high: Double)? {
        for arm in scenario.arms {
            guard case .learned(let section) = arm.treatment else { continue }
            guard let track = model.outputs.firstIndex(of: section.rangeOf) else {
                refuse("arms.learn.range.of", section.line, "'\(section.rangeOf)' is not recorded", model.outputs)
                return nil
            }
            return (track, section.range.lowerBound, section.range.upperBound)
        }
        return nil
    }

    private mutating func endpoints(_ model: SimulationModel) -> [Trials.Endpoint] {
        var endpoints: [Trials.Endpoint] = []
        for section in scenario.endpoints {
            do {
                endpoints.append(try EndpointKinds.endpoint(section, scenario, model))
            } catch {
                refuse(section.path, section.line, error.message, error.known)
            }
        }
        return endpoints
    }

    /// The names that `trial`, `report`, `strata` and `published` use.
    mutating func namesOfTrial() {
        let arms = scenario.arms.map(\.name)
        let endpoints = scenario.endpoints.map(\.name)
        for name in scenario.strata { checkStratum(name, "strata") }
        if let trial = scenario.trial {
            for name in trial.arms + (trial.null.map { [$0] } ?? []) where !arms.contains(name) {
                refuse("trial.arms", trial.line, "'\(name)' is no arm", arms)
            }
            if !endpoints.contains(trial.endpoint) {
                refuse("trial.endpoint", trial.line, "'\(trial.endpoint)' is no endpoint", endpoints)
            }
            for name in trial.stratify where sample.index(of: name) == nil {
                refuse("trial.stratify", trial.line, "'\(name)' is no column of the cohort", sample.names)
            }
        }
        if let report = scenario.report {
            if let name = report.against, !arms.contains(name) {
                refuse("report.arms_against", nil, "'\(name)' is no arm", arms)
            }
            if let name = report.survivalEndpoint, !endpoints.contains(name) {
                refuse("report.survival.endpoint", nil, "'\(name)' is no endpoint", endpoints)
            }
            if let name = report.score, sample.index(of: name) == nil {
                refuse("report.survival.score", nil, "'\(name)' is no column of the cohort", sample.names)
            }
        }
        for (index, entry) in scenario.published.enumerated() {
            for name in [entry.treatment, entry.control] where !arms.contains(name) {
                refuse("published[\(index)].contrast", nil, "'\(name)' is no arm", arms)
            }
            if !endpoints.contains(entry.endpoint) {
                refuse("published[\(index)].endpoint", nil, "'\(entry.endpoint)' is no endpoint", endpoints)
            }
        }
    }

    private mutating func checkStratum(_ name: String, _ path: String) {
        guard let index = sample.index(of: name) else {
            return refuse(path, nil, "'\(name)' is no column of the cohort", sample.names)
        }
        switch sample.columns[index].kind {
        case .category, .flag: break
        default: refuse(path, nil, "'\(name)' is a number; strata need a category or a flag (derive bands with ifelse)")
        }
    }
}
