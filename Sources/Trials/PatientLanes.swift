import Cohorts
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

/// Sixteen patients of a trial, each at a visit of its own: what is measured on them, what they take, how they respond.
///
/// Every draw comes from a stream of the patient's own, counted by the day or visit, so that the same patient meets the same
/// chance in every arm and beside whomever. The phases act on the lanes that they are given and leave the others alone.
package final class PatientLanes {
    package let history: DecisionLanes
    /// Who is still under treatment, as of the latest decision.
    package internal(set) var treated = LaneMask(repeating: false)

    let plan: TrialPlan
    let schedule: DosingSchedule?
    let simulation: LaneSimulation
    private let effects: RandomEffects
    /// The recorded path: `recorded[sample * outputs + output]`, the start included.
    private let recorded: LanePointer
    private let gridDays: [Double]

    // By lane.
    var seats = [Seat](repeating: Seat(), count: laneCount)
    var paths: [PatientPath]
    /// The doses due: the day, and what was taken.
    var due = [[(day: Double, taken: Double)]](repeating: [], count: laneCount)

    /// Who is in a lane.
    struct Seat {
        var patient = TrialPatient(number: 0, row: 0)
        var replicate: UInt32 = 0
        var columns: [CohortColumn] = []
        var dropoutDay = Double.infinity
    }

    /// - Parameter schedule: when doses are given; nil where the plan's treatment says.
    package init(_ plan: TrialPlan, schedule: DosingSchedule?) throws(LinearAlgebraError) {
        self.plan = plan
        self.schedule = schedule
        simulation = LaneSimulation(plan.model, options: plan.solver)
        simulation.clear()
        history = DecisionLanes(plan.variables)
        effects = try RandomEffects(plan.model.model.randomEffects)
        // A quotient a rounding error below a whole number is that number.
        let steps = Int((plan.visits.end / plan.trackInterval * (1 + 1e-12)).rounded(.down))
        gridDays = (0...steps).map { min(plan.visits.end, Double($0) * plan.trackInterval) }
        recorded = .allocate(capacity: gridDays.count * max(1, plan.model.outputs.count))
        recorded.initialize(
            repeating: Lane(repeating: .nan), count: gridDays.count * max(1, plan.model.outputs.count))
        paths = Array(repeating: PatientPath(plan, days: gridDays), count: laneCount)
    }

    deinit { recorded.deallocate() }

    // MARK: Enrolment

    /// Puts a whole block of patients into the first lanes.
    ///
    /// - Returns: their lanes.
    func enrol(_ patients: ArraySlice<TrialPatient>, of cohort: Cohort, replicate: UInt32) -> LaneMask {
        treated = LaneMask(repeating: false)
        var lanes = LaneMask(repeating: false)
        for (lane, patient) in patients.enumerated() {
            seat(patient, in: lane, of: cohort, replicate: replicate)
            lanes[lane] = true
        }
        simulation.begin(at: 0, lanes: 0..<patients.count)
        record(sample: 0, lanes)
        return lanes
    }

    /// Puts a patient into a lane; ``admit(_:)`` starts those that were seated.
    package func seat(_ patient: TrialPatient, in lane: Int, of cohort: Cohort, replicate: UInt32) {
        seats[lane] = Seat(patient: patient, replicate: replicate, columns: cohort.columns)
        seats[lane].dropoutDay = dropoutDay(lane)
        for slot in history.variables.symbols.indices { history.lanes[slot][lane] = .nan }
        let etas = effects.draw(stream(.randomEffects, lane))
        for (slot, source) in plan.inputs.enumerated() {
            let value =
                switch source {
                case .constant(let value): value
                case .column(let column): cohort.columns[column].values[patient.row]
                case .eta(let index): etas[index]
                }
            simulation.setInput(slot, lane: lane, to: value)
        }
        for (slot, column) in plan.decisionColumns.enumerated() {
            history.lanes[slot][lane] = cohort.columns[column].values[patient.row]
        }
        let chance = stream(.eventThreshold, lane)
        for event in plan.events.indices {
            simulation.setThreshold(
                event: event, lane: lane, to: -Elementary.log(chance.uniform(at: UInt64(event))))
        }
        paths[lane] = PatientPath(plan, days: gridDays)
        due[lane].removeAll(keepingCapacity: true)
        treated[lane] = true
    }

    /// Starts the patients that were seated, beside those who are on their way.
    package func admit(_ lanes: LaneMask) {
        simulation.admit(lanes, at: 0)
        record(sample: 0, lanes)
    }

    // MARK: At a visit

    /// Measures what the visit measures, and notes the day.
    package func arrive(at visit: Int, _ lanes: LaneMask) {
        let day = plan.visits.days[visit]
        simulation.report()
        for (index, measurement) in plan.measurements.enumerated() where plan.visits.isMeasured[visit][index] {
            let reading = simulation.endpoint(measurement.endpoint)
            var latest = history[measurement.name]
            var previous = history["\(measurement.name)_previous"]
            var taken = history["\(measurement.name)_day"]
            for lane in LaneSet(lanes) where isUnderObservation(lane, day) {
                let draw = UInt64(visit * plan.measurements.count + index)
                let value = reading.observed(lane: lane, from: stream(.residualError, lane), at: draw)
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
        let last = visit > 0 ? plan.visits.days[visit - 1] : day
        note(DecisionVariables.day, day, lanes)
        note(DecisionVariables.visit, Double(visit), lanes)
        note(DecisionVariables.sinceLastVisit, day - last, lanes)
    }

    private func note(_ name: String, _ value: Double, _ lanes: LaneMask) {
        var lane = history[name]
        lane.replace(with: value, where: lanes)
        history[name] = lane
    }

    /// Keeps the actions in force as the previous ones, and takes those who have left out of treatment.
    package func beginDecision(at visit: Int, _ lanes: LaneMask) {
        for action in plan.variables.actions {
            var previous = history[DecisionVariables.previous(action)]
            previous.replace(with: history[action], where: lanes)
            history[DecisionVariables.previous(action)] = previous
        }
        for lane in LaneSet(lanes) where !isUnderObservation(lane, plan.visits.days[visit]) { treated[lane] = false }
    }

    package func decisionPoint(_ visit: Int) -> DecisionPoint {
        DecisionPoint(
            visit: visit, seed: plan.seed, replicate: seats[0].replicate, patients: seats.map(\.patient.number))
    }

    // MARK: Until the next visit

    /// Lets the patients live until the next visit.
    package func respond(after visit: Int, _ lanes: LaneMask) {
        let (day, next) = (plan.visits.days[visit], plan.visits.next(after: visit))
        let first = gridDays.firstIndex { $0 > day } ?? gridDays.count
        let end = gridDays.firstIndex { $0 > next } ?? gridDays.count
        let samples = gridDays[first..<end].map { $0 * plan.modelTimePerDay }
        let place = recorded + first * plan.model.outputs.count
        simulation.advance(to: next * plan.modelTimePerDay, samples: samples, recorded: place, in: lanes)
        for lane in LaneSet(lanes) {
            for sample in first..<end {
                for output in plan.model.outputs.indices {
                    let value = recorded[sample * plan.model.outputs.count + output][lane]
                    paths[lane].tracks[output][sample] = value
                }
            }
            endWhatIsOver(lane, next)
        }
    }

    // MARK: Pieces

    private func dropoutDay(_ lane: Int) -> Double {
        guard plan.dropoutPerDay > 0 else { return .infinity }
        return -Elementary.log(stream(.dropout, lane).uniform(at: 0)) / plan.dropoutPerDay
    }

    func stream(_ purpose: StreamPurpose, _ lane: Int) -> RandomStream {
        RandomStream(
            seed: plan.seed, purpose: purpose, replicate: seats[lane].replicate, patient: seats[lane].patient.number)
    }

    private func record(sample: Int, _ lanes: LaneMask) {
        simulation.report()
        for lane in LaneSet(lanes) {
            for output in plan.model.outputs.indices {
                paths[lane].tracks[output][sample] = simulation.value(ofOutput: output)[lane]
            }
        }
    }
}

extension PatientPath {
    /// The path of a patient who has just come.
    fileprivate init(_ plan: TrialPlan, days: [Double]) {
        self.init(
            days: days, tracks: plan.model.outputs.map { _ in [Double](repeating: .nan, count: days.count) },
            measuredVisits: plan.measurements.map { _ in [] }, measuredDays: plan.measurements.map { _ in [] },
            measured: plan.measurements.map { _ in [] }, eventDays: plan.events.map { _ in .infinity }, lastDay: 0,
            droppedOut: false, amountTaken: 0, dosesMissed: 0, dosesDue: 0, decisionsWithoutDose: 0, failure: nil)
    }
}
