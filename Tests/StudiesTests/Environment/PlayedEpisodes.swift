import Environments
import Foundation
import NumericsCore
import Regimes
import Scenarios
import Trials

@testable import Studies

extension SmallStudy {
    /// Nobody drops out of an environment.
    borrowing func stayingScenario(_ overrides: [String] = []) throws -> Scenario {
        try Scenario(path: scenario, overrides: ["visits.dropout=0 per year"] + overrides)
    }

    borrowing func environment(_ overrides: [String] = []) throws -> TrialEnvironment {
        try TrialEnvironment(stayingScenario(overrides))
    }

    /// Replaces the learned arm of the scenario's file.
    borrowing func replaceLearnedArm(with arm: String) throws {
        let text = try String(contentsOfFile: scenario, encoding: .utf8)
        guard let start = text.range(of: "  - name: learned"), let end = text.range(of: "trial:\n") else { return }
        try text.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: arm + "\n")
            .write(toFile: scenario, atomically: true, encoding: .utf8)
    }

    /// Lets the learned arm follow `policy.json`, with the features that it was learned on.
    borrowing func letLearnedArmFollowItsFile() throws {
        try replaceLearnedArm(
            with: """
                  - name: learned
                    policy:
                      file: policy.json
                      base: low
                      apply: dose <- min(dose_proposed * action, 500)
                      features: |
                        level <- ifelse(is.na(cp), 0, cp)
                        weight <- weight_kg
                """)
    }
}

/// What each episode of a policy came to.
struct PlayedEpisodes: Equatable {
    var returns: [UInt64] = []
    var measures: [[UInt64]] = []
    var endings: [Double] = []
    /// Whether nothing was observed when episodes were over.
    var isBlindAtEnd = true

    /// - Parameter together: whether lanes wait for each other; as the environment says when nil.
    init(_ environment: any Environment, level: Int, count: Int, seed: UInt64, together: Bool? = nil) throws {
        let facts = environment.facts
        let lanes = try environment.makeEpisodes(seed: seed)
        let episodes = together.map { WaitingLanes(lanes, startsTogether: $0) as any EpisodeLanes } ?? lanes
        let action = LanePointer.allocate(capacity: 1)
        defer { action.deallocate() }
        action.initialize(to: Lane(repeating: facts.actions.levels[level].values[0]))
        returns = Array(repeating: 0, count: count)
        measures = Array(repeating: [], count: count)
        endings = Array(repeating: 0, count: count)
        var value = Lane(repeating: 0)
        try EpisodeCycle.run(0..<count, in: episodes, action: action) { lane, _ in
            value[lane] = 0
        } choose: { _, _ in
        } stepped: { running in
            value.replace(with: value + episodes.reward, where: running)
        } finished: { lane, episode in
            returns[episode] = value[lane].bitPattern
            measures[episode] = facts.measures.indices.map { episodes.measure($0, lane: lane).bitPattern }
            endings[episode] = episodes.ending[lane]
            if facts.observations.indices.contains(where: { !episodes.observation[$0][lane].isNaN }) {
                isBlindAtEnd = false
            }
        }
    }
}

/// Episodes that wait for each other or do not, whatever is faster.
private final class WaitingLanes: EpisodeLanes {
    private let lanes: any EpisodeLanes
    let startsTogether: Bool

    init(_ lanes: any EpisodeLanes, startsTogether: Bool) {
        self.lanes = lanes
        self.startsTogether = startsTogether
    }

    func begin(_ episodes: [Int], in some: LaneMask) { lanes.begin(episodes, in: some) }
    func step(_ action: LanePointer, in some: LaneMask) { lanes.step(action, in: some) }
    var observation: LanePointer { lanes.observation }
    var allowed: LanePointer { lanes.allowed }
    var reward: Lane { lanes.reward }
    var ending: Lane { lanes.ending }
    func group(of grouping: Int, lane: Int) -> Int { lanes.group(of: grouping, lane: lane) }
    func measure(_ index: Int, lane: Int) -> Double { lanes.measure(index, lane: lane) }
}
