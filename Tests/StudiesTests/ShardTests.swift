import Foundation
import ResultsStore
import Scenarios
import Testing

@testable import Studies

/// Backed by an invariant: shards divide the work and change no number.
struct ShardTests {
    @Test("Shards cover every replicate once, and the first shard has the first", arguments: [0, 1, 2, 7, 10, 100])
    func cover(total: Int) throws {
        for count in 1...12 {
            let parts = try (1...count).map { try #require(Shard($0, of: count)).replicates(of: total) }
            #expect(parts.flatMap { Array($0) } == Array(0..<total))
            if total > 0 { #expect(parts[0].contains(0)) }
        }
    }

    @Test(
        "A shard reads as index and count",
        arguments: [
            ("1/1", true), ("2/4", true), ("0/4", false), ("5/4", false), ("2", false), ("a/b", false),
            ("1/2/3", false),
        ])
    func reads(text: String, isShard: Bool) { #expect((Shard(text) != nil) == isShard) }

    @Test("Merged shards, and a resumed run, have the bits of one run")
    func merge() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shards-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let scenario = try Scenario(
            path: "\(root)/scenarios/warfarin-eu-pact",
            overrides: ["cohort.patients=40", "trial.patients=30", "trial.replicates=5", "trial.follow_up=28 days"])
        let study = try Study(scenario, threads: 2)
        try study.run(writingTo: "\(folder)/one.h5")
        var files: [String] = []
        for index in [3, 1, 2] {
            files.append("\(folder)/\(index).h5")
            try study.run(writingTo: files[files.count - 1], shard: try #require(Shard(index, of: 3)))
        }
        try ResultsWriter.write(ShardMerge(files).merged(), to: "\(folder)/merged.h5")
        try study.resume(writingTo: "\(folder)/resumed.h5", parts: 8)
        let expected = try ResultsFile("\(folder)/one.h5").contentHash()
        #expect(try ResultsFile("\(folder)/merged.h5").contentHash() == expected)
        #expect(try ResultsFile("\(folder)/resumed.h5").contentHash() == expected)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/resumed.h5.parts"))

        #expect(throws: ShardMerge.Failure.incomplete(found: [1, 3], count: 3)) {
            try ShardMerge([files[0], files[1]])
        }
        #expect(
            ShardMerge.Failure.incomplete(found: [1, 3], count: 3).description
                == "shards 1, 3 of 3 were given; each of 1 to 3 is needed once")
    }
}
