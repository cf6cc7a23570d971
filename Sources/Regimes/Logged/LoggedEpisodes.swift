/// Episodes as they were logged: what was observed, done and paid at each decision, and with what probability it was done.
/// The material of learners and of off-policy evaluation, whoever acted.
///
/// All decisions stand one after the other, episode after episode: episode e has the decisions
/// `starts[e]..<starts[e + 1]`.
public struct LoggedEpisodes: Sendable {
    /// The names of what is observed.
    public var variables: [String]
    /// What was chosen from.
    public var actions: ActionSpace
    /// γ of the problem.
    public var discount: Double
    /// Where each episode begins; the last entry is the number of decisions.
    public var starts: [Int]
    /// `observations[variable][decision]`; NaN where missing.
    public var observations: [[Double]]
    /// What was observed after an episode's last decision, `final[variable][episode]`; NaN throughout where it is not known.
    public var final: [[Double]]
    /// The number of the level that was chosen.
    public var chosen: [Int32]
    /// The probability with which it was chosen; NaN where it is not known.
    public var propensity: [Double]
    /// For each decision a bit for each level that was allowed.
    public var allowed: [UInt64]
    /// What was allowed after an episode's last decision.
    public var finalAllowed: [UInt64]
    /// What each decision paid until the next.
    public var rewards: [Double]
    /// Whether an event ended the episode (nothing follows), `[episode]`; otherwise it was cut off.
    public var endedByEvent: [Bool]
    /// The names of groupings, and for each the group of each episode by name.
    public var groups: [(name: String, labels: [String])]

    /// A log without episodes.
    public init(variables: [String], actions: ActionSpace, discount: Double) {
        self.variables = variables
        self.actions = actions
        self.discount = discount
        starts = [0]
        observations = variables.map { _ in [] }
        final = variables.map { _ in [] }
        (chosen, propensity, allowed, finalAllowed, rewards, endedByEvent, groups) = ([], [], [], [], [], [], [])
    }

    /// How many episodes there are.
    public var episodes: Int { starts.count - 1 }
    /// How many decisions there are in all.
    public var decisions: Int { chosen.count }
    /// The decisions of an episode.
    public func range(of episode: Int) -> Range<Int> { starts[episode]..<starts[episode + 1] }
    /// Every level allowed.
    public static func all(_ actions: ActionSpace) -> UInt64 {
        actions.levels.count >= 64 ? .max : (1 << UInt64(actions.levels.count)) - 1
    }

    /// Whether a level was allowed at a decision.
    public func isAllowed(_ level: Int, at decision: Int) -> Bool { allowed[decision] & (1 << UInt64(level)) != 0 }
}
