import NumericsCore

extension PopulationSimulation {
    /// The times between two of a subject at which its course may jump or bend: doses as they arrive after their lag,
    /// starts and ends of infusions, changes of inputs, switches of the equations.
    ///
    /// They are found by simulating, since lag, duration and switches may depend on the state.
    ///
    /// - Parameter subjects: at most sixteen.
    /// - Returns: For each subject its times before `end`, growing, each once.
    package func stops(_ subjects: [Subject], end: Double) -> [[Double]] {
        precondition(subjects.count <= laneCount, "\(subjects.count) subjects do not fit \(laneCount) lanes.")
        guard !subjects.isEmpty else { return [] }
        let simulation = LaneSimulation(model, options: options)
        simulation.begin(subjects)
        if model.stateSwitches != nil { simulation.locatedSwitches = Array(repeating: [], count: laneCount) }
        var found = [[Double]](repeating: [], count: subjects.count)
        simulation.advance(to: simulation.time, recorded: nil)
        while true {
            var target = simulation.time
            for lane in subjects.indices where simulation.isActive(lane: lane) {
                let next = simulation.nextEvent[lane]
                guard next < end else { continue }
                target[lane] = max(next, target[lane])
                if found[lane].last.map({ $0 < next }) ?? true { found[lane].append(next) }
            }
            guard any(target .> simulation.time) else { break }
            simulation.advance(to: target, recorded: nil)
        }
        guard simulation.locatedSwitches != nil else { return found }
        simulation.advance(to: larger(Lane(repeating: end), simulation.time), recorded: nil)
        return zip(found, simulation.locatedSwitches ?? []).map { stops, switches in
            Set(stops + switches.filter { $0 < end }).sorted()
        }
    }
}

extension Subject {
    /// When the subject's simulation begins: at its first record, change or sample.
    package var start: Double? {
        [samples.first, records.first?.time, changes.first?.time].compactMap(\.self).min()
    }
}

extension LaneSimulation {
    /// Puts up to sixteen subjects at their start, with all that lies ahead of them.
    fileprivate func begin(_ subjects: [Subject]) {
        var start = Lane(repeating: 0)
        for (lane, subject) in subjects.enumerated() {
            for (slot, value) in subject.inputs.enumerated() { setInput(slot, lane: lane, to: value) }
            start[lane] = subject.start ?? 0
        }
        begin(at: start, lanes: 0..<subjects.count)
        for (lane, subject) in subjects.enumerated() { load(subject, lane: lane) }
    }
}
