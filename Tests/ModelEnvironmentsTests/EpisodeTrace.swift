import Environments
import NumericsCore
import Regimes

/// Runs episodes decision by decision and keeps what is seen and paid.
final class EpisodeTrace {
    let facts: EnvironmentFacts
    let episodes: any EpisodeLanes
    private let policy: any PolicyWorker
    /// What was outside of its range, in words.
    private(set) var problems: [String] = []

    init(_ environment: any Environment, seed: UInt64, policy: (any PolicyWorker)? = nil) throws {
        facts = environment.facts
        episodes = try environment.makeEpisodes(seed: seed)
        self.policy =
            try policy ?? RandomPolicy().makeWorker(observing: facts.observed, choosing: facts.actions)
    }

    /// At most sixteen episodes, each in the lane of its place.
    ///
    /// - Returns: for each episode what was observed, paid and how it stood, decision after decision.
    func run(_ numbers: [Int], decisions: Int) -> [Int: [Double]] {
        var occupants = [Int](repeating: -1, count: laneCount)
        var running = LaneMask(repeating: false)
        for (lane, number) in numbers.enumerated() { (occupants[lane], running[lane]) = (number, true) }
        let action = LanePointer.allocate(capacity: facts.actions.components.count)
        let scratch = LanePointer.allocate(capacity: facts.actions.levels.count)
        defer {
            action.deallocate()
            scratch.deallocate()
        }
        action.initialize(repeating: Lane(repeating: 0), count: facts.actions.components.count)
        scratch.initialize(repeating: Lane(repeating: 0), count: facts.actions.levels.count)
        var seen: [Int: [Double]] = [:]
        episodes.begin(occupants, in: running)
        for decision in 0..<decisions where any(running) {
            check(running)
            var uniform = Lane(repeating: 0.5)
            for lane in LaneSet(running) {
                let draw = (Double(occupants[lane]) * 0.618 + Double(decision) * 0.414).truncatingRemainder(
                    dividingBy: 1)
                uniform[lane] = draw
                seen[occupants[lane], default: []] += facts.observed.indices.map { episodes.observation[$0][lane] }
                    .map { $0.isNaN ? -1e99 : $0 }
            }
            policy.decide(
                PolicyPoint(
                    decision: Lane(repeating: Double(decision)), observation: episodes.observation,
                    allowed: episodes.allowed, uniform: uniform), into: action, scratch: scratch)
            checkAction(action, running)
            episodes.step(action, in: running)
            for lane in LaneSet(running) {
                seen[occupants[lane], default: []] += [episodes.reward[lane], episodes.ending[lane]]
            }
            running = running .& (episodes.ending .== Lane(repeating: 0))
        }
        return seen
    }

    private func check(_ lanes: LaneMask) {
        for (index, variable) in (facts.observations + facts.hidden).enumerated() {
            for lane in LaneSet(lanes) {
                let value = episodes.observation[index][lane]
                if value.isNaN || (variable.low...variable.high).contains(value) { continue }
                problems.append("\(variable.name) is \(value), outside \(variable.low) to \(variable.high)")
            }
        }
        for lane in LaneSet(lanes)
        where !facts.actions.levels.indices.contains(where: { episodes.allowed[$0][lane] > 0 }) {
            problems.append("nothing is allowed")
        }
    }

    private func checkAction(_ action: LanePointer, _ lanes: LaneMask) {
        for (index, component) in facts.actions.components.enumerated() {
            for lane in LaneSet(lanes) where !(component.low...component.high).contains(action[index][lane]) {
                problems.append("\(component.name) is \(action[index][lane])")
            }
        }
    }
}
