import Environments
import Foundation
import Regimes
import Testing

@testable import EpisodeFiles

/// Backed by round trips and by the messages.
@Suite struct EpisodeFileTests {
    private func sepsis() throws -> LoggedEpisodes {
        let entry = try EnvironmentEntry.named("oberst-sepsis").make(variant: "code")
        return try EpisodeLog(entry, RandomPolicy(), seed: 2, exploration: 0.1).run(60, threads: 1)
    }

    private func read(_ text: String) throws -> LoggedEpisodes {
        try EpisodeCSV.read([UInt8](text.utf8), file: "data.csv", actions: nil, discount: 1)
    }

    private func expectSame(_ a: LoggedEpisodes, _ b: LoggedEpisodes) {
        #expect(a.variables == b.variables && a.starts == b.starts && a.chosen == b.chosen && a.rewards == b.rewards)
        #expect(a.propensity == b.propensity && a.allowed == b.allowed && a.endedByEvent == b.endedByEvent)
        #expect(a.observations == b.observations && a.final == b.final && a.finalAllowed == b.finalAllowed)
        #expect(a.groups.map(\.name) == b.groups.map(\.name) && a.groups.map(\.labels) == b.groups.map(\.labels))
        #expect(a.actions.names == b.actions.names && a.discount == b.discount)
    }

    @Test(arguments: ["csv", "h5"])
    func whatIsWrittenIsRead(_ kind: String) throws {
        let path = NSTemporaryDirectory() + "episodes-\(UUID().uuidString).\(kind)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var log = try sepsis()
        log.allowed[3] = log.allowed[3] & ~1 | (1 << UInt64(log.chosen[3]))
        log.observations[0][5] = .nan
        try EpisodeFile.write(log, to: path)
        let back = try EpisodeFile.read(path, actions: log.actions, discount: nil)
        #expect(back.observations[0][5].isNaN)
        log.observations[0][5] = 0
        var filled = back
        filled.observations[0][5] = 0
        expectSame(log, filled)
    }

    /// Against what h5py was told to write (References/make_h5py.py): chunks, columns of width 1, truths, single precision.
    @Test(arguments: ["d3rlpy", "minari"])
    func readsWhatH5pyWrites(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References")
        let log = try EpisodeFile.read(folder.appending(path: "\(name).h5").path, actions: nil, discount: nil)
        #expect(log.variables == ["obs_0", "obs_1"] && log.actions.names == ["0", "1", "2"] && log.discount == 1)
        #expect(log.starts == [0, 2, 3, 6] && log.endedByEvent == [true, true, false])
        #expect(log.observations == [[0, 1, 2, 3, 4, 5], [0, 0.25, 0.5, 0.75, 1, 1.25]])
        #expect(log.chosen == [0, 2, 1, 1, 0, 2] && log.rewards == [0.5, -1, 2, 0.25, 0, 4])
        #expect(log.propensity.allSatisfy { $0.isNaN })
        if name == "minari" {
            #expect(log.final == [[10, 11, 12], [0.5, 0.25, 0.125]])
        } else {
            #expect(log.final.joined().allSatisfy { $0.isNaN })
        }
    }

    @Test func actionsAreReadFromTheFile() throws {
        let log = try read(
            """
            episode,step,age,action,reward,terminated,truncated,group_sex
            a,0,60,drug,1,0,0,f
            a,1,60.5,none,0,1,0,f
            b,0,NA,drug,2,false,true,m
            """)
        #expect(log.actions.names == ["drug", "none"])
        #expect(log.starts == [0, 2, 3] && log.endedByEvent == [true, false])
        #expect(log.chosen == [0, 1, 0] && log.rewards == [1, 0, 2])
        #expect(log.observations[0][2].isNaN && log.propensity.allSatisfy(\.isNaN))
        #expect(log.groups[0].labels == ["f", "m"])
    }

    /// A row without action holds what was observed last; an episode of one decision is an episode.
    @Test func lastObservationsAndShortEpisodes() throws {
        let log = try read(
            """
            episode,x,action,reward,terminated,truncated,probability,allowed_0,allowed_1
            0,1,1,5,0,1,0.25,1,1
            0,2,,,,,,0,1
            1,3,0,6,1,0,1,1,0
            """)
        #expect(log.starts == [0, 1, 2] && log.endedByEvent == [false, true])
        #expect(log.final[0][0] == 2 && log.final[0][1].isNaN)
        #expect(log.allowed == [0b11, 0b01] && log.finalAllowed == [0b10, 0b11])
        #expect(log.propensity == [0.25, 1])
    }

    @Test func allProblemsAtOnce() throws {
        #expect {
            try read(
                """
                episode,step,x,action,reward,terminated,truncated,probability,allowed_0,allowed_1
                0,0,one,0,1,0,0,0.5,1,1
                0,2,1,1,,0,0,0,1,1
                1,0,1,1,1,1,0,0.5,1,0
                1,1,1,0,1,maybe,0,0.5,1,1
                0,0,1,0,1,1,0,0.5,1,1
                """)
        } throws: { error in
            "\(error)" == """
                data.csv:2: x: found 'one', allowed: a number, or empty
                data.csv:5: terminated: found 'maybe', allowed: 0, 1, false, true
                data.csv:3: step: found 2, allowed: 1, steps count from 0 without a gap
                data.csv:3: reward: found none, allowed: a number
                data.csv:3: probability: found 0.0, allowed: above 0 to 1, or empty
                data.csv:3: episode '0' ends without terminated or truncated; say which of them its last decision was
                data.csv:4: action '1' was taken and was not allowed
                data.csv:5: episode '1' goes on after terminated or truncated; give its rest another name
                data.csv:5: episode '1' ends without terminated or truncated; say which of them its last decision was
                data.csv:6: episode '0' was over already; the rows of an episode stand together
                """
        }
    }

    @Test func neededColumnsAreNamed() throws {
        #expect {
            try read("episode,x,action,reward,done\n0,1,0,1,1\n")
        } throws: {
            "\($0)" == """
                data.csv: found no column 'terminated'; needed: episode, action, reward, terminated, truncated
                data.csv: found no column 'truncated'; needed: episode, action, reward, terminated, truncated
                """
        }
    }

    /// Numbers from 0 on count choices; texts that only look like numbers, and doses, are names.
    @Test(
        arguments: [
            (["2", "0"], ["0", "1", "2"]), (["101", "000", "011"], ["000", "011", "101"]),
            (["250", "50", "100"], ["50", "100", "250"]), (["treat", "wait", "treat"], ["treat", "wait"]),
        ])
    func actionsAreNamedAsTheyOccur(_ written: [String], _ levels: [String]) throws {
        let rows = written.enumerated().map { "\($0),1,\($1),0,1,0\n" }.joined()
        let log = try read("episode,x,action,reward,terminated,truncated\n" + rows)
        #expect(log.actions.names == levels)
        #expect(log.chosen.map { levels[Int($0)] } == written)
    }
}
