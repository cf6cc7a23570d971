import Trials

/// How much there is to simulate, in patients times days, so that progress can be told.
public struct StudyWorkload: Sendable {
    var learning = 0.0
    var twins = 0.0
    var replicates = 0.0
    var days = 0.0
    var trialDays = 0.0

    /// No work.
    public init() {}

    /// All of the work, in patient-days.
    public var total: Double { learning + twins + replicates }

    /// The patient-days in a report of progress; over a whole run they add up to ``total``.
    public func weight(of progress: StudyProgress) -> Double {
        switch progress {
        case .learning(let patients), .twins(let patients): Double(patients) * days
        case .replicates(let trials): Double(trials) * trialDays
        }
    }
}

extension Study {
    /// The work of this study.
    public var workload: StudyWorkload { workload(of: .whole) }

    /// The work of a shard of this study.
    public func workload(of shard: Shard) -> StudyWorkload {
        var work = StudyWorkload()
        work.days = plan.trial.visits.end
        // Arms that follow a learned one need it learned.
        let needed = plan.regimes.indices.filter { shard.isFirst || trialArms.contains(plan.regimes[$0].name) }
        let sources = Set(needed.map { plan.regimes[$0].follows ?? $0 })
        for (index, learning) in plan.learning where sources.contains(index) {
            work.learning += Double(learning.section.patients) * work.days
        }
        if shard.isFirst { work.twins = Double(plan.scenario.cohort.patients * plan.regimes.count) * work.days }
        if let trial = plan.scenario.smartTrial {
            // Each shard follows the twins in the embedded regimes.
            work.twins += Double(plan.scenario.cohort.patients * trial.arms.count) * work.days
        }
        if let trial = plan.scenario.trial {
            work.trialDays = Double(trial.patients) * plan.trial.shortened(to: trial.followUp).visits.end
            let replicates = shard.replicates(of: trial.replicates).count * (trial.nullArm == nil ? 1 : 2)
            work.replicates = Double(replicates) * work.trialDays
        }
        return work
    }

    /// What the scenario describes, for `trialist validate`.
    public var outline: String {
        let model = plan.trial.model.model
        let learned = plan.regimes.enumerated().filter { plan.learning[$0.offset] != nil }.map(\.element.name)
        return """
            \(plan.scenario.file): valid
            \(plan.scenario.title)
            records    \(plan.population.flow.screened) screened, \(plan.population.flow.eligible) eligible
            patients   \(plan.scenario.cohort.patients) twins, \(plan.regimes.count) arms
            model      \(model.states.count) states, \(model.parameters.count) parameters, \(model.etas.count) etas
            arms       \(plan.regimes.map(\.name).joined(separator: ", "))\(learned.isEmpty ? "" : " (learned: \(learned.joined(separator: ", ")))")
            visits     \(plan.trial.visits.days.count) over \(days: plan.trial.visits.end) days
            endpoints  \(plan.trial.endpoints.map(\.name).joined(separator: ", "))
            strata     \(plan.scenario.strata.joined(separator: ", "))
            replicates \(plan.scenario.trial?.replicates ?? 0)
            """
    }
}
