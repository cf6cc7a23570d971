import Environments
import Regimes

/// Episodes as learners get them: the log, and of each episode what a log does not hold.
package struct CollectedEpisodes: Sendable {
    package var log: LoggedEpisodes
    /// The event that ended each episode, by its place in the facts' ends; −1 for none.
    package var events: [Int32] = []
    /// `groups[grouping][episode]`
    package var groups: [[Int32]]
    /// `measures[measure][episode]`
    package var measures: [[Double]]
    /// The decisions of all episodes that were simulated, those that failed too.
    package var steps = 0
    /// Episodes whose equations could not be solved to the end; they are not in the log.
    package var failed = 0

    package init(_ facts: EnvironmentFacts) {
        log = LoggedEpisodes(
            variables: facts.observations.map(\.name), actions: facts.actions, discount: facts.discount)
        groups = facts.groupings.map { _ in [] }
        measures = facts.measures.map { _ in [] }
        log.groups = facts.groupings.map { (name: $0.name, labels: []) }
    }

    /// A log that was read: its groups by name, and no measures. Which event ended an episode is not known of it.
    ///
    /// - Throws: ``LearningProblem`` where it is not of this environment.
    package init(_ log: LoggedEpisodes, _ facts: EnvironmentFacts) throws(LearningProblem) {
        self.init(facts)
        let expected = facts.observations.map(\.name)
        for name in expected where !log.variables.contains(name) {
            throw .log("it lacks the variable '\(name)'; needed: \(expected.joined(separator: ", "))")
        }
        guard log.actions.names == facts.actions.names else {
            throw .log(
                "its actions are \(log.actions.names.joined(separator: ", ")); allowed: \(facts.actions.names.joined(separator: ", "))"
            )
        }
        let places = expected.compactMap { log.variables.firstIndex(of: $0) }
        self.log = log
        self.log.variables = expected
        self.log.observations = places.map { log.observations[$0] }
        self.log.final = places.map { log.final[$0] }
        events = log.endedByEvent.map { $0 ? 0 : -1 }
        for (index, grouping) in facts.groupings.enumerated() {
            guard let own = log.groups.first(where: { $0.name == grouping.name }) else {
                groups[index] = [Int32](repeating: 0, count: log.episodes)
                continue
            }
            groups[index] = own.labels.map { Int32(grouping.groups.firstIndex(of: $0) ?? 0) }
        }
        measures = facts.measures.map { _ in [Double](repeating: .nan, count: log.episodes) }
    }

    /// Adds episodes that follow.
    package mutating func append(_ other: CollectedEpisodes) {
        let offset = log.decisions
        log.starts += other.log.starts.dropFirst().map { $0 + offset }
        for index in log.observations.indices {
            log.observations[index] += other.log.observations[index]
            log.final[index] += other.log.final[index]
        }
        log.chosen += other.log.chosen
        log.propensity += other.log.propensity
        log.allowed += other.log.allowed
        log.finalAllowed += other.log.finalAllowed
        log.rewards += other.log.rewards
        log.endedByEvent += other.log.endedByEvent
        for index in log.groups.indices { log.groups[index].labels += other.log.groups[index].labels }
        events += other.events
        for index in groups.indices { groups[index] += other.groups[index] }
        for index in measures.indices { measures[index] += other.measures[index] }
        steps += other.steps
        failed += other.failed
    }

    /// The undiscounted mean return of an episode; nil without episodes.
    package var meanReturn: Double? {
        guard log.episodes > 0 else { return nil }
        var sum = 0.0
        for reward in log.rewards { sum += reward }
        return sum / Double(log.episodes)
    }
}
