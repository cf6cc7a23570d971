import ArgumentParser
import Environments

/// `trialist regime list`
struct RegimeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the environments with their variants, actions and rules.")

    func run() throws {
        for entry in EnvironmentEntry.builtIn {
            print("\(entry.name): \(entry.title)")
            print("  variants  \(entry.variants.joined(separator: ", "))")
            let facts: EnvironmentFacts
            do {
                facts = try entry.make().facts
            } catch let error as TablesError where error.isMissing {
                print("  missing   \(error)")
                continue
            }
            print("  observed  \(facts.observations.map(\.name).joined(separator: ", "))")
            print("  actions   \(facts.actions.names.joined(separator: ", "))")
            print("  rules     \(facts.rules.isEmpty ? "-" : facts.rules.joined(separator: ", "))")
        }
    }
}
