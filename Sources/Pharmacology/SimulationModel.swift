import ModelLanguage

/// A checked model lowered to the lane programs that simulate it.
///
/// Values that stay the same while a patient's inputs do are computed once, by `individual`; the derivatives and outputs
/// then read them from their registers.
package struct SimulationModel: Sendable {
    package let model: Model
    /// The variables that a simulation reports, in order.
    package let outputs: [String]
    let layout: RegisterLayout
    let individual: LaneProgram
    /// Roots: initial values, then bioavailability, then lags, of each state.
    let beginning: LaneProgram
    let derivatives: LaneProgram
    /// Roots: the reported outputs, then for each endpoint its value and its standard deviations.
    let reporting: LaneProgram
    let registerCount: Int

    /// - Parameter outputs: names of variables or states to report.
    /// - Throws: ``UnknownOutput`` for a name that the model does not compute.
    package init(_ model: Model, outputs: [String]) throws(UnknownOutput) {
        var graph = model.graph
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
        let zero = graph.constant(0)
        for endpoint in model.endpoints {
            reported.append(endpoint.value)
            reported.append(endpoint.additive ?? zero)
            reported.append(endpoint.proportional ?? zero)
            reported.append(endpoint.logNormal ?? zero)
        }
        let starting = model.initialValues + model.bioavailability + model.lags
        let all = graph.slice(below: starting + model.derivatives + reported)

        var layout = RegisterLayout(inputCount: model.inputs.count, stateCount: model.states.count)
        layout.addConstants(of: graph, in: all)
        let kept = SimulationModel.individualValues(graph, in: all, roots: starting + model.derivatives + reported)
        for id in kept { layout.keep(id) }

        self.model = model
        self.outputs = outputs
        self.layout = layout
        individual = LaneProgram(graph, roots: kept, layout: layout, storing: Set(kept))
        beginning = LaneProgram(graph, roots: starting, layout: layout)
        derivatives = LaneProgram(graph, roots: model.derivatives, layout: layout)
        reporting = LaneProgram(graph, roots: reported, layout: layout)
        registerCount = [individual, beginning, derivatives, reporting].map(\.registerCount).max() ?? layout.count
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
