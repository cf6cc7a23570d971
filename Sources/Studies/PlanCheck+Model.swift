import ModelLanguage
import Pharmacology
import Scenarios
import Trials

extension PlanCheck {
    /// The compiled model with the scenario's hazards.
    mutating func model() throws -> SimulationModel? {
        let path = scenario.path(of: scenario.model.file)
        let hazards = scenario.events.map { HazardRule(event: $0.name, source: $0.hazard) }
        let read = try noting("model.file") {
            let text = try InputFile.text(of: path, purpose: "the drug model of the scenario")
            return try Model(ModelParser.parse(model: SourceText(name: path, text: text)), hazards: hazards)
        }
        guard let model = read else { return nil }
        checkUnits(model.document)
        for name in model.covariates where model.textLevels[name] != nil {
            refuse(
                "model.file",
                "the model compares '\(name)' with texts, which studies do not give it; let the model read a number, derived "
                    + "from the column")
        }
        let known = model.outputs + model.states
        for (index, name) in scenario.model.outputs.enumerated() where !known.contains(name) {
            refuse("model.record.outputs[\(index)]", unknown: name, "variable of the model", known: known)
        }
        do { _ = try RandomEffects(model.randomEffects) } catch {
            refuse("model.file", "the covariances of the random effects are no covariances: \(error)")
        }
        let measured = scenario.visits.measures.map(\.name).filter { known.contains($0) }
        var outputs: [String] = []
        for name in scenario.model.outputs + measured where known.contains(name) && !outputs.contains(name) {
            outputs.append(name)
        }
        return try SimulationModel(model, outputs: outputs)
    }

    private mutating func checkUnits(_ document: ModelDocument) {
        if let unit = document.timeUnit, TimeUnit.days(unit) == nil {
            refuse("model.file", "the model's unit of time is '\(unit)', allowed: \(TimeUnit.names)")
        }
        if let unit = scenario.treatment.maximumUnit, let dosing = document.dosingUnit, unit != dosing {
            refuse(
                "treatment.dose.maximum", "found an amount in \(unit), allowed: in \(dosing), as the model's doses are")
        }
    }

    /// Where each input of the model comes from.
    mutating func inputs(_ model: Model, _ sample: SampleColumns) -> [InputSource] {
        let values = Dictionary(
            model.parameters.map { ($0.name, $0.value) } + model.defaults.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
        return model.inputs.map { name in
            if let column = sample.cohort.index(of: Population.setterPrefix + name) { return .column(column) }
            if let eta = model.etas.firstIndex(of: name) { return .eta(eta) }
            if let value = values[name] { return .constant(value) }
            return .column(column(for: name, model, sample))
        }
    }

    /// The column of the cohort that a covariate is read from.
    private mutating func column(for name: String, _ model: Model, _ sample: SampleColumns) -> Int {
        let path = placeOfReading(name, model)
        guard let found = sample.symbols.first(where: { $0.symbol.name == name }) else {
            let nearest = nearestName(to: name, among: sample.names).map { "did you mean '\($0)'?" }
            refuse(
                path,
                "the model reads '\(name)', which no column of the cohort and no entry of model.set gives; "
                    + (nearest ?? Self.list(sample.names)))
            return 0
        }
        if found.symbol.levels != nil, model.textLevels[name] == nil {
            refuse(path, "the model reads '\(name)' as a number, but the column is a category; derive a number from it")
        }
        return found.column
    }

    /// Where a name is read that the model does not assign: by the model itself, else in the hazard of an event.
    private func placeOfReading(_ name: String, _ model: Model) -> String {
        if let alone = try? Model(model.document), alone.covariates.contains(name) { return "model.file" }
        let event = scenario.events.firstIndex { event in
            let rule = HazardRule(event: event.name, source: event.hazard)
            return (try? Model(model.document, hazards: [rule]))?.covariates.contains(name) ?? false
        }
        return event.map { "events[\($0)].hazard" } ?? "model.file"
    }
}

extension ModelDocument {
    /// Days in one unit of the model's time: an hour where the model does not say.
    var daysPerUnitOfTime: Double { timeUnit.flatMap { TimeUnit.days($0) } ?? 1.0 / 24 }
}
