import ArgumentParser
import Scenarios

/// `trialist schema`
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the scenario file.",
        discussion: """
            Editors complete and check a scenario with it: write it to a file and begin the scenario with the line \
            '# yaml-language-server: $schema=FILE'.
            """)

    func run() throws { print(Scenario.jsonSchema) }
}
