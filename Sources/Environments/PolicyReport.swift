import Foundation
import NumericsCore

/// A policy's value as it is printed: keys in alphabetical order, null where there is no number.
package struct PolicyReport: Sendable, Encodable {
    package let environment: String
    package let variant: String
    package let policy: String
    package let value: Double?
    /// The Monte Carlo standard error; 0 for an exact value.
    package let se: Double?
    package let episodes: Int?
    package let steps: Int?
    package let stepsPerCpuSecond: Double?
    package let meanLength: Double?
    /// Episodes whose equations could not be solved to the end; they are in no mean.
    package let failed: Int?
    /// The share of episodes that ended by each event; the others reached the horizon.
    package let ends: [String: Double]
    package let measures: [String: Group]
    package let by: [String: [String: Group]]

    /// A mean over some episodes.
    package struct Group: Sendable, Encodable {
        package let value: Double?
        package let se: Double?
        package let episodes: Int?

        /// Every key, null where there is no number.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(value, forKey: .value)
            try container.encode(se, forKey: .se)
            try container.encode(episodes, forKey: .episodes)
        }

        private enum CodingKeys: String, CodingKey { case value, se, episodes }

        init(value: Double?, se: Double?, episodes: Int?) {
            (self.value, self.se, self.episodes) = (value, se, episodes)
        }

        init(_ moments: RunningMoments) {
            self.init(value: moments.mean, se: moments.standardError, episodes: moments.count)
        }
    }

    /// The report of an exact value.
    package init(_ exact: ExactValue, policy: String, _ facts: EnvironmentFacts) {
        (environment, variant, self.policy) = (facts.name, facts.variant, policy)
        (value, se, meanLength, ends) = (exact.value, 0, exact.meanLength, exact.ends)
        (episodes, steps, stepsPerCpuSecond, failed, measures) = (nil, nil, nil, nil, [:])
        by = exact.by.mapValues { $0.mapValues { Group(value: $0, se: 0, episodes: nil) } }
    }

    /// Simulates, and reports with the processor's time.
    package static func timed(
        policy: String, _ facts: EnvironmentFacts, _ simulate: () throws -> EpisodeTotals
    ) rethrows -> PolicyReport {
        let start = clock()
        let totals = try simulate()
        return PolicyReport(
            totals, policy: policy, facts, processorSeconds: Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }

    init(_ totals: EpisodeTotals, policy: String, _ facts: EnvironmentFacts, processorSeconds: Double) {
        let count = totals.returns.count
        (environment, variant, self.policy) = (facts.name, facts.variant, policy)
        (value, se, episodes, steps) = (totals.value, totals.standardError, count, totals.steps)
        stepsPerCpuSecond = processorSeconds > 0 ? Double(totals.steps) / processorSeconds : nil
        meanLength = count > 0 ? Double(totals.steps) / Double(count) : nil
        failed = totals.failed
        func named<Value>(_ names: [String], _ values: [Value]) -> [String: Value] {
            Dictionary(zip(names, values), uniquingKeysWith: { first, _ in first })
        }
        ends = named(facts.ends, totals.ends.map { Double($0) / Double(max(1, count)) })
        measures = named(facts.measures, totals.measures.map { Group($0) })
        by = named(
            facts.groupings.map(\.name),
            zip(facts.groupings, totals.by).map { grouping, moments in
                named(grouping.groups, moments.map { Group($0) }).filter { $0.value.episodes != 0 }
            })
    }

    private enum CodingKeys: String, CodingKey {
        case environment, variant, policy, value, se, episodes, steps, stepsPerCpuSecond = "steps_per_cpu_second",
            meanLength = "mean_length", failed, ends, measures, by
    }

    /// Every key, null where there is no number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(environment, forKey: .environment)
        try container.encode(variant, forKey: .variant)
        try container.encode(policy, forKey: .policy)
        try container.encode(value, forKey: .value)
        try container.encode(se, forKey: .se)
        try container.encode(episodes, forKey: .episodes)
        try container.encode(steps, forKey: .steps)
        try container.encode(stepsPerCpuSecond, forKey: .stepsPerCpuSecond)
        try container.encode(meanLength, forKey: .meanLength)
        try container.encode(failed, forKey: .failed)
        try container.encode(ends, forKey: .ends)
        try container.encode(measures, forKey: .measures)
        try container.encode(by, forKey: .by)
    }

    /// Pretty-printed, with keys in alphabetical order.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A few lines for people.
    package var text: String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "-" }
        func line(_ name: String, _ group: Group) -> String {
            "\(name): \(number(group.value)) (standard error \(number(group.se)))"
        }
        var lines = ["\(environment) (\(variant)), policy \(policy)"]
        lines.append("value        \(number(value)) (standard error \(number(se)))")
        if let episodes, let steps { lines.append("episodes     \(episodes), \(steps) decisions") }
        if let failed, failed > 0 { lines.append("failed       \(failed) episodes without a solution, in no mean") }
        lines.append("mean length  \(number(meanLength))")
        lines += ends.sorted { $0.key < $1.key }.map { "\($0.key): \(number($0.value))" }
        lines += measures.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
        for (grouping, groups) in by.sorted(by: { $0.key < $1.key }) {
            lines += groups.sorted { $0.key < $1.key }.map { line("\(grouping) = \($0.key)", $0.value) }
        }
        return lines.joined(separator: "\n")
    }
}
