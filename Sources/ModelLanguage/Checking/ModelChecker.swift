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
        lowering.lower(takeDefaults(document.statements))
        outputs = lowering.assigned
        outputNodes = outputs.compactMap { lowering.scope[.variable($0)]?.node }
        refuseWhatIsUnsupported(document.statements)
        checkEndpoints(document.statements)
        collectCompartments()
        for hazard in hazards { lower(hazard) }
        lowering.refuseIfTooLarge()
        try lowering.throwProblems()
        let known = Set(
            document.parameters.map(\.name) + document.randomEffects.flatMap(\.names) + defaults.map(\.name))
        covariates = lowering.inputs.map(\.name).filter { !known.contains($0) }
    }

    func model() -> Model { Model(self) }

    /// The compartments in the order that numbers them: declarations first, then first `d/dt`.
    private static func compartments(_ statements: [Statement]) -> [String] {
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
        return declared + derived.filter { !isDeclared.contains($0) }
    }

    /// Declares each variable whose first assignment is a bare number as an input with that default, and leaves the
    /// other statements. A name of `ini` is none: assigning it overrides it, as any assignment does.
    private mutating func takeDefaults(_ statements: [Statement]) -> [Statement] {
        var seen = Set(lowering.inputs.map(\.name) + states + ["t", "time"])
        var rest: [Statement] = []
        for statement in statements {
            guard case .assign(.variable(let name), let expression) = statement.kind, seen.insert(name).inserted,
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

    private mutating func refuseWhatIsUnsupported(_ statements: [Statement], isInside: Bool = false) {
        let compartments = Set(states.dropLast(hazards.count))
        for statement in statements {
            switch statement.kind {
            case .assign(.property(let property, _), _) where property == .duration || property == .rate:
                lowering.refuse(
                    "'\(property.rawValue)()' of a compartment is not supported here yet", at: statement.place)
            case .assign(.modelTime, _): lowering.refuse("'mtime()' is not supported here yet", at: statement.place)
            case .assign(.property(_, let name), _), .assign(.initialValue(let name), _):
                guard !compartments.contains(name) else { continue }
                let nearest = nearestName(to: name, among: compartments).map { "; did you mean '\($0)'?" } ?? ""
                lowering.refuse("'\(name)' is not a compartment of this model\(nearest)", at: statement.place)
            case .conditional(let branches, let otherwise):
                for branch in branches { refuseWhatIsUnsupported(branch.body, isInside: true) }
                refuseWhatIsUnsupported(otherwise, isInside: true)
            case .endpoint where isInside:
                lowering.refuse("an endpoint holds for every patient and cannot stand inside 'if'", at: statement.place)
            default: break
            }
        }
    }

    private mutating func collectCompartments() {
        let zero = lowering.graph.constant(0)
        let one = lowering.graph.constant(1)
        for state in states.dropLast(hazards.count) {
            derivatives.append(lowering.scope[.derivative(state)]?.node ?? zero)
            initialValues.append(individual(.initialValue(state), "\(state)(0)") ?? zero)
            bioavailability.append(individual(.property(.bioavailability, state), "f(\(state))") ?? one)
            lags.append(individual(.property(.lag, state), "alag(\(state))") ?? zero)
        }
    }

    /// The value of a property that must not change while a patient is simulated.
    private mutating func individual(_ target: Statement.Target, _ name: String) -> NodeID? {
        guard let node = lowering.scope[target]?.node else { return nil }
        if lowering.graph.variability(of: node) == .dynamic {
            let statement = document.statements.last { Lowering.targets(of: [$0]).contains(target) }
            lowering.refuse(
                "'\(name)' depends on time or on a compartment, which is not supported here yet",
                at: statement?.place ?? SourcePlace(line: 1, column: 1))
        }
        return node
    }

    /// Lowers a hazard in a scope of its own: it reads the model's variables, and what it assigns stays inside.
    private mutating func lower(_ hazard: HazardRule) {
        let outer = lowering.scope
        lowering.source = hazard.source
        defer {
            lowering.scope = outer
            lowering.source = document.source
        }
        do throws(SourceErrors) {
            let statements = try ModelParser.parse(rule: hazard.source)
            lowering.refuseModelStatements(statements)
            lowering.lower(statements)
            if !Lowering.targets(of: statements).contains(.variable("hazard")) {
                lowering.refuse(
                    "the hazard of event '\(hazard.event)' must assign 'hazard' (events per unit of the model's time)",
                    at: SourcePlace(line: 1, column: 1))
            }
        } catch {
            lowering.take(error)
        }
        let zero = lowering.graph.constant(0)
        let value = lowering.scope[.variable("hazard")] ?? Value(node: zero)
        derivatives.append(lowering.number(value, SourcePlace(line: 1, column: 1)))
        initialValues.append(zero)
        bioavailability.append(lowering.graph.constant(1))
        lags.append(zero)
    }

    // MARK: Endpoints

    private mutating func checkEndpoints(_ statements: [Statement]) {
        var names: Set<String> = []
        for statement in statements {
            guard case .endpoint(let endpoint) = statement.kind else { continue }
            guard case .symbol(let variable) = endpoint.observed.kind else {
                // Only linCmt() can stand there; lowering says what there is to say about it.
                _ = lowering.lower(endpoint.observed)
                continue
            }
            let name = endpoint.condition ?? variable
            if !names.insert(name).inserted {
                lowering.refuse(
                    "there is an endpoint '\(name)' already: tell them apart with '| name'", at: statement.place)
            }
            let value = lowering.number(lowering.lower(endpoint.observed), endpoint.observed.place)
            let error = residualError(endpoint.terms)
            endpoints.append(
                ModelEndpoint(
                    variable: variable, name: name, value: value, additive: error["add"], proportional: error["prop"],
                    logNormal: error["lnorm"]))
        }
    }

    /// The standard deviation of each term, by its kind.
    private mutating func residualError(_ terms: [Expression]) -> [String: NodeID] {
        var error: [String: NodeID] = [:]
        for term in terms {
            guard case .call(let kind, let arguments) = term.kind, arguments.count == 1, arguments[0].name == nil,
                ["add", "prop", "lnorm"].contains(kind)
            else {
                lowering.refuse(
                    "residual error: found '\(term)', supported here: add(sd), prop(sd), lnorm(sd)", at: term.place)
                continue
            }
            if error[kind] != nil || (!error.isEmpty && (kind == "lnorm" || error["lnorm"] != nil)) {
                lowering.refuse(
                    "residual error: allowed are add(sd), prop(sd), both of them once, or lnorm(sd) alone",
                    at: term.place)
            }
            error[kind] = lowering.number(lowering.lower(arguments[0].value), arguments[0].value.place)
        }
        return error
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
