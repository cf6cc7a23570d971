import ModelLanguage
import NumericsCore
import Regimes

/// A learned arm's reward at work on sixteen patients.
///
/// It sees what the decision set as the decision left it, everything else as the next visit found it, and the outcomes of the
/// time between (``FittedQIteration/reward``).
final class TrialReward {
    private let program: RowProgram
    private let registers: RegisterFile
    /// Inputs of the program: their register and where they come from.
    private let seen: [(register: Int, slot: Int)]
    private let decided: [(register: Int, slot: Int)]
    private let outcomes: [(register: Int, outcome: Int)]
    private let kept: LanePointer

    init(_ program: RowProgram, _ variables: DecisionVariables) {
        self.program = program
        registers = program.makeRegisters()
        var (seen, decided): ([(register: Int, slot: Int)], [(register: Int, slot: Int)]) = ([], [])
        var outcomes: [(register: Int, outcome: Int)] = []
        for (register, input) in program.inputs.enumerated() where program.used.contains(input.name) {
            if let slot = variables.slot(input.name) {
                if variables.isDecided(slot) { decided.append((register, slot)) } else { seen.append((register, slot)) }
            } else if let outcome = DecisionLog.outcomeNames.firstIndex(of: input.name) {
                outcomes.append((register, outcome))
            }
        }
        (self.seen, self.decided, self.outcomes) = (seen, decided, outcomes)
        kept = .allocate(capacity: max(1, decided.count))
        kept.initialize(repeating: Lane(repeating: .nan), count: max(1, decided.count))
    }

    deinit { kept.deallocate() }

    /// Keeps what a decision has set.
    func remember(_ history: DecisionLanes, _ lanes: LaneMask) {
        for (index, input) in decided.enumerated() {
            kept[index].replace(with: history.lanes[input.slot], where: lanes)
        }
    }

    /// - Parameter outcomes: what followed in a lane, in the order of `DecisionLog.outcomeNames`.
    func run(_ history: DecisionLanes, _ outcomes: (Int) -> [Double]) -> Lane {
        for (register, slot) in seen { registers.lanes[register] = history.lanes[slot] }
        for (index, input) in decided.enumerated() { registers.lanes[input.register] = kept[index] }
        if !self.outcomes.isEmpty {
            for lane in 0..<laneCount {
                let values = outcomes(lane)
                for (register, outcome) in self.outcomes { registers.lanes[register][lane] = values[outcome] }
            }
        }
        program.run(registers)
        return registers.lanes[program.register(ofOutput: 0)]
    }
}
