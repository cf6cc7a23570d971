import Pharmacology

/// How patients leave: by an event, a dropout, the end of the trial, or equations that cannot be solved.
extension PatientLanes {
    /// A patient's path to the last day under observation, to be asked for once.
    package func close(_ lane: Int) -> PatientPath {
        let last = lastDay(lane)
        paths[lane].lastDay = last
        paths[lane].droppedOut = seats[lane].dropoutDay < end(lane)
        paths[lane].failure = failureDay(lane) <= last ? failure(lane) : nil
        for event in plan.events.indices {
            let day = eventDay(event, lane)
            paths[lane].eventDays[event] = day <= last ? day : .infinity
        }
        for dose in due[lane] where dose.day <= last {
            paths[lane].dosesDue += 1
            paths[lane].dosesMissed += dose.taken > 0 ? 0 : 1
            paths[lane].amountTaken += dose.taken
        }
        return paths[lane]
    }

    /// Takes a patient out of treatment, or out of the trial, when an event or a dropout by `day` says so.
    func endWhatIsOver(_ lane: Int, _ day: Double) {
        for (index, event) in plan.events.enumerated() where event.stops == .treatment {
            if simulation.eventTimes[index][lane] <= day * plan.modelTimePerDay { treated[lane] = false }
        }
        if min(seats[lane].dropoutDay, eventEnd(lane)) <= day { simulation.retire(lane: lane) }
    }

    package func isActive(_ lane: Int) -> Bool { simulation.isActive(lane: lane) }

    /// Why a patient's equations could not be solved any further, if they could not.
    package func failure(_ lane: Int) -> SolverFailure? { simulation.failures[lane] }

    /// The day of an event so far, infinite for none.
    package func eventDay(_ event: Int, _ lane: Int) -> Double {
        simulation.eventTimes[event][lane] / plan.modelTimePerDay
    }

    /// The last day under observation, as far as is known by now.
    package func lastDay(_ lane: Int) -> Double { min(end(lane), seats[lane].dropoutDay) }

    /// Where a patient's time in the trial ends if nobody drops out: with the trial, with an event, or where the equations
    /// cannot be solved any further.
    private func end(_ lane: Int) -> Double { min(plan.visits.end, eventEnd(lane), failureDay(lane)) }

    private func failureDay(_ lane: Int) -> Double {
        failure(lane) == nil ? .infinity : simulation.time[lane] / plan.modelTimePerDay
    }

    /// The day of the first event that ends follow-up, infinite for none.
    private func eventEnd(_ lane: Int) -> Double {
        var end = Double.infinity
        for (index, event) in plan.events.enumerated() where event.stops == .followUp {
            end = min(end, eventDay(index, lane))
        }
        return end
    }

    func isUnderObservation(_ lane: Int, _ day: Double) -> Bool {
        isActive(lane) && day <= seats[lane].dropoutDay && day <= eventEnd(lane)
    }
}
