import Foundation
import NumericsCore

/// Where a results file comes from: enough to run the study again.
package struct Provenance: Sendable {
    /// The scenario as it was read, and the overrides given beside it.
    package var scenario: String
    package var scenarioFile: String
    package var overrides: [String]
    /// SHA-256 of everything that decides the numbers: scenario, overrides, seed, and the files it names.
    package var inputHash: String
    package var seed: UInt64
    package var version: String
    package var threads: Int
    /// Which part of the replicates the file holds: `1/1` for all.
    package var shard: String
    package var started: Date
    package var finished: Date

    package init(
        scenario: String, scenarioFile: String, overrides: [String], inputHash: String, seed: UInt64, version: String,
        threads: Int, shard: String = "1/1", started: Date, finished: Date
    ) {
        self.scenario = scenario
        self.scenarioFile = scenarioFile
        self.overrides = overrides
        self.inputHash = inputHash
        self.seed = seed
        self.version = version
        self.threads = threads
        self.shard = shard
        self.started = started
        self.finished = finished
    }

    /// The `/provenance` group. What in it differs between runs that find the same numbers (host, times, threads) enters
    /// no content hash and no comparison.
    package var group: ResultGroup {
        let time = ISO8601DateFormatter()
        return ResultGroup(
            "provenance",
            variables: [
                ResultVariable("scenario", scenario, longName: "scenario as read"),
                ResultVariable("scenario_file", scenarioFile, longName: "scenario file"),
                ResultVariable(
                    "overrides", overrides.joined(separator: "\n"), longName: "values set beside the scenario"),
                ResultVariable(
                    "input_sha256", inputHash, longName: "SHA-256 of scenario, overrides, seed and input files"),
                ResultVariable("seed", "\(seed)", longName: "root seed of all random streams"),
                ResultVariable("trialist_version", version, longName: "version of Trialist"),
                ResultVariable(
                    "code_generation", codeGeneration, longName: "instruction set that the executable was built for"),
                ResultVariable("host", ProcessInfo.processInfo.hostName, longName: "machine"),
                ResultVariable("threads", [], [Int32(threads)], longName: "threads used"),
                ResultVariable("shard", shard, longName: "part of the replicates: 1/1 for all"),
                ResultVariable("started", time.string(from: started), longName: "start, UTC"),
                ResultVariable("finished", time.string(from: finished), longName: "end, UTC"),
                ResultVariable(
                    "seconds", finished.timeIntervalSince(started), unit: "s", longName: "duration of the study"),
            ])
    }
}
