import Cohorts
import NumericsCore
import Outcomes
import Regimes
import Scenarios
import Synchronization
import Trials

extension Study {
    /// Runs the sequential trial for the replicates of a shard.
    func sequential(_ section: TrialSection, arms: [Arm], shard: Shard) throws -> TrialResults.SequentialResults {
        let trial = sequentialTrial(section, arms)
        let twins = try sequentialTwins(trial)
        let truth = SequentialTruth(trial, records: twins.records, logs: twins.logs)
        let contrast = Self.contrast(section, trial)
        let part = shard.replicates(of: section.replicates)
        let estimates = Mutex([SequentialEstimate?](repeating: nil, count: part.count))
        try ParallelBlocks.run(count: part.count, threads: threads, stop: stop) {
            try SequentialTrial.Worker(trial)
        } run: { worker, index in
            let number = UInt32(1 + part.lowerBound + index)
            let cohort = try plan.population.cohort(count: section.patients, replicate: number, half: judged)
            let observed = try trial.run(number, cohort: cohort, worker: worker)
            let estimate = SequentialEstimate(
                observed, trial, contrast: contrast, isHigherBetter: section.isHigherBetter, truth: truth)
            estimates.withLock { $0[index] = estimate }
            progress(.replicates(1))
        }
        return TrialResults.SequentialResults(
            regimes: trial.arms.map(\.name), contrast: contrast, endpoint: section.endpoint,
            isHigherBetter: section.isHigherBetter, alpha: section.alpha, patients: section.patients,
            responseDay: plan.scenario.visits.response?.day ?? .nan, followUp: trial.plan.visits.end,
            replicates: part.map { $0 + 1 }, estimates: estimates.withLock { $0.compactMap { $0 } },
            truth: try Self.truth(twins.records, trial, contrast),
            design: try Self.design(section, trial, twins.records, truth, contrast))
    }

    private func sequentialTrial(_ section: TrialSection, _ arms: [Arm]) -> SequentialTrial {
        let embedded = EmbeddedRegimes(section, plan.scenario.arms)
        let features = plan.scenario.qLearningFeatures
        let day = plan.scenario.visits.response?.day ?? 0
        return SequentialTrial(
            plan: plan.trial.shortened(to: section.followUp),
            arms: embedded.names.compactMap { name in arms.first { $0.name == name } }, regimes: embedded.regimes,
            options: embedded.options, visit: plan.scenario.visits.days.firstIndex(of: day) ?? 1,
            endpoint: plan.trial.endpoints.firstIndex { $0.name == section.endpoint } ?? 0,
            patients: section.patients, blocks: section.blocks,
            strata: section.stratify.compactMap { plan.sample.index(of: $0) }, baseline: features.baseline,
            interim: features.interim)
    }

    /// The twins in every embedded regime, with what was seen of them, followed as long as the trial follows.
    private func sequentialTwins(_ trial: SequentialTrial) throws -> (records: [ArmRecord], logs: [DecisionLog]) {
        let count = plan.scenario.cohort.patients
        let cohort = try plan.population.cohort(count: count, replicate: ReplicateNumber.twins, half: judged)
        let runner = TrialRunner(trial.plan, cohort: cohort, threads: threads, stop: stop) { progress(.twins($0)) }
        let everyone = (0..<count).map { TrialPatient(number: UInt32($0), row: $0) }
        var records: [ArmRecord] = []
        var logs: [DecisionLog] = []
        for arm in trial.arms {
            let run = try runner.run(
                arm, patients: everyone, replicate: ReplicateNumber.twins, keepsDecisions: true, keeping: trial.kept)
            guard let log = run.log else { throw Interrupted() }
            records.append(run.record)
            logs.append(log)
        }
        return (records, logs)
    }

    /// The two regimes compared, the second minus the first.
    private static func contrast(_ section: TrialSection, _ trial: SequentialTrial) -> (Int, Int) {
        if let names = section.compare {
            let places = names.map { name in trial.arms.firstIndex { $0.name == name } ?? 0 }
            return (places[1], places[0])
        }
        let other = trial.regimes.firstIndex { $0.first != trial.regimes[0].first } ?? 0
        return (other, 0)
    }

    /// The true value of each regime and last the contrast, from twins.
    private static func truth(
        _ records: [ArmRecord], _ trial: SequentialTrial, _ contrast: (Int, Int)
    ) throws -> [EstimateCell] {
        func mean(_ values: [Double]) throws -> EstimateCell {
            let known = values.filter(\.isFinite)
            guard !known.isEmpty else { return EstimateCell(count: 0, .undefined(.referenceArm)) }
            return EstimateCell(count: known.count, .value(try SampleMean(known, column: "value").estimate))
        }
        let values = records.map { $0.values[trial.endpoint] }
        return try values.map(mean) + [mean(zip(values[contrast.0], values[contrast.1]).map { $0 - $1 })]
    }

    /// What the sample size formula says of the contrast, with the twins' response rates and spread.
    private static func design(
        _ section: TrialSection, _ trial: SequentialTrial, _ records: [ArmRecord], _ truth: SequentialTruth,
        _ contrast: (Int, Int)
    ) throws -> TrialResults.SequentialResults.Design {
        let (a, b) = (trial.regimes[contrast.0], trial.regimes[contrast.1])
        func draw(_ regime: EmbeddedRegime) -> SequentialTrialSize.Draw {
            SequentialTrialSize.Draw(
                response: truth.responseRate(first: regime.first), first: 1 / Double(trial.options.count),
                responders: 1 / Double(trial.options[regime.first].responders),
                others: 1 / Double(trial.options[regime.first].others))
        }
        let pair = [contrast.0, contrast.1].map { records[$0].values[trial.endpoint].filter(\.isFinite) }
        let means = pair.map { $0.reduce(0, +) / Double($0.count) }
        let variances = zip(pair, means).map { values, mean in
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        }
        let deviation = ((variances[0] + variances[1]) / 2).squareRoot()
        let effect = (means[0] - means[1]) / deviation
        let size =
            a.first != b.first
            ? try? SequentialTrialSize(
                beginningDifferently: draw(a), draw(b), effect: effect, alpha: section.alpha, power: 0.8)
            : a.responders == b.responders
                ? try? SequentialTrialSize(
                    sharingTheirBeginning: draw(a), effect: effect, alpha: section.alpha, power: 0.8) : nil
        return .init(
            responses: trial.regimes.map { truth.responseRate(first: $0.first) }, deviation: deviation, effect: effect,
            patientsNeeded: size.map { $0.exact.rounded(.up) } ?? .nan)
    }
}
