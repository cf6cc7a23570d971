import NumericsCore

/// A block of statements compiled to run over rows: derived columns, eligibility, dosing rules, rewards.
///
/// It is a function from named inputs to the variables that the statements assign. Sixteen rows run at a time.
package struct RowProgram: Sendable {
    /// What it takes, in the order of the input registers.
    package let inputs: [InputSymbol]
    /// What it assigns, in the order of first assignment; levels for categories.
    package let outputs: [InputSymbol]
    /// The inputs that the statements really read.
    package let used: Set<String>
    private let program: LaneProgram
    private let layout: RegisterLayout

    /// Compiles statements. Names that are neither inputs nor assigned before are refused.
    package init(_ source: SourceText, inputs: [InputSymbol]) throws(SourceErrors) {
        try self.init([source], inputs: inputs)
    }

    /// Compiles several blocks that run one after the other in one scope.
    package init(_ sources: [SourceText], inputs: [InputSymbol]) throws(SourceErrors) {
        try self.init(blocks: sources.map { .statements($0) }, inputs: inputs)
    }

    /// A part of a program that is compiled of several.
    package enum Block: Sendable {
        case statements(SourceText)
        /// An expression, whose value gets a name: `name <- expression`.
        case value(String, SourceText)
    }

    /// Compiles several blocks that run one after the other in one scope.
    package init(blocks: [Block], inputs: [InputSymbol]) throws(SourceErrors) {
        var parts: [(SourceText, [Statement])] = []
        for block in blocks {
            switch block {
            case .statements(let source): parts.append((source, try ModelParser.parse(rule: source)))
            case .value(let name, let source):
                let expression = try ModelParser.parse(expression: source)
                parts.append((source, [Statement(.assign(.variable(name), expression), at: expression.place)]))
            }
        }
        try self.init(parts: parts, inputs: inputs)
    }

    /// Compiles a single expression; its value is the output `value`.
    package init(expression source: SourceText, inputs: [InputSymbol]) throws(SourceErrors) {
        try self.init(blocks: [.value("value", source)], inputs: inputs)
    }

    private init(parts: [(SourceText, [Statement])], inputs: [InputSymbol]) throws(SourceErrors) {
        let first = parts.first?.0 ?? SourceText(name: "", text: "")
        var lowering = Lowering(source: first, inputs: inputs, takesUnknownNames: false)
        for (source, statements) in parts {
            lowering.source = source
            lowering.refuseModelStatements(statements)
            lowering.lower(statements)
        }
        lowering.refuseIfTooLarge()
        try lowering.throwProblems()
        let values = lowering.assigned.compactMap { lowering.scope[.variable($0)] }
        let graph = lowering.graph
        let roots = values.map(\.node)
        var layout = RegisterLayout(inputCount: inputs.count, stateCount: 0)
        let slice = graph.slice(below: roots)
        layout.addConstants(of: graph, in: slice)
        self.inputs = inputs
        self.outputs = zip(lowering.assigned, values).map { InputSymbol($0, levels: $1.levels) }
        self.used = Set(slice.filter { graph[$0].operation == .input }.map { inputs[Int(graph[$0].a)].name })
        self.layout = layout
        self.program = LaneProgram(graph, roots: roots, layout: layout)
    }

    /// A register file that fits this program, with its constants in place.
    package func makeRegisters() -> RegisterFile {
        let file = RegisterFile(count: program.registerCount)
        file.load(constants: layout)
        return file
    }

    /// Runs on sixteen rows: inputs stand in registers 0, 1, … of `registers`.
    package func run(_ registers: borrowing RegisterFile) { program.run(registers.lanes) }

    /// The register of an output after a run.
    package func register(ofOutput index: Int) -> Int { Int(program.results[index]) }

    /// Evaluates the statements on `count` rows.
    ///
    /// - Parameter columns: one array of `count` values for each input, in the order of ``inputs``; an input that the
    ///   statements do not read may be empty. Missing values are NaN.
    /// - Returns: one array of `count` values for each output.
    package func evaluate(_ columns: [[Double]], count: Int) -> [[Double]] {
        var results = outputs.map { _ in [Double](repeating: .nan, count: count) }
        let registers = makeRegisters()
        let wanted = inputs.indices.filter { used.contains(inputs[$0].name) }
        for start in stride(from: 0, to: count, by: laneCount) {
            let lanes = min(laneCount, count - start)
            for input in wanted {
                for lane in 0..<lanes { registers.lanes[input][lane] = columns[input][start + lane] }
            }
            run(registers)
            for output in results.indices {
                let values = registers.lanes[register(ofOutput: output)]
                for lane in 0..<lanes { results[output][start + lane] = values[lane] }
            }
        }
        return results
    }
}
