import NumericsCore

/// What many episodes came to: the value of a policy with its standard error, by group and in all.
package struct EpisodeTotals: Sendable, Equatable {
    /// The discounted returns of all episodes that did not fail.
    package private(set) var returns = RunningMoments()
    /// Decisions in all.
    package private(set) var steps = 0
    /// How many episodes ended by each event; the others reached the horizon or failed.
    package private(set) var ends: [Int]
    /// Episodes whose equations could not be solved to the end: counted, and in no mean.
    package private(set) var failed = 0
    /// The returns by group: `by[grouping][group]`.
    package private(set) var by: [[RunningMoments]]
    /// The facts' measures.
    package private(set) var measures: [RunningMoments]

    package init(_ facts: EnvironmentFacts) {
        ends = facts.ends.map { _ in 0 }
        by = facts.groupings.map { $0.groups.map { _ in RunningMoments() } }
        measures = facts.measures.map { _ in RunningMoments() }
    }

    /// The mean return; nil without episodes.
    package var value: Double? { returns.mean }
    /// The standard error of ``value``; nil for fewer than two episodes.
    package var standardError: Double? { returns.standardError }

    /// Adds a whole episode.
    ///
    /// - Parameters:
    ///   - group: the group in each grouping.
    ///   - measure: the value of each measure.
    package mutating func add(
        _ value: Double, steps: Int, ending: EpisodeEnding, group: (Int) -> Int, measure: (Int) -> Double
    ) {
        self.steps += steps
        switch ending {
        case .failed:
            failed += 1
            return
        case .event(let event): ends[event] += 1
        case .goesOn, .truncated: break
        }
        returns.add(value)
        for grouping in by.indices { by[grouping][group(grouping)].add(value) }
        for index in measures.indices {
            // What cannot be told of an episode is in no mean.
            let value = measure(index)
            if !value.isNaN { measures[index].add(value) }
        }
    }

    /// Adds the totals of the episodes that follow. Blocks are joined in the order of their episodes: the same bits for any
    /// number of threads.
    package mutating func join(_ other: EpisodeTotals) {
        returns.merge(other.returns)
        steps += other.steps
        failed += other.failed
        for event in ends.indices { ends[event] += other.ends[event] }
        for grouping in by.indices {
            for group in by[grouping].indices { by[grouping][group].merge(other.by[grouping][group]) }
        }
        for index in measures.indices { measures[index].merge(other.measures[index]) }
    }
}
