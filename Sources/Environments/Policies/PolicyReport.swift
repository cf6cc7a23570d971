import Foundation
import NumericsCore

/// A policy's value as it is printed: keys in alphabetical order, null where there is no number.
public struct PolicyReport: Sendable, Encodable {
    public let value: Double?
    /// The Monte Carlo standard error; 0 for an exact value.
    public let se: Double?
    public let episodes: Int?
    public let steps: Int?
    public let stepsPerCpuSecond: Double?
    public let meanLength: Double?
    /// The share of episodes that ended by each event; the others reached the horizon.
    public let ends: [String: Double]
    public let by: [String: [String: Group]]

    /// A group's value.
    public struct Group: Sendable, Encodable {
        public let value: Double?
        public let se: Double?
        public let episodes: Int?
    }

    /// The report of an exact value.
    public init(_ exact: ExactValue) {
        (value, se, meanLength, ends) = (exact.value, 0, exact.meanLength, exact.ends)
        (episodes, steps, stepsPerCpuSecond) = (nil, nil, nil)
        by = exact.by.mapValues { $0.mapValues { Group(value: $0, se: 0, episodes: nil) } }
    }

    /// Simulates, and reports with the processor's time.
    public static func timed(_ simulate: () throws -> EpisodeTotals) rethrows -> PolicyReport {
        let start = clock()
        let totals = try simulate()
        return PolicyReport(totals, processorSeconds: Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }

    init(_ totals: EpisodeTotals, processorSeconds: Double) {
        let count = totals.returns.count
        (value, se, episodes, steps) = (totals.value, totals.standardError, count, totals.steps)
        stepsPerCpuSecond = processorSeconds > 0 ? Double(totals.steps) / processorSeconds : nil
        meanLength = count > 0 ? Double(totals.steps) / Double(count) : nil
        ends = totals.ends.mapValues { Double($0) / Double(max(1, count)) }
        by = totals.by.mapValues { groups in
            groups.mapValues { Group(value: $0.mean, se: $0.standardError, episodes: $0.count) }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case value, se, episodes, steps, stepsPerCpuSecond = "steps_per_cpu_second", meanLength = "mean_length", ends,
            by
    }

    /// Pretty-printed, with keys in alphabetical order.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A few lines for people.
    public var text: String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "-" }
        var lines = ["value        \(number(value)) (standard error \(number(se)))"]
        if let episodes, let steps { lines.append("episodes     \(episodes), \(steps) decisions") }
        lines.append("mean length  \(number(meanLength))")
        for (end, share) in ends.sorted(by: { $0.key < $1.key }) { lines.append("\(end): \(number(share))") }
        for (grouping, groups) in by.sorted(by: { $0.key < $1.key }) {
            for (group, own) in groups.sorted(by: { $0.key < $1.key }) {
                lines.append("\(grouping) = \(group): \(number(own.value)) (standard error \(number(own.se)))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
