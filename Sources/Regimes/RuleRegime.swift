import ModelLanguage
import NumericsCore

/// A regime written in the language: blocks of statements for the first visit, and for every later visit.
///
/// A statement that assigns an action or a memory variable changes it for good; other variables last for the decision.
package struct RuleRegime: Regime {
    package let start: RowProgram
    package let later: RowProgram
    package let variables: DecisionVariables

    /// - Throws: ``SourceErrors`` where a block reads what a regime cannot see.
    package init(start: [SourceText], later: [SourceText], variables: DecisionVariables) throws(SourceErrors) {
        try self.init(
            startBlocks: start.map { .statements($0) }, laterBlocks: later.map { .statements($0) }, variables: variables
        )
    }

    /// - Throws: ``SourceErrors`` where a block reads what a regime cannot see.
    package init(
        startBlocks start: [RowProgram.Block], laterBlocks later: [RowProgram.Block], variables: DecisionVariables
    ) throws(SourceErrors) {
        self.start = try RowProgram(blocks: start, inputs: variables.symbols)
        self.later = try RowProgram(blocks: later, inputs: variables.symbols)
        self.variables = variables
    }

    package func makeWorker() -> any RegimeWorker { RuleWorker(self) }
}

private final class RuleWorker: RegimeWorker {
    private let start: BoundProgram
    private let later: BoundProgram

    init(_ regime: RuleRegime) {
        start = BoundProgram(regime.start, regime.variables)
        later = BoundProgram(regime.later, regime.variables)
    }

    func decide(_ point: DecisionPoint, _ history: DecisionLanes, deciding: LaneMask) {
        (point.visit == 0 ? start : later).run(history, deciding: deciding)
    }
}

/// A row program with a register file of its own, bound to decision variables by name.
package final class BoundProgram {
    private let program: RowProgram
    private let registers: RegisterFile
    /// The program's inputs: register and decision slot.
    private let reads: [(register: Int, slot: Int)]
    /// The program's outputs that last: output and decision slot.
    private let writes: [(output: Int, slot: Int)]

    /// Inputs of the program that are no decision variables are set by ``setInput(_:to:)``.
    package init(_ program: RowProgram, _ variables: DecisionVariables) {
        self.program = program
        registers = program.makeRegisters()
        reads = program.inputs.enumerated().compactMap { register, input in
            guard program.used.contains(input.name), let slot = variables.slot(input.name) else { return nil }
            return (register, slot)
        }
        writes = program.outputs.enumerated().compactMap { output, symbol in
            guard variables.isWritable(symbol.name), let slot = variables.slot(symbol.name) else { return nil }
            return (output, slot)
        }
    }

    /// Sets an input that is no decision variable.
    package func setInput(_ name: String, to value: Lane) {
        if let register = program.inputs.firstIndex(where: { $0.name == name }) { registers.lanes[register] = value }
    }

    /// Runs on the sixteen patients and keeps what it assigned for those in `deciding`.
    package func run(_ history: DecisionLanes, deciding: LaneMask) {
        for (register, slot) in reads { registers.lanes[register] = history.lanes[slot] }
        program.run(registers)
        for (output, slot) in writes {
            history.lanes[slot].replace(with: value(ofOutput: output), where: deciding)
        }
    }

    /// An output of the latest run.
    package func value(ofOutput index: Int) -> Lane { registers.lanes[program.register(ofOutput: index)] }
}
