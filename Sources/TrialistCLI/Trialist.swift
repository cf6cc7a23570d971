import ArgumentParser
import NumericsCore
import Studies

/// The command line of Trialist: one file for each subcommand, which parses, calls one library function, and prints.
@main
struct Trialist: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trialist",
        abstract: "Run clinical trials on virtual patients.",
        version: "trialist \(trialistVersion) (\(codeGeneration))",
        subcommands: [
            RunCommand.self, ValidateCommand.self, ListCommand.self, InspectCommand.self,
            ReportCommand.self, CompareCommand.self, MergeCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            leave(with: error)
        }
    }
}
