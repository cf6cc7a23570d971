import ArgumentParser
import Scenarios

/// `trialist schema [environment]`
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the scenario file, or of an environment's document.",
        discussion: """
            Editors complete and check a document with it: write it to a file and begin the document with the line \
            '# yaml-language-server: $schema=FILE'.
            """)

    enum Document: String, ExpressibleByArgument, CaseIterable {
        case scenario, environment
    }

    @Argument(help: "The document: scenario or environment.")
    var document = Document.scenario

    func run() throws {
        switch document {
        case .scenario: print(Scenario.jsonSchema)
        case .environment: print(EnvironmentDocument.jsonSchema)
        }
    }
}
