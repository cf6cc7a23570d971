import ArgumentParser
import Environments
import EpisodeFiles
import Foundation
import ModelEnvironments

/// `trialist regime log ENV --policy P --out DATA`
struct RegimeLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Write episodes of a policy to a file, decision by decision, with the probability of what was done.",
        discussion: """
            The file is CSV in Gymnasium's words (episode, step, observations, action, reward, terminated, truncated, \
            probability), or with the extension h5 or hdf5 arrays in d3rlpy's layout. With --epsilon E an allowed action is \
            chosen at random in a share E of the decisions.
            """)

    @Argument(
        help: "An environment of 'trialist regime list', the folder of a document, or a scenario with a learned arm.")
    var environment: String

    @Option(help: ArgumentHelp("Who acts: random, constant:X, rule:NAME, optimal or a file.", valueName: "policy"))
    var policy: String

    @Option(help: ArgumentHelp("How many episodes.", valueName: "n"))
    var episodes = 1000

    @Option(help: ArgumentHelp("The file: .csv, .h5 or .hdf5.", valueName: "path"))
    var out: String

    @Option(help: ArgumentHelp("The share of decisions made at random, 0 to 1.", valueName: "share"))
    var epsilon = 0.0

    @Option(
        help: ArgumentHelp(
            "The variant, or the arm of a scenario; the first of the list by default.", valueName: "name"))
    var variant: String?

    @Option(help: ArgumentHelp("The seed of all random numbers.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Write what is hidden from learners too, for rules that read it.")
    var hidden = false

    func validate() throws {
        if !(1...10_000_000).contains(episodes) {
            throw ValidationError("--episodes: found \(episodes), allowed: 1 to 10000000")
        }
        if !(0...1).contains(epsilon) { throw ValidationError("--epsilon: found \(epsilon), allowed: 0 to 1") }
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
    }

    func run() throws {
        let environment = try EnvironmentCatalog().find(environment).make(variant: variant)
        let log = try EpisodeLog(
            environment, environment.policy(PolicyChoice(policy)), seed: seed, exploration: epsilon, withHidden: hidden
        ).run(episodes, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
        try EpisodeFile.write(log, to: out)
        print("\(out): \(log.episodes) episodes, \(log.decisions) decisions")
    }
}
