import ModelLanguage
import NumericsCore

extension LaneSimulation {
    /// Applies what is due to some patients at their present time.
    func applyWhatIsDue(_ due: LaneMask) {
        let lanes = LaneSet(due)
        var changed = LaneSet()
        // Inputs first, for all lanes at once: what follows from them is computed together.
        for lane in lanes {
            while let change = timelines[lane].takeChange(upTo: time[lane]) {
                state.registers.lanes[change.slot][lane] = change.value
                changed.insert(lane)
            }
        }
        if !changed.isEmpty { renewInputs(changed.mask) }
        for lane in lanes {
            if applyWhatIsDue(lane, inputsChanged: changed.contains(lane)) { changed.insert(lane) }
            nextEvent[lane] = timelines[lane].next
            latest[lane] = latestMoment(lane)
        }
        guard !changed.isEmpty else { return }
        let mask = changed.mask
        for i in 0..<state.stateCount { state.noteSize(i, mask) }
        state.refreshGreatest()
        equations.linear?.restart(mask, at: time, state)
    }

    /// Applies what is due to one patient at the present time, in its order.
    ///
    /// - Returns: Whether the state, an input or an input rate changed.
    private func applyWhatIsDue(_ lane: Int, inputsChanged: Bool) -> Bool {
        var hasChanged = inputsChanged
        var hasSwitched = false
        while isAlive[lane], let due = timelines[lane].take(upTo: time[lane]) {
            switch due {
            case .record(let record):
                apply(record, lane)
                hasChanged = true
            case .arrival(let arrival):
                if let ordered = arrival.ordered { noteDose(ordered, arrival.compartment, lane) }
                apply(arrival, lane)
                hasChanged = true
            case .switching: hasSwitched = true
            }
        }
        if (hasChanged && hasSwitches && equations.delayed != nil) || (hasSwitched && hasRepeatedSwitches) {
            var mask = LaneMask(repeating: false)
            mask[lane] = true
            setSwitches(mask)
        }
        if hasChanged || hasSwitched {
            pace.interrupt(lane: lane)
            equations.switches?.interrupt(lane)
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
        // Neither is ever a repeat: what a record repeats is a plain dose.
        let isAnew = record.action == .reset || record.action == .resetAndDose || record.steadyState == .replacing
        if isAnew, options.pendingDoses == .cancelled { timelines[lane].removeRepeats(but: record) }
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
        // Properties that read the clocks (a fraction that grows with the number of the dose) mean this dose.
        let before = hasClocks ? clocks(lane) : []
        noteDose(record.amount, record.compartment, lane)
        let properties = properties(of: record.compartment, lane)
        if properties.lag > 0 { setClocks(before, lane) }
        if case .bolus = record.input, properties.lag == 0, record.steadyState == .none {
            return giveAtOnce(properties.bioavailability * record.amount, record.compartment, lane)
        }
        guard let (start, end) = record.arrival(properties, at: time[lane]) else { return fail(lane, .unusableDose) }
        if record.steadyState != .none, !reachSteadyState(record, properties, lane) {
            return fail(lane, .noSteadyState)
        }
        // What arrives now acts now, so that records of one time act in the order given.
        if properties.lag > 0 { timelines[lane].insert(start) } else { apply(start, lane) }
        if let end { timelines[lane].insert(end) }
    }

    /// The usual dose: all of it, here and now.
    private func giveAtOnce(_ amount: Double, _ i: Int, _ lane: Int) {
        guard amount.isFinite else { return fail(lane, .unusableDose) }
        state.y[i][lane] += amount
        state.isOn[i][lane] = 1
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
    }

    // MARK: Clocks

    /// Keeps the inputs that follow from the doses: when, how much and how often.
    ///
    /// - Parameter moment: when; nil for the present time.
    func noteDose(_ amount: Double, _ compartment: Int, _ lane: Int, at moment: Double? = nil) {
        guard hasClocks else { return }
        let now = moment ?? time[lane]
        let registers = state.registers.lanes
        for clock in clockInputs where clock.compartment == nil || clock.compartment == compartment {
            switch clock.kind {
            case .lastDoseTime: registers[clock.slot][lane] = now
            case .firstDoseTime:
                if registers[clock.slot][lane].isNaN { registers[clock.slot][lane] = now }
            case .lastDoseAmount: registers[clock.slot][lane] = amount
            case .doseNumber: registers[clock.slot][lane] += 1
            }
        }
        renewInputs(lane)
    }

    private func clocks(_ lane: Int) -> [Double] {
        clockInputs.map { state.registers.lanes[$0.slot][lane] }
    }

    private func setClocks(_ values: [Double], _ lane: Int) {
        guard !values.isEmpty else { return }
        for (clock, value) in zip(clockInputs, values) { state.registers.lanes[clock.slot][lane] = value }
        renewInputs(lane)
    }

    /// No dose has been given to one patient.
    func resetClocks(_ lane: Int) {
        for clock in clockInputs {
            let isTime = clock.kind == .lastDoseTime || clock.kind == .firstDoseTime
            state.registers.lanes[clock.slot][lane] = isTime ? .nan : 0
        }
    }

    /// No dose has been given to anybody.
    func resetClocks() {
        for clock in clockInputs {
            let isTime = clock.kind == .lastDoseTime || clock.kind == .firstDoseTime
            state.registers.lanes[clock.slot] = Lane(repeating: isTime ? .nan : 0)
        }
    }

    /// What the model makes of a dose into a compartment at the patient's present time and state.
    func properties(of compartment: Int, _ lane: Int) -> DoseProperties {
        let registers = state.registers.lanes
        if hasDynamicProperties {
            equations.loadStates()
            registers[timeRegister] = time
            equations.properties.run(registers)
        }
        let places = propertyPlaces + 4 * compartment
        return DoseProperties(
            bioavailability: registers[places[0]][lane], lag: registers[places[1]][lane],
            duration: registers[places[2]][lane], rate: registers[places[3]][lane])
    }

    private func reset(_ lane: Int) {
        timelines[lane].removeArrivals()
        let registers = state.registers.lanes
        registers[timeRegister] = time
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

    private func renewInputs(_ lane: Int) {
        var mask = LaneMask(repeating: false)
        mask[lane] = true
        renewInputs(mask)
    }

    /// Computes anew what follows from the inputs of some patients. The others get the bits that they have.
    func renewInputs(_ mask: LaneMask) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        model.individual.run(registers)
        equations.linear?.readCoefficients(registers)
        setSwitches(mask)
    }

    /// The times at which the equations of some patients switch from now on.
    func setSwitches(_ mask: LaneMask) {
        guard hasSwitches else { return }
        for lane in LaneSet(mask) {
            var times = model.switchRegisters.map { state.registers.lanes[$0][lane] }
            if hasRepeatedSwitches { times += nextRepeatedSwitches(lane) }
            if let delayed = equations.delayed { times += delayed.echoes(of: time[lane], lane: lane) }
            timelines[lane].setSwitches(times, after: time[lane], keeping: equations.delayed != nil)
            nextEvent[lane] = timelines[lane].next
            latest[lane] = latestMoment(lane)
        }
    }

    /// The next time of each switch that comes again and again; the times behind it follow when it has passed.
    private func nextRepeatedSwitches(_ lane: Int) -> [Double] {
        model.repeatedSwitches.compactMap { repeated in
            let first = state.registers.lanes[repeated.first][lane]
            let period = abs(state.registers.lanes[repeated.period][lane])
            guard first.isFinite, period > 0, period.isFinite else { return nil }
            let passed = ((time[lane] - first) / period).rounded(.down)
            // The quotient may be rounded to the whole number before.
            let next = first + (passed + 1) * period
            return next > time[lane] ? next : first + (passed + 2) * period
        }
    }

    /// The last moment before the next stop at which the present equations hold.
    func latestMoment(_ lane: Int) -> Double {
        let next = timelines[lane].next
        return timelines[lane].switches(at: next) ? next - abs(next) * 0x1p-52 : .infinity
    }

}
