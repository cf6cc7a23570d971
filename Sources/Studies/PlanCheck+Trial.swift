import ModelLanguage
import Pharmacology
import Regimes
import Scenarios
import Trials

/// What a trial takes from the model: where doses go, what is measured and reported.
struct PlannedMeasures {
    var compartment: Int
    var measurements: [Trials.Measurement]
    var endpoints: [Trials.Endpoint]
    /// What rewards call in range, where a regime is learned.
    var learningRange: (track: Int, low: Double, high: Double)?
}

extension PlanCheck {
    /// The names of `treatment`, `visits` and `endpoints` that must be the model's.
    mutating func measures(_ model: SimulationModel) -> PlannedMeasures {
        let name = scenario.treatment.compartment
        // The last states hold the cumulative hazards of events.
        let compartments = Array(model.model.states.dropLast(scenario.events.count))
        if !compartments.contains(name) {
            refuse("treatment.dose.into", unknown: name, "compartment of the model", known: compartments)
        }
        checkSize()
        for setter in scenario.model.set where model.model.inputSlot(setter.name) == nil {
            refuse(
                "model.set.\(setter.name)", unknown: setter.name, "parameter, random effect or input of the model",
                known: model.model.inputs)
        }
        return PlannedMeasures(
            compartment: model.model.stateIndex(name) ?? 0, measurements: measurements(model),
            endpoints: endpoints(model), learningRange: learningRange(model))
    }

    /// A patient's path is kept while the patient is followed: a time step of a minute over years would fill the memory.
    private mutating func checkSize() {
        let end = scenario.visits.end
        if end / scenario.model.every > Self.mostPoints {
            refuse(
                "model.record.every",
                "found more than \(Int(Self.mostPoints)) points over \(days: end) days; record less often")
        }
        if end / scenario.treatment.every > Self.mostPoints {
            refuse(
                "treatment.dose.every",
                "found more than \(Int(Self.mostPoints)) doses over \(days: end) days; dose less often")
        }
    }

    private static let mostPoints = 50_000.0

    /// Everything that decides what happens to a patient, but the arms.
    mutating func trial(
        _ model: SimulationModel, _ measures: PlannedMeasures, _ sample: SampleColumns, _ variables: DecisionVariables
    ) -> TrialPlan {
        let section = scenario.treatment
        return TrialPlan(
            seed: scenario.seed, model: model,
            solver: SolverOptions(
                relativeTolerance: scenario.model.relativeTolerance,
                absoluteTolerance: scenario.model.absoluteTolerance,
                observation: .before
            ),
            modelTimePerDay: 1 / model.model.document.daysPerUnitOfTime, visits: visits,
            trackInterval: scenario.model.every, measurements: measures.measurements,
            treatment: Treatment(
                action: section.action, compartment: measures.compartment, interval: section.every,
                maximum: section.maximum, hold: section.hold, missed: missedDoses(sample)),
            dropoutPerDay: scenario.visits.dropoutPerDay, inputs: inputs(model.model, sample),
            events: scenario.events.map {
                TrialEvent(name: $0.name, stops: TrialEvent.Consequence(rawValue: $0.stops) ?? .nothing)
            },
            endpoints: measures.endpoints, arms: [], variables: variables,
            decisionColumns: sample.symbols.map(\.column), learningRange: measures.learningRange)
    }

    private var visits: VisitSchedule {
        let section = scenario.visits
        return VisitSchedule(
            days: section.days, isMeasured: section.days.map { day in section.measures.map { $0.days.contains(day) } },
            end: section.end)
    }

    private mutating func missedDoses(_ sample: SampleColumns) -> Treatment.MissedDoses {
        switch scenario.treatment.missed {
        case .probability(let value): return .probability(value)
        case .column(let name):
            guard let found = sample.symbols.first(where: { $0.symbol.name == name }) else {
                refuse("treatment.missed", unknown: name, "column of the cohort", known: sample.names)
                return .probability(0)
            }
            if found.symbol.levels != nil {
                refuse("treatment.missed", "'\(name)' is a category, allowed: a column of probabilities")
            }
            return .column(found.column)
        }
    }

    /// A column of probabilities of missed doses must hold nothing else: in any record, and in the patients drawn.
    mutating func missedProbabilities(_ population: Population, _ sample: SampleColumns) throws {
        guard case .column(let name) = scenario.treatment.missed, sample.column(name)?.levels == nil else { return }
        let isColumnOfFile = population.records.index(of: name) != nil
        for cohort in [try population.everyone(), sample.cohort] {
            guard let column = cohort.index(of: name).map({ cohort.columns[$0] }) else { return }
            guard let patient = column.values.firstIndex(where: { !(0...1).contains($0) }) else { continue }
            let value = column.values[patient]
            let found = value.isNaN ? "no value" : "\(days: value)"
            let place =
                isColumnOfFile
                ? "\(scenario.cohort.records ?? ""), line \(cohort.sourceRow[patient])"
                : scenario.cohort.records == nil
                    ? "virtual patient \(cohort.sourceRow[patient])"
                    : "the virtual patient of line \(cohort.sourceRow[patient]) of \(scenario.cohort.records ?? "")"
            return refuse(
                "treatment.missed",
                "the column '\(name)' has \(found) in \(place), allowed: the probability of a missed dose, from 0 to 1")
        }
    }

    private mutating func measurements(_ model: SimulationModel) -> [Trials.Measurement] {
        let observed = model.model.endpoints.map(\.name)
        return scenario.visits.measures.compactMap { measure in
            guard let endpoint = observed.firstIndex(of: measure.name) else {
                refuse(
                    "visits.measure.\(measure.name)", unknown: measure.name, "observed variable of the model",
                    known: observed)
                return nil
            }
            return Trials.Measurement(
                name: measure.name, endpoint: endpoint, track: model.outputs.firstIndex(of: measure.name) ?? 0)
        }
    }

    /// What rewards call in range; the learned arms of a trial share it.
    private mutating func learningRange(_ model: SimulationModel) -> (track: Int, low: Double, high: Double)? {
        var first: LearnSection?
        for (index, arm) in scenario.arms.enumerated() {
            guard case .learned(let section) = arm.treatment else { continue }
            let path = "arms[\(index)].learn.range"
            if !model.outputs.contains(section.rangeOf) {
                refuse("\(path).of", unknown: section.rangeOf, "recorded variable", known: model.outputs)
            }
            if let first, first.rangeOf != section.rangeOf || first.range != section.range {
                refuse(path, "the learned arms of a scenario share one range, and an earlier one has another")
            }
            first = first ?? section
        }
        guard let first, let track = model.outputs.firstIndex(of: first.rangeOf) else { return nil }
        return (track, first.range.lowerBound, first.range.upperBound)
    }

    private mutating func endpoints(_ model: SimulationModel) -> [Trials.Endpoint] {
        let end = scenario.visits.end
        var endpoints: [Trials.Endpoint] = []
        for section in scenario.endpoints {
            if let days = section.days, days.lowerBound < 0 || days.upperBound > end {
                refuse("\(section.path).days", "found days outside the visits, allowed: from 0 to \(days: end)")
            }
            do { endpoints.append(try EndpointKinds.endpoint(section, scenario, model)) } catch {
                refuse("\(section.path).of", unknown: error.name, error.what, known: error.known)
            }
        }
        return endpoints
    }
}

extension DefaultStringInterpolation {
    /// A number of days without a needless fraction.
    mutating func appendInterpolation(days: Double) {
        appendInterpolation(Int(exactly: days).map { "\($0)" } ?? "\(days)")
    }
}
