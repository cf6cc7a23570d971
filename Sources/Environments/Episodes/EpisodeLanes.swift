import NumericsCore

/// Sixteen episodes of an environment on their way, each in its lane.
///
/// An episode's chance depends on the environment's seed and its own number alone: neither on its lane nor on the episodes
/// beside it. A block belongs to one worker.
package protocol EpisodeLanes: AnyObject {
    /// Starts the episode `episodes[lane]` in each lane of `lanes`; the other lanes stay where they are.
    func begin(_ episodes: [Int], in lanes: LaneMask)

    /// What is observed at the present decision: one lane for each of the facts' observations, then for each hidden variable.
    /// NaN where it is missing.
    var observation: LanePointer { get }

    /// For each level 1 where it is allowed at the present decision, else 0.
    var allowed: LanePointer { get }

    /// Carries out the actions `action[component]` in `lanes` and goes on to the next decision, or to the end.
    func step(_ action: LanePointer, in lanes: LaneMask)

    /// What the latest step paid.
    var reward: Lane { get }

    /// How the latest step left each lane's episode, as ``EpisodeEnding/code``.
    var ending: Lane { get }

    /// Whether a lane that is free should wait until all are, since lanes that are at the same decision go faster. It changes
    /// no number.
    var startsTogether: Bool { get }

    /// Why episodes cannot be begun; nil where they can. It ends the run.
    var problem: (any Error)? { get }

    /// The group of a lane's episode in the facts' groupings.
    func group(of grouping: Int, lane: Int) -> Int

    /// A measure of the facts over a lane's episode so far.
    func measure(_ index: Int, lane: Int) -> Double
}

extension EpisodeLanes {
    package var startsTogether: Bool { false }
    package var problem: (any Error)? { nil }
    package func group(of _: Int, lane _: Int) -> Int { 0 }
    package func measure(_: Int, lane _: Int) -> Double { .nan }
}

/// Whether and how an episode has ended. An event is part of what a policy leads to; a truncation only stops looking.
package enum EpisodeEnding: Hashable, Sendable {
    case goesOn
    /// The event's place in ``EnvironmentFacts/ends``.
    case event(Int)
    /// The horizon was reached.
    case truncated
    /// The equations could not be solved any further.
    case failed

    /// 0 goes on, 1 + k event k, −1 truncated, −2 failed.
    package var code: Double {
        switch self {
        case .goesOn: 0
        case .event(let index): Double(index + 1)
        case .truncated: -1
        case .failed: -2
        }
    }

    package init(code: Double) {
        switch code {
        case 0: self = .goesOn
        case -1: self = .truncated
        case -2: self = .failed
        default: self = .event(Int(code) - 1)
        }
    }
}
