import ArgumentParser
import Environments
import ModelEnvironments

/// `trialist regime list`
struct RegimeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the environments with their variants, actions and rules.",
        discussion: """
            Some are written in Swift; the others are documents, each a folder with an environment.yaml: those of \
            'scenarios/environments' here, or of the installed or built Trialist. Names of documents or paths of their \
            folders list these alone.
            """)

    @Argument(help: "Names or folders of environments; all by default.")
    var environments: [String] = []

    func run() throws {
        let catalog = EnvironmentCatalog()
        for name in environments.isEmpty ? catalog.names : environments {
            let entry = try catalog.entry(name)
            let facts = try entry.make().facts
            print("\(entry.name): \(entry.title)")
            print("  variants  \(entry.variants.joined(separator: ", "))")
            print("  observed  \(facts.observations.map(\.name).joined(separator: ", "))")
            print("  actions   \(facts.actions.names.joined(separator: ", "))")
            print("  rules     \(facts.rules.isEmpty ? "-" : facts.rules.joined(separator: ", "))")
        }
    }
}
