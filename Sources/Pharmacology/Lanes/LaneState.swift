import ModelLanguage
import NumericsCore

/// The states of one lane block, and the registers in which its programs run.
///
/// Everything is allocated once, when the block is made; a step allocates nothing.
final class LaneState {
    let stateCount: Int
    let registers: RegisterFile
    /// The state at each lane's own time. Those of the linear part are current after ``LaneEquations/materialise(at:)``.
    let y: LanePointer
    /// The state at the end of the step under trial.
    let yNew: LanePointer
    /// The largest amount that each state has held so far, to which tolerances refer.
    let largest: LanePointer
    /// The largest of them over all states, or what is expected of the first step out of empty compartments.
    let greatest: LanePointer
    /// What inputs alone (one shaped by the last dose, a hazard) will have brought by the end of the first step: what grows
    /// out of nothing has no size yet that a tolerance could refer to.
    private let expected: LanePointer
    /// Infusions: constant input into each state.
    let inputRate: LanePointer
    /// How many infusions run into each state, by lane, so that the last end leaves a rate of exactly 0.
    let infusions: LanePointer
    /// 0 for a compartment that a record has turned off, 1 otherwise.
    let isOn: LanePointer
    /// States into which nothing is infused in any lane, and which are on in all of them, as of ``noteInputs()``.
    let isPlain: UnsafeMutablePointer<Bool>

    init(_ model: SimulationModel) {
        stateCount = model.model.states.count
        registers = RegisterFile(count: model.registerCount)
        registers.load(constants: model.layout)
        y = Lanes.allocate(stateCount)
        yNew = Lanes.allocate(stateCount)
        largest = Lanes.allocate(stateCount)
        greatest = Lanes.allocate(1)
        expected = Lanes.allocate(1)
        inputRate = Lanes.allocate(stateCount)
        infusions = Lanes.allocate(stateCount)
        isOn = Lanes.allocate(stateCount)
        isPlain = .allocate(capacity: max(1, stateCount))
        isPlain.initialize(repeating: false, count: max(1, stateCount))
    }

    deinit {
        for pointer in [y, yNew, largest, greatest, expected, inputRate, infusions, isOn] { pointer.deallocate() }
        isPlain.deallocate()
    }

    func clear() {
        for state in 0..<stateCount {
            inputRate[state] = Lane(repeating: 0)
            infusions[state] = Lane(repeating: 0)
            isOn[state] = Lane(repeating: 1)
            largest[state] = magnitude(y[state])
        }
        expected.pointee = Lane(repeating: 0)
        refreshGreatest()
    }

    /// The same for some lanes.
    func clear(_ mask: LaneMask) {
        for state in 0..<stateCount {
            inputRate[state].replace(with: 0, where: mask)
            infusions[state].replace(with: 0, where: mask)
            isOn[state].replace(with: 1, where: mask)
            largest[state].replace(with: magnitude(y[state]), where: mask)
        }
        expected.pointee.replace(with: 0, where: mask)
        refreshGreatest()
    }

    /// Takes note of how much a state holds in the lanes of `mask`, whose states are at their own times; the others' may be
    /// anywhere, and what they hold there must not count.
    @inline(__always)
    func noteSize(_ i: Int, _ mask: LaneMask) {
        largest[i].replace(with: larger(magnitude(y[i]), largest[i]), where: mask)
    }

    /// Takes note of the states whose derivatives are what the equations say, with nothing infused: inputs stay as they are
    /// within a step, whose derivatives ask for them again and again.
    func noteInputs() {
        for i in 0..<stateCount {
            let isFed = (inputRate[i] .!= Lane(repeating: 0)) .| (isOn[i] .!= Lane(repeating: 1))
            isPlain[i] = !any(isFed)
        }
    }

    /// Takes the largest amount over all states anew.
    func refreshGreatest() {
        var size = expected.pointee
        for state in 0..<stateCount { size = larger(largest[state], size) }
        greatest.pointee = size
    }

    /// The lanes of `mask` whose compartments have never held anything.
    @inline(__always)
    func empty(_ mask: LaneMask) -> LaneMask {
        let suspects = mask .& (greatest.pointee .<= expected.pointee)
        return any(suspects) ? neverFilled(suspects) : suspects
    }

    func neverFilled(_ mask: LaneMask) -> LaneMask {
        var size = Lane(repeating: 0)
        for state in 0..<stateCount { size = larger(largest[state], size) }
        return mask .& (size .== Lane(repeating: 0))
    }

    /// Takes note of what inputs will bring to empty compartments.
    func expect(_ size: Lane, _ mask: LaneMask) {
        let isUsable = mask .& (size .> expected.pointee) .& (size .< Lane(repeating: .infinity))
        expected.pointee.replace(with: size, where: isUsable)
        greatest.pointee.replace(with: size, where: isUsable)
    }
}
