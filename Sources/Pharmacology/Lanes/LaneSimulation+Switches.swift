import ModelLanguage
import NumericsCore

/// Switches of the equations that the state brings about: a step ends where it meets one.
extension LaneSimulation {
    /// The places of an accepted step, evenly spaced, at which the comparisons are looked at when a stage was across one.
    private static let looks = 8
    /// Halvings of the distance between two of them: 2⁻⁴⁴ of the step is 6e-14.
    private static let halvings = 41

    /// Holds, in lanes whose step starts anew, the outcomes of the comparisons at their present states.
    func hold(_ switches: StateSwitches, _ moving: LaneMask) {
        let fresh = moving .& pace.isFresh
        guard any(fresh) else { return }
        equations.loadStates()
        equations.loadSurroundings(at: firstMoment.replacing(with: time, where: .!fresh))
        switches.hold(fresh)
    }

    /// Accepted lanes of which a stage, or the end of the step, was across a switch.
    func acrossSwitches(_ accepted: LaneMask, _ path: StepPath) -> LaneMask {
        guard let switches = equations.switches else { return LaneMask(repeating: false) }
        return accepted .& (switches.isAcross .| isAcrossAtEnd(switches, path))
    }

    private func isAcrossAtEnd(_ switches: StateSwitches, _ path: StepPath) -> LaneMask {
        let registers = state.registers.lanes + equations.firstState
        for i in 0..<state.stateCount { registers[i] = state.yNew[i] }
        equations.loadSurroundings(at: smaller(path.arrival, latest))
        return switches.across()
    }

    /// Finds where lanes that have looked across a switch first meet it, by bisection on the continuous extension, and lets
    /// their step end there, on the far side.
    func locateSwitches(_ path: inout StepPath, interpolate: (_ fraction: Lane, _ target: LanePointer) -> Void) {
        guard let switches = equations.switches else { return }
        let looking = path.isAcross
        let endsAcross = isAcrossAtEnd(switches, path)
        var near = Lane(repeating: 0)
        var far = near
        var met = LaneMask(repeating: false)
        for look in 1...Self.looks {
            let fraction = Lane(repeating: Double(look) / Double(Self.looks))
            var isAcross = endsAcross
            if look < Self.looks {
                load(fraction, path, interpolate)
                isAcross = switches.across()
            }
            let isNew = looking .& isAcross .& .!met
            far.replace(with: fraction, where: isNew)
            met = met .| isNew
            near.replace(with: fraction, where: looking .& .!met)
            if all(met .| .!looking) { break }
        }
        path.isAcross = met
        guard any(met) else { return }
        for _ in 0..<Self.halvings {
            let middle = Lane(repeating: 0.5) * (near + far)
            load(middle, path, interpolate)
            let isAcross = switches.across()
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
        load(share.replacing(with: 0, where: .!met), path, interpolate)
        // Across at the very end, the step stays as it is.
        let isWhole = share .>= Lane(repeating: 1)
        for i in 0..<state.stateCount { registers[i].replace(with: state.yNew[i], where: isWhole) }
        let moment = (path.start + share * path.step).replacing(with: path.arrival, where: isWhole)
        path.reach.replace(with: share, where: met)
        path.arrival.replace(with: moment, where: met)
        switches.keepMeeting(met, from: registers, stateCount: state.stateCount)
        equations.loadSurroundings(at: smaller(moment, latest))
        switches.flip(met, at: moment, step: path.step)
    }

    /// Puts the states after a share of the step into the registers.
    private func load(
        _ share: Lane, _ path: StepPath, _ interpolate: (_ fraction: Lane, _ target: LanePointer) -> Void
    ) {
        interpolate(share, state.registers.lanes + equations.firstState)
        equations.loadSurroundings(at: smaller(path.start + share * path.step, latest))
    }

    /// Lets the steps that meet a switch end with the states there.
    func endAtSwitches(_ path: StepPath) {
        guard let switches = equations.switches, any(path.isAcross) else { return }
        switches.meet(path.isAcross, state.yNew, stateCount: state.stateCount)
    }

    /// What follows from a step: lanes that have met a switch start anew behind it.
    func follow(
        _ switches: StateSwitches, _ moving: LaneMask, _ accepted: LaneMask, _ error: Lane, _ path: StepPath
    ) {
        switches.settle(accepted)
        switches.release(moving .& .!accepted .& (error .!= error))
        let met = accepted .& path.isAcross
        guard any(met) else { return }
        for lane in 0..<laneCount where met[lane] {
            pace.interrupt(lane: lane)
            firstMoment[lane] = time[lane]
            locatedSwitches?[lane].append(time[lane])
        }
        if equations.delayed != nil { setSwitches(met) }
    }
}
