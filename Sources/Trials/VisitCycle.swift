import Cohorts
import NumericsCore
import Regimes

/// Sixteen patients of one arm on their way through the trial.
///
/// The cycle is written here once, in the order of the protocol:
/// enrol → at each visit: arrive (and be measured) → decide → dose → respond until the next visit, where an event or a
/// dropout may end it → close. Where the arm has a clinic, it stands between the regime's recommendation and the dose
/// (``ClinicDesk``). What happens to the patients in each phase is ``PatientLanes``.
final class VisitCycle {
    private let plan: TrialPlan
    private let regime: any RegimeWorker
    private let clinic: ClinicDesk?
    private let patients: PatientLanes

    init(_ plan: TrialPlan, arm: Arm) throws(LinearAlgebraError) {
        self.plan = plan
        regime = arm.regime.makeWorker()
        clinic = arm.clinic.map { ClinicDesk($0, plan) }
        patients = try PatientLanes(plan, schedule: arm.schedule)
    }

    /// Takes up to sixteen patients of a cohort through the trial.
    ///
    /// - Parameter log: receives the decisions of patient `i` of the block at position `firstInLog + i`.
    func run(
        _ some: ArraySlice<TrialPatient>, of cohort: Cohort, replicate: UInt32, log: DecisionLogWriter? = nil,
        firstInLog: Int = 0
    ) -> [PatientPath] {
        let everyone = patients.enrol(some, of: cohort, replicate: replicate)
        clinic?.enrol(some.count)
        for visit in plan.visits.days.indices {
            patients.arrive(at: visit, everyone)
            decide(visit, everyone)
            log?.snapshot(
                visit, patients.history, deciding: patients.treated, lanes: some.count, at: firstInLog)
            dose(after: visit, everyone)
            patients.respond(after: visit, everyone)
        }
        let paths = close(some.count)
        log?.follow(paths, plan, at: firstInLog)
        return paths
    }

    private func decide(_ visit: Int, _ lanes: LaneMask) {
        let day = plan.visits.days[visit]
        clinic?.bringIntoForce(by: day, patients.history)
        patients.beginDecision(at: visit, lanes)
        let point = patients.decisionPoint(visit)
        guard let clinic else { return regime.decide(point, patients.history, deciding: patients.treated) }
        clinic.decide(point, day: day, patients.history, regime: regime, deciding: patients.treated)
    }

    private func dose(after visit: Int, _ lanes: LaneMask) {
        guard let clinic else { return patients.dose(after: visit, lanes) }
        let next = plan.visits.next(after: visit)
        for lane in LaneSet(lanes .& patients.treated) where patients.isActive(lane) {
            // One prescription after the other: those that waited come into force between the visits.
            let prescriptions = clinic.prescriptions(lane, until: next)
            for (index, prescription) in prescriptions.enumerated() {
                let end = index + 1 < prescriptions.count ? prescriptions[index + 1].from : next
                let amount = clinic.dose(of: prescription)
                patients.order(amount, lane, from: max(prescription.from, prescription.heldUntil), until: end)
            }
        }
        let day = plan.visits.days[visit]
        for (lane, compartment, amount) in clinic.rescues where patients.isActive(lane) {
            patients.give(amount, to: compartment, lane, on: day)
        }
    }

    private func close(_ count: Int) -> [PatientPath] {
        (0..<count).map { lane in
            var path = patients.close(lane)
            path.clinic = clinic?.counts[lane] ?? ClinicCounts()
            return path
        }
    }
}
