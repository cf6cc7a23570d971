import Cohorts
import NumericsCore
import Outcomes
import Scenarios
import Synchronization
import Trials

extension Study {
    /// Runs the randomised trial for the replicates of a shard, and as often with equal arms where the scenario asks for it.
    func randomised(_ section: TrialSection, arms: [Arm], shard: Shard) throws -> TrialResults.RandomisedResults {
        let compared = section.arms.compactMap { name in arms.first { $0.name == name } }
        let endpoint = plan.trial.endpoints.firstIndex { $0.name == section.endpoint } ?? 0
        let trialPlan = plan.trial.shortened(to: section.followUp)
        let part = shard.replicates(of: section.replicates)
        let proper = randomisedTrial(section, trialPlan, compared)
        let (estimates, example) = try replicates(proper, section, endpoint, part, first: 1)
        var nullEstimates: [TrialEstimate] = []
        if let null = section.nullArm, let arm = arms.first(where: { $0.name == null }) {
            let equal = randomisedTrial(section, trialPlan, [arm, arm])
            nullEstimates = try replicates(equal, section, endpoint, part, first: ReplicateNumber.null).estimates
        }
        return TrialResults.RandomisedResults(
            control: section.arms[0], treated: section.arms[1], endpoint: section.endpoint, alpha: section.alpha,
            followUp: trialPlan.visits.end, replicates: part.map { $0 + 1 }, estimates: estimates,
            nullEstimates: nullEstimates, example: shard.isFirst ? example : nil)
    }

    private func randomisedTrial(_ section: TrialSection, _ trialPlan: TrialPlan, _ arms: [Arm]) -> RandomisedTrial {
        let size = max(1, section.allocation.reduce(0, +))
        return RandomisedTrial(
            plan: trialPlan, arms: arms, patients: section.patients,
            randomisation: Randomisation(allocation: section.allocation, repeats: max(1, section.blocks / size)),
            enrolment: Enrolment(perDay: section.enrolmentPerDay),
            strata: section.stratify.compactMap { plan.sample.index(of: $0) })
    }

    /// The estimates of the replicates in `part` in their order, and the first of them itself.
    private func replicates(
        _ trial: RandomisedTrial, _ section: TrialSection, _ endpoint: Int, _ part: Range<Int>, first: UInt32
    ) throws -> (estimates: [TrialEstimate], example: Replicate?) {
        let count = part.count
        let scale = trial.plan.endpoints[endpoint].measure.scale
        let estimates = Mutex([TrialEstimate?](repeating: nil, count: count))
        let example = Mutex<Replicate?>(nil)
        try ParallelBlocks.run(count: count, threads: threads, stop: stop) {
            try RandomisedTrial.Worker(trial)
        } run: { worker, index in
            let number = first + UInt32(part.lowerBound + index)
            let cohort = try plan.population.cohort(count: section.patients, replicate: number, half: judged)
            let replicate = trial.run(number, cohort: cohort, worker: worker)
            let strata = try plan.strata.groups(of: cohort)
            let estimate = try TrialEstimate(replicate, endpoint: endpoint, scale: scale, strata: strata)
            estimates.withLock { $0[index] = estimate }
            if index == 0 { example.withLock { $0 = replicate } }
            progress(.replicates(1))
        }
        return (estimates.withLock { $0.compactMap { $0 } }, example.withLock { $0 })
    }
}
