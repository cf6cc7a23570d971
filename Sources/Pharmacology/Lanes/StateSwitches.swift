import ModelLanguage
import NumericsCore

/// Which side of its comparisons each lane is on, and whether a step has looked across.
///
/// An outcome is held from one located switch to the next. Where the equations of one side end at a switch, or a lane meets
/// it again and again without sliding, it is live: evaluated at every stage, which leaves the switch to error control.
final class StateSwitches {
    let count: Int
    private let routine: LaneRoutineOwner
    private let outcomes: UnsafeMutablePointer<Int>
    private let registers: LanePointer
    /// Not 0 where an outcome is live.
    private let live: LanePointer
    /// The live outcomes at the first look of the step under way.
    private let first: LanePointer
    /// When a lane last met each switch.
    private let met: LanePointer
    /// The states at the switches that were located in the step under way.
    private let meeting: LanePointer
    /// Lanes of the step under way that looked across a switch they hold, and those whose live ones flipped.
    private(set) var isAcross = LaneMask(repeating: false)
    private var hasFlipped = LaneMask(repeating: false)
    /// Lanes that start anew behind a switch, whose outcomes are right as they are.
    private var isPlaced = LaneMask(repeating: false)
    /// How often the step under way has looked.
    private var looks = 0
    /// Nil where delays leave no derivative of the difference.
    let sliding: SlidingMode?
    /// Nil for a method whose continuous extension costs no more than to doubt.
    private var doubt: SwitchDoubt?

    /// Two meetings of one switch closer than this share of the step leave it to error control.
    private static let tooClose = 1e-9

    init(_ compiled: CompiledSwitches, _ state: LaneState, hasDelays: Bool) {
        count = compiled.registers.count
        routine = LaneRoutineOwner(compiled.program)
        registers = state.registers.lanes
        outcomes = .allocate(capacity: count)
        outcomes.initialize(from: compiled.registers, count: count)
        live = Lanes.allocate(count)
        first = Lanes.allocate(count)
        met = Lanes.allocate(count)
        meeting = Lanes.allocate(state.stateCount)
        sliding = hasDelays ? nil : SlidingMode(compiled, state)
    }

    deinit {
        outcomes.deallocate()
        for pointer in [live, first, met, meeting] { pointer.deallocate() }
    }

    /// Takes note of the stages of explicit steps.
    func watch(_ tableau: ExplicitTableau) {
        guard tableau.allStages > tableau.stages else { return }
        doubt = SwitchDoubt(Array(tableau.nodes[1..<tableau.stages]), switches: count)
    }

    /// Makes ready for new patients in some lanes.
    func clear(_ mask: LaneMask) {
        for index in 0..<count {
            live[index].replace(with: 0, where: mask)
            met[index].replace(with: -.infinity, where: mask)
        }
        isPlaced = isPlaced .& .!mask
        sliding?.clear(mask)
    }

    /// Something has happened to a patient: its outcomes follow from its state anew.
    func interrupt(_ lane: Int) {
        var mask = LaneMask(repeating: false)
        mask[lane] = true
        isPlaced = isPlaced .& .!mask
        sliding?.clear(mask)
    }

    /// Holds what the comparisons are at the states in the registers, in the lanes of `mask`, which start a step anew.
    func hold(_ mask: LaneMask) {
        routine.routine.run(registers)
        for index in 0..<count {
            registers[outcomes[index]].replace(with: outcome(index), where: mask .& .!isPlaced)
            doubt?.begin(mask, difference(index), index)
        }
    }

    // MARK: Looking

    /// Forgets what the step before saw.
    func beginStep() {
        isAcross = LaneMask(repeating: false)
        hasFlipped = isAcross
        looks = 0
    }

    /// Looks at the comparisons at the states in the registers: a stage of a step.
    func look() {
        routine.routine.run(registers)
        for index in 0..<count {
            let isLive = live[index] .!= Lane(repeating: 0)
            let free = sliding.map { $0.slides(along: index) .| isLive } ?? isLive
            isAcross = isAcross .| ((outcome(index) .!= registers[outcomes[index]]) .& .!free)
            if looks == 0 { first[index] = outcome(index) }
            hasFlipped = hasFlipped .| ((outcome(index) .!= first[index]) .& isLive)
            registers[outcomes[index]].replace(with: outcome(index), where: isLive)
            doubt?.note(difference(index), index, look: looks)
        }
        looks += 1
    }

    /// Lanes in which the states in the registers are across a switch that is held.
    func across() -> LaneMask {
        routine.routine.run(registers)
        var found = LaneMask(repeating: false)
        for index in 0..<count { found = found .| flips(index) }
        return found
    }

    /// Where a held outcome differs from that at the states in the registers.
    private func flips(_ index: Int) -> LaneMask {
        let differs = (outcome(index) .!= registers[outcomes[index]]) .& (live[index] .== Lane(repeating: 0))
        return sliding.map { differs .& .!$0.slides(along: index) } ?? differs
    }

    /// Lanes that may have been across between the stages of an explicit step, and after what share of it.
    func doubts() -> (lanes: LaneMask, share: Lane)? {
        guard let doubt else { return nil }
        var lanes = LaneMask(repeating: false)
        var share = Lane(repeating: 0.5)
        for index in 0..<count {
            // Where the outcome is true the difference is below 0.
            let sign = Lane(repeating: 1) - Lane(repeating: 2) * registers[outcomes[index]]
            let closest = doubt.closest(index, sign: sign)
            var isNew = closest.isDoubtful .& .!lanes .& (live[index] .== Lane(repeating: 0))
            if let sliding { isNew = isNew .& .!sliding.slides(along: index) }
            share.replace(with: closest.share, where: isNew)
            lanes = lanes .| isNew
        }
        return (lanes, share)
    }

    // MARK: Meeting

    /// Takes note that the next steps of some lanes start at a switch, with the outcomes that they have.
    func place(_ mask: LaneMask) { isPlaced = isPlaced .| mask }

    /// Lets the outcomes flip that differ at the states in the registers.
    ///
    /// What flips may be slid along: ``SlidingMode/begin()`` decides.
    ///
    /// - Parameter mask: lanes that end their step there, at `time`; the whole step was `h`.
    func flip(_ mask: LaneMask, at time: Lane, step h: Lane) {
        routine.routine.run(registers)
        for index in 0..<count {
            let flips = mask .& self.flips(index)
            let isTooClose = flips .& ((time - met[index]) .<= (h * Lane(repeating: Self.tooClose)))
            live[index].replace(with: 1, where: isTooClose)
            first[index] = Lane(repeating: 0).replacing(with: 1, where: flips .& .!isTooClose)
            met[index].replace(with: time, where: flips)
            registers[outcomes[index]].replace(with: outcome(index), where: flips)
        }
        guard let sliding else { return }
        for lane in LaneSet(mask .& .!sliding.isSliding) {
            guard let leader = (0..<count).first(where: { first[$0][lane] != 0 }), sliding.admits(leader) else {
                continue
            }
            sliding.propose(lane, leader: leader) { first[$0][lane] != 0 }
        }
    }

    /// Makes live what a failed step looked across, where the equations of the side it came from have no value beyond.
    func release(_ mask: LaneMask) {
        let lost = mask .& isAcross
        guard any(lost) else { return }
        for index in 0..<count { live[index].replace(with: 1, where: lost) }
    }

    /// What follows from taken steps: live outcomes of which none has flipped are held again.
    func settle(_ accepted: LaneMask, met: LaneMask) {
        let still = accepted .& .!hasFlipped
        for index in 0..<count { live[index].replace(with: 0, where: still .& .!met) }
        isPlaced = isPlaced .& (.!accepted .| met)
        doubt?.advance(accepted)
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
    @inline(__always)
    private func difference(_ index: Int) -> Lane { registers[routine.routine.place(ofResult: count + index)] }
}
