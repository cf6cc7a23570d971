import ModelLanguage
import NumericsCore

/// Which side of its comparisons each lane is on, and whether a step has looked across.
///
/// An outcome is held from one located switch to the next. Where a lane slides along a switch, or the equations of one side
/// end there, it is live: evaluated at every stage, which leaves the switch to error control.
final class StateSwitches {
    let count: Int
    private let routine: LaneRoutineOwner
    private let outcomes: UnsafeMutablePointer<Int>
    private let registers: LanePointer
    /// Not 0 where an outcome is live.
    private let live: LanePointer
    /// When a lane last met each switch.
    private let met: LanePointer
    /// The states at the switches that were located in the step under way.
    private let meeting: LanePointer
    /// Lanes of the step under way that looked across a switch they hold, and those whose live ones flipped.
    private(set) var isAcross = LaneMask(repeating: false)
    private var hasFlipped = LaneMask(repeating: false)

    /// Two meetings of one switch closer than this share of the step count as sliding.
    private static let sliding = 1e-9

    init(_ compiled: CompiledSwitches, _ state: LaneState) {
        count = compiled.registers.count
        routine = LaneRoutineOwner(compiled.program)
        registers = state.registers.lanes
        outcomes = .allocate(capacity: count)
        outcomes.initialize(from: compiled.registers, count: count)
        live = Lanes.allocate(count)
        met = Lanes.allocate(count)
        meeting = Lanes.allocate(state.stateCount)
    }

    deinit {
        outcomes.deallocate()
        for pointer in [live, met, meeting] { pointer.deallocate() }
    }

    /// Makes ready for new patients in some lanes.
    func clear(_ mask: LaneMask) {
        for index in 0..<count {
            live[index].replace(with: 0, where: mask)
            met[index].replace(with: -.infinity, where: mask)
        }
    }

    /// Holds what the comparisons are at the states in the registers, in the lanes of `mask`.
    func hold(_ mask: LaneMask) {
        routine.routine.run(registers)
        for index in 0..<count { registers[outcomes[index]].replace(with: outcome(index), where: mask) }
    }

    /// Forgets what the step before saw.
    func beginStep() {
        isAcross = LaneMask(repeating: false)
        hasFlipped = isAcross
    }

    /// Looks at the comparisons at the states in the registers: a stage, or the end of a step.
    func look() {
        routine.routine.run(registers)
        for index in 0..<count {
            let differs = outcome(index) .!= registers[outcomes[index]]
            let isLive = live[index] .!= Lane(repeating: 0)
            isAcross = isAcross .| (differs .& .!isLive)
            hasFlipped = hasFlipped .| (differs .& isLive)
            registers[outcomes[index]].replace(with: outcome(index), where: isLive)
        }
    }

    /// Lanes in which the states in the registers are across a switch that is held.
    func across() -> LaneMask {
        routine.routine.run(registers)
        var found = LaneMask(repeating: false)
        for index in 0..<count {
            let differs = outcome(index) .!= registers[outcomes[index]]
            found = found .| (differs .& (live[index] .== Lane(repeating: 0)))
        }
        return found
    }

    /// Lets the outcomes flip that differ at the states in the registers.
    ///
    /// - Parameters:
    ///   - mask: lanes that end their step there, at `time`; the whole step was `h`.
    func flip(_ mask: LaneMask, at time: Lane, step h: Lane) {
        routine.routine.run(registers)
        for index in 0..<count {
            let flips = mask .& (outcome(index) .!= registers[outcomes[index]])
            let isSliding = flips .& ((time - met[index]) .<= (h * Lane(repeating: Self.sliding)))
            live[index].replace(with: 1, where: isSliding)
            met[index].replace(with: time, where: flips)
            registers[outcomes[index]].replace(with: outcome(index), where: flips)
        }
    }

    /// Makes live what a failed step looked across, where the equations of the side it came from have no value beyond.
    func release(_ mask: LaneMask) {
        let lost = mask .& isAcross
        guard any(lost) else { return }
        for index in 0..<count { live[index].replace(with: 1, where: lost) }
    }

    /// Holds live outcomes again after a step in which none flipped.
    func settle(_ accepted: LaneMask) {
        let still = accepted .& .!hasFlipped
        for index in 0..<count { live[index].replace(with: 0, where: still) }
    }

    /// Keeps the states in the registers as those at the switches, and gives them to the end of the step.
    func keepMeeting(_ mask: LaneMask, from states: LanePointer, stateCount: Int) {
        for i in 0..<stateCount { meeting[i].replace(with: states[i], where: mask) }
    }

    func meet(_ mask: LaneMask, _ yNew: LanePointer, stateCount: Int) {
        for i in 0..<stateCount { yNew[i].replace(with: meeting[i], where: mask) }
    }

    @inline(__always)
    private func outcome(_ index: Int) -> Lane { registers[routine.routine.place(ofResult: index)] }
}
