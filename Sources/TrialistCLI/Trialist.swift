import ArgumentParser
import NumericsCore
import Studies

/// The command line of Trialist: one file for each subcommand, which parses, calls one library function, and prints.
@main
struct Trialist: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trialist",
        abstract: "Run clinical trials on virtual patients.",
        discussion: """
            Results go to standard output, progress to standard error.
            Exit codes: 0 done, 1 compare found drift, 64 usage, 65 bad input, 66 missing file, 70 a bug, 74 input or \
            output, 130 interrupted.
            """,
        version: "trialist \(trialistVersion) (\(codeGeneration))",
        subcommands: [
            RunCommand.self, ValidateCommand.self, ListCommand.self, SchemaCommand.self, InspectCommand.self,
            ReportCommand.self, CompareCommand.self, MergeCommand.self, ModelCommand.self, EvaluateCommand.self,
            FitCommand.self, RegimeCommand.self, ServeEnvCommand.self,
        ])

    static func main() {
        LinearAlgebra.useOneThread()
        let command: any ParsableCommand
        // Usage errors, help and version are the parser's own to print.
        do { command = try parseAsRoot() } catch { exit(withError: error) }
        do {
            var command = command
            try command.run()
            finishOutput()
        } catch  where exitCode(for: error).isSuccess {
            // Help is a command whose run ends with it.
            exit(withError: error)
        } catch {
            leave(with: error)
        }
    }
}
