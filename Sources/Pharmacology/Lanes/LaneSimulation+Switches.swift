import ModelLanguage
import NumericsCore

/// Switches of the equations that the state brings about: a step ends where it meets one.
extension LaneSimulation {
    /// Lanes that slide along a switch.
    var isSliding: LaneMask {
        hasStateSwitches
            ? equations.switches?.sliding?.isSliding ?? LaneMask(repeating: false) : LaneMask(repeating: false)
    }

    /// The places of an accepted step, evenly spaced, at which the comparisons are looked at where they may flip.
    private static let looks = 16
    /// Halvings of the distance between two of them: 2⁻⁴⁴ of the step is 6e-14.
    private static let halvings = 40

    /// Holds, in lanes whose step starts anew, the outcomes of the comparisons at their present states.
    func hold(_ moving: LaneMask) {
        let fresh = moving .& pace.isFresh
        guard let switches = equations.switches, any(fresh) else { return }
        equations.loadStates()
        equations.loadSurroundings(at: firstMoment.replacing(with: time, where: .!fresh))
        switches.hold(fresh)
    }

    /// Accepted lanes of an explicit step that may have been across a switch: a stage or the end was, or the way between the
    /// stages is in doubt.
    func acrossSwitches(_ accepted: LaneMask, _ path: inout StepPath) -> LaneMask {
        guard let switches = equations.switches else { return LaneMask(repeating: false) }
        var found = switches.isAcross .| isSliding .| isAcrossAtEnd(switches, path)
        if let doubts = switches.doubts() {
            found = found .| doubts.lanes
            path.doubt = doubts.share
        } else {
            found = LaneMask(repeating: true)
        }
        return accepted .& found
    }

    private func isAcrossAtEnd(_ switches: StateSwitches, _ path: StepPath) -> LaneMask {
        let registers = state.registers.lanes + equations.firstState
        for i in 0..<state.stateCount { registers[i] = state.yNew[i] }
        return isAcross(switches, at: smaller(path.arrival, latest))
    }

    /// Lanes whose states in the registers, at `time`, are across a switch, or have left one along which they slide.
    private func isAcross(_ switches: StateSwitches, at time: Lane) -> LaneMask {
        equations.loadSurroundings(at: time)
        let across = switches.across()
        guard let sliding = switches.sliding, any(sliding.isSliding) else { return across }
        equations.weighSides(sliding, at: time)
        return across .| sliding.hasLeft()
    }

    /// The same after a share of the step.
    private func isAcross(
        _ switches: StateSwitches, after share: Lane, _ path: StepPath,
        _ interpolate: (_ fraction: Lane, _ target: LanePointer) -> Void
    ) -> LaneMask {
        interpolate(share, state.registers.lanes + equations.firstState)
        return isAcross(switches, at: smaller(path.start + share * path.step, latest))
    }

    /// Finds where lanes that have looked across a switch first meet it, by bisection on the continuous extension, and lets
    /// their step end there, on the far side.
    func locateSwitches(
        _ path: inout StepPath, interpolate: (_ fraction: Lane, _ target: LanePointer) -> Void
    ) {
        guard let switches = equations.switches else { return }
        let looking = path.isAcross
        let endsAcross = isAcrossAtEnd(switches, path)
        var near = Lane(repeating: 0)
        var far = Lane(repeating: 2)
        far.replace(with: path.doubt, where: looking .& isAcross(switches, after: path.doubt, path, interpolate))
        var isOpen = looking
        for look in 1...Self.looks {
            let share = Lane(repeating: Double(look) / Double(Self.looks))
            isOpen = isOpen .& (share .< far)
            guard any(isOpen) else { break }
            let isAcross = look < Self.looks ? isAcross(switches, after: share, path, interpolate) : endsAcross
            far.replace(with: share, where: isOpen .& isAcross)
            isOpen = isOpen .& .!isAcross
            near.replace(with: share, where: isOpen)
        }
        let met = looking .& (far .< Lane(repeating: 2))
        path.isAcross = met
        guard any(met) else { return }
        for _ in 0..<Self.halvings {
            let middle = Lane(repeating: 0.5) * (near + far)
            let isAcross = isAcross(switches, after: middle, path, interpolate)
            far.replace(with: middle, where: met .& isAcross)
            near.replace(with: middle, where: met .& .!isAcross)
        }
        end(met, at: far, &path, switches, interpolate)
    }

    /// Ends the step of some lanes after a share of it.
    private func end(
        _ met: LaneMask, at share: Lane, _ path: inout StepPath, _ switches: StateSwitches,
        _ interpolate: (_ fraction: Lane, _ target: LanePointer) -> Void
    ) {
        let registers = state.registers.lanes + equations.firstState
        interpolate(share.replacing(with: 0, where: .!met), registers)
        // Across at the very end, the step stays as it is.
        let isWhole = share .>= Lane(repeating: 1)
        for i in 0..<state.stateCount { registers[i].replace(with: state.yNew[i], where: isWhole) }
        let moment = (path.start + share * path.step).replacing(with: path.arrival, where: isWhole)
        path.reach.replace(with: share, where: met)
        path.arrival.replace(with: moment, where: met)
        switches.keepMeeting(met, from: registers, stateCount: state.stateCount)
        let here = smaller(moment, latest)
        equations.loadSurroundings(at: here)
        var flipping = met
        if let sliding = switches.sliding, any(sliding.isSliding) {
            equations.weighSides(sliding, at: here)
            let leaving = met .& sliding.hasLeft()
            sliding.end(leaving)
            // The side is known; the state has it only to rounding.
            flipping = met .& .!leaving
        }
        switches.place(met)
        switches.flip(flipping, at: moment, step: path.step)
        guard let sliding = switches.sliding else { return }
        equations.weighSides(sliding, at: here)
        sliding.begin()
    }

    /// Lets the steps that meet a switch end with the states there.
    func endAtSwitches(_ path: StepPath) {
        guard let switches = equations.switches, any(path.isAcross) else { return }
        switches.meet(path.isAcross, state.yNew, stateCount: state.stateCount)
    }

    /// Lanes that slide are taken by the explicit pair: the Jacobian knows nothing of the mixture of both sides.
    private func chooseMethod(_ met: LaneMask) {
        let begun = met .& isStiff .& isSliding
        if any(begun) {
            isStiff = isStiff .& .!begun
            pace.hints.replace(with: 0, where: begun)
            equations.linear?.resume(begun, at: time, state)
        }
        if isAlwaysStiff { isStiff = isStiff .| (met .& .!isSliding) }
    }

    /// What follows from a step: lanes that have met a switch start anew behind it.
    func follow(
        _ moving: LaneMask, _ accepted: LaneMask, _ error: Lane, _ path: StepPath
    ) {
        guard let switches = equations.switches else { return }
        let met = accepted .& path.isAcross
        switches.settle(accepted, met: met)
        switches.release(moving .& .!accepted .& (error .!= error))
        guard any(met) else { return }
        for lane in LaneSet(met) {
            pace.interrupt(lane: lane)
            firstMoment[lane] = time[lane]
            locatedSwitches?[lane].append(time[lane])
        }
        if equations.delayed != nil { setSwitches(met) }
        chooseMethod(met)
    }
}
