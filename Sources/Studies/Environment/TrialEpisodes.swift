import Environments
import NumericsCore
import Regimes
import Trials

/// Sixteen patients of a trial as episodes: the visit cycle, halted at each decision until somebody has chosen.
///
/// A step goes this way: the action becomes the treatment, doses, the patient's response until the next visit, what that
/// measures, the reward, and what the base regime proposes there.
final class TrialEpisodes: EpisodeLanes {
    let observation: LanePointer
    let allowed: LanePointer
    private(set) var reward = Lane(repeating: 0)
    private(set) var ending = Lane(repeating: 0)

    private let environment: TrialEnvironment
    private let plan: TrialPlan
    private let patients: PatientLanes
    private let worker: FrameWorker
    private let pay: TrialReward
    /// Why patients could not be drawn.
    private(set) var problem: (any Error)?
    private var visits = Lane(repeating: 0)
    /// Lanes whose patients could be drawn.
    private var isSeated = LaneMask(repeating: false)
    private var groups = [[Int]](repeating: [], count: laneCount)
    private var measures = [[Double]](repeating: [], count: laneCount)

    init(_ environment: TrialEnvironment, seed: UInt64) throws {
        self.environment = environment
        var plan = environment.plan
        plan.seed = seed
        self.plan = plan
        patients = try PatientLanes(plan, schedule: environment.schedule)
        worker = FrameWorker(environment.frame)
        pay = TrialReward(environment.learner.reward, plan.variables)
        func lanes(_ count: Int, _ value: Double) -> LanePointer {
            let lanes = LanePointer.allocate(capacity: max(1, count))
            lanes.initialize(repeating: Lane(repeating: value), count: max(1, count))
            return lanes
        }
        observation = lanes(environment.facts.observations.count, .nan)
        allowed = lanes(environment.facts.actions.levels.count, 1)
    }

    deinit {
        observation.deallocate()
        allowed.deallocate()
    }

    /// A block is fastest while its patients are at the same visit.
    var startsTogether: Bool { true }

    func group(of grouping: Int, lane: Int) -> Int {
        groups[lane].indices.contains(grouping) ? groups[lane][grouping] : 0
    }

    /// An endpoint of the trial on the patient's path: its value, or whether the event was seen. Known when the episode is
    /// over.
    func measure(_ index: Int, lane: Int) -> Double {
        measures[lane].indices.contains(index) ? measures[lane][index] : .nan
    }

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            isSeated[lane] = false
            measures[lane] = []
            let batch: TrialCohorts.Batch
            let row: Int
            do { (batch, row) = try environment.cohorts.patient(of: episodes[lane], seed: plan.seed) } catch {
                problem = problem ?? error
                continue
            }
            let number = UInt32(truncatingIfNeeded: episodes[lane])
            patients.seat(TrialPatient(number: number, row: row), in: lane, of: batch.cohort, replicate: 0)
            groups[lane] = batch.groups.map { $0[row] }
            isSeated[lane] = true
        }
        ending.replace(with: 0, where: lanes)
        reward.replace(with: 0, where: lanes)
        visits.replace(with: 0, where: lanes)
        let seated = lanes .& isSeated
        guard any(seated) else { return }
        patients.admit(seated)
        patients.arrive(at: 0, seated)
        propose(at: 0, seated)
    }

    func step(_ action: LanePointer, in lanes: LaneMask) {
        let lost = lanes .& .!isSeated
        ending.replace(with: EpisodeEnding.failed.code, where: lost)
        var left = lanes .& isSeated
        while let first = LaneSet(left).first(where: { _ in true }) {
            let group = left .& (visits .== Lane(repeating: visits[first]))
            treat(action[0], at: Int(visits[first]), group)
            left = left .& .!group
        }
    }

    /// What the base regime proposes, and what is seen then.
    private func propose(at visit: Int, _ lanes: LaneMask) {
        patients.beginDecision(at: visit, lanes)
        worker.propose(patients.decisionPoint(visit), patients.history, deciding: lanes)
        for feature in environment.facts.observations.indices {
            observation[feature].replace(with: worker.feature(feature), where: lanes)
        }
    }

    /// From a decision to the next, for lanes at the same visit.
    private func treat(_ chosen: Lane, at visit: Int, _ lanes: LaneMask) {
        worker.take(chosen, patients.history, deciding: lanes)
        pay.remember(patients.history, lanes)
        patients.dose(after: visit, lanes)
        patients.respond(after: visit, lanes)
        let isLast = visit + 1 == plan.visits.days.count
        if isLast { patients.report() } else { patients.arrive(at: visit + 1, lanes) }
        let paid = pay.run(patients.history) { patients.outcomes(after: visit, $0) }
        reward.replace(with: paid, where: lanes)
        for lane in LaneSet(lanes) { ending[lane] = end(lane, after: visit).code }
        let isOver = lanes .& (ending .!= Lane(repeating: 0))
        if any(isOver) { close(isOver, after: visit) }
        let goOn = lanes .& .!isOver
        guard any(goOn) else { return }
        visits.replace(with: Double(visit + 1), where: goOn)
        propose(at: visit + 1, goOn)
    }

    /// How a lane's episode stands behind the interval after a visit. What happened before the equations failed has happened.
    private func end(_ lane: Int, after visit: Int) -> EpisodeEnding {
        guard reward[lane].isFinite else { return .failed }
        let next = plan.visits.next(after: visit)
        let days = environment.ends.map { patients.eventDay($0, lane) }
        if let first = days.indices.min(by: { days[$0] < days[$1] }), days[first] <= next { return .event(first) }
        if patients.failure(lane) != nil { return .failed }
        return visit + 1 == plan.visits.days.count ? .truncated : .goesOn
    }

    /// Ends the episodes of some lanes. Nothing is observed any more; those whose treatment an event has stopped are followed
    /// without doses, as in the trial, so that its endpoints can be told.
    private func close(_ lanes: LaneMask, after visit: Int) {
        for feature in environment.facts.observations.indices {
            observation[feature].replace(with: .nan, where: lanes)
        }
        for later in (visit + 1)..<max(visit + 1, plan.visits.days.count) {
            var followed = LaneMask(repeating: false)
            for lane in LaneSet(lanes) where patients.isActive(lane) { followed[lane] = true }
            guard any(followed) else { break }
            // The first of them was reached with the step.
            if later > visit + 1 { patients.arrive(at: later, followed) }
            patients.beginDecision(at: later, followed)
            patients.dose(after: later, followed)
            patients.respond(after: later, followed)
        }
        for lane in LaneSet(lanes) { measures[lane] = endpoints(of: patients.close(lane)) }
    }

    private func endpoints(of path: PatientPath) -> [Double] {
        environment.measured.map { place in
            let endpoint = plan.endpoints[place]
            let result = endpoint.measure.value(of: path)
            return endpoint.measure.scale == .timeToEvent ? (result.hasEvent ? 1 : 0) : result.value
        }
    }
}
