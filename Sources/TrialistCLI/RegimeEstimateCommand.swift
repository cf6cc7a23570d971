import ArgumentParser
import Evaluation
import RegimeEstimation
import Scenarios

/// `trialist regime estimate DATA.csv --spec SPEC.yaml --method dwols`
struct RegimeEstimateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "estimate",
        abstract: "Estimate a dynamic treatment regime from logged data of one or more stages.",
        discussion: """
            q: Q-learning (linear, ridge, regression trees). a: A-learning by G-estimation. dwols: dynamic weighted least \
            squares, also of doses. owl, bowl: weighted support vector machines. tree: exact policy trees of depth 1 or 2 on \
            doubly robust scores. The specification names the stages with their treatment, blip, treatment model and \
            treatment-free model, how errors are found, groups, and censoring. Rows in which something is missing are left out \
            and counted.
            """)

    @Argument(help: "A table (CSV) with a row for each person.")
    var file: String

    @Option(help: ArgumentHelp("The specification (YAML).", valueName: "file"))
    var spec: String

    @Option(help: "q, a, dwols, owl, bowl or tree.")
    var method = RegimeRequest.Method.q

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let specification = try RegimeSpecification(path: spec)
        let table = try DataTable(csv: InputFile.bytes(of: file, purpose: "the logged data"), file: file)
        var request = try RegimeRequest(specification)
        request.method = method
        let estimate = try RegimeEstimate(request, RegimeProblem(request, table: table))
        print(json ? try estimate.reportJSON() : estimate.text)
    }
}

extension RegimeRequest.Method: ExpressibleByArgument {}
