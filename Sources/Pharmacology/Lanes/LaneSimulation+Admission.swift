import ModelLanguage
import NumericsCore

/// Patients who come and go, and whose inputs change between two advances: what an environment needs of a block.
///
/// As everywhere, what happens in a lane depends on that lane alone: neither who comes in beside it nor whose input changes
/// moves a bit of its numbers.
extension LaneSimulation {
    /// Makes the block ready for ``admit(_:at:)``: nobody is in a lane.
    package func clear() {
        begin(at: Lane(repeating: 0), lanes: 0..<0)
        recorded = nil
        isQueueing = false
    }

    /// Starts new patients in the lanes of a mask, from the inputs that ``setInput(_:lane:to:)`` gave them. Whoever was there
    /// before is forgotten; the other lanes stay where they are.
    package func admit(_ lanes: LaneMask, at start: Double) {
        recorded = nil
        for lane in LaneSet(lanes) {
            takeSeat(lane, from: start, to: start)
            timelines[lane].clear()
            nextEvent[lane] = .infinity
        }
        self.start(lanes)
    }

    /// The values of an input.
    package func input(_ slot: Int) -> Lane { state.registers.lanes[slot] }

    /// Gives an input its values in some lanes. Call ``renew(_:)`` when all are set.
    package func setInput(_ slot: Int, to values: Lane, _ lanes: LaneMask) {
        state.registers.lanes[slot].replace(with: values, where: lanes)
    }

    /// Lets the inputs that ``setInput(_:lane:to:)`` has changed act from the lanes' present times on.
    package func renew(_ lanes: LaneMask) {
        let changed = lanes .& isAlive
        guard any(changed) else { return }
        renewInputs(changed)
        interrupt(changed)
    }

    /// Sets what a compartment holds in some lanes at their present times. Call ``renew(_:)`` when all are set.
    package func setAmount(inState index: Int, to amounts: Lane, _ lanes: LaneMask) {
        state.y[index].replace(with: amounts, where: lanes .& isAlive)
    }

    /// Advances every lane to a time of its own, which is not before its present one.
    package func advance(to target: Lane) { advance(to: target, recorded: nil) }

    /// The lanes that take part: admitted, neither retired nor failed.
    package var active: LaneMask { isAlive }

    /// Starts the next step of some lanes from a new state or new equations.
    private func interrupt(_ lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            pace.interrupt(lane: lane)
            equations.switches?.interrupt(lane)
            nextEvent[lane] = timelines[lane].next
            latest[lane] = latestMoment(lane)
        }
        firstMoment.replace(with: time, where: lanes)
        for i in 0..<state.stateCount { state.noteSize(i, lanes) }
        state.refreshGreatest()
        equations.linear?.restart(lanes, at: time, state)
    }
}
