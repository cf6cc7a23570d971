import ArgumentParser
import Foundation
import ResultsStore
import Simulations

/// `trialist model sensitivity FILE --dose … --times … --outputs cp --vary cl=0.1..0.4`
struct ModelSensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity", abstract: "Say which inputs a model's outputs depend on, over ranges of them.",
        discussion: """
            Sobol indices of each output at each time, with standard errors: first_order is the share of the variance that \
            would go if the input were known, total the share that would stay if all the others were. The subject is \
            typical: etas are 0.
            """)

    @Argument(help: "A model file, in the language of rxode2 and nlmixr2.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "An input and its range, such as cl=0.1..0.4; once for each input.", valueName: "name=from..to"))
    var vary: [String] = []

    @Option(help: ArgumentHelp("The history of the subject: a table (CSV).", valueName: "file"))
    var events: String?

    @Option(help: ArgumentHelp("A regimen, such as '100 mg q12h x 14 into depot'.", valueName: "words"))
    var dose: String?

    @Option(help: ArgumentHelp("Times to look at, such as 24 or 0:168:12.", valueName: "times"))
    var times: String?

    @Option(help: ArgumentHelp("States and variables to explain; all by default.", valueName: "a,b"))
    var outputs: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A parameter or covariate that is not varied; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Points of the design in each batch, best a power of two.", valueName: "n"))
    var points = 1024

    @Option(help: ArgumentHelp("Independent batches, on which the standard errors rest.", valueName: "n"))
    var batches = 16

    @Option(help: ArgumentHelp("The seed of the design.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("F.csv; standard output by default.", valueName: "file"))
    var out: String?

    @OptionGroup var solver: SolverArguments

    func validate() throws {
        guard (2...1_000_000).contains(points) else {
            throw ValidationError("--points: found \(points), allowed: 2 to 1000000")
        }
        guard (2...1000).contains(batches) else {
            throw ValidationError("--batches: found \(batches), allowed: 2 to 1000")
        }
        if seed > UInt64(Int.max) { throw ValidationError("--seed: found \(seed), allowed: 0 to \(Int.max)") }
    }

    func run() throws {
        var request = SimulationRequest(model: file)
        request.events = events
        request.regimen = dose
        request.times = times
        request.settings = settings
        request.outputs = outputs.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
        request.seed = seed
        request.options = solver.options
        request.hashesInputs = false
        let analysis = try SensitivityAnalysis(request, varying: vary)
        let table = analysis.table(try analysis.indices(points: points, batches: batches))
        if let out {
            try UnfinishedFile.write(Data(table.utf8), to: out)
        } else {
            print(table, terminator: "")
        }
    }
}
