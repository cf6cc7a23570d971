import ArgumentParser
import Scenarios
import Studies

/// `trialist validate SCENARIO`
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a scenario with its model, data and rules, and say everything that is wrong.")

    @Argument(help: "A scenario file, or a folder that holds scenario.yaml.")
    var scenario: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A value of the scenario; may be repeated.", valueName: "path=value"))
    var overrides: [String] = []

    func run() throws {
        switch try ScenarioDocument(path: scenario, overrides: overrides) {
        case .trial(let scenario): print(try Study(scenario, threads: 1).outline)
        case .monitoring(let scenario): print(try MonitoringStudy(scenario, threads: 1).outline)
        }
    }
}
