import ModelLanguage
import NumericsCore

/// Sixteen patients under treatment, each with their own time, step, doses and fate.
///
/// Lanes share instructions and nothing else: what one patient does never changes a bit of another's numbers. A block
/// belongs to one worker; ``begin(at:)`` makes it ready for the next sixteen patients without allocating.
package final class LaneSimulation {
    package let model: SimulationModel
    private let options: SolverOptions
    private let state: LaneState
    private let step: LaneStep

    /// Each lane's own time.
    package private(set) var time = Lane(repeating: 0)
    /// The step that the error control proposes next.
    private var proposed = Lane(repeating: 0)
    /// The first step taken after the latest dose: where the next one starts.
    private var afterDose = Lane(repeating: .infinity)
    private var isFresh = LaneMask(repeating: true)
    private var stepCount = Lane(repeating: 0)
    /// Lanes that take part: loaded, not retired, not failed.
    private var isAlive = LaneMask(repeating: false)
    package private(set) var failures = [SolverFailure?](repeating: nil, count: laneCount)
    private var queues = [EventQueue](repeating: EventQueue(), count: laneCount)
    private var needsDerivative = true
    private var bioavailability: [Lane]
    private var lags: [Lane]

    /// For each event of the model: the threshold on its cumulative hazard, and the time at which it was crossed.
    private var thresholds: [Lane]
    package private(set) var eventTimes: [Lane]

    package init(_ model: SimulationModel, options: SolverOptions = SolverOptions()) {
        self.model = model
        self.options = options
        state = LaneState(model)
        step = LaneStep(model, state)
        thresholds = Array(repeating: Lane(repeating: .infinity), count: model.model.events.count)
        eventTimes = thresholds
        bioavailability = Array(repeating: Lane(repeating: 1), count: model.model.states.count)
        lags = bioavailability
    }

    // MARK: Setting up

    /// Gives one input of one patient its value. Call ``begin(at:)`` when all are set.
    package func setInput(_ slot: Int, lane: Int, to value: Double) { state.registers.lanes[slot][lane] = value }

    /// The event happens when its cumulative hazard reaches this (a unit exponential draw).
    package func setThreshold(event: Int, lane: Int, to value: Double) { thresholds[event][lane] = value }

    /// Starts all lanes in `lanes` at a time, in their models' initial state.
    package func begin(at start: Double, lanes: Range<Int>) {
        let registers = state.registers.lanes
        time = Lane(repeating: start)
        registers[model.layout.time] = time
        for i in 0..<state.stateCount { registers[model.layout.firstState + i] = Lane(repeating: 0) }
        model.individual.run(registers)
        model.beginning.run(registers)
        let n = state.stateCount
        for i in 0..<n {
            state.y[i] = registers[Int(model.beginning.results[i])]
            bioavailability[i] = registers[Int(model.beginning.results[n + i])]
            lags[i] = registers[Int(model.beginning.results[2 * n + i])]
        }
        state.clear()
        isAlive = LaneMask(repeating: false)
        for lane in lanes { isAlive[lane] = true }
        for lane in 0..<laneCount {
            queues[lane].removeAll()
            failures[lane] = nil
        }
        for event in eventTimes.indices { eventTimes[event] = Lane(repeating: .infinity) }
        proposed = Lane(repeating: 0)
        afterDose = Lane(repeating: .infinity)
        isFresh = LaneMask(repeating: true)
        needsDerivative = true
        // An infinite amount would pass the error control, since any error is small beside it.
        for i in 0..<n {
            for lane in lanes where !state.y[i][lane].isFinite { fail(lane, .notFinite) }
        }
    }

    /// Gives a dose to one patient, at the present time or later.
    ///
    /// A dose that cannot be given (``Dose/events(bioavailability:lag:after:)`` says which) ends the patient's simulation
    /// with ``SolverFailure/unusableDose``: leaving it out or shifting it would give a wrong path in silence.
    package func give(_ dose: Dose, lane: Int) {
        guard isAlive[lane] else { return }
        guard bioavailability.indices.contains(dose.compartment),
            let (start, end) = dose.events(
                bioavailability: bioavailability[dose.compartment][lane], lag: lags[dose.compartment][lane],
                after: time[lane])
        else { return fail(lane, .unusableDose) }
        queues[lane].insert(start)
        if let end { queues[lane].insert(end) }
    }

    /// Takes a patient out: the lane idles from now on.
    package func retire(lane: Int) { isAlive[lane] = false }

    package func isActive(lane: Int) -> Bool { isAlive[lane] }

    // MARK: Advancing

    /// Advances every lane to `target`, with the path recorded at `samples` (growing, each after the present time and
    /// not after the target). A sample at the time of a dose sees the state before it.
    ///
    /// - Parameter recorded: `recorded[sample * outputs + output]` receives the reported outputs; NaN where a patient did
    ///   not get so far.
    package func advance(to target: Double, samples: [Double] = [], recorded: LanePointer? = nil) {
        var cursor = SIMD16<Int32>(repeating: 0)
        stepCount = Lane(repeating: 0)
        var stop = Lane(repeating: target)
        if let recorded {
            recorded.update(repeating: Lane(repeating: .nan), count: samples.count * model.outputs.count)
        }
        for lane in 0..<laneCount where isAlive[lane] { stop[lane] = applyEvents(lane: lane, target: target) }
        while true {
            let isMoving = isAlive .& (time .< stop)
            guard any(isMoving) else { break }
            if needsDerivative {
                step.evaluateFirst(at: time)
                chooseFirstSteps()
                needsDerivative = false
            }
            let remaining = stop - time
            let lands = proposed .>= remaining * Lane(repeating: 1 - 1e-9)
            var h = proposed.replacing(with: remaining, where: lands)
            h.replace(with: 0, where: .!isMoving)
            let arrival = (time + h).replacing(with: stop, where: lands)
            step.attempt(from: time, by: h, arrivingAt: arrival)
            let error = step.errorNorm(step: h, options)
            let isAccepted = isMoving .& (error .<= Lane(repeating: 1))
            if any(isAccepted) {
                locateEvents(isAccepted, step: h)
                if !samples.isEmpty, let recorded {
                    record(samples, &cursor, isAccepted, arrival, step: h, into: recorded)
                }
            }
            control(isMoving, isAccepted, lands, error: error, step: h)
            commit(isAccepted, arrival)
            // Only lanes that reached a stop of their own have anything to do there.
            let arrived = isAccepted .& (time .>= stop) .& (stop .< Lane(repeating: target))
            if any(arrived) {
                for lane in 0..<laneCount where arrived[lane] { stop[lane] = applyEvents(lane: lane, target: target) }
            }
            for lane in 0..<laneCount where !isAlive[lane] { stop[lane] = time[lane] }
        }
        // Doses due exactly at the target belong to this interval.
        for lane in 0..<laneCount where isAlive[lane] { _ = applyEvents(lane: lane, target: target) }
    }

    /// The reported outputs and endpoint values at the lanes' present state, in the registers that ``value(ofOutput:)``
    /// and ``endpoint(_:)`` read.
    package func report() {
        let registers = state.registers.lanes
        for i in 0..<state.stateCount { registers[model.layout.firstState + i] = state.y[i] }
        registers[model.layout.time] = time
        model.reporting.run(registers)
    }

    package func value(ofOutput index: Int) -> Lane { state.registers.lanes[Int(model.reporting.results[index])] }

    /// An endpoint after ``report()``: its value and the standard deviations of its residual error.
    package func endpoint(_ index: Int) -> EndpointReading {
        let first = model.outputs.count + 4 * index
        return EndpointReading(
            value: value(ofOutput: first), additive: value(ofOutput: first + 1),
            proportional: value(ofOutput: first + 2), logNormal: value(ofOutput: first + 3))
    }

    /// The amounts in a compartment, at the lanes' present times.
    package func amount(inState index: Int) -> Lane { state.y[index] }

    // MARK: One step

    /// Applies what is due to one patient and returns where the lane must stop next.
    private func applyEvents(lane: Int, target: Double) -> Double {
        while let event = queues[lane].next, event.time <= time[lane] {
            queues[lane].removeNext()
            let i = event.compartment
            state.y[i][lane] += event.amount
            if event.infusions != 0 {
                state.infusions[i][lane] += event.infusions
                state.inputRate[i][lane] = state.infusions[i][lane] == 0 ? 0 : state.inputRate[i][lane] + event.rate
            }
            proposed[lane] = min(proposed[lane], afterDose[lane])
            isFresh[lane] = true
            needsDerivative = true
        }
        return min(target, queues[lane].next?.time ?? target)
    }

    /// A first guess of the step for lanes that have none: a hundredth of the time in which the state would double.
    private func chooseFirstSteps() {
        let unset = proposed .<= Lane(repeating: 0)
        guard any(unset) else { return }
        var size = Lane(repeating: 0)
        var slope = Lane(repeating: 0)
        for i in 0..<state.stateCount {
            let scale =
                Lane(repeating: options.absoluteTolerance) + Lane(repeating: options.relativeTolerance)
                * magnitude(state.y[i])
            let y = state.y[i] / scale
            let f = state.k[i] / scale
            size += y * y
            slope += f * f
        }
        var guess = Lane(repeating: 0.01) * (size / slope).squareRoot()
        guess.replace(with: 1e-6, where: .!(guess .> Lane(repeating: 1e-6)) .| .!(guess .< Lane(repeating: 1e6)))
        proposed.replace(with: guess, where: unset)
    }

    /// The next step of each lane from the error of this one, and the lanes that cannot go on.
    private func control(_ isMoving: LaneMask, _ isAccepted: LaneMask, _ lands: LaneMask, error: Lane, step h: Lane) {
        var factor = error
        factor.replace(with: 1e-10, where: .!(error .> Lane(repeating: 1e-10)))
        factor.replace(with: 1e10, where: .!(error .<= Lane(repeating: 1e10)))
        let exponent = Lane(repeating: -1 / Double(DormandPrince5.order))
        withUnsafeMutablePointer(to: &factor) { f in
            LaneMath.log(f, f)
            f.pointee *= exponent
            LaneMath.exp(f, f)
        }
        factor *= Lane(repeating: 0.9)
        factor.replace(with: 5, where: factor .> Lane(repeating: 5))
        factor.replace(with: 0.2, where: factor .< Lane(repeating: 0.2))
        var next = h * factor
        // A step cut short by a stop says nothing against the longer one that was proposed.
        let keeps = isAccepted .& lands .& (next .< proposed)
        next.replace(with: proposed, where: keeps)
        proposed.replace(with: next, where: isMoving)
        let first = isAccepted .& isFresh
        afterDose.replace(with: h, where: first .& .!lands)
        isFresh = isFresh .& .!first
        stepCount.replace(with: stepCount + Lane(repeating: 1), where: isMoving)

        let smallest = (magnitude(time) + Lane(repeating: 1e-3)) * Lane(repeating: 1e-14)
        let stuck = isMoving .& .!isAccepted .& (h .<= smallest)
        let endless = isMoving .& (stepCount .>= Lane(repeating: Double(options.maximumSteps)))
        if any(stuck .| endless) {
            for lane in 0..<laneCount where stuck[lane] || endless[lane] {
                fail(lane, stuck[lane] ? (error[lane].isFinite ? .stepTooSmall : .notFinite) : .tooManySteps)
            }
        }
    }

    private func fail(_ lane: Int, _ failure: SolverFailure) {
        failures[lane] = failure
        isAlive[lane] = false
    }

    private func commit(_ isAccepted: LaneMask, _ arrival: Lane) {
        let n = state.stateCount
        for i in 0..<n {
            state.y[i].replace(with: state.yNew[i], where: isAccepted)
            // First same as last.
            state.k[i].replace(with: state.k[(DormandPrince5.stages - 1) * n + i], where: isAccepted)
        }
        time.replace(with: arrival, where: isAccepted)
    }

    /// Finds where a cumulative hazard reached its threshold within the accepted step: bisection on the dense output.
    private func locateEvents(_ isAccepted: LaneMask, step h: Lane) {
        let first = state.stateCount - thresholds.count
        for event in thresholds.indices {
            let isNew = eventTimes[event] .== Lane(repeating: .infinity)
            let crossed = isAccepted .& isNew .& (state.yNew[first + event] .>= thresholds[event])
            guard any(crossed) else { continue }
            for lane in 0..<laneCount where crossed[lane] {
                var low = 0.0
                var high = 1.0
                for _ in 0..<52 {
                    let middle = 0.5 * (low + high)
                    let value = step.interpolated(first + event, lane: lane, at: middle, step: h)
                    if value >= thresholds[event][lane] { high = middle } else { low = middle }
                }
                eventTimes[event][lane] = time[lane] + high * h[lane]
            }
        }
    }

    /// Evaluates the outputs at every sample that the accepted lanes have just passed.
    private func record(
        _ samples: [Double], _ cursor: inout SIMD16<Int32>, _ isAccepted: LaneMask, _ arrival: Lane, step h: Lane,
        into recorded: LanePointer
    ) {
        let outputs = model.outputs.count
        while true {
            var fraction = Lane(repeating: 0)
            var moment = time
            var pending = LaneMask(repeating: false)
            for lane in 0..<laneCount where isAccepted[lane] {
                let next = Int(cursor[lane])
                guard next < samples.count, samples[next] <= arrival[lane] else { continue }
                pending[lane] = true
                moment[lane] = samples[next]
                fraction[lane] = samples[next] == arrival[lane] ? 1 : (samples[next] - time[lane]) / h[lane]
            }
            guard any(pending) else { return }
            step.interpolate(at: fraction, from: time, step: h)
            // Not start + fraction · step, whose rounding could fall on the other side of a switch in time.
            state.registers.lanes[model.layout.time] = moment
            model.reporting.run(state.registers.lanes)
            for lane in 0..<laneCount where pending[lane] {
                let row = recorded + Int(cursor[lane]) * outputs
                for output in 0..<outputs { row[output][lane] = value(ofOutput: output)[lane] }
                cursor[lane] += 1
            }
        }
    }
}
