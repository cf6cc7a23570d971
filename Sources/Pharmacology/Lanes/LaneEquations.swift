import ModelLanguage
import NumericsCore

/// The equations of one lane block: what steppers evaluate.
///
/// The states of the linear part are solved exactly and stand in their registers when the derivatives of the others are
/// evaluated, except in lanes where a stepper integrates them too.
final class LaneEquations {
    let model: SimulationModel
    let state: LaneState
    let linear: LinearSolution?
    /// What the equations read of their past.
    let delayed: DelayedValues?
    /// The states that steppers always integrate, and all.
    let integrated: [Int]
    let everyState: [Int]
    let isIntegrated: [Bool]
    let firstState: Int
    let timeRegister: Int
    private let owners: [LaneRoutineOwner]
    private let integratedDerivatives: LaneRoutine
    private let allDerivatives: LaneRoutine
    private let jacobian: LaneRoutine
    private let reporting: LaneRoutine
    /// Evaluates the properties of doses; individual ones stand in its results' registers without a run.
    let properties: LaneRoutine
    private let linearPart: Unmanaged<LinearSolution>?
    private let hasDelays: Bool
    /// The comparisons that flip where the state takes them; nil for equations without any.
    let switches: StateSwitches?
    private let switchesHere: Unmanaged<StateSwitches>?
    /// ``integrated`` without a reference count.
    let integratedCount: Int
    private let places: UnsafeMutablePointer<Int>

    /// - Parameter denseTerms: the terms of the continuous extension that steps leave behind for delays.
    init(_ model: SimulationModel, _ state: LaneState, method: SolverOptions.Method, denseTerms: Int = 7) {
        delayed = model.delays.map { DelayedValues($0, model, state, terms: denseTerms) }
        self.model = model
        self.state = state
        firstState = model.layout.firstState
        timeRegister = model.layout.time
        let programs = [
            model.integratedDerivatives, model.allDerivatives, model.jacobian.program, model.reporting,
            model.properties,
        ]
        let owners = programs.map { LaneRoutineOwner($0) }
        self.owners = owners
        integratedDerivatives = owners[0].routine
        allDerivatives = owners[1].routine
        jacobian = owners[2].routine
        reporting = owners[3].routine
        properties = owners[4].routine
        everyState = Array(0..<state.stateCount)
        let isSplit = method == .automatic
        linear = isSplit ? model.linear.map { LinearSolution($0, firstState: model.layout.firstState) } : nil
        linearPart = linear.map { Unmanaged.passUnretained($0) }
        hasDelays = model.delays != nil
        switches = model.stateSwitches.map { StateSwitches($0, state, hasDelays: model.delays != nil) }
        switchesHere = switches.map { Unmanaged.passUnretained($0) }
        let integrated = isSplit ? model.integrated : everyState
        self.integrated = integrated
        isIntegrated = everyState.map { integrated.contains($0) }
        places = .allocate(capacity: max(1, integrated.count))
        places.initialize(from: integrated, count: integrated.count)
        integratedCount = integrated.count
    }

    deinit { places.deallocate() }

    /// Whether nothing is left to integrate: the whole model is the linear part.
    var isLinear: Bool { integrated.isEmpty }

    /// Lanes whose linear part is solved apart.
    var solvedApart: LaneMask { linear?.isModal ?? LaneMask(repeating: false) }

    /// Lanes in which nothing but what is integrated needs a stepper.
    var followsExactPath: LaneMask { linear?.isModal ?? LaneMask(repeating: true) }

    /// The derivatives at `time`, of the states that stand in the registers, into `k[state]`.
    ///
    /// - Parameter all: some lane integrates the states of the linear part as well.
    func derivatives(at time: Lane, all: Bool, into k: LanePointer) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        if hasDelays { delayed?.evaluate(at: time) }
        // Without a reference count for each stage.
        if let linearPart {
            linearPart._withUnsafeGuaranteedRef { $0.evaluate(.derivatives, at: time, into: registers + firstState) }
        }
        if let switchesHere { switchesHere._withUnsafeGuaranteedRef { $0.look() } }
        if all || integratedCount == state.stateCount {
            allDerivatives.run(registers)
            for i in 0..<state.stateCount { k[i] = rate(allDerivatives.place(ofResult: i), i) }
        } else {
            integratedDerivatives.run(registers)
            for position in 0..<integratedCount {
                let i = places[position]
                k[i] = rate(integratedDerivatives.place(ofResult: position), i)
            }
        }
        if let switchesHere { switchesHere._withUnsafeGuaranteedRef { slide($0, at: time, all: all, into: k) } }
    }

    /// The derivatives of both sides of the switches that lanes slide along, or might, and how much of each keeps them there.
    func weighSides(_ sliding: SlidingMode, at time: Lane) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        linear?.evaluate(.everything, at: time, into: registers + firstState)
        sliding.choose(after: false)
        allDerivatives.run(registers)
        for i in 0..<state.stateCount { sliding.before[i] = rate(allDerivatives.place(ofResult: i), i) }
        sliding.choose(after: true)
        allDerivatives.run(registers)
        for i in 0..<state.stateCount { sliding.after[i] = rate(allDerivatives.place(ofResult: i), i) }
        sliding.weigh()
    }

    /// Replaces the derivatives of lanes that slide along a switch.
    private func slide(_ switches: StateSwitches, at time: Lane, all: Bool, into k: LanePointer) {
        guard let sliding = switches.sliding, any(sliding.isSliding) else { return }
        weighSides(sliding, at: time)
        for i in 0..<state.stateCount where all || isIntegrated[i] {
            k[i].replace(with: sliding.mixture(i), where: sliding.isSliding)
        }
    }

    /// Sets the clock to `time` and writes the exact states that derivatives read into the registers.
    func placeExactStates(at time: Lane) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        if let linearPart {
            linearPart._withUnsafeGuaranteedRef { $0.evaluate(.derivatives, at: time, into: registers + firstState) }
        }
    }

    /// A derivative with what is infused; 0 for a compartment that is off.
    @inline(__always)
    private func rate(_ register: Int, _ i: Int) -> Lane {
        let own = state.registers.lanes[register]
        return state.isPlain[i] ? own + Lane(repeating: 0) : (own + state.inputRate[i]) * state.isOn[i]
    }

    /// The derivatives of all states as they stand in the registers, the linear part included, into `k[state * stride]`.
    func fullDerivatives(at time: Lane, into k: LanePointer, stride: Int = 1) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        if hasDelays { delayed?.evaluate(at: time) }
        if let switchesHere { switchesHere._withUnsafeGuaranteedRef { $0.look() } }
        allDerivatives.run(registers)
        for i in 0..<state.stateCount { k[i * stride] = rate(allDerivatives.place(ofResult: i), i) }
    }

    /// Runs the Jacobian's program at the states in the registers. What is read of the past counts as given.
    func evaluateJacobian(at time: Lane) {
        state.registers.lanes[timeRegister] = time
        if hasDelays { delayed?.evaluate(at: time) }
        jacobian.run(state.registers.lanes)
    }

    /// The largest row sum of the Jacobian over the integrated states, at the states in the registers: a bound on the
    /// fastest rate that a stepper meets.
    func fastestRate(at time: Lane) -> Lane {
        evaluateJacobian(at: time)
        for i in integrated { state.yNew[i] = Lane(repeating: 0) }
        for (index, row) in model.jacobian.rows.enumerated() {
            guard isIntegrated[row], isIntegrated[model.jacobian.columns[index]] else { continue }
            state.yNew[row] += magnitude(state.registers.lanes[jacobian.place(ofResult: index)])
        }
        var fastest = Lane(repeating: 0)
        for i in integrated { fastest = larger(state.yNew[i], fastest) }
        return fastest
    }

    /// Puts what comparisons read besides the integrated states into the registers, at `time`.
    func loadSurroundings(at time: Lane) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        if hasDelays { delayed?.evaluate(at: time) }
        linear?.evaluate(.derivatives, at: time, into: registers + firstState)
    }

    /// Brings the states of the linear part to each lane's present time.
    func materialise(at time: Lane) {
        guard let linear, !isLinear else { return }
        linear.evaluate(.everything, at: time, into: state.y)
    }

    /// Evaluates the reported values from states that already stand in the registers, at `time`.
    func report(at time: Lane) {
        state.registers.lanes[timeRegister] = time
        if hasDelays { delayed?.evaluate(at: time) }
        reporting.run(state.registers.lanes)
    }

    /// Puts the present states into the registers.
    func loadStates() {
        let registers = state.registers.lanes
        for i in 0..<state.stateCount { registers[firstState + i] = state.y[i] }
    }
}
