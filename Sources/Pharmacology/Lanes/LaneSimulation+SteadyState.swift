import ModelLanguage
import NumericsCore

extension LaneSimulation {
    /// Brings one patient to the steady state of a repeated dose, as it is at the time of the record and before its dose.
    ///
    /// The dose has been given at `interval` for ever: its arrivals lie at the record's time plus lag, less whole intervals.
    /// The state is the fixed point of one interval. A system without inputs of its own and with linear equations reaches
    /// it by one solve of linear equations; any other by Newton's method on the interval's map, whose Jacobian the other
    /// lanes of a block of its own supply.
    ///
    /// - Returns: Whether there is one.
    func reachSteadyState(_ record: DosingRecord, _ properties: DoseProperties, _ lane: Int) -> Bool {
        guard record.interval > 0 || record.isEndless,
            let cycle = DoseCycle(record, properties, at: time[lane])
        else { return false }
        let inputs = (0..<model.layout.inputCount).map { state.registers.lanes[$0][lane] }
        let solver = steadyStateSolver()
        // The doses before this one have turned their own compartment on.
        state.isOn[record.compartment][lane] = 1
        let isOn = (0..<state.stateCount).map { state.isOn[$0][lane] != 0 }
        let start = zip(initialStates(lane), isOn).map { $1 ? $0 : 0 }
        guard let reached = solver.solve(cycle, inputs: inputs, start: start, isOn: isOn, at: time[lane]) else {
            return false
        }
        if record.steadyState == .replacing {
            timelines[lane].removeArrivals()
            for i in 0..<state.stateCount {
                state.y[i][lane] = 0
                state.inputRate[i][lane] = 0
                state.infusions[i][lane] = 0
            }
        }
        for i in 0..<state.stateCount {
            state.y[i][lane] += record.steadyState == .adding ? reached[i] - solver.baseline[i] : reached[i]
            state.largest[i][lane] = max(state.largest[i][lane], abs(state.y[i][lane]))
        }
        // Infusions of earlier doses that still run.
        for end in cycle.runningEnds {
            state.infusions[record.compartment][lane] += 1
            state.inputRate[record.compartment][lane] += cycle.rate
            timelines[lane].insert(
                Arrival(
                    time: time[lane] + end, compartment: record.compartment, effect: .infusionEnd, value: cycle.rate,
                    ordered: nil))
        }
        // Until this dose arrives the last one is that of the interval before.
        if properties.lag > 0, let ordered = cycle.ordered {
            noteDose(ordered, record.compartment, lane, at: time[lane] + cycle.phase - cycle.interval)
        }
        // Doses that have been ordered before and are still on their way.
        for delay in cycle.pendingStarts {
            for arrival in cycle.arrivals(at: time[lane] + delay) { timelines[lane].insert(arrival) }
        }
        return true
    }

    /// The states with which the model begins, in one patient.
    private func initialStates(_ lane: Int) -> [Double] {
        let registers = state.registers.lanes
        registers[model.layout.time] = time
        model.beginning.run(registers)
        return (0..<state.stateCount).map { registers[Int(model.beginning.results[$0])][lane] }
    }

    private func steadyStateSolver() -> SteadyStateSolver {
        if let solver = steadyState { return solver }
        let solver = SteadyStateSolver(model, options)
        steadyState = solver
        return solver
    }
}

extension DosingRecord {
    /// Whether a steady-state record stands for a constant infusion without end, which stops at the record: a rate, no
    /// amount.
    fileprivate var isEndless: Bool { amount == 0 && (givenRate != 0 || input == .modelledRate) }

    fileprivate var givenRate: Double {
        if case .rate(let rate) = input { return rate }
        return 0
    }
}

/// One interval of a regimen that has been going on for ever, seen from the time of a record.
struct DoseCycle {
    let compartment: Int
    let interval: Double
    /// Where in the interval, from the record's time on, a dose arrives.
    let phase: Double
    /// A bolus of `amount`, or an infusion at `rate` over `length`; an endless one where `length` is infinite.
    let amount: Double
    let rate: Double
    let length: Double
    /// The amount of the record, for the clocks that models read; nil for an endless infusion.
    let ordered: Double?
    /// When, from the record's time on, infusions that began before it end; the record's own dose is none of them.
    let runningEnds: [Double]
    /// When doses ordered before the record arrive after it, where the lag is longer than the interval.
    let pendingStarts: [Double]

    init?(_ record: DosingRecord, _ properties: DoseProperties, at time: Double) {
        compartment = record.compartment
        if record.isEndless {
            rate = record.input == .modelledRate ? properties.rate : record.givenRate
            (interval, phase, amount, length, ordered) = (0, 0, 0, .infinity, nil)
            (runningEnds, pendingStarts) = ([], [])
            guard rate.isFinite else { return nil }
            return
        }
        guard let (start, end) = record.arrival(properties, at: time) else { return nil }
        interval = record.interval
        ordered = record.amount
        let lag = start.time - time
        // How many doses ordered before the record arrive at its time or after it; at least 0, and so is the phase.
        let whole = (lag / interval).rounded(.down)
        phase = max(0, lag - whole * interval)
        let duration = end.map { $0.time - start.time } ?? 0
        length = duration
        amount = start.effect == .bolus ? start.value : 0
        rate = start.effect == .infusionStart ? start.value : 0
        var ends: [Double] = []
        var begun = phase - interval
        while duration > 0, begun + duration > 0, ends.count < 10_000 {
            ends.append(begun + duration)
            begun -= interval
        }
        runningEnds = ends
        let (first, step) = (phase, interval)
        pendingStarts = (0..<Int(min(whole, 10_000))).map { first + Double($0) * step }
    }

    /// How much a dose brings, by itself or by what reads its amount; of an endless infusion, what a unit of time brings.
    var size: Double { max(abs(ordered ?? 0), rate == 0 ? abs(amount) : abs(rate) * (length.isFinite ? length : 1)) }

    /// The dose arriving at a time: a bolus, or an infusion's start and end.
    func arrivals(at time: Double) -> [Arrival] {
        if rate == 0 {
            return [Arrival(time: time, compartment: compartment, effect: .bolus, value: amount, ordered: ordered)]
        }
        var arrivals = [
            Arrival(time: time, compartment: compartment, effect: .infusionStart, value: rate, ordered: ordered)
        ]
        if length.isFinite {
            arrivals.append(
                Arrival(time: time + length, compartment: compartment, effect: .infusionEnd, value: rate, ordered: nil))
        }
        return arrivals
    }
}
