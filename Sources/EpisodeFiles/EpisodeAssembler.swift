import Regimes

/// Makes episodes of rows, and says what is wrong with them.
///
/// An episode's rows stand together, its steps count from 0, and its last decision says whether an event ended it
/// (terminated) or somebody stopped looking (truncated): the two are kept apart, and an episode of one decision is an episode.
/// A row without action and reward after the last decision holds what was observed then.
struct EpisodeAssembler {
    private var log: LoggedEpisodes
    private(set) var problems: [String]
    private var seen: Set<String> = []
    private var current: String?
    private var steps = 0
    private var isOver = false
    private var hasFinal = false
    private var lastPlace = ""
    private let everything: UInt64

    init(variables: [String], actions: ActionSpace, discount: Double, groups: [String], problems: [String]) {
        log = LoggedEpisodes(variables: variables, actions: actions, discount: discount)
        log.groups = groups.map { ($0, []) }
        self.problems = problems
        everything = LoggedEpisodes.all(actions)
    }

    mutating func add(_ row: EpisodeRow) {
        if row.episode != current { open(row) }
        if let step = row.step, step != steps {
            problems.append("\(row.place): step: found \(step), allowed: \(steps), steps count from 0 without a gap")
        }
        lastPlace = row.place
        guard let action = row.action else {
            finish(row)
            return
        }
        if isOver {
            problems.append(
                "\(row.place): episode '\(row.episode)' goes on after terminated or truncated; give its rest another name"
            )
            isOver = false
        }
        append(row, action)
        if row.terminated || row.truncated { isOver = true }
        if isOver { log.endedByEvent[log.endedByEvent.count - 1] = row.terminated }
        steps += 1
    }

    private mutating func open(_ row: EpisodeRow) {
        close()
        current = row.episode
        (steps, isOver, hasFinal) = (0, false, false)
        if !seen.insert(row.episode).inserted {
            problems.append(
                "\(row.place): episode '\(row.episode)' was over already; the rows of an episode stand together")
        }
        log.endedByEvent.append(false)
        log.finalAllowed.append(everything)
        for variable in log.variables.indices { log.final[variable].append(.nan) }
        for grouping in log.groups.indices { log.groups[grouping].labels.append(row.groups[grouping]) }
    }

    private mutating func close() {
        guard let current else { return }
        if !isOver {
            problems.append(
                "\(lastPlace): episode '\(current)' ends without terminated or truncated; say which of them its last decision was"
            )
        }
        log.starts.append(log.decisions)
    }

    private mutating func finish(_ row: EpisodeRow) {
        guard steps > 0, !hasFinal else {
            problems.append(
                "\(row.place): action: found none, allowed: one; only the last row of an episode, after its decisions, may lack it"
            )
            return
        }
        hasFinal = true
        for variable in log.variables.indices {
            log.final[variable][log.endedByEvent.count - 1] = row.observation[variable]
        }
        log.finalAllowed[log.endedByEvent.count - 1] = row.allowed ?? everything
    }

    private mutating func append(_ row: EpisodeRow, _ action: EpisodeAction) {
        let level: Int? =
            switch action {
            case .text(let text): log.actions.values(named: text).flatMap { log.actions.level(of: $0) }
            case .values(let values): log.actions.level(of: values)
            }
        if level == nil {
            problems.append(
                "\(row.place): action: found '\(action.description)', allowed: \(log.actions.names.joined(separator: ", "))"
            )
        }
        let allowed = row.allowed ?? everything
        if let level, allowed & (1 << UInt64(level)) == 0 {
            problems.append("\(row.place): action '\(log.actions.names[level])' was taken and was not allowed")
        }
        if !row.reward.isFinite { problems.append("\(row.place): reward: found none, allowed: a number") }
        if !row.probability.isNaN, !(row.probability > 0 && row.probability <= 1) {
            problems.append("\(row.place): probability: found \(row.probability), allowed: above 0 to 1, or empty")
        }
        for variable in log.variables.indices { log.observations[variable].append(row.observation[variable]) }
        log.chosen.append(Int32(level ?? 0))
        log.propensity.append(row.probability)
        log.allowed.append(allowed)
        log.rewards.append(row.reward)
    }

    /// The log.
    ///
    /// - Throws: ``EpisodeFileErrors`` where anything was wrong.
    mutating func finished() throws(EpisodeFileErrors) -> LoggedEpisodes {
        close()
        current = nil
        guard problems.isEmpty else { throw EpisodeFileErrors(problems) }
        return log
    }
}
