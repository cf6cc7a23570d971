import NumericsCore
import Testing

@testable import ModelLanguage

/// Short forms for tests of compiled rules and checked models.
enum Compiled {
    static func rule(_ text: String, _ inputs: [InputSymbol]) throws -> RowProgram {
        try RowProgram(SourceText(name: "r.R", text: text), inputs: inputs)
    }

    /// The values of a rule's outputs on one row, by name.
    static func row(_ text: String, _ inputs: [(String, Double)]) throws -> [String: Double] {
        let program = try rule(text, inputs.map { InputSymbol($0.0) })
        let values = program.evaluate(inputs.map { [$0.1] }, count: 1)
        return Dictionary(uniqueKeysWithValues: zip(program.outputs.map(\.name), values.map { $0[0] }))
    }

    static func model(_ text: String, hazards: [(String, String)] = []) throws -> Model {
        let rules = hazards.map { HazardRule(event: $0.0, source: SourceText(name: $0.0, text: $0.1)) }
        return try Model(ModelParser.parse(model: SourceText(name: "m.R", text: text)), hazards: rules)
    }

    /// The values of nodes of a model at one moment of one patient.
    static func values(
        _ model: Model, _ nodes: [NodeID], inputs: [String: Double] = [:], states: [Double] = [], time: Double = 0
    ) -> [Double] {
        var layout = RegisterLayout(inputCount: model.inputs.count, stateCount: model.states.count)
        layout.addConstants(of: model.graph, in: model.graph.slice(below: nodes))
        let program = LaneProgram(model.graph, roots: nodes, layout: layout)
        let file = RegisterFile(count: program.registerCount)
        file.load(constants: layout)
        for (slot, name) in model.inputs.enumerated() {
            let own =
                model.parameters.first { $0.name == name }?.value ?? model.defaults.first { $0.name == name }?.value
                ?? 0
            file.lanes[slot] = Lane(repeating: inputs[name] ?? own)
        }
        for (slot, value) in states.enumerated() { file.lanes[layout.firstState + slot] = Lane(repeating: value) }
        file.lanes[layout.time] = Lane(repeating: time)
        program.run(file.lanes)
        return program.results.map { file.lanes[Int($0)][7] }
    }

    /// The value of one output of a model.
    static func output(
        _ name: String, of model: Model, inputs: [String: Double] = [:], states: [Double] = [], time: Double = 0
    ) throws -> Double {
        let index = try #require(model.outputs.firstIndex(of: name), "no output '\(name)'")
        return values(model, [model.outputNodes[index]], inputs: inputs, states: states, time: time)[0]
    }
}

/// All messages with their places, lines and carets of texts that compile to nothing; empty when a text is taken.
enum RefusedByChecker {
    static func rule(_ text: String, _ inputs: [InputSymbol] = []) -> String {
        messages { _ = try Compiled.rule(text, inputs) }
    }

    static func model(_ text: String, hazards: [(String, String)] = []) -> String {
        messages { _ = try Compiled.model(text, hazards: hazards) }
    }

    private static func messages(_ compile: () throws -> Void) -> String {
        do {
            try compile()
            return ""
        } catch {
            return "\(error)"
        }
    }
}
