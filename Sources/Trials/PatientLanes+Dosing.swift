import NumericsCore
import Pharmacology

/// What patients take: doses that are due, less those that are missed.
extension PatientLanes {
    /// Gives the doses that the actions say.
    package func dose(after visit: Int, _ lanes: LaneMask) {
        let (day, next) = (plan.visits.days[visit], plan.visits.next(after: visit))
        let amounts = history[plan.treatment.action]
        let holds = plan.treatment.hold.map { history[$0] } ?? Lane(repeating: 0)
        for lane in LaneSet(lanes .& treated) where isActive(lane) {
            order(amounts[lane], lane, from: holds[lane] > 0 ? day + holds[lane] : day, until: next)
        }
    }

    /// Gives a patient the doses of one amount that are due from one day on and before another, but for those missed.
    func order(_ decided: Double, _ lane: Int, from first: Double, until next: Double) {
        let treatment = plan.treatment
        // What is no amount is no dose; the patient's record counts such decisions.
        guard decided >= 0, decided < .infinity else {
            paths[lane].decisionsWithoutDose += 1
            return
        }
        let amount = min(decided, treatment.maximum)
        paths[lane].lastDose = amount
        guard amount > 0, first < next else { return }
        let missing = missProbability(lane)
        let chance = stream(.adherence, lane)
        for order in orders(from: first, before: next) {
            let isMissed = chance.uniform(at: UInt64(order.number)) < missing
            let taken = isMissed ? 0 : min(order.multiple * amount, treatment.maximum)
            due[lane].append((order.day, taken))
            guard taken > 0 else { continue }
            var record = order.record
            (record.time, record.amount) = (order.day * plan.modelTimePerDay, taken)
            simulation.give(record, lane: lane)
        }
    }

    /// Gives a patient a single amount.
    func give(_ amount: Double, to compartment: Int, _ lane: Int, on day: Double) {
        let record = DosingRecord(time: day * plan.modelTimePerDay, compartment: compartment, amount: amount)
        simulation.give(record, lane: lane)
        if compartment == plan.treatment.compartment { paths[lane].amountTaken += amount }
    }

    /// A dose that is due: its number tells which chance decides whether it is missed.
    private typealias Order = (number: Int, day: Double, multiple: Double, record: DosingRecord)

    /// The doses that are due from one day on and before another.
    private func orders(from first: Double, before next: Double) -> [Order] {
        if let schedule {
            return schedule.entries(from: first, before: next).map { number in
                let entry = schedule.entries[number]
                return (number, entry.day, entry.multiple, entry.record)
            }
        }
        let treatment = plan.treatment
        let record = DosingRecord(time: 0, compartment: treatment.compartment, amount: 0)
        var orders: [Order] = []
        var ordinal = Int((first / treatment.interval).rounded(.down))
        // Whether a dose lies in this interval is judged by its day alone, so that two intervals never share one.
        while Double(ordinal) * treatment.interval < first { ordinal += 1 }
        while Double(ordinal) * treatment.interval < next {
            orders.append((ordinal, Double(ordinal) * treatment.interval, 1, record))
            ordinal += 1
        }
        return orders
    }

    private func missProbability(_ lane: Int) -> Double {
        switch plan.treatment.missed {
        case .probability(let value): value
        case .column(let column): seats[lane].columns[column].values[seats[lane].patient.row]
        }
    }
}
