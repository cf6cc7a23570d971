import EnvironmentServer
import NumericsCore
import Regimes
import Testing

@testable import Environments

// Backed by the closed form of `CountdownEnvironment`, by `EpisodeRunner` as a second route to the same episodes, and by the
// invariance to threads and to the number of lanes.
@Suite struct EpisodeBatchTests {
    /// Oxygen below 1 is ventilated, and high blood pressure gets antibiotics.
    private let tree = TreePolicy(
        root: .question(
            variable: "oxygen", threshold: 0.5, missingGoesLeft: true, yes: .leaf("010"),
            no: .question(
                variable: "blood_pressure", threshold: 0.5, missingGoesLeft: true, yes: .leaf("000"), no: .leaf("100")))
    )

    private func level(_ observation: [Double]) -> Int32 { observation[2] <= 0.5 ? 2 : observation[1] <= 0.5 ? 0 : 4 }

    /// The records of many episodes of the tree, by the number of the episode.
    private func records(
        lanes: Int, first: Int = 0, turns: Int, mode: ServerProtocol.Autoreset = .nextStep, threads: Int = 1
    ) throws -> [Int: Answer.Record] {
        let dialogue = try Dialogue(
            OberstSepsis.environment(.code), seed: 7, first: first, lanes: lanes, mode: mode, threads: threads)
        var turn = try dialogue.turn()
        var records: [Int: Answer.Record] = [:]
        for _ in 0..<turns {
            turn = try dialogue.levels(turn.observations.map(level))
            for record in turn.records { #expect(records.updateValue(record, forKey: record.episode) == nil) }
            if mode == .disabled, turn.terminated.contains(1) || turn.truncated.contains(1) {
                turn = try dialogue.renew(zip(turn.terminated, turn.truncated).map { max($0, $1) })
            }
        }
        return records
    }

    @Test("Episodes have the returns of EpisodeRunner to the last bit", arguments: ServerProtocol.Autoreset.allCases)
    func sameAsRunner(_ mode: ServerProtocol.Autoreset) throws {
        let records = try records(lanes: 37, turns: 120, mode: mode)
        let environment = try OberstSepsis.environment(.code)
        let worker = try EpisodeWorker(environment, tree, seed: 7)
        #expect(records.count > 200)
        for (episode, record) in records {
            let totals = try worker.totals(of: episode..<episode + 1)
            #expect(totals.value == record.discounted, "episode \(episode)")
            #expect(totals.steps == record.decisions)
            #expect(totals.ends == [record.ending == 1 ? 1 : 0, record.ending == 2 ? 1 : 0])
            #expect(totals.by[0][record.groups[0]].count == 1)
        }
    }

    @Test("An episode is the same in whatever lane and beside whatever others it runs")
    func independentOfLanes() throws {
        let many = try records(lanes: 37, turns: 100)
        let few = try records(lanes: 3, turns: 400)
        let one = try records(lanes: 1, first: 74, turns: 100)
        func check(_ others: [Int: Answer.Record]) {
            let shared = others.filter { many[$0.key] != nil }
            #expect(shared.count >= 3)
            for (episode, record) in shared {
                var mine = record
                mine.lane = many[episode]?.lane ?? -1
                #expect(mine == many[episode])
            }
        }
        check(few)
        check(one)
        #expect(many.allSatisfy { $0.key % 37 == $0.value.lane })
    }

    @Test("Replies have the same bytes for any number of threads", arguments: [2, 3, 8])
    func sameForThreads(_ threads: Int) throws {
        let environment = try OberstSepsis.environment(.paper)
        let one = try Dialogue(environment, lanes: 83, mode: .sameStep)
        let many = try Dialogue(environment, lanes: 83, mode: .sameStep, threads: threads)
        #expect(one.bytes == many.bytes)
        for step in 0..<50 {
            let actions = (0..<83).map { Int32(($0 + step) % 8) }
            _ = try (one.levels(actions), many.levels(actions))
            #expect(one.bytes == many.bytes)
        }
    }

    // MARK: The closed form

    @Test("A turn shows what is observed, missing and allowed, and records what is over")
    func countdown() throws {
        let dialogue = try Dialogue(CountdownEnvironment(), first: 5, lanes: 2, mode: .nextStep)
        let start = try dialogue.turn()
        #expect(start.observations == [[5, 0], [6, 0]])
        #expect(start.rewards == [0, 0] && start.missing == 0 && start.records == [])
        #expect(start.allowed == [[1, 1], [1, 1]])

        let first = try dialogue.values([0.5, 1, 1, 0.25])
        #expect(first.rewards == [0, 0.875])
        #expect(first.observations.map { $0[0] } == [5, 6])
        #expect(first.observations.allSatisfy { $0[1].isNaN } && first.missing == 2)
        #expect(first.allowed == [[1, 0], [1, 0]])

        #expect(try dialogue.levels([1, 1]).rewards == [0.75, 0.75])
        let third = try dialogue.levels([0, 1])
        #expect(third.terminated == [0, 1] && third.truncated == [0, 0])
        #expect(third.records.count == 1)
        var record = third.records[0]
        #expect(record.observation[0] == 6 && record.observation[1].isNaN)
        record.observation = []
        #expect(
            record
                == .init(
                    lane: 1, episode: 6, decisions: 3, ending: 2, discounted: 0.875 + 0.375 + 0.1875,
                    sum: 0.875 + 0.75 + 0.75, groups: [0], measures: [1.5], observation: []))

        // Lane 1 begins episode 6 + 2, ignores its action and is paid nothing; lane 0 goes on.
        let fourth = try dialogue.levels([1, 1])
        #expect(fourth.rewards == [0.75, 0])
        #expect(fourth.observations == [[5, 4], [8, 0]])
        #expect(fourth.terminated == [0, 0] && fourth.records == [])
        let fifth = try dialogue.levels([1, 1])
        #expect(fifth.truncated == [1, 0] && fifth.terminated == [0, 0])
        #expect(fifth.records.map(\.ending) == [-1])
        #expect(fifth.rewards == [0.75, 0.75])
    }

    @Test("In the same step the next episode begins, and the record keeps the last observation of the old one")
    func sameStep() throws {
        let dialogue = try Dialogue(CountdownEnvironment(), first: 1, lanes: 1, mode: .sameStep)
        for _ in 0..<3 { _ = try dialogue.levels([0]) }
        let fourth = try dialogue.levels([1])
        #expect(fourth.terminated == [1] && fourth.rewards == [0.75])
        #expect(fourth.observations == [[2, 0]] && fourth.allowed == [[1, 1]])
        #expect(fourth.records.map(\.observation) == [[1, 4]])
        #expect(fourth.records.map(\.episode) == [1])
        #expect(try dialogue.levels([1]).rewards == [0.75])
    }

    @Test("Without autoreset an episode that is over has to be renewed, and only lanes of the mask are")
    func disabled() throws {
        let dialogue = try Dialogue(CountdownEnvironment(), lanes: 2, mode: .disabled)
        for _ in 0..<3 { _ = try dialogue.levels([0, 0]) }
        let before = dialogue.bytes
        #expect(
            throws: ServerError.refused(
                "step: the episode of lane 0 is over and autoreset is disabled; renew it first")
        ) { try dialogue.levels([0, 0]) }
        #expect(dialogue.bytes == before)
        let renewed = try dialogue.renew([1, 0])
        #expect(renewed.observations[0] == [2, 0] && renewed.observations[1][0] == 1)
        #expect(renewed.terminated == [0, 0] && renewed.rewards == [0, 0] && renewed.records == [])
        #expect(try dialogue.levels([0, 0]).terminated == [0, 1])
        // An episode may be left before its end: it has no record, and its number is not used again.
        #expect(try dialogue.renew([1, 1]).observations == [[4, 0], [3, 0]])
    }

    @Test("An episode whose equations fail is truncated, is named so, and pays nothing for the step")
    func failure() throws {
        let dialogue = try Dialogue(CountdownEnvironment(), lanes: 1)
        _ = try dialogue.levels([1])
        let failed = try dialogue.values([0.75, 0])
        #expect(failed.truncated == [1] && failed.terminated == [0] && failed.rewards == [0])
        #expect(failed.records.map(\.ending) == [-2])
        #expect(failed.records.map(\.discounted) == [0.75])
    }
}
