import ModelLanguage
import NumericsCore

/// The memory of one lane block: states, derivatives of the seven stages, input rates, and the register file.
///
/// Everything is allocated once, when the block is made; a step allocates nothing.
final class LaneState {
    let stateCount: Int
    let registers: RegisterFile
    /// The state at each lane's own time.
    let y: LanePointer
    /// The state at the end of the step under trial.
    let yNew: LanePointer
    /// Derivatives: `k[stage * stateCount + state]`.
    let k: LanePointer
    /// Infusions: constant input into each state.
    let inputRate: LanePointer
    /// How many infusions run into each state, by lane, so that the last end leaves a rate of exactly 0.
    let infusions: LanePointer

    init(_ model: SimulationModel) {
        stateCount = model.model.states.count
        registers = RegisterFile(count: model.registerCount)
        registers.load(constants: model.layout)
        y = LaneState.lanes(stateCount)
        yNew = LaneState.lanes(stateCount)
        k = LaneState.lanes(stateCount * DormandPrince5.stages)
        inputRate = LaneState.lanes(stateCount)
        infusions = LaneState.lanes(stateCount)
    }

    deinit {
        for pointer in [y, yNew, k, inputRate, infusions] { pointer.deallocate() }
    }

    private static func lanes(_ count: Int) -> LanePointer {
        let pointer = LanePointer.allocate(capacity: max(1, count))
        pointer.initialize(repeating: Lane(repeating: 0), count: max(1, count))
        return pointer
    }

    func clear() {
        for state in 0..<stateCount {
            inputRate[state] = Lane(repeating: 0)
            infusions[state] = Lane(repeating: 0)
        }
    }
}
