import ModelLanguage
import NumericsCore
import Regimes

/// A clinic at work on one block of sixteen patients.
///
/// The way from a recommendation to a dose is written here once, in the order in which it is gone: what is done otherwise
/// → what the regime recommends → an alert? → followed? → late? → into force → co-interventions.
/// Every draw comes from the patient's own streams, counted by the visit, so that the same patient meets the same
/// clinician in every arm.
final class ClinicDesk {
    private let clinic: Clinic
    private let plan: TrialPlan
    private let follow: BoundProgram?
    /// The regime that decides otherwise, and its own view of the patients.
    private let usual: (worker: any RegimeWorker, history: DecisionLanes)?
    /// What both regimes see: all but their memories.
    private let shared: [Int]
    private let coInterventions: [BoundCoIntervention]
    private let actions: [Int]
    private let dose: Int
    private let hold: Int?

    // By lane.
    private(set) var counts: [ClinicCounts] = []
    private var inForce: [Prescription?] = []
    private var waiting: [[Prescription]] = []
    private var alertDays: [[Double]] = []
    /// Rescue doses of the latest decision: lane, compartment, amount.
    private(set) var rescues: [(lane: Int, compartment: Int, amount: Double)] = []

    init(_ clinic: Clinic, _ plan: TrialPlan) {
        self.clinic = clinic
        self.plan = plan
        follow = clinic.follow.map { BoundProgram($0, plan.variables) }
        switch clinic.otherwise {
        case .previous: usual = nil
        case .regime(let regime): usual = (regime.makeWorker(), DecisionLanes(plan.variables))
        }
        coInterventions = clinic.coInterventions.map { BoundCoIntervention($0, plan.variables) }
        let memory = Set(plan.variables.memory)
        shared = plan.variables.symbols.indices.filter { !memory.contains(plan.variables.symbols[$0].name) }
        actions = plan.variables.actions.compactMap(plan.variables.slot)
        dose = plan.variables.actions.firstIndex(of: plan.treatment.action) ?? 0
        hold = plan.treatment.hold.flatMap(plan.variables.actions.firstIndex)
    }

    /// Takes new patients in.
    func enrol(_ count: Int) {
        usual?.history.clear()
        counts = Array(repeating: ClinicCounts(), count: count)
        inForce = Array(repeating: nil, count: count)
        waiting = Array(repeating: [], count: count)
        alertDays = Array(repeating: [], count: count)
    }

    /// Brings prescriptions that waited until `day` into force, before anybody decides.
    func bringIntoForce(by day: Double, _ history: DecisionLanes) {
        for lane in inForce.indices {
            // They stand in the order of their days.
            guard let index = waiting[lane].lastIndex(where: { $0.from <= day }) else { continue }
            put(waiting[lane][index], lane, history)
            waiting[lane].removeFirst(index + 1)
        }
    }

    // MARK: The decision

    func decide(
        _ point: DecisionPoint, day: Double, _ history: DecisionLanes, regime: any RegimeWorker, deciding: LaneMask
    ) {
        rescues.removeAll(keepingCapacity: true)
        proposeUsual(point, history, deciding)
        regime.decide(point, history, deciding: deciding)
        follow?.run(history, deciding: LaneMask(repeating: false))
        var facts = ClinicFacts()
        for lane in inForce.indices where deciding[lane] {
            let recommended = prescription(history, lane, from: day)
            facts.recommended[lane] = recommended.actions[dose]
            guard let otherwise = otherwise(lane, day) else {
                // Nothing is in force that could be kept: treatment begins as decided.
                put(recommended, lane, history)
                continue
            }
            let answer = answer(to: recommended, otherwise, point, day, lane)
            carryOut(answer, recommended, otherwise, day, lane, history)
            facts.note(answer, lane)
            counts[lane].note(answer)
        }
        coIntervene(facts, day, history, deciding)
    }

    /// What the clinician does with a recommendation.
    private func answer(
        to recommended: Prescription, _ otherwise: Prescription, _ point: DecisionPoint, _ day: Double, _ lane: Int
    ) -> ClinicAnswer {
        var answer = ClinicAnswer(from: day)
        answer.isChange = differs(recommended, otherwise)
        answer.isAlert = clinic.alerts.map { alerts(recommended, otherwise, $0.threshold) } ?? false
        if answer.isAlert, let budget = clinic.alerts?.budget, shown(lane, day, within: budget.days) >= budget.count {
            answer.isSuppressed = true
            return answer
        }
        let probability = followProbability(lane, day)
        answer.isUndecided = probability == nil
        if answer.isAlert { alertDays[lane].append(day) }
        let chance = RandomStream(
            seed: point.seed, purpose: .override, replicate: point.replicate, patient: point.patients[lane])
        answer.isFollowed = chance.uniform(at: UInt64(point.visit)) < probability ?? 0
        // What is in force already need not wait.
        if answer.isFollowed, let present = inForce[lane], differs(recommended, kept(present, day)) {
            answer.from = dayInForce(point, day, lane)
        }
        return answer
    }

    /// Puts what is done into force, now or for later.
    private func carryOut(
        _ answer: ClinicAnswer, _ recommended: Prescription, _ otherwise: Prescription, _ day: Double, _ lane: Int,
        _ history: DecisionLanes
    ) {
        let present = inForce[lane].map { kept($0, day) }
        if answer.from > day, let present {
            var late = recommended
            late.heldUntil += answer.from - day
            late.from = answer.from
            // A prescription that comes earlier than those written before it replaces them.
            waiting[lane].removeAll { $0.from >= late.from }
            waiting[lane].append(late)
            return put(present, lane, history)
        }
        let done = answer.isFollowed ? recommended : otherwise
        // What changes nothing leaves what waits as it is; a new prescription replaces it.
        if present.map({ differs(done, $0) }) ?? true { waiting[lane] = [] }
        put(done, lane, history)
    }

    // MARK: Pieces of the decision

    private func proposeUsual(_ point: DecisionPoint, _ history: DecisionLanes, _ deciding: LaneMask) {
        guard let usual else { return }
        for slot in shared { usual.history.lanes[slot] = history.lanes[slot] }
        usual.worker.decide(point, usual.history, deciding: deciding)
    }

    /// What is done where the recommendation is not followed; nil where there is nothing to keep.
    private func otherwise(_ lane: Int, _ day: Double) -> Prescription? {
        if let usual { return prescription(usual.history, lane, from: day) }
        return inForce[lane].map { kept($0, day) }
    }

    /// A prescription that goes on: the days without a dose that it began are not begun again.
    private func kept(_ prescription: Prescription, _ day: Double) -> Prescription {
        var kept = prescription
        kept.from = day
        if let hold, kept.actions[hold] > 0, kept.actions[hold] < Double(DoseRule.endless) {
            kept.actions[hold] = max(0, prescription.heldUntil - day)
        }
        return kept
    }

    /// Nil where it is no number from 0 to 1.
    private func followProbability(_ lane: Int, _ day: Double) -> Double? {
        guard let follow else { return 1 }
        let usual = follow.value(ofOutput: 0)[lane]
        guard usual >= 0, usual <= 1 else { return nil }
        guard let fatigue = clinic.alerts?.fatigue, usual > 0, usual < 1 else { return usual }
        let load = Double(shown(lane, day, within: fatigue.days))
        // logit p = logit p₀ − w · load, solved for p.
        return usual / (usual + (1 - usual) * Elementary.exp(fatigue.weight * load))
    }

    /// How many alerts were shown for the patient in the days before.
    private func shown(_ lane: Int, _ day: Double, within days: Double) -> Int {
        alertDays[lane].count { $0 > day - days }
    }

    private func dayInForce(_ point: DecisionPoint, _ day: Double, _ lane: Int) -> Double {
        guard point.visit > 0, let delay = clinic.delay else { return day }
        switch delay {
        case .visits(let count):
            let visit = point.visit + count
            return visit < plan.visits.days.count ? plan.visits.days[visit] : .infinity
        case .days(let distribution):
            var stream = RandomStream(
                seed: point.seed, purpose: .delay, replicate: point.replicate, patient: point.patients[lane],
                substream: UInt32(point.visit))
            return day + max(0, distribution.sample(from: &stream))
        }
    }

    /// What is given at a dose: nothing while doses are held.
    private func amount(_ prescription: Prescription) -> Double {
        if prescription.heldUntil > prescription.from { return 0 }
        return min(prescription.actions[dose], plan.treatment.maximum)
    }

    private func alerts(
        _ recommended: Prescription, _ otherwise: Prescription, _ threshold: Clinic.Alerts.Threshold
    ) -> Bool {
        let difference = abs(amount(recommended) - amount(otherwise))
        switch threshold {
        case .share(let share): return difference > share * amount(otherwise)
        case .amount(let amount): return difference > amount
        }
    }

    private func differs(_ a: Prescription, _ b: Prescription) -> Bool {
        amount(a) != amount(b) || a.actions[dose] != b.actions[dose]
            || max(a.from, a.heldUntil) != max(b.from, b.heldUntil)
    }

    // MARK: Prescriptions

    private func prescription(_ history: DecisionLanes, _ lane: Int, from day: Double) -> Prescription {
        let values = actions.map { history.lanes[$0][lane] }
        let held = hold.map { values[$0] > 0 ? day + values[$0] : day } ?? day
        return Prescription(from: day, actions: values, heldUntil: held)
    }

    private func put(_ prescription: Prescription, _ lane: Int, _ history: DecisionLanes) {
        inForce[lane] = prescription
        for (index, slot) in actions.enumerated() { history.lanes[slot][lane] = prescription.actions[index] }
    }

    /// The prescriptions of a patient between two days, in order, each until the next begins.
    func prescriptions(_ lane: Int, until next: Double) -> [Prescription] {
        (inForce[lane].map { [$0] } ?? []) + waiting[lane].filter { $0.from < next }
    }

    func dose(of prescription: Prescription) -> Double { prescription.actions[dose] }

    // MARK: Co-interventions

    private func coIntervene(_ facts: ClinicFacts, _ day: Double, _ history: DecisionLanes, _ deciding: LaneMask) {
        for coIntervention in coInterventions {
            let acting = coIntervention.run(facts, history, deciding)
            for lane in inForce.indices where acting[lane] {
                counts[lane].coInterventions += 1
                let changed = prescription(history, lane, from: day)
                // Statements that leave the actions alone do not begin days without a dose again.
                if changed.actions.map(\.bitPattern) != inForce[lane]?.actions.map(\.bitPattern) {
                    inForce[lane] = changed
                }
                if let (amount, compartment) = coIntervention.rescue(lane), amount > 0, amount < .infinity {
                    rescues.append((lane, compartment, amount))
                }
            }
        }
    }
}
