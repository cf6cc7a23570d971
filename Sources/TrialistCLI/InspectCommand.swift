import ArgumentParser
import Reporting
import ResultsStore

/// `trialist inspect F.h5`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Print the summary of a results file.")

    @Argument(help: "A results file.")
    var file: String

    @Flag(help: "Print the summary as JSON.")
    var json = false

    func run() throws { try Self.printSummary(of: file, json: json) }

    static func printSummary(of path: String, json: Bool) throws {
        let summary = try StudySummary(ResultsFile(path))
        print(json ? try summary.json() : summary.text)
    }
}
