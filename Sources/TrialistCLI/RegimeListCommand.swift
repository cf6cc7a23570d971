import ArgumentParser
import Environments

/// `trialist regime list`
struct RegimeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the environments with their variants, actions and rules.")

    func run() throws {
        for entry in EnvironmentEntry.all {
            let environment = try entry.make()
            print("\(entry.name): \(entry.title)")
            print("  variants  \(entry.variants.joined(separator: ", "))")
            print("  actions   \(environment.actions.joined(separator: ", "))")
            print("  rules     \(environment.rules.isEmpty ? "-" : environment.rules.joined(separator: ", "))")
        }
    }
}
