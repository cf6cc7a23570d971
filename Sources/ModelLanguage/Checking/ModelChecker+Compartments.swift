/// Compartments with their properties, model times and the hazards of events.
extension ModelChecker {
    /// Refuses statements that stand where they mean nothing.
    mutating func refuseMisplaced(_ statements: [Statement]) {
        refuseMisplaced(statements, Set(states.dropLast(hazards.count)), isInside: false)
    }

    private mutating func refuseMisplaced(_ statements: [Statement], _ compartments: Set<String>, isInside: Bool) {
        for statement in statements {
            switch statement.kind {
            case .assign(.property(_, let name), _), .assign(.initialValue(let name), _):
                guard !compartments.contains(name) else { continue }
                lowering.refuse(lowering.noCompartment(name), at: statement.place)
            case .conditional(let branches, let otherwise):
                for branch in branches { refuseMisplaced(branch.body, compartments, isInside: true) }
                refuseMisplaced(otherwise, compartments, isInside: true)
            case .endpoint where isInside:
                lowering.refuse("an endpoint holds for every patient and cannot stand inside 'if'", at: statement.place)
            default: break
            }
        }
    }

    mutating func collectCompartments() {
        let zero = lowering.graph.constant(0)
        let one = lowering.graph.constant(1)
        for state in states.dropLast(hazards.count) {
            func property(_ property: CompartmentProperty) -> NodeID? {
                lowering.scope[.property(property, state)]?.node
            }
            derivatives.append(lowering.scope[.derivative(state)]?.node ?? zero)
            bioavailability.append(property(.bioavailability) ?? one)
            lags.append(property(.lag) ?? zero)
            durations.append(property(.duration))
            rates.append(property(.rate))
            initialValues.append(lowering.scope[.initialValue(state)]?.node ?? zero)
            refuseStates(in: .initialValue(state), "\(state)(0)")
        }
        if variant == .rxode2 { moveFractionOfDepot(one) }
    }

    /// The fraction of a `linCmt()` depot acts on the central compartment: see ``LanguageVariant/rxode2``.
    private mutating func moveFractionOfDepot(_ one: NodeID) {
        guard lowering.linear?.parameters?.states.contains("depot") == true,
            let depot = states.firstIndex(of: "depot"), let central = states.firstIndex(of: "central")
        else { return }
        bioavailability[central] = bioavailability[depot]
        bioavailability[depot] = one
    }

    /// An initial value may depend on the starting time, not on what compartments hold: they hold nothing yet.
    private mutating func refuseStates(in target: Statement.Target, _ name: String) {
        guard let node = lowering.scope[target]?.node else { return }
        let readsStates = lowering.graph.slice(below: [node]).contains { id in
            let operation = lowering.graph[id].operation
            return operation == .state || operation == .delayed
        }
        guard readsStates else { return }
        lowering.refuse(
            "'\(name)' depends on a compartment, and at the start there is nothing in any: use parameters",
            at: place(of: target))
    }

    mutating func collectModelTimes() {
        for case .modelTime(let name) in Lowering.targets(of: document.statements) {
            guard let node = lowering.scope[.modelTime(name)]?.node else { continue }
            if lowering.graph.variability(of: node) == .dynamic {
                lowering.refuse(
                    "'mtime(\(name))' depends on time or on a compartment: a model time is known beforehand",
                    at: place(of: .modelTime(name)))
            }
            modelTimes.append((name, node))
        }
    }

    /// The last statement that assigns a target; only while problems are still told one by one.
    private func place(of target: Statement.Target) -> SourcePlace {
        let start = SourcePlace(line: 1, column: 1)
        guard lowering.tellsProblems else { return start }
        return document.statements.last { Lowering.targets(of: [$0]).contains(target) }?.place ?? start
    }

    /// Lowers a hazard in a scope of its own: it reads the model's variables, and what it assigns stays inside.
    mutating func lower(_ hazard: HazardRule) {
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
        durations.append(nil)
        rates.append(nil)
    }
}
