import ModelLanguage
import NumericsCore

/// Where one subject's values go: `values[(row * columns + column) * laneCount]`.
struct SubjectPlace {
    let values: UnsafeMutablePointer<Double>
    let rows: Int
}

extension LaneSimulation {
    /// Simulates any number of subjects: a lane that is done takes the next one, so that patients whose equations need few
    /// steps do not wait for those that need many.
    ///
    /// - Parameters:
    ///   - place: where a subject's values go.
    ///   - finished: is told of each subject, in the order in which they end, with its failure if it has one.
    func simulate(
        _ subjects: ArraySlice<Subject>, place: (Int) -> SubjectPlace,
        finished: (_ subject: Int, _ failure: (failure: SolverFailure, time: Double)?) -> Void
    ) {
        var occupants = [Int?](repeating: nil, count: laneCount)
        var next = subjects.startIndex
        clearForQueue()
        while true {
            var newcomers = LaneMask(repeating: false)
            for lane in 0..<laneCount where occupants[lane] == nil && next < subjects.endIndex {
                occupants[lane] = next
                seat(subjects[next], lane: lane, place(next))
                newcomers[lane] = true
                next += 1
            }
            if any(newcomers) { start(newcomers) }
            // As long as every lane is busy, or nobody waits.
            while step(), next >= subjects.endIndex || all(isAlive .& (time .< target)) {}
            let isGoing = isAlive .& (time .< target)
            for lane in 0..<laneCount where !isGoing[lane] {
                guard let subject = occupants[lane] else { continue }
                leave(lane, place(subject))
                finished(subject, failures[lane].map { ($0, time[lane]) })
                occupants[lane] = nil
            }
            if next >= subjects.endIndex, !any(isGoing) { return }
        }
    }

    private func clearForQueue() {
        begin(at: Lane(repeating: 0), lanes: 0..<0)
        samples.separate()
        recorded = nil
        isQueueing = true
    }

    /// Gives a lane its subject's inputs, history and samples.
    private func seat(_ subject: Subject, lane: Int, _ place: SubjectPlace) {
        let registers = state.registers.lanes
        for (slot, value) in subject.inputs.enumerated() { registers[slot][lane] = value }
        let (start, end) = subject.span
        takeSeat(lane, from: start, to: end)
        timelines[lane].load(subject.records, subject.changes)
        nextEvent[lane] = timelines[lane].next
        samples.load(subject.samples, lane: lane, from: start)
        bases[lane] = place.values
        fill(place, rows: 0..<Int(samples.rows[lane]))
    }

    /// Forgets whoever was in a lane before, and sets the clocks of whoever comes.
    func takeSeat(_ lane: Int, from start: Double, to end: Double) {
        resetClocks(lane)
        time[lane] = start
        target[lane] = end
        firstMoment[lane] = start
        latest[lane] = .infinity
        isAlive[lane] = true
        isStiff[lane] = isAlwaysStiff
        failures[lane] = nil
        for event in eventTimes.indices { eventTimes[event][lane] = .infinity }
        pace.begin(lane: lane)
    }

    /// Puts newly seated lanes into their initial states and lets what is due there happen.
    func start(_ lanes: LaneMask) {
        let registers = state.registers.lanes
        registers[timeRegister] = time
        for i in 0..<state.stateCount { registers[equations.firstState + i] = Lane(repeating: 0) }
        model.individual.run(registers)
        model.beginning.run(registers)
        for i in 0..<state.stateCount {
            state.y[i].replace(with: registers[Int(model.beginning.results[i])], where: lanes)
        }
        state.clear(lanes)
        equations.switches?.clear(lanes)
        if let history = equations.delayed?.history {
            for lane in LaneSet(lanes) { history.begin(lane, state.y) }
        }
        setSwitches(lanes)
        equations.linear?.admit(lanes, registers)
        equations.linear?.restart(lanes, at: time, state)
        settle(lanes)
    }

    /// What a subject did not get to has no value.
    private func leave(_ lane: Int, _ place: SubjectPlace) {
        isAlive[lane] = false
        let reached = Int(samples.rows[lane])
        fill(place, rows: reached..<max(reached, place.rows))
    }

    private func fill(_ place: SubjectPlace, rows: Range<Int>) {
        for row in rows {
            for column in 0..<outputCount { place.values[(row * outputCount + column) * laneCount] = .nan }
        }
    }
}

extension Subject {
    /// From the first of samples, records and changes to the last sample.
    var span: (start: Double, end: Double) {
        let first = samples.first ?? 0
        let start = min(first, records.first?.time ?? first, changes.first?.time ?? first)
        return (start, samples.last ?? start)
    }
}
