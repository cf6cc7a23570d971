import ModelLanguage
import NumericsCore

/// Patients whose equations are stiff, while they are.
extension LaneSimulation {
    /// Steps that stability bounds, and not accuracy, mark equations as stiff when they outnumber the others by far.
    func noteStiffness(_ accepted: LaneMask, _ isAtLimit: LaneMask) {
        let fewer = larger(pace.hints - Lane(repeating: 0.25), Lane(repeating: 0))
        let counted = (pace.hints + Lane(repeating: 1)).replacing(with: fewer, where: .!isAtLimit)
        pace.hints.replace(with: counted, where: accepted)
        let turning = accepted .& (pace.hints .>= Lane(repeating: 8)) .& .!isSliding
        if any(turning) { turn(turning) }
    }

    /// Hands over, before their first step, lanes whose rates at the start alone would cost thousands of steps.
    ///
    /// - Returns: Whether there were any; the lanes then begin anew.
    func startsStiff(_ fresh: LaneMask) -> Bool {
        let first = fresh .& (pace.proposed .<= Lane(repeating: 0)) .& .!isSliding
        guard any(first) else { return false }
        equations.loadStates()
        let rate = equations.fastestRate(at: firstMoment)
        let turning = first .& ((rate * (target - time)) .> Lane(repeating: 5000))
        guard any(turning) else { return false }
        turn(turning)
        return true
    }

    /// Hands lanes over to the method for stiff equations.
    func turn(_ turning: LaneMask) {
        equations.materialise(at: time)
        equations.linear?.suspend(turning)
        isStiff = isStiff .| turning
        pace.hints.replace(with: 0, where: turning)
        // What the other method knew of the path is of no use, and what this one knows is of another time.
        firstMoment.replace(with: time, where: turning .& .!pace.isFresh)
        pace.isFresh = pace.isFresh .| turning
    }

    func stepStiffly(_ moving: LaneMask) {
        let unset = moving .& (pace.proposed .<= Lane(repeating: 0))
        if any(unset) {
            explicit.evaluateFirst(at: firstMoment, unset)
            chooseFirstSteps(moving)
        }
        if equations.delayed != nil { expectEchoes(moving) }
        let (h, landing, arrival) = steps(moving)
        expectInputs(moving, step: h)
        let first = time.replacing(with: firstMoment, where: pace.isFresh)
        if hasStateSwitches { equations.switches?.beginStep() }
        stiff.attempt(moving, fresh: pace.isFresh, from: time, first: first, by: h, latest: latest)
        let error = forgiven(stiff.errorNorm(options), moving, step: h)
        var path = StepPath(start: time, step: h, arrival: arrival)
        let accepted = moving .& (error .<= Lane(repeating: 1))
        if any(accepted) {
            if hasStateSwitches { path.isAcross = accepted }
            if needsDense(accepted, path) { stiff.prepareDense() }
            if any(path.isAcross) {
                locateSwitches(&path) { stiff.interpolate(at: $0, into: $1) }
            }
            if let history = equations.delayed?.history { stiff.keep(accepted, from: time, by: h, in: history) }
            locateEvents(accepted, path) { stiff.interpolated($0, lane: $1, at: $2) }
            record(accepted, path) { stiff.interpolate(at: $0, into: $1) }
            if hasStateSwitches { endAtSwitches(path) }
            stiff.commit(accepted)
        }
        finish(moving, accepted, landing, error: error, path, order: stiff.order)
        if options.method == .automatic { noteCalm(accepted, path) }
    }

    /// Starts anew with steps that see the fastest transient which what is read of the past may repeat. A longer step has its
    /// points behind it, and goes on as if it had never been.
    private func expectEchoes(_ moving: LaneMask) {
        let fresh = moving .& pace.isFresh
        guard any(fresh) else { return }
        equations.loadStates()
        let rate = equations.fastestRate(at: firstMoment)
        let longest = Lane(repeating: 0.5) / rate
        pace.proposed.replace(with: longest, where: fresh .& (longest .< pace.proposed))
    }

    /// Ten steps in a row that an explicit pair could have taken as well lead back to it.
    func noteCalm(_ accepted: LaneMask, _ path: StepPath) {
        let isCalm = (path.step * stiff.fastest) .< Lane(repeating: 1)
        let isFar = ((target - time) * stiff.fastest) .> Lane(repeating: 500)
        let counted = (pace.hints + Lane(repeating: 1)).replacing(with: 0, where: .!isCalm .| isFar)
        pace.hints.replace(with: counted, where: accepted)
        let calmed = accepted .& (pace.hints .>= Lane(repeating: 10))
        guard any(calmed) else { return }
        isStiff = isStiff .& .!calmed
        pace.hints.replace(with: 0, where: calmed)
        pace.isFresh = pace.isFresh .| calmed
        firstMoment.replace(with: time, where: calmed)
        equations.linear?.resume(calmed, at: time, state)
    }
}
