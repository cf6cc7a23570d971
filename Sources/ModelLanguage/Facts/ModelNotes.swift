/// Finds what may be a slip in a model that runs as it is.
struct ModelNotes {
    private let model: Model
    /// The names of the covariates that the metadata list; none where there is no list.
    private let declared: [String]

    init(_ model: Model, declared: [String]) {
        self.model = model
        self.declared = declared
    }

    /// Every note: inputs first, then parameters, compartments and units.
    var all: [String] {
        inputs + unreadCovariates + unreadParameters + emptyCompartments + units + model.rxode2Differences
    }

    /// Inputs that look like a slip, and those that a list of covariates leaves out.
    private var inputs: [String] {
        let own = model.outputs + model.parameters.map(\.name) + model.etas + model.states + model.defaults.map(\.name)
        let byCase = Dictionary(own.map { ($0.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        let listed = Set(declared)
        return model.covariates.compactMap { name in
            if LanguageFunction.all[name] != nil || Lowering.modelFunctions.contains(name) {
                return "'\(name)' is a function, but stands without brackets: it is read as an input"
            }
            if let other = byCase[name.lowercased()], other != name {
                return "the input '\(name)' differs from '\(other)' by letter case only"
            }
            guard !listed.isEmpty, !listed.contains(name) else { return nil }
            return "the model reads '\(name)', which its list of covariates leaves out"
        }
    }

    private var unreadCovariates: [String] {
        let known = Set(model.inputs + model.outputs)
        let listed = Set(declared)
        let near = model.covariates.filter { !listed.contains($0) }.prefix(100)
        return declared.filter { !known.contains($0) }.map { name in
            let nearest = nearestName(to: name, among: near).map { "; did you mean '\($0)'?" } ?? ""
            return "the list of covariates has '\(name)', which the model does not read\(nearest)"
        }
    }

    /// Parameters and random effects that change nothing.
    private var unreadParameters: [String] {
        var isRead = [Bool](repeating: false, count: model.inputs.count)
        for id in model.graph.slice(below: model.roots) where model.graph[id].operation == .input {
            isRead[Int(model.graph[id].a)] = true
        }
        for case .parameter(let name) in model.mixture ?? [] {
            if let slot = model.inputSlot(name) { isRead[slot] = true }
        }
        let names = model.parameters.map(\.name) + model.etas
        return names.enumerated().filter { !isRead[$0.offset] }.map { "nothing reads '\($0.element)' of ini" }
    }

    private var emptyCompartments: [String] {
        var reading = NameReading()
        reading.visit(model.document.statements)
        let linear = LinearCompartments(model.document)?.parameters?.states ?? []
        let own = model.states.dropLast(model.events.count)
        return own.filter { !reading.derived.contains($0) && !linear.contains($0) }.map {
            "the compartment '\($0)' has no d/dt: only doses change it"
        }
    }

    /// Labels whose unit holds another unit of time than the model's.
    private var units: [String] {
        guard let name = model.document.timeUnit, let time = UnitText.timeUnit(name) else { return [] }
        return model.parameters.compactMap { parameter in
            guard let unit = parameter.label.flatMap({ UnitText(label: $0) }) else { return nil }
            guard let other = unit.timeUnits.first(where: { $0 != time }) else { return nil }
            return "'\(parameter.name)' is labelled \(unit.text), in \(other)s, but the model's time is in \(time)s"
        }
    }
}

extension Model {
    /// Where rxode2 gives other numbers for this text, by a known defect: see ``LanguageVariant/rxode2``.
    package var rxode2Differences: [String] {
        let fraction = Statement.Target.property(.bioavailability, "depot")
        guard Lowering.targets(of: document.statements).contains(fraction),
            LinearCompartments(document)?.parameters?.states.contains("depot") == true
        else { return [] }
        return [
            "f(depot) acts on doses into depot; rxode2 5.1.2 lets that of linCmt() act on doses into central instead: "
                + "'--like rxode2' gives its numbers"
        ]
    }

    /// Every node that a simulation evaluates.
    fileprivate var roots: [NodeID] {
        derivatives + initialValues + bioavailability + lags + durations.compactMap { $0 } + rates.compactMap { $0 }
            + modelTimes.map(\.node) + outputNodes + delays.flatMap { [$0.value, $0.lag] }
            + endpoints.flatMap { [$0.value] + $0.error.parameters }
    }
}
