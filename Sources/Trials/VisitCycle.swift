import Cohorts
import ModelLanguage
import NumericsCore
import Pharmacology
import Regimes

/// A patient of a trial: a number, which keys the random streams, and a row of the cohort.
package struct TrialPatient: Sendable, Hashable {
    package var number: UInt32
    package var row: Int

    package init(number: UInt32, row: Int) {
        self.number = number
        self.row = row
    }
}

/// Sixteen patients of one arm on their way through the trial.
///
/// The cycle is written here once, in the order of the protocol:
/// enrol → at each visit: observe → decide → dose → respond until the next visit, where an event or a dropout may end
/// it → close. Where the arm has a clinic, it stands between the regime's recommendation and the dose
/// (``ClinicDesk``). Every draw comes from a stream of the patient's own, counted by the day or visit, so the same patient
/// meets the same chance in every arm.
final class VisitCycle {
    private let plan: TrialPlan
    private var columns: [CohortColumn] = []
    private let regime: any RegimeWorker
    private let clinic: ClinicDesk?
    private let schedule: DosingSchedule?
    private let simulation: LaneSimulation
    private let history: DecisionLanes
    private let effects: RandomEffects
    /// The recorded path: `recorded[sample * outputs + output]`, the start included.
    private let recorded: LanePointer
    private let gridDays: [Double]

    private var patients: ArraySlice<TrialPatient> = []
    private var replicate: UInt32 = 0
    private var dropoutDays: [Double] = []
    private var paths: [PatientPath] = []
    private var treated = LaneMask(repeating: false)
    /// The doses due to each patient: the day, and what was taken.
    private var due = [[(day: Double, taken: Double)]](repeating: [], count: laneCount)

    init(_ plan: TrialPlan, arm: Arm) throws(LinearAlgebraError) {
        self.plan = plan
        regime = arm.regime.makeWorker()
        clinic = arm.clinic.map { ClinicDesk($0, plan) }
        schedule = arm.schedule
        simulation = LaneSimulation(plan.model, options: plan.solver)
        history = DecisionLanes(plan.variables)
        effects = try RandomEffects(plan.model.model.randomEffects)
        // A quotient a rounding error below a whole number is that number.
        let steps = Int((plan.visits.end / plan.trackInterval * (1 + 1e-12)).rounded(.down))
        gridDays = (0...steps).map { min(plan.visits.end, Double($0) * plan.trackInterval) }
        recorded = .allocate(capacity: gridDays.count * max(1, plan.model.outputs.count))
        recorded.initialize(
            repeating: Lane(repeating: .nan), count: gridDays.count * max(1, plan.model.outputs.count))
    }

    deinit { recorded.deallocate() }

    /// Takes up to sixteen patients of a cohort through the trial.
    ///
    /// - Parameter log: receives the decisions of patient `i` of the block at position `firstInLog + i`.
    func run(
        _ patients: ArraySlice<TrialPatient>, of cohort: Cohort, replicate: UInt32, log: DecisionLogWriter? = nil,
        firstInLog: Int = 0
    ) -> [PatientPath] {
        columns = cohort.columns
        enrol(patients, replicate: replicate)
        for (visit, day) in plan.visits.days.enumerated() {
            observe(visit, day)
            decide(visit, day)
            log?.snapshot(visit, history, deciding: treated, lanes: patients.count, at: firstInLog)
            dose(from: day, until: plan.visits.next(after: visit))
            respond(from: day, until: plan.visits.next(after: visit))
        }
        close()
        log?.follow(paths, plan, at: firstInLog)
        return paths
    }

    // MARK: Phases

    private func enrol(_ patients: ArraySlice<TrialPatient>, replicate: UInt32) {
        self.patients = patients
        self.replicate = replicate
        history.clear()
        dropoutDays = []
        paths = []
        treated = LaneMask(repeating: false)
        for (lane, patient) in patients.enumerated() {
            let etas = effects.draw(stream(.randomEffects, patient))
            for (slot, source) in plan.inputs.enumerated() {
                let value =
                    switch source {
                    case .constant(let value): value
                    case .column(let column): columns[column].values[patient.row]
                    case .eta(let index): etas[index]
                    }
                simulation.setInput(slot, lane: lane, to: value)
            }
            for (slot, column) in plan.decisionColumns.enumerated() {
                history.lanes[slot][lane] = columns[column].values[patient.row]
            }
            let chance = stream(.eventThreshold, patient)
            for event in plan.events.indices {
                simulation.setThreshold(
                    event: event, lane: lane, to: -Elementary.log(chance.uniform(at: UInt64(event))))
            }
            dropoutDays.append(dropoutDay(of: patient))
            paths.append(emptyPath())
            due[lane].removeAll(keepingCapacity: true)
            treated[lane] = true
        }
        clinic?.enrol(patients.count)
        simulation.begin(at: 0, lanes: 0..<patients.count)
        record(sample: 0)
    }

    private func observe(_ visit: Int, _ day: Double) {
        simulation.report()
        for (index, measurement) in plan.measurements.enumerated() where plan.visits.isMeasured[visit][index] {
            let reading = simulation.endpoint(measurement.endpoint)
            var latest = history[measurement.name]
            var previous = history["\(measurement.name)_previous"]
            var taken = history["\(measurement.name)_day"]
            for (lane, patient) in patients.enumerated() where isUnderObservation(lane, day) {
                let draw = UInt64(visit * plan.measurements.count + index)
                let value = reading.observed(lane: lane, from: stream(.residualError, patient), at: draw)
                previous[lane] = latest[lane]
                latest[lane] = value
                taken[lane] = day
                paths[lane].measuredVisits[index].append(visit)
                paths[lane].measuredDays[index].append(day)
                paths[lane].measured[index].append(value)
            }
            history[measurement.name] = latest
            history["\(measurement.name)_previous"] = previous
            history["\(measurement.name)_day"] = taken
        }
    }

    private func decide(_ visit: Int, _ day: Double) {
        let last = visit > 0 ? plan.visits.days[visit - 1] : day
        history[DecisionVariables.day] = Lane(repeating: day)
        history[DecisionVariables.visit] = Lane(repeating: Double(visit))
        history[DecisionVariables.sinceLastVisit] = Lane(repeating: day - last)
        clinic?.bringIntoForce(by: day, history)
        for action in plan.variables.actions {
            history[DecisionVariables.previous(action)] = history[action]
        }
        for lane in patients.indices.map({ $0 - patients.startIndex }) where !isUnderObservation(lane, day) {
            treated[lane] = false
        }
        let point = DecisionPoint(
            visit: visit, seed: plan.seed, replicate: replicate, patients: patients.map(\.number))
        guard let clinic else { return regime.decide(point, history, deciding: treated) }
        clinic.decide(point, day: day, history, regime: regime, deciding: treated)
    }

    private func dose(from day: Double, until next: Double) {
        let treatment = plan.treatment
        let amounts = history[treatment.action]
        let holds = treatment.hold.map { history[$0] } ?? Lane(repeating: 0)
        for (lane, patient) in patients.enumerated() where treated[lane] && simulation.isActive(lane: lane) {
            guard let clinic else {
                let first = holds[lane] > 0 ? day + holds[lane] : day
                order(amounts[lane], lane, patient, from: first, until: next)
                continue
            }
            // One prescription after the other: those that waited come into force between the visits.
            let prescriptions = clinic.prescriptions(lane, until: next)
            for (index, prescription) in prescriptions.enumerated() {
                let end = index + 1 < prescriptions.count ? prescriptions[index + 1].from : next
                let amount = clinic.dose(of: prescription)
                order(amount, lane, patient, from: max(prescription.from, prescription.heldUntil), until: end)
            }
        }
        for (lane, compartment, amount) in clinic?.rescues ?? [] where simulation.isActive(lane: lane) {
            let record = DosingRecord(time: day * plan.modelTimePerDay, compartment: compartment, amount: amount)
            simulation.give(record, lane: lane)
            if compartment == treatment.compartment { paths[lane].amountTaken += amount }
        }
    }

    /// Gives a patient the doses of one amount that are due from one day on and before another, but for those missed.
    private func order(_ decided: Double, _ lane: Int, _ patient: TrialPatient, from first: Double, until next: Double)
    {
        let treatment = plan.treatment
        // What is no amount is no dose; the patient's record counts such decisions.
        guard decided >= 0, decided < .infinity else {
            paths[lane].decisionsWithoutDose += 1
            return
        }
        let amount = min(decided, treatment.maximum)
        paths[lane].lastDose = amount
        guard amount > 0, first < next else { return }
        let missing = missProbability(patient)
        let chance = stream(.adherence, patient)
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

    private func respond(from day: Double, until next: Double) {
        let first = gridDays.firstIndex { $0 > day } ?? gridDays.count
        let end = gridDays.firstIndex { $0 > next } ?? gridDays.count
        let samples = gridDays[first..<end].map { $0 * plan.modelTimePerDay }
        let place = recorded + first * plan.model.outputs.count
        simulation.advance(to: next * plan.modelTimePerDay, samples: samples, recorded: place)
        for lane in 0..<patients.count {
            for sample in first..<end {
                for output in plan.model.outputs.indices {
                    let value = recorded[sample * plan.model.outputs.count + output][lane]
                    paths[lane].tracks[output][sample] = value
                }
            }
            endWhatIsOver(lane, next)
        }
    }

    private func close() {
        for lane in 0..<patients.count {
            // A patient whose equations cannot be solved any further is lost there.
            let failure = simulation.failures[lane]
            let failed = failure == nil ? .infinity : simulation.time[lane] / plan.modelTimePerDay
            let end = min(plan.visits.end, eventEnd(lane), failed)
            let last = min(end, dropoutDays[lane])
            paths[lane].lastDay = last
            paths[lane].droppedOut = dropoutDays[lane] < end
            paths[lane].failure = failed <= last ? failure : nil
            paths[lane].clinic = clinic?.counts[lane] ?? ClinicCounts()
            for event in plan.events.indices {
                let day = simulation.eventTimes[event][lane] / plan.modelTimePerDay
                paths[lane].eventDays[event] = day <= last ? day : .infinity
            }
            for dose in due[lane] where dose.day <= last {
                paths[lane].dosesDue += 1
                paths[lane].dosesMissed += dose.taken > 0 ? 0 : 1
                paths[lane].amountTaken += dose.taken
            }
        }
    }

    // MARK: Pieces

    /// Takes a patient out of treatment, or out of the trial, when an event or a dropout by `day` says so.
    private func endWhatIsOver(_ lane: Int, _ day: Double) {
        for (index, event) in plan.events.enumerated() where event.stops == .treatment {
            if simulation.eventTimes[index][lane] <= day * plan.modelTimePerDay { treated[lane] = false }
        }
        if min(dropoutDays[lane], eventEnd(lane)) <= day { simulation.retire(lane: lane) }
    }

    /// The day of the first event that ends follow-up, infinite for none.
    private func eventEnd(_ lane: Int) -> Double {
        var end = Double.infinity
        for (index, event) in plan.events.enumerated() where event.stops == .followUp {
            end = min(end, simulation.eventTimes[index][lane] / plan.modelTimePerDay)
        }
        return end
    }

    private func isUnderObservation(_ lane: Int, _ day: Double) -> Bool {
        simulation.isActive(lane: lane) && day <= dropoutDays[lane] && day <= eventEnd(lane)
    }

    private func dropoutDay(of patient: TrialPatient) -> Double {
        guard plan.dropoutPerDay > 0 else { return .infinity }
        return -Elementary.log(stream(.dropout, patient).uniform(at: 0)) / plan.dropoutPerDay
    }

    private func missProbability(_ patient: TrialPatient) -> Double {
        switch plan.treatment.missed {
        case .probability(let value): value
        case .column(let column): columns[column].values[patient.row]
        }
    }

    private func stream(_ purpose: StreamPurpose, _ patient: TrialPatient) -> RandomStream {
        RandomStream(seed: plan.seed, purpose: purpose, replicate: replicate, patient: patient.number)
    }

    private func emptyPath() -> PatientPath {
        PatientPath(
            days: gridDays,
            tracks: plan.model.outputs.map { _ in [Double](repeating: .nan, count: gridDays.count) },
            measuredVisits: plan.measurements.map { _ in [] }, measuredDays: plan.measurements.map { _ in [] },
            measured: plan.measurements.map { _ in [] }, eventDays: plan.events.map { _ in .infinity }, lastDay: 0,
            droppedOut: false, amountTaken: 0, dosesMissed: 0, dosesDue: 0, decisionsWithoutDose: 0, failure: nil)
    }

    private func record(sample: Int) {
        simulation.report()
        for lane in 0..<patients.count {
            for output in plan.model.outputs.indices {
                paths[lane].tracks[output][sample] = simulation.value(ofOutput: output)[lane]
            }
        }
    }
}
