import ArgumentParser
import Environments
import Foundation
import ModelEnvironments
import Regimes

/// `trialist regime card ENV --policy P`
struct RegimeCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Show a policy as a clinician reads it: a rule, a tree, points or a dose table.",
        discussion: """
            Each form is made from episodes of the policy and measured on others: at how many decisions it agrees with \
            the policy, and what value is lost by following it. The card also says how the policy was learned and where \
            it must not be used. --patient asks for the reasons of one decision: what each input contributes, how far \
            the next choice lies behind, and the nearest value of one input, among those visited, that leads to \
            something else. --out writes the form that loses least, and of those that cannot be told apart the one that \
            agrees most. The numbers do not depend on the number of threads.
            """)

    @OptionGroup var subject: PolicyInEnvironment

    @Option(help: ArgumentHelp("The form: rule, tree, points, table or all.", valueName: "form"))
    var render = "all"

    @Option(help: ArgumentHelp("The most questions on a way through a tree, 1 to 6.", valueName: "n"))
    var depth = 3

    @Flag(help: "Let forms read what is hidden from clinicians and the policy reads.")
    var hidden = false

    @Option(help: ArgumentHelp("Episodes that forms are made from, and as many others to measure on.", valueName: "n"))
    var episodes = 1000

    @Option(help: ArgumentHelp("The seed of all random numbers.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "A patient whose decision is explained; 'missing' for what is not known, decision=N for its number.",
            valueName: "name=value,…"))
    var patient: String?

    @Option(help: ArgumentHelp("Where the best form is written as a policy.", valueName: "file"))
    var out: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if !CardLimits.depths.contains(depth) {
            throw ValidationError(
                "--depth: found \(depth), allowed: \(CardLimits.depths.lowerBound) to \(CardLimits.depths.upperBound)")
        }
        if !(2...100_000).contains(episodes) {
            throw ValidationError("--episodes: found \(episodes), allowed: 2 to 100000")
        }
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
        if !CardRenderings.names.contains(render) {
            let allowed = CardRenderings.names.joined(separator: ", ")
            throw ValidationError("--render: found '\(render)', allowed: \(allowed)")
        }
    }

    func run() throws {
        let environment = try subject.makeEnvironment()
        var request = try CardRequest(
            environment, policy: subject.policy, renderings: CardRenderings.named(render),
            limits: CardLimits(depth: depth),
            episodes: episodes, seed: seed, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
            patient: patient)
        request.withHidden = hidden
        let card = try RegimeCard(request)
        if let out { try card.file().write(out) }
        let report = CardReport(card)
        print(json ? try report.json() : report.text)
    }
}
