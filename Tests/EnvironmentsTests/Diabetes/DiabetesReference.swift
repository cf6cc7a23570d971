import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// What other programs found, from `References`.
enum DiabetesReference {
    /// A day of a patient in simglucose 0.2.11, or the means over days of a group.
    struct Run: Decodable {
        var meals: String
        var policy: String
        var patient: String?
        var group: String?
        var n: Double?
        var tir, hypo, hyper, mean, lbgi, hbgi: Double
        var sd, min, max, final, early, seTir: Double?
        var endedEarly: Bool?
    }

    /// The equations solved to 1e-10 by scipy, and the published sensor's errors.
    struct Course: Decodable {
        struct Patient: Decodable {
            var name: String
            var glucose: [Double]
            var states: [[Double]]
            var dopri5: Double
        }

        var patients: [Patient]
        var sensors: [String: [Double]]
    }

    static func runs() throws -> [Run] {
        let text = try String(contentsOf: file("diabetes_simglucose.jsonl"), encoding: .utf8)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try text.split(separator: "\n").map { try decoder.decode(Run.self, from: Data($0.utf8)) }
    }

    static func course() throws -> Course {
        try JSONDecoder().decode(Course.self, from: Data(contentsOf: file("diabetes_glucose.json")))
    }

    private static func file(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "References").appending(path: name)
    }
}

/// One episode on its own.
struct DiabetesDay {
    var steps = 0
    var value = 0.0
    var rewards: [Double] = []
    var final = 0.0
    var ending = EpisodeEnding.goesOn
    var measures: [String: Double] = [:]
    var groups: [Int] = []

    /// Runs an episode in a lane; the other lanes stand still.
    init(_ environment: DiabetesEnvironment, _ policy: any Policy, episode: Int, seed: UInt64 = 1, lane: Int = 0) throws
    {
        let episodes = DiabetesLanes(environment, seed: seed)
        let facts = environment.facts
        let worker = try policy.makeWorker(observing: facts.observed, choosing: facts.actions)
        let action = LanePointer.allocate(capacity: 2)
        let scratch = LanePointer.allocate(capacity: facts.actions.levels.count)
        defer {
            action.deallocate()
            scratch.deallocate()
        }
        var mask = LaneMask(repeating: false)
        mask[lane] = true
        var numbers = [Int](repeating: -1, count: laneCount)
        numbers[lane] = episode
        episodes.begin(numbers, in: mask)
        while ending == .goesOn {
            let point = PolicyPoint(
                decision: Lane(repeating: Double(steps)), observation: episodes.observation, allowed: episodes.allowed,
                uniform: Lane(repeating: 0.5))
            worker.decide(point, into: action, scratch: scratch)
            episodes.step(action, in: mask)
            rewards.append(episodes.reward[lane])
            value += episodes.reward[lane]
            ending = EpisodeEnding(code: episodes.ending[lane])
            steps += 1
        }
        final = episodes.latestGlucose(lane)
        for (index, name) in facts.measures.enumerated() { measures[name] = episodes.measure(index, lane: lane) }
        groups = facts.groupings.indices.map { episodes.group(of: $0, lane: lane) }
    }
}
