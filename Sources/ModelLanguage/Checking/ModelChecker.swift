import NumericsCore

/// Turns a parsed model into a checked one: finds its states, lowers its statements, and reports what is wrong.
struct ModelChecker {
    let document: ModelDocument
    let hazards: [HazardRule]
    var lowering: Lowering
    private(set) var states: [String]
    private(set) var events: [String]
    private(set) var defaults: [(name: String, value: Double)] = []
    private(set) var covariates: [String] = []
    private(set) var outputs: [String] = []
    private(set) var outputNodes: [NodeID] = []
    private(set) var switchTimes: [NodeID] = []
    private(set) var repeatedSwitches: [RepeatedSwitch] = []
    private(set) var stateSwitches: [NodeID] = []
    // Filled by the parts of the check in their own files.
    var endpoints: [ModelEndpoint] = []
    var derivatives: [NodeID] = []
    var initialValues: [NodeID] = []
    var bioavailability: [NodeID] = []
    var lags: [NodeID] = []
    var durations: [NodeID?] = []
    var rates: [NodeID?] = []
    var modelTimes: [(name: String, node: NodeID)] = []

    /// Whose reading counts where rxode2's differs.
    let variant: LanguageVariant

    init(_ document: ModelDocument, hazards: [HazardRule], variant: LanguageVariant = .standard) {
        self.document = document
        self.variant = variant
        self.hazards = hazards
        events = hazards.map(\.event)
        let linear = LinearCompartments(document)
        states =
            ModelChecker.compartments(document.statements, linear?.parameters?.states ?? [])
            + hazards.map { cumulativeHazard(of: $0.event) }
        let names = document.parameters.map(\.name) + document.randomEffects.flatMap(\.names)
        lowering = Lowering(
            source: document.source, inputs: names.map { InputSymbol($0) }, states: states, takesUnknownNames: true)
        lowering.linear = linear
        lowering.parameterNames = Set(document.parameters.map(\.name))
    }

    mutating func check() throws(SourceErrors) {
        if let linear = lowering.linear, let problem = linear.problem {
            lowering.refuse(problem, at: linear.place)
        }
        let statements = takeDefaults(document.statements)
        let given = Set(lowering.inputs.map(\.name) + states + ["t", "time"])
        for covariate in TextCovariates.find(in: statements, except: given) {
            lowering.declareInput(covariate.name, levels: covariate.levels)
        }
        lowering.lower(statements)
        lowering.finishLinearCompartments()
        outputs = lowering.assigned.filter { lowering.reported.contains($0) }
        outputNodes = outputs.compactMap { lowering.scope[.variable($0)]?.node }
        refuseMisplaced(document.statements)
        checkEndpoints(document.statements)
        collectCompartments()
        collectModelTimes()
        for hazard in hazards { lower(hazard) }
        lowering.refuseIfTooLarge()
        try lowering.throwProblems()
        declareLevels()
        lowering.moveClockBehindInputs()
        collectSwitchTimes()
        let hidden = Set(lowering.clock.map(\.slot))
        let known = Set(
            document.parameters.map(\.name) + document.randomEffects.flatMap(\.names) + defaults.map(\.name))
        covariates = lowering.inputs.indices.filter { !hidden.contains($0) }.map { lowering.inputs[$0].name }.filter {
            !known.contains($0)
        }
    }

    func model() -> Model { Model(self) }

    /// The compartments in the order that numbers them: declarations first, then first `d/dt`, then those of `linCmt()`.
    private static func compartments(_ statements: [Statement], _ linear: [String]) -> [String] {
        var declared: [String] = []
        var derived: [String] = []
        var isDeclared: Set<String> = []
        var isDerived: Set<String> = []
        func visit(_ statements: [Statement]) {
            for statement in statements {
                switch statement.kind {
                case .compartment(let name): if isDeclared.insert(name).inserted { declared.append(name) }
                case .assign(.derivative(let name), _): if isDerived.insert(name).inserted { derived.append(name) }
                case .conditional(let branches, let otherwise):
                    for branch in branches { visit(branch.body) }
                    visit(otherwise)
                default: break
                }
            }
        }
        visit(statements)
        let own = declared + derived.filter { !isDeclared.contains($0) }
        return own + linear.filter { !isDeclared.contains($0) && !isDerived.contains($0) }
    }

    /// Declares each variable whose first assignment is a bare number as an input with that default, and leaves the
    /// other statements. A name of `ini` is none: assigning it overrides it, as any assignment does.
    private mutating func takeDefaults(_ statements: [Statement]) -> [Statement] {
        var seen = Set(lowering.inputs.map(\.name) + states + ["t", "time"])
        var rest: [Statement] = []
        for statement in statements {
            guard !statement.isHidden, case .assign(.variable(let name), let expression) = statement.kind,
                seen.insert(name).inserted,
                let value = expression.bareNumber
            else {
                // What an 'if' assigns first is no constant.
                for case .variable(let name) in Lowering.targets(of: [statement]) { seen.insert(name) }
                rest.append(statement)
                continue
            }
            lowering.declareInput(name)
            defaults.append((name, value))
        }
        return rest
    }

    /// Declares each level of occasions that no statement reads as an input, whose default is the one occasion 1.
    private mutating func declareLevels() {
        var known = Set(lowering.inputs.map(\.name) + lowering.assigned + states)
        for level in document.randomEffects.compactMap(\.level) where level.lowercased() != "id" {
            guard known.insert(level).inserted else { continue }
            lowering.declareInput(level)
            defaults.append((level, 1))
        }
    }

    private mutating func collectSwitchTimes() {
        let roots = derivatives + outputNodes + lowering.delays.map(\.value)
        let found = SwitchTimes(in: &lowering.graph, below: roots)
        switchTimes = found.times
        repeatedSwitches = found.repeated
        let graph = lowering.graph
        stateSwitches = graph.slice(below: derivatives).filter { id in
            let operation = graph[id].operation
            let isComparison = operation == .less || operation == .lessOrEqual
            return isComparison && graph.variability(of: id) == .dynamic && !found.foreseen.contains(id)
        }
        var known = Set(switchTimes)
        for time in modelTimes where known.insert(time.node).inserted { switchTimes.append(time.node) }
    }
}

extension Expression {
    /// The value of a number, with or without a minus: what makes a first assignment a default.
    fileprivate var bareNumber: Double? {
        switch kind {
        case .number(let value): value
        case .unary(.minus, let operand): if case .number(let value) = operand.kind { -value } else { nil }
        default: nil
        }
    }
}

/// The state that integrates the hazard of an event.
package func cumulativeHazard(of event: String) -> String { "cumulative_hazard_\(event)" }
