import Environments
import Foundation
import Regimes

/// What a learning run comes to: the policy's file, its curve, and the numbers to print.
package struct LearningOutcome: Sendable {
    package let file: PolicyFile
    package let curve: LearningCurve
    package let report: Report

    /// The numbers, as they are printed: keys in alphabetical order.
    package struct Report: Sendable, Encodable {
        package let environment: String
        package let variant: String
        package let method: String
        package let seed: UInt64
        /// The chosen settings.
        package let settings: [String: String]
        package let candidates: [Candidate]
        /// On the episodes on which candidates were compared: optimistic, since the best was taken.
        package let selectionValue: Double
        /// On episodes that neither learning nor choosing has seen.
        package let value: Double?
        package let se: Double?
        package let harm: Double?
        /// The budget of harm, and whether the chosen candidate kept it on the episodes for choosing.
        package let budget: Double?
        package let budgetKept: Bool?
        package let by: [String: [String: Double]]
        package let episodes: Int
        /// Decisions that were learned from: those of the log, or all that were simulated.
        package let decisions: Int
        /// Decisions that were simulated to learn from, over all candidates.
        package let steps: Int
        /// Decisions that were simulated to compare and to report.
        package let judgedSteps: Int
        /// Processor time of learning and choosing.
        package let processorSeconds: Double
        package let stepsPerCpuSecond: Double?

        package struct Candidate: Sendable, Encodable {
            package let settings: [String: String]
            package let value: Double
            package let harm: Double?
            package let price: Double?
            package let worst: Double?
        }

        private enum CodingKeys: String, CodingKey {
            case environment, variant, method, seed, settings, candidates, selectionValue = "selection_value", value,
                se,
                harm, budget, budgetKept = "budget_kept", by, episodes, decisions, steps, judgedSteps = "judged_steps",
                processorSeconds = "cpu_seconds",
                stepsPerCpuSecond = "steps_per_cpu_second"
        }
    }

    init(
        _ run: LearningRun, _ best: LearningRun.Candidate, _ tried: [LearningRun.Candidate], _ totals: EpisodeTotals,
        steps: Int, judgedSteps: Int, processorSeconds: Double
    ) {
        let facts = run.environment.facts
        let varied = Set(run.request.varied)
        var by: [String: [String: Double]] = [:]
        for (grouping, moments) in zip(facts.groupings, totals.by) {
            for (group, own) in zip(grouping.groups, moments) { by[grouping.name, default: [:]][group] = own.mean }
        }
        report = Report(
            environment: facts.name, variant: facts.variant, method: run.method.name, seed: run.seed,
            settings: best.settings,
            candidates: tried.map { candidate in
                Report.Candidate(
                    settings: candidate.settings.filter { varied.contains($0.key) }, value: candidate.value,
                    harm: candidate.harm, price: candidate.harm == nil ? nil : candidate.price, worst: candidate.worst)
            }, selectionValue: best.value, value: totals.value, se: totals.standardError,
            harm: run.request.budget.map { $0.harm.mean(totals) }, budget: run.request.budget?.limit,
            budgetKept: run.request.budget.map { (best.harm ?? 0) <= $0.limit }, by: by,
            episodes: run.log?.log.episodes ?? run.episodes, decisions: run.log?.log.decisions ?? steps, steps: steps,
            judgedSteps: judgedSteps, processorSeconds: processorSeconds,
            stepsPerCpuSecond: processorSeconds > 0 ? Double(steps) / processorSeconds : nil)
        curve = best.learned.curve
        var training = best.settings.merging(run.request.shared) { own, _ in own }
        // 0 means the environment's own.
        if training["discount"].flatMap(Double.init) == 0 { training["discount"] = "\(facts.discount)" }
        training["method"] = run.method.name
        training["seed"] = "\(run.seed)"
        training["episodes"] = "\(report.episodes)"
        training["engine_steps"] = "\(best.learned.steps)"
        training["engine_steps_all_candidates"] = "\(steps)"
        training["candidates"] = "\(tried.count)"
        training["selection_value"] = "\(best.value)"
        training["value"] = totals.value.map { "\($0)" } ?? ""
        training["value_se"] = totals.standardError.map { "\($0)" } ?? ""
        if !run.version.isEmpty { training["version"] = run.version }
        if best.price > 0 { training["price_of_harm"] = "\(best.price)" }
        training["source"] = run.log == nil ? "environment" : "logged episodes"
        file = PolicyFile(
            environment: facts.name, variant: facts.variant, inputs: best.learned.inputs, actions: facts.actions,
            training: training, policy: best.learned.policy)
    }
}

extension LearningOutcome.Report {
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A few lines for people.
    package var text: String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "-" }
        var lines = ["\(environment) (\(variant)), learned by \(method), seed \(seed)"]
        if candidates.count > 1 {
            for candidate in candidates {
                var parts = candidate.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                parts.append("value \(number(candidate.value))")
                if let harm = candidate.harm {
                    parts.append("harm \(number(harm)) at price \(number(candidate.price))")
                }
                if let worst = candidate.worst { parts.append("worst group \(number(worst))") }
                lines.append("candidate    " + parts.joined(separator: ", "))
            }
        }
        lines.append("chosen by    \(number(selectionValue)) on episodes for choosing")
        lines.append("value        \(number(value)) (standard error \(number(se))) on episodes not seen before")
        if let harm {
            let isOver = budgetKept == false ? "; no candidate kept it on the episodes for choosing" : ""
            lines.append("harm         \(number(harm)) on episodes not seen before (budget \(number(budget))\(isOver))")
        }
        lines.append(
            "learned from \(decisions) decisions of \(episodes) episodes, \(number(processorSeconds)) s of processor time"
        )
        if let stepsPerCpuSecond { lines.append("per second   \(number(stepsPerCpuSecond)) decisions") }
        for (grouping, groups) in by.sorted(by: { $0.key < $1.key }) {
            for (group, value) in groups.sorted(by: { $0.key < $1.key }) {
                lines.append("\(grouping) = \(group): \(number(value))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
