import NumericsCore

/// What many episodes came to: the value of a policy with its standard error, by group and in all.
public struct EpisodeTotals: Sendable, Equatable {
    /// The discounted returns of all episodes.
    public private(set) var returns = RunningMoments()
    /// Decisions in all.
    public private(set) var steps = 0
    /// How many episodes ended by each event; the others reached the horizon.
    public private(set) var ends: [String: Int] = [:]
    /// The returns by group: `by[grouping][group]`.
    public private(set) var by: [String: [String: RunningMoments]] = [:]

    public init() {}

    /// The mean return; nil without episodes.
    public var value: Double? { returns.mean }
    /// The standard error of ``value``; nil for fewer than two episodes.
    public var standardError: Double? { returns.standardError }

    mutating func add(_ value: Double, steps: Int, end: String?, groups: [(grouping: String, group: String)]) {
        returns.add(value)
        self.steps += steps
        if let end { ends[end, default: 0] += 1 }
        for (grouping, group) in groups { by[grouping, default: [:]][group, default: RunningMoments()].add(value) }
    }

    /// Adds the totals of the episodes that follow. Blocks are joined in the order of their episodes: the same bits for any
    /// number of threads.
    mutating func join(_ other: EpisodeTotals) {
        returns.merge(other.returns)
        steps += other.steps
        for (end, count) in other.ends { ends[end, default: 0] += count }
        for (grouping, groups) in other.by {
            for (group, moments) in groups {
                by[grouping, default: [:]][group, default: RunningMoments()].merge(moments)
            }
        }
    }
}
