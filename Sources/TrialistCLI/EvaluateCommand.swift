import ArgumentParser
import Evaluation
import Outcomes
import Scenarios

/// `trialist evaluate DATA.csv --time T --event E --score S [--by G]…`
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Say how well a score of a table foretells an event: C, AUC, Brier score, by group.",
        discussion: """
            A higher score means a higher risk; an event is 1, a censored time 0. Rows in which something is missing are \
            left out and counted. A score that is a probability in everybody is judged as the risk of the event by each \
            time; any other is turned into risks by a Cox model of the score alone before its Brier score is taken.
            """)

    @Argument(help: "A table (CSV) with a row for each patient.")
    var file: String

    @Option(help: ArgumentHelp("The column of follow-up times.", valueName: "column"))
    var time: String

    @Option(help: ArgumentHelp("The column of events: 1, or 0 for censored; causes with --cause.", valueName: "column"))
    var event: String

    @Option(help: ArgumentHelp("The column of the score.", valueName: "column"))
    var score: String

    @Option(help: ArgumentHelp("Repeat everything by the groups of a column; may be repeated.", valueName: "column"))
    var by: [String] = []

    @Option(
        help: ArgumentHelp(
            "Times at which AUC and Brier score are taken, such as 90,180; the quartiles of the event times by default.",
            valueName: "t,…"))
    var times: String?

    @Option(help: ArgumentHelp("With competing events: the code of the event that is foretold.", valueName: "code"))
    var cause: Int?

    @Option(help: "Whose definitions where they differ: riskRegression, sksurv or timeROC.")
    var convention = TimeDependentAUC.Convention.riskRegression

    @Option(help: ArgumentHelp("Only events up to here count in the concordance indices.", valueName: "t"))
    var tau: Double?

    @Option(help: ArgumentHelp("Groups with fewer patients are reported with their size alone.", valueName: "n"))
    var smallestGroup = 2

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        var request = ScoreRequest(time: time, event: event, score: score)
        request.groups = by
        request.times = try times.map(parsedTimes)
        request.cause = cause
        request.convention = convention
        request.horizon = tau
        request.smallestGroup = max(1, smallestGroup)
        let table = try DataTable(csv: InputFile.bytes(of: file, purpose: "the table to evaluate"), file: file)
        let evaluation = try ScoreEvaluation(request, of: table)
        print(json ? try evaluation.reportJSON() : evaluation.text)
    }

    private func parsedTimes(_ text: String) throws -> [Double] {
        let numbers = try text.split(separator: ",").map { part in
            guard let number = Double(part.trimmingCharacters(in: .whitespaces)), number.isFinite, number >= 0 else {
                throw ValidationError("--times: found '\(part)', allowed: times ≥ 0 with commas between them")
            }
            return number
        }
        guard !numbers.isEmpty else { throw ValidationError("--times: found no time, allowed: at least one") }
        return Array(Set(numbers)).sorted()
    }
}

extension TimeDependentAUC.Convention: ExpressibleByArgument {
    /// The choice of this name on the command line.
    public init?(argument: String) { self.init(rawValue: argument == "sksurv" ? "scikitSurvival" : argument) }
    /// The names that help lists.
    public static var allValueStrings: [String] { ["riskRegression", "sksurv", "timeROC"] }
}
