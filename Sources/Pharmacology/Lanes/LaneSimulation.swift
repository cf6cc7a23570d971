import ModelLanguage
import NumericsCore

/// Sixteen patients under treatment, each with their own time, step, doses and fate.
///
/// Lanes share instructions and nothing else: what one patient does never changes a bit of another's numbers. A block
/// belongs to one worker; ``begin(at:lanes:)`` makes it ready for the next sixteen patients without allocating.
package final class LaneSimulation {
    package let model: SimulationModel
    let options: SolverOptions
    let state: LaneState
    let equations: LaneEquations
    let explicit: ExplicitStep
    /// Made when a patient's equations first turn out stiff.
    ///
    /// A bend in the first twentieth of a step, before its first point, is out of sight of the Radau method, which then goes
    /// on as if it had been there from the start. The Rosenbrock method looks at the start too.
    lazy var stiff: any StiffStep = {
        let seesBends = options.method == .automatic && model.hasBends && model.delays == nil
        return options.method == .rosenbrock || seesBends
            ? RosenbrockStep(equations) : RadauStep(equations, options)
    }()
    /// For states that drive each other without feedback.
    let cascade: CascadeStep?

    /// The lanes' clocks. They live in memory of their own, which inner loops may change without asking for access.
    private let clocks = Lanes.allocate(6)
    /// What inner loops ask of the model, kept here because reading it there would count references.
    let clockInputs: [ClockInput]
    let hasClocks: Bool
    let hasDynamicProperties: Bool
    let hasSwitches: Bool
    /// Whether something that is integrated may switch again and again.
    let hasRepeatedSwitches: Bool
    /// Whether comparisons of the state are located.
    let hasStateSwitches: Bool
    let mayTurnStiff: Bool
    /// Whether every step is one for stiff equations: asked for, and by a method that can look back.
    let isAlwaysStiff: Bool
    let timeRegister: Int
    /// The registers of each compartment's bioavailability, lag, duration and rate.
    let propertyPlaces: UnsafeMutablePointer<Int>
    /// Where the values of each lane's subject go while lanes take subjects from a queue.
    let bases: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
    var isQueueing = false
    /// The registers of the reported values.
    let reportedPlaces: UnsafeMutablePointer<Int>
    /// Made when a record first asks for a steady state.
    var steadyState: SteadyStateSolver?

    /// Each lane's own time.
    package internal(set) var time: Lane {
        get { clocks[0] }
        _modify { yield &clocks[0] }
    }
    /// Where each lane stops next, for what happens there or because it was told to.
    var stop: Lane {
        get { clocks[1] }
        _modify { yield &clocks[1] }
    }
    /// The time up to which the lanes are advanced.
    var target: Lane {
        get { clocks[2] }
        _modify { yield &clocks[2] }
    }
    /// The latest time that a stage on the way to the stop may have: just before a switch of the equations.
    var latest: Lane {
        get { clocks[3] }
        _modify { yield &clocks[3] }
    }
    /// Where the first stage of a fresh step stands: just behind a switch of the equations.
    var firstMoment: Lane {
        get { clocks[4] }
        _modify { yield &clocks[4] }
    }
    /// When the next of all that lies ahead of each lane happens.
    var nextEvent: Lane {
        get { clocks[5] }
        _modify { yield &clocks[5] }
    }
    var pace = Pace()
    /// Lanes that take part: loaded, not retired, not failed.
    var isAlive = LaneMask(repeating: false)
    /// Lanes whose equations are stiff at present.
    var isStiff = LaneMask(repeating: false)
    package internal(set) var failures = [SolverFailure?](repeating: nil, count: laneCount)
    var timelines = [LaneTimeline](repeating: LaneTimeline(), count: laneCount)
    /// How many of the reported values are recorded: the outputs, and the endpoints where they are asked for.
    var outputCount: Int
    /// The times at which each lane's equations have switched because of its state; kept where they are asked for.
    var locatedSwitches: [[Double]]?
    let samples = SampleCursors()
    var recorded: LanePointer?

    /// For each event of the model: the threshold on its cumulative hazard, and the time at which it was crossed.
    var thresholds: [Lane]
    package internal(set) var eventTimes: [Lane]

    package init(_ model: SimulationModel, options: SolverOptions = SolverOptions()) {
        self.model = model
        self.options = options
        outputCount = model.outputs.count
        clockInputs = model.model.clock
        hasClocks = !clockInputs.isEmpty
        hasDynamicProperties = model.hasDynamicProperties
        hasRepeatedSwitches = !model.repeatedSwitches.isEmpty && !model.integrated.isEmpty
        hasSwitches = !model.switchRegisters.isEmpty || hasRepeatedSwitches || model.delays != nil
        hasStateSwitches = model.stateSwitches != nil
        bases = .allocate(capacity: laneCount)
        mayTurnStiff = options.method == .automatic
        // The Rosenbrock method takes derivatives by time, which delayed values do not have.
        isAlwaysStiff = options.method.isStiff && (options.method == .radau || model.delays == nil)
        timeRegister = model.layout.time
        let count = model.model.states.count
        propertyPlaces = .allocate(capacity: max(1, 4 * count))
        reportedPlaces = .allocate(capacity: max(1, model.reportedCount))
        for (index, register) in model.reporting.results.enumerated() { reportedPlaces[index] = Int(register) }
        for (index, register) in model.properties.results.enumerated() {
            propertyPlaces[4 * (index % count) + index / count] = Int(register)
        }
        state = LaneState(model)
        let tableau = options.method == .explicit5 ? ExplicitTableau.order5 : .order8
        equations = LaneEquations(model, state, method: options.method, denseTerms: 3 + tableau.dense.count)
        explicit = ExplicitStep(tableau, equations)
        equations.switches?.watch(tableau)
        let equations = equations
        cascade = options.method == .automatic ? model.cascade.map { CascadeStep($0, equations) } : nil
        thresholds = Array(repeating: Lane(repeating: .infinity), count: model.model.events.count)
        eventTimes = thresholds
    }

    deinit {
        clocks.deallocate()
        propertyPlaces.deallocate()
        bases.deallocate()
        reportedPlaces.deallocate()
    }

    // MARK: Setting up

    /// Gives one input of one patient its value. Call ``begin(at:lanes:)`` when all are set.
    package func setInput(_ slot: Int, lane: Int, to value: Double) { state.registers.lanes[slot][lane] = value }

    /// The event happens when its cumulative hazard reaches this (a unit exponential draw).
    package func setThreshold(event: Int, lane: Int, to value: Double) { thresholds[event][lane] = value }

    /// Starts all lanes in `lanes` at a time, in their models' initial state.
    package func begin(at start: Double, lanes: Range<Int>) { begin(at: Lane(repeating: start), lanes: lanes) }

    /// Starts all lanes in `lanes`, each at its own time.
    func begin(at start: Lane, lanes: Range<Int>) {
        let registers = state.registers.lanes
        // Idle lanes shadow the first, so that they meet no numbers of their own.
        for slot in 0..<model.layout.inputCount {
            for lane in 0..<laneCount where !lanes.contains(lane) && !lanes.isEmpty {
                registers[slot][lane] = registers[slot][lanes.lowerBound]
            }
        }
        resetClocks()
        time = start
        for lane in 0..<laneCount where !lanes.contains(lane) && !lanes.isEmpty { time[lane] = start[lanes.lowerBound] }
        registers[model.layout.time] = time
        for i in 0..<state.stateCount { registers[model.layout.firstState + i] = Lane(repeating: 0) }
        model.individual.run(registers)
        model.beginning.run(registers)
        for i in 0..<state.stateCount { state.y[i] = registers[Int(model.beginning.results[i])] }
        state.clear()
        model.properties.run(registers)
        isAlive = LaneMask(repeating: false)
        isStiff = LaneMask(repeating: isAlwaysStiff)
        for lane in lanes { isAlive[lane] = true }
        for lane in 0..<laneCount {
            timelines[lane].clear()
            failures[lane] = nil
        }
        nextEvent = Lane(repeating: .infinity)
        latest = Lane(repeating: .infinity)
        samples.clear()
        for event in eventTimes.indices { eventTimes[event] = Lane(repeating: .infinity) }
        pace = Pace()
        equations.switches?.clear(LaneMask(repeating: true))
        firstMoment = time
        equations.delayed?.history.begin(state.y)
        setSwitches(isAlive)
        equations.linear?.begin(registers)
        equations.linear?.restart(LaneMask(repeating: true), at: time, state)
        // An infinite amount would pass the error control, since any error is small beside it.
        for i in 0..<state.stateCount {
            for lane in lanes where !state.y[i][lane].isFinite { fail(lane, .notFinite) }
        }
    }

    /// Gives a patient the rest of their history: call it after ``begin(at:lanes:)``.
    func load(_ subject: Subject, lane: Int) {
        timelines[lane].load(subject.records, subject.changes)
        var mask = LaneMask(repeating: false)
        mask[lane] = true
        setSwitches(mask)
        nextEvent[lane] = timelines[lane].next
    }

    /// Gives a dose to one patient, at the present time or later.
    ///
    /// A dose that cannot be given ends the patient's simulation with ``SolverFailure/unusableDose``: leaving it out or
    /// shifting it would give a wrong path in silence.
    package func give(_ record: DosingRecord, lane: Int) {
        guard isAlive[lane] else { return }
        // Times are products of days and hours: what rounding put behind the present is due now.
        guard record.time >= time[lane] - 1e-9 * max(1, abs(time[lane])), isUsable(record) else {
            return fail(lane, .unusableDose)
        }
        timelines[lane].insert(record)
        nextEvent[lane] = timelines[lane].next
    }

    /// Takes a patient out: the lane idles from now on.
    package func retire(lane: Int) { isAlive[lane] = false }

    package func isActive(lane: Int) -> Bool { isAlive[lane] }

    func fail(_ lane: Int, _ failure: SolverFailure) {
        guard isAlive[lane] else { return }
        failures[lane] = failure
        isAlive[lane] = false
    }

    // MARK: Reading

    /// Whether nothing is left to integrate: the lanes go from sample to sample by the exact solution.
    package var isLinear: Bool { equations.isLinear }

    /// How many steps one patient has taken since its latest stop, or since an advance began.
    package func steps(lane: Int) -> Int { Int(pace.steps[lane]) }

    /// The reported outputs and endpoint values at the lanes' present state, in the registers that ``value(ofOutput:)``
    /// and ``endpoint(_:)`` read.
    package func report() {
        equations.materialise(at: time)
        equations.loadStates()
        equations.report(at: time)
    }

    package func value(ofOutput index: Int) -> Lane { state.registers.lanes[reportedPlaces[index]] }

    /// An endpoint after ``report()``: its value and how observations scatter about it.
    package func endpoint(_ index: Int) -> EndpointReading {
        var place = model.endpointPlaces[index]
        let value = value(ofOutput: place)
        let error = model.model.endpoints[index].error.map { _ in
            place += 1
            return self.value(ofOutput: place)
        }
        return EndpointReading(value: value, error: error)
    }

    /// The amounts in a compartment, at the lanes' present times.
    package func amount(inState index: Int) -> Lane {
        equations.materialise(at: time)
        return state.y[index]
    }
}
