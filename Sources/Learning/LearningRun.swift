import Environments
import Foundation
import NumericsCore
import Regimes

/// Learning from the request to the frozen policy: candidates, constraint, worst group, choice, and the value that is
/// reported.
///
/// Three sets of episodes that never meet, by seeds of their own (``LearningSeed``): learners see the first; candidates (values
/// of settings given as `a|b|c`) and prices of harm are compared on the second; the value that is reported is of the third. Where
/// patients are made from real records, the first two are of one half of them and the third of the other.
package struct LearningRun: Sendable {
    package var environment: any Environment
    package var method: LearningMethod
    package var seed: UInt64
    package var episodes: Int
    package var threads: Int
    package var log: CollectedEpisodes?
    /// Episodes on which candidates are compared, and on which the value is reported.
    package var judged: Int
    package var request: LearningRequest
    /// The program's version, for provenance.
    package var version = ""
    /// Raised from anywhere, it ends the run with `Interrupted` while episodes to learn from are made.
    package var stop = StopSignal()

    package init(
        _ environment: any Environment, _ method: LearningMethod, request: LearningRequest, seed: UInt64 = 1,
        episodes: Int? = nil, threads: Int = 1, log: CollectedEpisodes? = nil, judged: Int = 2000
    ) {
        self.environment = environment
        self.method = method
        self.request = request
        self.seed = seed
        self.episodes = episodes ?? method.episodes(environment.facts)
        self.threads = threads
        self.log = log
        self.judged = judged
    }

    /// A policy with what it was learned with and what it was worth on the episodes for choosing.
    struct Candidate {
        var settings: [String: String]
        var learned: Learned
        var price: Double
        var value: Double
        var harm: Double?
        var worst: Double?
    }

    /// - Parameter progress: is told of every candidate.
    package func run(progress: (String) -> Void = { _ in }) throws -> LearningOutcome {
        if log != nil, !method.learnsFromLogs {
            let allowed = LearningMethod.all.filter(\.learnsFromLogs).map(\.name).joined(separator: ", ")
            throw LearningProblem.unsuitable(
                method: method.name, reason: "it learns by trying, not from logged episodes; from those do \(allowed)")
        }
        let start = clock()
        var tried: [Candidate] = []
        var (steps, judgedSteps) = (0, 0)
        for settings in request.candidates {
            let learner = method.learner(settings)
            for candidate in try explore(learner, settings, &steps, &judgedSteps) {
                progress(describe(candidate))
                tried.append(candidate)
            }
        }
        let learningSeconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        guard let best = choose(tried) else {
            throw LearningProblem.noData(method: method.name, reason: "no candidate has a value")
        }
        let report = try environment.simulate(
            best.learned.policy, episodes: judged, seed: LearningSeed.report.seed(seed), threads: threads)
        return LearningOutcome(
            self, best, tried, report, steps: steps, judgedSteps: judgedSteps + report.steps,
            processorSeconds: learningSeconds)
    }

    private var task: LearningTask {
        var task = LearningTask(
            environment.training, seed: LearningSeed.training.seed(seed), episodes: episodes, threads: threads,
            permitted: request.permitted, log: log)
        task.harm = request.budget?.harm
        task.stop = stop
        return task
    }

    /// All policies that one candidate's settings lead to: one, or one for each price of harm, or for each weighing of groups.
    private func explore(
        _ learner: any Learner, _ settings: LearningSettings, _ steps: inout Int, _ judgedSteps: inout Int
    ) throws -> [Candidate] {
        var found: [Candidate] = []
        func learn(_ task: LearningTask) throws -> (Candidate, EpisodeTotals) {
            let learned = try learner.learn(task)
            let totals = try environment.training.simulate(
                learned.policy, episodes: judged, seed: LearningSeed.selection.seed(seed), threads: threads)
            steps += learned.steps
            judgedSteps += totals.steps
            let worst = request.worst.map { grouping in
                totals.by[grouping].compactMap(\.mean).min() ?? -.infinity
            }
            let candidate = Candidate(
                settings: settings.all, learned: learned, price: task.price, value: totals.value ?? -.infinity,
                harm: request.budget.map { $0.harm.mean(totals) }, worst: worst)
            found.append(candidate)
            return (candidate, totals)
        }
        if let budget = request.budget {
            try budget.search { price in
                var task = task
                task.price = price
                return try learn(task).0.harm ?? 0
            }
        } else if let grouping = request.worst {
            var weighing = GroupWeighing(environment.facts.groupings[grouping], rounds: request.rounds)
            try weighing.search { weights in
                var task = task
                task.grouping = grouping
                task.groupWeights = weights
                return try learn(task).1.by[grouping]
            }
        } else {
            _ = try learn(task)
        }
        return found
    }

    /// The candidate with the best value, among those within the budget if there are any (else the least harm), or with the best
    /// worst group.
    private func choose(_ tried: [Candidate]) -> Candidate? {
        var pool = tried
        if let budget = request.budget {
            let within = tried.filter { ($0.harm ?? 0) <= budget.limit }
            guard !within.isEmpty else { return tried.min { ($0.harm ?? 0) < ($1.harm ?? 0) } }
            pool = within
        }
        func merit(_ candidate: Candidate) -> Double { candidate.worst ?? candidate.value }
        return pool.reduce(nil as Candidate?) { best, next in
            guard let best else { return next }
            return merit(next) > merit(best) ? next : best
        }
    }

    private func describe(_ candidate: Candidate) -> String {
        let varied = request.varied.map { "\($0)=\(candidate.settings[$0] ?? "")" }
        var parts = varied + ["value \(candidate.value)"]
        if let harm = candidate.harm { parts.append("harm \(harm) at price \(candidate.price)") }
        if let worst = candidate.worst { parts.append("worst group \(worst)") }
        return parts.joined(separator: ", ")
    }
}
