import ModelLanguage

/// A checked model lowered to the lane programs that simulate it, and what its equations are: which states form a linear
/// system, and which must be integrated.
///
/// Values that stay the same while a patient's inputs do are computed once, by `individual`; everything else reads them
/// from their registers.
package struct SimulationModel: Sendable {
    package let model: Model
    /// The variables that a simulation reports, in order.
    package let outputs: [String]
    let layout: RegisterLayout
    let individual: LaneProgram
    /// Roots: the initial value of each state.
    let beginning: LaneProgram
    /// Roots: bioavailability, then lag, then the duration and the rate that the model gives to infusions, of each state, as
    /// they are when a dose is due.
    let properties: LaneProgram
    /// Whether a property changes with time or state, so that it is evaluated anew at each dose.
    let hasDynamicProperties: Bool
    /// Roots: the derivative of each state in ``integrated``.
    let integratedDerivatives: LaneProgram
    /// Roots: the derivative of every state.
    let allDerivatives: LaneProgram
    /// Roots: the reported outputs, then for each endpoint its value and the parameters of its error.
    let reporting: LaneProgram
    /// Where each endpoint's values begin among the reported ones, and how many are reported in all.
    let endpointPlaces: [Int]
    package let reportedCount: Int
    /// What the equations read of their past; nil for those that read nothing of it.
    let delays: CompiledDelays?
    /// The registers of the times at which the equations switch.
    let switchRegisters: [Int]
    /// The registers of the switches that come again and again: one of their times, and the time between two.
    let repeatedSwitches: [(first: Int, period: Int)]
    /// The comparisons that flip where the state takes them; nil for equations without any.
    let stateSwitches: CompiledSwitches?
    /// The linear system, with the registers that hold its coefficients.
    let linear: CompiledLinearPart?
    /// The states that are not in the linear system, which a stepper integrates.
    let integrated: [Int]
    /// The same states as levels that drive each other without feedback, if they are that.
    let cascade: Cascade?
    let jacobian: JacobianProgram
    /// Whether a derivative bends where a value that changes meets another: `max(g, 0)`, `min(slope * c, 1)`, `abs(x)`.
    let hasBends: Bool
    let registerCount: Int

    /// - Parameter outputs: names of variables or states to report.
    /// - Throws: ``UnknownOutput`` for a name that the model does not compute.
    package init(_ model: Model, outputs: [String]) throws(UnknownOutput) {
        var graph = model.graph
        let reported = try Self.reportedNodes(model, outputs, in: &graph)
        // What looks back needs the path of every state, which a stepper leaves behind.
        let part =
            model.delays.isEmpty
            ? LinearPart.find(model.derivatives, eventCount: model.events.count, in: &graph) : nil
        let members = Set(part?.states ?? [])
        let integrated = model.derivatives.indices.filter { !members.contains($0) }
        // A step sees the outcomes of comparisons as they are at its start.
        let switches = SwitchNodes(model.stateSwitches, in: &graph)
        let derivatives = graph.replacing(
            Dictionary(uniqueKeysWithValues: zip(switches.comparisons, switches.held)), below: model.derivatives)
        let jacobian = JacobianPattern(derivatives, in: &graph)

        let missing = graph.constant(.nan)
        let properties =
            model.bioavailability + model.lags + model.durations.map { $0 ?? missing }
            + model.rates.map { $0 ?? missing }
        let coefficients = ((part?.matrix ?? []) + (part?.offsets ?? [])).compactMap { $0 }
        let delayed = model.delays.flatMap { [$0.value, $0.lag] }
        let repeated = model.repeatedSwitches.flatMap { [$0.first, $0.period] }
        let starting = model.initialValues + properties + coefficients + model.switchTimes + repeated + delayed
        let roots = starting + model.derivatives + derivatives + reported + jacobian.roots + switches.roots
        let all = graph.slice(below: roots)
        var layout = RegisterLayout(inputCount: model.inputs.count, stateCount: model.states.count)
        layout.addConstants(of: graph, in: all)
        let kept = Self.individualValues(graph, in: all, roots: roots)
        for id in kept { layout.keep(id) }
        let delayedNodes = model.delays.map { graph.delayed($0.slot) }
        for id in delayedNodes + switches.held { layout.keep(id) }

        self.model = model
        self.outputs = outputs
        var place = outputs.count
        endpointPlaces = model.endpoints.map { endpoint in
            defer { place += 1 + endpoint.error.parameters.count }
            return place
        }
        reportedCount = place
        self.layout = layout
        self.integrated = integrated
        individual = LaneProgram(graph, roots: kept, layout: layout, storing: Set(kept))
        beginning = LaneProgram(graph, roots: model.initialValues, layout: layout)
        self.properties = LaneProgram(graph, roots: properties, layout: layout)
        hasDynamicProperties = properties.contains { graph.variability(of: $0) == .dynamic }
        integratedDerivatives = LaneProgram(graph, roots: integrated.map { derivatives[$0] }, layout: layout)
        allDerivatives = LaneProgram(graph, roots: derivatives, layout: layout)
        reporting = LaneProgram(graph, roots: reported, layout: layout)
        switchRegisters = model.switchTimes.compactMap { layout.place(of: $0, in: graph).map { Int($0) } }
        repeatedSwitches = model.repeatedSwitches.compactMap { repeated in
            guard let first = layout.place(of: repeated.first, in: graph),
                let period = layout.place(of: repeated.period, in: graph)
            else { return nil }
            return (Int(first), Int(period))
        }
        cascade = model.delays.isEmpty ? Cascade(of: integrated, model.derivatives, jacobian, graph, layout) : nil
        self.jacobian = JacobianProgram(jacobian, graph, layout)
        hasBends = graph.slice(below: derivatives).contains { id in
            let operation = graph[id].operation
            let isBent = operation == .minimum || operation == .maximum || operation == .absolute
            return isBent && graph.variability(of: id) == .dynamic
        }
        let stateSwitches = CompiledSwitches(switches, graph, layout)
        self.stateSwitches = stateSwitches
        let delayedRegisters = delayedNodes.compactMap { layout.place(of: $0, in: graph).map { Int($0) } }
        delays = model.delays.isEmpty ? nil : CompiledDelays(model.delays, graph, layout, delayedRegisters)
        linear = part.map { part in
            CompiledLinearPart(
                part, graph, layout, readByDerivatives: integrated.map { model.derivatives[$0] }, readByReport: reported
            )
        }
        // Lags are evaluated in these registers too.
        let aside = max(delays?.registerCount ?? 0, stateSwitches?.registerCount ?? 0)
        registerCount =
            ([
                individual, beginning, self.properties, integratedDerivatives, allDerivatives, reporting,
                self.jacobian.program,
            ].map(\.registerCount) + (cascade?.levels.map(\.program.registerCount) ?? [])).reduce(
                max(layout.count, aside), max)
    }

    /// The values to report: outputs by name, then each endpoint with the parameters of its error.
    private static func reportedNodes(
        _ model: Model, _ outputs: [String], in graph: inout ExpressionGraph
    ) throws(UnknownOutput) -> [NodeID] {
        var reported: [NodeID] = []
        for name in outputs {
            if let index = model.outputs.firstIndex(of: name) {
                reported.append(model.outputNodes[index])
            } else if let state = model.stateIndex(name) {
                reported.append(graph.state(state))
            } else {
                throw UnknownOutput(name: name, known: model.outputs + model.states)
            }
        }
        for endpoint in model.endpoints { reported += [endpoint.value] + endpoint.error.parameters }
        return reported
    }

    /// The computed individual values that a dynamic value, or a root, reads: those worth a register of their own.
    private static func individualValues(_ graph: ExpressionGraph, in slice: [NodeID], roots: [NodeID]) -> [NodeID] {
        func isComputed(_ id: NodeID) -> Bool {
            graph.variability(of: id) == .individual && graph[id].operation != .input
        }
        var kept = Set(roots.filter(isComputed))
        for id in slice where graph.variability(of: id) == .dynamic {
            for index in graph[id].operands {
                let operand = NodeID(index: index)
                if isComputed(operand) { kept.insert(operand) }
            }
        }
        return kept.sorted()
    }
}

/// A variable was asked for that the model does not compute.
package struct UnknownOutput: Error, CustomStringConvertible {
    package let name: String
    package let known: [String]

    package var description: String {
        let nearest = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        return "'\(name)' is not computed by the model\(nearest); it computes: \(known.joined(separator: ", "))"
    }
}
