import ModelLanguage
import NumericsCore

/// Evaluates what equations read of their own past, in sixteen lanes.
final class DelayedValues {
    private let compiled: CompiledDelays
    private let layout: RegisterLayout
    private let state: LaneState
    let history: LaneHistory
    /// Registers of the past, one file for each depth of delays that read delays.
    private var files: [LanePointer] = []
    private let registerCount: Int

    init(_ compiled: CompiledDelays, _ model: SimulationModel, _ state: LaneState, terms: Int) {
        self.compiled = compiled
        self.state = state
        layout = model.layout
        registerCount = max(model.registerCount, compiled.registerCount)
        history = LaneHistory(states: state.stateCount, terms: terms)
    }

    /// Puts the delayed values into the registers, as the equations at `time` read them.
    func evaluate(at time: Lane) {
        for slot in compiled.slots.indices {
            evaluate(slot, at: time, registers: state.registers.lanes, depth: 0)
        }
    }

    private func evaluate(_ index: Int, at time: Lane, registers: LanePointer, depth: Int) {
        let slot = compiled.slots[index]
        slot.lag.run(registers)
        let past = time - registers[Int(slot.lag.results[0])]
        let file = file(depth)
        // What does not change with time is the same in the past.
        file.update(from: registers, count: layout.count)
        history.read(at: past, into: file + layout.firstState)
        file[layout.time] = past
        for read in slot.reads { evaluate(read, at: past, registers: file, depth: depth + 1) }
        slot.value.run(file)
        registers[slot.register] = file[Int(slot.value.results[0])]
    }

    private func file(_ depth: Int) -> LanePointer {
        while files.count <= depth { files.append(Lanes.allocate(registerCount)) }
        return files[depth]
    }

    deinit { for pointer in files { pointer.deallocate() } }

    /// The longest step that reads nothing of itself: the shortest lag, where it is fixed; infinite otherwise.
    func longestStep() -> Lane {
        var longest = Lane(repeating: .infinity)
        for slot in compiled.slots {
            guard let register = slot.fixedLag else { continue }
            let lag = state.registers.lanes[register]
            longest = smaller(lag.replacing(with: .infinity, where: lag .<= Lane(repeating: 0)), longest)
        }
        return longest
    }

    /// When what happens now is seen through the delays: the times at which the equations bend, nearest orders only.
    func echoes(of time: Double, lane: Int) -> [Double] {
        compiled.slots.compactMap(\.fixedLag).flatMap { register -> [Double] in
            let lag = state.registers.lanes[register][lane]
            return lag > 0 ? (1...4).map { time + Double($0) * lag } : []
        }
    }
}
