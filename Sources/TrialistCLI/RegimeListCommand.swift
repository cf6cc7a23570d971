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
        if environments.isEmpty {
            for name in catalog.names {
                // One document that does not read hides none of the others.
                do { try describe(name, catalog) } catch {
                    print("\(name): does not read: trialist regime list \(name)")
                }
            }
        } else {
            for name in environments { try describe(name, catalog) }
        }
    }

    private func describe(_ name: String, _ catalog: EnvironmentCatalog) throws {
        let entry = try catalog.find(name)
        print("\(entry.name): \(entry.title)")
        print("  variants  \(entry.variants.joined(separator: ", "))")
        let facts: EnvironmentFacts
        do {
            facts = try entry.make().facts
        } catch let error as TablesError where error.isMissing {
            print("  missing   \(error)")
            return
        }
        print("  observed  \(facts.observations.map(\.name).joined(separator: ", "))")
        print("  actions   \(facts.actions.names.joined(separator: ", "))")
        print("  rules     \(facts.rules.isEmpty ? "-" : facts.rules.joined(separator: ", "))")
    }
}
