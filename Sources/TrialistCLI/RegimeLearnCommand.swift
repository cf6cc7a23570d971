import ArgumentParser
import Environments
import EpisodeFiles
import Foundation
import Learning
import ModelEnvironments
import Regimes
import Studies

/// `trialist regime learn ENV --method M --out POLICY.json`
struct RegimeLearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Learn a policy in an environment, or from logged episodes, and freeze it in a file.",
        discussion: """
            Several values of a setting, --set ridge=0.001|0.01|0.1, are candidates: they are compared on episodes that \
            learning does not see, and the value that is printed is of yet other episodes. Settings of all methods: \
            cap=COMPONENT:VALUE, budget=HARM with harm=EVENT or harm=MEASURE, objective=worst:GROUPING. The result does not \
            depend on the number of threads. The training curve stands beside the policy as POLICY.curve.csv.
            """)

    @Argument(
        help: "An environment of 'trialist regime list', the folder of a document, or a scenario with a learned arm.")
    var environment: String

    @Option(
        help: ArgumentHelp("The method: \(LearningMethod.all.map(\.name).joined(separator: ", ")).", valueName: "name"))
    var method: String

    @Option(help: ArgumentHelp("Where the policy is written.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("Episodes to learn from; each method has a default.", valueName: "n"))
    var episodes: Int?

    @Option(help: ArgumentHelp("Episodes on which candidates are compared, and the value is reported.", valueName: "n"))
    var judged = 2000

    @Option(help: ArgumentHelp("The seed of all random numbers.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "The variant, or the arm of a scenario; the first of the list by default.", valueName: "name"))
    var variant: String?

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "n"))
    var threads: Int?

    @Option(name: .customLong("set"), help: ArgumentHelp("A setting, or candidates of it.", valueName: "key=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Logged episodes to learn from: CSV, or HDF5 with the extension h5 or hdf5.", valueName: "file"))
    var log: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let episodes, !(1...1_000_000_000).contains(episodes) {
            throw ValidationError("--episodes: found \(episodes), allowed: 1 to 1000000000")
        }
        if !(2...1_000_000_000).contains(judged) {
            throw ValidationError("--judged: found \(judged), allowed: 2 to 1000000000")
        }
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
        for text in settings where !text.contains("=") {
            throw ValidationError("--set: found '\(text)', allowed: KEY=VALUE")
        }
    }

    func run() throws {
        let environment = try EnvironmentCatalog().find(environment).make(variant: variant)
        let method = try LearningMethod.named(method)
        let given = settings.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (name: parts[0], value: parts.count > 1 ? parts[1] : "")
        }
        let request = try LearningRequest(given, method, environment.facts)
        let facts = environment.facts
        let log = try log.map { path in
            try CollectedEpisodes(
                EpisodeFile.read(path, actions: facts.actions, discount: facts.discount), facts)
        }
        var run = LearningRun(
            environment, method, request: request, seed: seed, episodes: episodes,
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, log: log, judged: judged)
        run.version = trialistVersion
        let outcome = try run.run { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
        try outcome.file.write(out)
        let stem = out.hasSuffix(".json") ? String(out.dropLast(5)) : out
        try Data(outcome.curve.csv.utf8).write(to: URL(fileURLWithPath: stem + ".curve.csv"), options: .atomic)
        print(json ? try outcome.report.json() : outcome.report.text)
    }
}
