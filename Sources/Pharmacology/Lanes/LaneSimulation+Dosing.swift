import ModelLanguage
import NumericsCore

extension LaneSimulation {
    /// Applies what is due to some patients at their present time.
    func applyWhatIsDue(_ due: LaneMask) {
        var changed = LaneMask(repeating: false)
        for lane in 0..<laneCount where due[lane] {
            changed[lane] = applyWhatIsDue(lane)
            let next = timelines[lane].next
            nextEvent[lane] = next
            latest[lane] = timelines[lane].switches(at: next) ? next - abs(next) * 0x1p-52 : .infinity
        }
        if any(changed) { equations.linear?.restart(changed, at: time, state) }
    }

    /// Applies what is due to one patient at the present time, in its order.
    ///
    /// - Returns: Whether the state, an input or an input rate changed.
    private func applyWhatIsDue(_ lane: Int) -> Bool {
        var hasChanged = false
        var hasSwitched = false
        while isAlive[lane], let due = timelines[lane].take(upTo: time[lane]) {
            switch due {
            case .change(let change):
                state.registers.lanes[change.slot][lane] = change.value
                renewInputs(lane)
                hasChanged = true
            case .record(let record):
                apply(record, lane)
                hasChanged = true
            case .arrival(let arrival):
                apply(arrival, lane)
                hasChanged = true
            case .switching: hasSwitched = true
            }
        }
        if hasChanged || hasSwitched {
            pace.interrupt(lane: lane)
            firstMoment[lane] = hasSwitched ? time[lane] + abs(time[lane]) * 0x1p-52 : time[lane]
        }
        return hasChanged
    }

    /// Whether a record names a compartment and numbers that can be given at all.
    func isUsable(_ record: DosingRecord) -> Bool {
        guard record.time.isFinite, record.action != .reset else { return record.time.isFinite }
        guard (0..<state.stateCount).contains(record.compartment), record.amount.isFinite || record.action == .turnOff
        else { return false }
        return record.interval.isFinite && record.interval >= 0 && record.additional >= 0
    }

    private func apply(_ record: DosingRecord, _ lane: Int) {
        guard isUsable(record) else { return fail(lane, .unusableDose) }
        let i = record.compartment
        switch record.action {
        case .reset: reset(lane)
        case .replace: state.y[i][lane] = record.amount
        case .multiply: state.y[i][lane] *= record.amount
        case .turnOff: turnOff(i, lane)
        case .resetAndDose:
            reset(lane)
            dose(record, lane)
        case .dose: dose(record, lane)
        }
    }

    private func dose(_ record: DosingRecord, _ lane: Int) {
        let properties = properties(of: record.compartment, lane)
        guard let (start, end) = record.arrival(properties, at: time[lane]) else { return fail(lane, .unusableDose) }
        if record.steadyState != .none, !reachSteadyState(record, properties, lane) {
            return fail(lane, .noSteadyState)
        }
        // What arrives now acts now, so that records of one time act in the order given.
        if start.time <= time[lane] { apply(start, lane) } else { timelines[lane].insert(start) }
        if let end { timelines[lane].insert(end) }
    }

    func apply(_ arrival: Arrival, _ lane: Int) {
        let i = arrival.compartment
        switch arrival.effect {
        case .bolus: state.y[i][lane] += arrival.value
        case .infusionStart:
            state.infusions[i][lane] += 1
            state.inputRate[i][lane] += arrival.value
        case .infusionEnd:
            state.infusions[i][lane] -= 1
            // The last end leaves no rounding behind.
            state.inputRate[i][lane] =
                state.infusions[i][lane] <= 0 ? 0 : state.inputRate[i][lane] - arrival.value
        }
        if arrival.ordered != nil { state.isOn[i][lane] = 1 }
        state.largest[i][lane] = max(state.largest[i][lane], abs(state.y[i][lane]))
        noteDose(arrival, lane)
    }

    /// Keeps the clocks that the model reads: when and how much was given last.
    private func noteDose(_ arrival: Arrival, _ lane: Int) {}

    /// What the model makes of a dose into a compartment at the patient's present time and state.
    func properties(of compartment: Int, _ lane: Int) -> DoseProperties {
        let registers = state.registers.lanes
        if model.hasDynamicProperties {
            equations.loadStates()
            registers[model.layout.time] = time
        }
        model.properties.run(registers)
        let results = model.properties.results
        let n = state.stateCount
        return DoseProperties(
            bioavailability: registers[Int(results[compartment])][lane], lag: registers[Int(results[n + compartment])][lane])
    }

    private func reset(_ lane: Int) {
        timelines[lane].removeArrivals()
        let registers = state.registers.lanes
        registers[model.layout.time] = time
        equations.loadStates()
        model.beginning.run(registers)
        for i in 0..<state.stateCount {
            state.y[i][lane] = registers[Int(model.beginning.results[i])][lane]
            state.inputRate[i][lane] = 0
            state.infusions[i][lane] = 0
            state.isOn[i][lane] = 1
        }
    }

    private func turnOff(_ i: Int, _ lane: Int) {
        timelines[lane].removeArrivals(to: i)
        state.y[i][lane] = 0
        state.inputRate[i][lane] = 0
        state.infusions[i][lane] = 0
        state.isOn[i][lane] = 0
    }

    /// Computes anew what follows from a patient's inputs. The other lanes get the bits that they have.
    func renewInputs(_ lane: Int) {
        let registers = state.registers.lanes
        registers[model.layout.time] = time
        model.individual.run(registers)
        equations.linear?.readCoefficients(registers)
    }

    func reachSteadyState(_ record: DosingRecord, _ properties: DoseProperties, _ lane: Int) -> Bool { false }
}
