import NumericsCore

/// Turns a parsed model into a checked one: finds its states, lowers its statements, and reports what is wrong.
struct ModelChecker {
    let document: ModelDocument
    private let hazards: [HazardRule]
    var lowering: Lowering
    private(set) var states: [String]
    private(set) var events: [String]
    private(set) var defaults: [(name: String, value: Double)] = []
    private(set) var covariates: [String] = []
    private(set) var outputs: [String] = []
    private(set) var endpoints: [ModelEndpoint] = []
    private(set) var derivatives: [NodeID] = []
    private(set) var initialValues: [NodeID] = []
    private(set) var bioavailability: [NodeID] = []
    private(set) var lags: [NodeID] = []
    private(set) var outputNodes: [NodeID] = []
    private var problems: [Diagnostic] = []

    init(_ document: ModelDocument, hazards: [HazardRule]) {
        self.document = document
        self.hazards = hazards
        events = hazards.map(\.event)
        states = ModelChecker.compartments(document.statements) + hazards.map { cumulativeHazard(of: $0.event) }
        let names = document.parameters.map(\.name) + document.randomEffects.flatMap(\.names)
        lowering = Lowering(
            source: document.source, inputs: names.map { InputSymbol($0) }, states: states, takesUnknownNames: true)
    }

    mutating func check() throws(SourceErrors) {
        let statements = takeDefaults(document.statements)
        lowering.lower(statements)
        outputs = lowering.assigned
        outputNodes = outputs.compactMap { lowering.scope[.variable($0)]?.node }
        refuseWhatIsUnsupported(document.statements)
        checkEndpoints(document.statements)
        collectCompartments()
        for hazard in hazards { try lower(hazard) }
        problems += lowering.diagnostics
        guard problems.isEmpty else { throw SourceErrors(problems) }
        let known = Set(
            document.parameters.map(\.name) + document.randomEffects.flatMap(\.names) + defaults.map(\.name))
        covariates = lowering.inputs.map(\.name).filter { !known.contains($0) }
    }

    func model() -> Model { Model(self) }

    /// The compartments in the order that numbers them: declarations first, then first `d/dt`.
    private static func compartments(_ statements: [Statement]) -> [String] {
        var declared: [String] = []
        var derived: [String] = []
        func visit(_ statements: [Statement]) {
            for statement in statements {
                switch statement.kind {
                case .compartment(let name) where !declared.contains(name): declared.append(name)
                case .assign(.derivative(let name), _) where !derived.contains(name): derived.append(name)
                case .conditional(let branches, let otherwise):
                    for branch in branches { visit(branch.body) }
                    visit(otherwise)
                default: break
                }
            }
        }
        visit(statements)
        return declared + derived.filter { !declared.contains($0) }
    }

    /// Declares each variable whose first assignment is a bare number as an input with that default, and leaves the
    /// other statements.
    private mutating func takeDefaults(_ statements: [Statement]) -> [Statement] {
        var seen: Set<String> = []
        var rest: [Statement] = []
        for statement in statements {
            guard case .assign(.variable(let name), let expression) = statement.kind else {
                rest.append(statement)
                continue
            }
            if seen.insert(name).inserted, case .number(let value) = expression.kind {
                lowering.declareInput(name)
                defaults.append((name, value))
            } else {
                rest.append(statement)
            }
        }
        return rest
    }

    private mutating func refuseWhatIsUnsupported(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .assign(.property(let property, _), _) where property == .duration || property == .rate:
                refuse("'\(property.rawValue)()' of a compartment is not supported here yet", at: statement.place)
            case .assign(.modelTime, _): refuse("'mtime()' is not supported here yet", at: statement.place)
            case .assign(.property(_, let name), _), .assign(.initialValue(let name), _):
                guard !states.contains(name) else { continue }
                let nearest = nearestName(to: name, among: states).map { "; did you mean '\($0)'?" } ?? ""
                refuse("'\(name)' is not a compartment of this model\(nearest)", at: statement.place)
            default: break
            }
        }
    }

    private mutating func refuse(_ message: String, at place: SourcePlace) {
        problems.append(Diagnostic(message, at: place, in: document.source))
    }

    private mutating func collectCompartments() {
        let zero = lowering.graph.constant(0)
        let one = lowering.graph.constant(1)
        for state in states.dropLast(hazards.count) {
            derivatives.append(lowering.scope[.derivative(state)]?.node ?? zero)
            initialValues.append(lowering.scope[.initialValue(state)]?.node ?? zero)
            bioavailability.append(lowering.scope[.property(.bioavailability, state)]?.node ?? one)
            lags.append(lowering.scope[.property(.lag, state)]?.node ?? zero)
        }
        for value in initialValues + bioavailability + lags where lowering.graph.variability(of: value) == .dynamic {
            refuse(
                "an initial value, bioavailability or lag that depends on time or on a compartment is not supported here yet",
                at: document.statements.first?.place ?? SourcePlace(line: 1, column: 1))
            break
        }
    }

    /// Lowers a hazard in a scope of its own: it reads the model's variables, and what it assigns stays inside.
    private mutating func lower(_ hazard: HazardRule) throws(SourceErrors) {
        let statements = try ModelParser.parse(rule: hazard.source)
        let outer = lowering.scope
        lowering.source = hazard.source
        lowering.lower(statements)
        if let value = lowering.scope[.variable("hazard")] {
            derivatives.append(value.node)
        } else {
            problems.append(
                Diagnostic(
                    "the hazard of event '\(hazard.event)' must assign 'hazard' (events per unit of the model's time)",
                    at: SourcePlace(line: 1, column: 1), in: hazard.source))
        }
        lowering.scope = outer
        lowering.source = document.source
        initialValues.append(lowering.graph.constant(0))
        bioavailability.append(lowering.graph.constant(1))
        lags.append(lowering.graph.constant(0))
    }

    // MARK: Endpoints

    private mutating func checkEndpoints(_ statements: [Statement]) {
        for statement in statements {
            guard case .endpoint(let endpoint) = statement.kind else { continue }
            guard case .symbol(let variable) = endpoint.observed.kind else {
                refuse("the observed variable of an endpoint must be a name", at: endpoint.observed.place)
                continue
            }
            let value = lowering.lower(endpoint.observed).node
            var error: [String: NodeID] = [:]
            for term in endpoint.terms {
                guard case .call(let kind, let arguments) = term.kind, arguments.count == 1,
                    ["add", "prop", "lnorm"].contains(kind)
                else {
                    refuse(
                        "residual error: found '\(term)', supported here: add(sd), prop(sd), lnorm(sd)", at: term.place)
                    continue
                }
                error[kind] = lowering.lower(arguments[0].value).node
            }
            endpoints.append(
                ModelEndpoint(
                    variable: variable, name: endpoint.condition ?? variable, value: value, additive: error["add"],
                    proportional: error["prop"], logNormal: error["lnorm"]))
        }
    }
}

/// The state that integrates the hazard of an event.
package func cumulativeHazard(of event: String) -> String { "cumulative_hazard_\(event)" }
