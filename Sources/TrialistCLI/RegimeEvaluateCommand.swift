import ArgumentParser
import Environments
import Foundation
import ModelEnvironments

/// `trialist regime evaluate ENV --policy P`
struct RegimeEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Say what a policy is worth in an environment: by simulation, or exactly.",
        discussion: """
            A policy is random, constant:X (an action by its name, its values or its number), rule:NAME, optimal, or a file \
            that 'trialist regime learn' wrote. The value is the mean discounted return of an episode; the numbers do not \
            depend on the number of threads.
            """)

    @OptionGroup var subject: PolicyInEnvironment

    @Option(help: ArgumentHelp("How many episodes are simulated.", valueName: "n"))
    var episodes = 10_000

    @Option(help: ArgumentHelp("The seed of all random numbers.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Compute the value instead of simulating it.")
    var exact = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if !(1...1_000_000_000).contains(episodes) {
            throw ValidationError("--episodes: found \(episodes), allowed: 1 to 1000000000")
        }
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
    }

    func run() throws {
        let environment = try subject.makeEnvironment()
        let chosen = try environment.policy(PolicyChoice(subject.policy))
        let report =
            if exact {
                PolicyReport(try environment.exactValue(of: chosen), policy: subject.policy, environment.facts)
            } else {
                try PolicyReport.timed(policy: subject.policy, environment.facts) {
                    try environment.simulate(
                        chosen, episodes: episodes, seed: seed,
                        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
                }
            }
        print(json ? try report.json() : report.text)
    }
}
