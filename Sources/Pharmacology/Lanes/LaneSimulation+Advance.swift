import ModelLanguage
import NumericsCore

extension LaneSimulation {
    /// Advances lanes to `target`, with the path recorded at `samples` (growing, each after the present time and not after
    /// the target).
    ///
    /// - Parameters:
    ///   - recorded: `recorded[sample * outputs + output]` receives the reported outputs; NaN where a patient did not get so
    ///     far, and in lanes that stay.
    ///   - lanes: who is advanced; the others stay where they are.
    package func advance(
        to target: Double, samples times: [Double] = [], recorded: LanePointer? = nil,
        in lanes: LaneMask = LaneMask(repeating: true)
    ) {
        samples.load(times, isAlive .& lanes, after: time)
        if let recorded {
            recorded.update(repeating: Lane(repeating: .nan), count: times.count * outputCount)
        }
        advance(to: time.replacing(with: target, where: lanes), recorded: recorded)
        samples.clear()
    }

    /// Advances every lane to a time of its own.
    func advance(to target: Lane, recorded: LanePointer?) {
        self.target = target
        self.recorded = recorded
        isQueueing = false
        pace.steps = Lane(repeating: 0)
        settle(isAlive)
        while step() {}
    }

    /// One step of every lane that has not reached its stop: the cycle that moves patients.
    ///
    /// - Returns: Whether there was one.
    func step() -> Bool {
        let isMoving = isAlive .& (time .< stop)
        guard any(isMoving) else { return false }
        if equations.isLinear {
            if all(isMoving) { glide() }
            leap(isMoving)
        } else {
            state.noteInputs()
            if hasStateSwitches { hold(isMoving) }
            // Settled before anybody steps: who turns stiff at the end of a step has had it, and may have arrived.
            let stiffly = isMoving .& isStiff
            var explicitly = isMoving .& .!isStiff
            if let cascade {
                let driven = explicitly .& equations.followsExactPath
                if any(driven) { stepDriven(driven, cascade) }
                explicitly = explicitly .& .!driven
            }
            if any(explicitly) { stepExplicitly(explicitly) }
            if any(stiffly) { stepStiffly(stiffly) }
        }
        let arrived = isMoving .& isAlive .& (time .>= stop)
        if any(arrived) { settle(arrived) }
        return true
    }

    /// What happens where lanes have stopped: samples, doses, changes; then where they stop next.
    func settle(_ mask: LaneMask) {
        var here = mask
        while true {
            equations.materialise(at: time)
            failWhereNotFinite(here)
            if options.observation == .before { recordHere(here) }
            let due = here .& isAlive .& (nextEvent .<= time)
            if any(due) {
                applyWhatIsDue(due)
                pace.steps.replace(with: 0, where: due)
            }
            if options.observation == .after { recordHere(here) }
            // What is due a rounding error later (a covariate's next value, which holds from right after this time) needs no
            // step, which could be too short for one.
            let rounding = magnitude(time) * Lane(repeating: 0x1p-52) + Lane(repeating: 1e-300)
            let isImminent = (nextEvent .> time) .& (nextEvent .<= target) .& ((nextEvent - time) .<= rounding)
            here = here .& isAlive .& isImminent
            guard any(here) else { break }
            time.replace(with: nextEvent, where: here)
        }
        stop.replace(with: nextStop, where: mask)
    }

    /// Where each lane stops next.
    private var nextStop: Lane {
        let next = smaller(nextEvent, target)
        return equations.isLinear ? smaller(samples.next, next) : next
    }

    /// 0 where a lane's states are numbers.
    private var finiteness: Lane {
        var check = Lane(repeating: 0)
        for i in 0..<state.stateCount { check += state.y[i] * Lane(repeating: 0) }
        return check
    }

    private func failWhereNotFinite(_ mask: LaneMask) {
        let broken = mask .& isAlive .& (finiteness .!= Lane(repeating: 0))
        guard any(broken) else { return }
        for lane in LaneSet(broken) { fail(lane, .notFinite) }
    }

    /// A move of the purely linear model: exact over any time.
    private func leap(_ moving: LaneMask) {
        let next = time.replacing(with: stop, where: moving)
        equations.linear?.advance(to: next, into: state.y)
        time = next
    }

    /// Moves all lanes of the purely linear model from sample to sample as long as nothing else happens: what
    /// ``step()`` would do, without asking at each sample what else is due.
    private func glide() {
        guard recorded != nil, let linear = equations.linear else { return }
        while all(samples.next .< smaller(nextEvent, target)) {
            linear.advance(to: samples.next, into: state.y)
            time = samples.next
            // Whoever has no number any more is left to the stop.
            guard all(finiteness .== Lane(repeating: 0)) else { break }
            equations.loadStates()
            equations.report(at: time)
            keep(LaneMask(repeating: true))
        }
        stop = nextStop
    }

    // MARK: One explicit step

    private func stepExplicitly(_ moving: LaneMask) {
        let fresh = pace.isFresh .& moving
        if any(fresh) {
            if mayTurnStiff, startsStiff(fresh) { return }
            explicit.evaluateFirst(at: firstMoment.replacing(with: time, where: .!fresh), fresh)
            chooseFirstSteps(moving)
        }
        let (h, landing, arrival) = steps(moving)
        expectInputs(moving, step: h)
        let takesAll = any(moving .& .!equations.solvedApart)
        if hasStateSwitches { equations.switches?.beginStep() }
        explicit.attempt(from: time, by: h, arrivingAt: arrival, latest: latest, takesAll: takesAll)
        let error = forgiven(explicit.errorNorm(step: h, options), moving, step: h)
        let accepted = moving .& (error .<= Lane(repeating: 1))
        var isAtLimit = LaneMask(repeating: false)
        var path = StepPath(start: time, step: h, arrival: arrival)
        if any(accepted) {
            if hasStateSwitches { path.isAcross = acrossSwitches(accepted, &path) }
            if needsDense(accepted, path) { explicit.prepareDense(from: time, by: h, latest: latest) }
            if any(path.isAcross) {
                locateSwitches(&path) { explicit.interpolate(at: $0, into: $1) }
            }
            if let history = equations.delayed?.history { explicit.keep(accepted, from: time, by: h, in: history) }
            locateEvents(accepted, path) { explicit.interpolated($0, lane: $1, at: $2) }
            record(accepted, path) { explicit.interpolate(at: $0, into: $1) }
            isAtLimit = explicit.isAtStabilityLimit(step: h)
            if hasStateSwitches { endAtSwitches(path) }
            explicit.commit(accepted)
        }
        finish(moving, accepted, landing, error: error, path, order: explicit.tableau.order)
        if mayTurnStiff { noteStiffness(accepted, isAtLimit) }
    }

    // MARK: One step of a cascade

    private func stepDriven(_ moving: LaneMask, _ cascade: CascadeStep) {
        let unset = moving .& (pace.proposed .<= Lane(repeating: 0))
        if any(unset) { pace.proposed.replace(with: (stop - time) * Lane(repeating: 1.0 / 16), where: unset) }
        let (h, landing, arrival) = steps(moving)
        expectInputs(moving, step: h)
        cascade.attempt(from: time, by: h, arrivingAt: arrival, latest: latest)
        let error = forgiven(cascade.errorNorm(options), moving, step: h)
        let accepted = moving .& (error .<= Lane(repeating: 1))
        let path = StepPath(start: time, step: h, arrival: arrival)
        if any(accepted) {
            locateEvents(accepted, path) { cascade.interpolated($0, lane: $1, at: $2) }
            record(accepted, path) { cascade.interpolate(at: $0, into: $1) }
            cascade.commit(accepted)
        }
        finish(moving, accepted, landing, error: error, path, order: CascadeStep.order)
    }

    /// Steps and where they lead: a step that almost reaches the stop reaches it.
    func steps(_ moving: LaneMask) -> (step: Lane, landing: LaneMask, arrival: Lane) {
        let remaining = stop - time
        if let delayed = equations.delayed { pace.proposed = smaller(pace.proposed, delayed.longestStep()) }
        let landing = pace.proposed .>= remaining * Lane(repeating: 1 - 1e-9)
        var h = pace.proposed.replacing(with: remaining, where: landing)
        h.replace(with: 0, where: .!moving)
        let arrival = (time + h).replacing(with: stop, where: landing .& moving)
        return (h, landing, arrival)
    }

    /// The clock, the pace, and the lanes that cannot go on.
    func finish(
        _ moving: LaneMask, _ accepted: LaneMask, _ landing: LaneMask, error: Lane, _ path: StepPath, order: Int
    ) {
        let h = path.step
        pace.control(moving, accepted: accepted, landing: landing, error: error, step: h, order: order)
        time.replace(with: path.arrival, where: accepted)
        if hasStateSwitches { follow(moving, accepted, error, path) }
        let stuck = moving .& .!accepted .& (h .<= shortest)
        let endless = moving .& (pace.steps .>= Lane(repeating: Double(options.maximumSteps)))
        guard any(stuck .| endless) else { return }
        for lane in LaneSet(stuck .| endless) {
            fail(lane, stuck[lane] ? (error[lane].isFinite ? .stepTooSmall : .notFinite) : .tooManySteps)
        }
    }
}

/// The step under way: from where, how long, to where.
struct StepPath {
    var start: Lane
    var step: Lane
    var arrival: Lane
    /// Lanes that may end the step earlier, where their equations switch, and after what share of it they do.
    var isAcross = LaneMask(repeating: false)
    var reach = Lane(repeating: 1)
    /// Where in the step they are closest to a switch, unless they are across it elsewhere.
    var doubt = Lane(repeating: 0.5)
}
