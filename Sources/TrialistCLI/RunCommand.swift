import ArgumentParser
import Foundation
import NumericsCore
import Reporting
import Scenarios
import Studies
import Trials

/// `trialist run SCENARIO --out F.h5`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a scenario and write its results file.",
        discussion:
            "The summary goes to standard output, progress to standard error. The file is written whole or not at all.")

    @Argument(help: "A scenario file, or a folder that holds scenario.yaml.")
    var scenario: String

    @Option(
        help: ArgumentHelp(
            "The results file (HDF5); the scenario's name in this folder by default.", valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("The root seed, in place of the scenario's.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("How often the randomised trial is run, or the score watched.", valueName: "n"))
    var replicates: Int?

    @Option(help: ArgumentHelp("How many patients live through every arm, or come in each window.", valueName: "n"))
    var patients: Int?

    @Option(help: ArgumentHelp("Threads; all cores by default. The numbers do not depend on it.", valueName: "n"))
    var threads: Int?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A value of the scenario; may be repeated.", valueName: "path=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run a part of the replicates only, such as 2/4; 'trialist merge' joins the parts.", valueName: "i/n"))
    var shard: String?

    @Flag(help: "Keep finished parts beside the output, and go on from those of an interrupted run.")
    var resume = false

    @Flag(help: "Print the summary as JSON.")
    var json = false

    @Flag(help: "Print no progress.")
    var quiet = false

    func validate() throws {
        if let seed, seed > UInt64(Int.max) { throw ValidationError("--seed: found \(seed), allowed: 0 to \(Int.max)") }
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
        if let replicates, replicates < 0 {
            throw ValidationError("--replicates: found \(replicates), allowed: at least 0")
        }
        if let shard, Shard(shard) == nil {
            throw ValidationError("--shard: found '\(shard)', allowed: i/n with 1 <= i <= n")
        }
        if shard != nil, resume { throw ValidationError("--shard and --resume do not go together") }
        if let patients, patients < 1 { throw ValidationError("--patients: found \(patients), allowed: at least 1") }
    }

    func run() throws {
        let document = try ScenarioDocument(
            path: scenario, overrides: overrides, seed: seed, replicates: replicates, patients: patients)
        let stop = StopSignal()
        let interrupt = InterruptHandler(stop)
        defer { interrupt.cancel() }
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.end() }
        let path: String
        switch document {
        case .trial(let scenario):
            path = out ?? name(of: scenario.file)
            try run(scenario, path, stop, bar)
        case .monitoring(let scenario):
            path = out ?? name(of: scenario.file)
            try run(scenario, path, stop, bar)
        }
        bar.end()
        try InspectCommand.printSummary(of: path, json: json)
    }

    private func run(_ scenario: Scenario, _ path: String, _ stop: StopSignal, _ bar: ProgressBar) throws {
        let study = try Study(scenario, threads: threads, stop: stop) { bar.advance($0) }
        let part = shard.flatMap { Shard($0) } ?? .whole
        bar.begin(study.workload(of: part))
        guard resume else { return try study.run(writingTo: path, shard: part) }
        do { try study.resume(writingTo: path) } catch is Interrupted {
            bar.end()
            printError("interrupted; finished parts are kept in '\(path).parts': run again with --resume to go on")
            throw ExitCode(ExitStatus.interrupted.rawValue)
        }
    }

    private func run(_ scenario: MonitoringScenario, _ path: String, _ stop: StopSignal, _ bar: ProgressBar) throws {
        for (option, isGiven) in [("--shard", shard != nil), ("--resume", resume)] where isGiven {
            printError("\(option): a scenario with 'monitoring' is run in one piece; leave it out")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        let study = try MonitoringStudy(scenario, threads: threads, stop: stop) { bar.advance($0) }
        bar.begin(study.workload)
        try study.run(writingTo: path)
    }

    /// The results file of a scenario: named after its folder where it is a `scenario.yaml`, else after the file.
    private func name(of file: String) -> String {
        let file = URL(filePath: file).standardizedFileURL
        let isDefault = file.lastPathComponent == "scenario.yaml"
        let name = isDefault ? file.deletingLastPathComponent() : file.deletingPathExtension()
        return "\(name.lastPathComponent).h5"
    }
}
